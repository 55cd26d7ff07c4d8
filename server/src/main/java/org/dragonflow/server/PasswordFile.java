package org.dragonflow.server;

import java.util.Set;
import org.dragonflow.server.access.Passwords;

/** Makes lines of the file that {@code identity.password-file} names. */
public final class PasswordFile {
    private PasswordFile() {}

    /**
     * The line of a user; it holds a hash of the password, and not the password.
     *
     * @param password at most 72 bytes in UTF-8
     * @throws IllegalArgumentException if there can be no such line; the message says why
     */
    public static String line(String user, String password, String project, Set<String> roles) {
        return Passwords.line(user, password, project, roles);
    }
}
