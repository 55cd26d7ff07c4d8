package org.dragonflow.server.access;

import java.util.List;

/** What a rule of the policy is asked about, by its attributes. */
public interface Target {
    /** A target of which nothing is known. */
    Target NONE = (_, _) -> List.of();

    /**
     * The attribute's values as texts: none if it has none, several for a list.
     *
     * @param resource what the attribute is of: empty for the target, else the singular of what the target refers to, such as
     *     {@code network}
     */
    List<String> values(String resource, String attribute);
}
