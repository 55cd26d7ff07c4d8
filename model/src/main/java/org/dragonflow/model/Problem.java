package org.dragonflow.model;

/**
 * One thing that is wrong with data from outside.
 *
 * @param attribute where, such as {@code fixed_ips[0].ip_address}; empty for the whole
 * @param text for people, in Neutron's words
 */
public record Problem(Kind kind, String attribute, String text) {

    /** Which rule was broken. */
    public enum Kind {
        /** There is no such attribute. */
        UNKNOWN,
        /** Clients never write the attribute, or not in this operation. */
        READ_ONLY,
        /** The attribute must be given. */
        MISSING,
        /** The value is of the wrong type, out of range or malformed. */
        INVALID
    }

    @Override
    public String toString() {
        return text;
    }
}
