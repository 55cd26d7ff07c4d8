package org.dragonflow.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Users, the bcrypt hashes of their passwords, and what they may act as: {@code user:hash:project:role,role}, a line for each. */
public final class Passwords {
    private static final Pattern USER = Pattern.compile("[^:#\\s\\p{Cntrl}]{1,255}");
    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");
    private static final Pattern PROJECT = Pattern.compile("[^:\\s\\p{Cntrl}]{1,255}");
    private static final Pattern ROLES = Pattern.compile("[^:,\\s\\p{Cntrl}]+(,[^:,\\s\\p{Cntrl}]+)*");
    private static final int COST = 10;
    private static final int SALT_BYTES = 16;

    /** bcrypt hears no more of a password than this. */
    private static final int MOST_BYTES = 72;

    private final Map<String, User> users;

    /** What an unknown user's password is held against, so that the time of the answer does not say that there is none. */
    private final String nobody;

    private record User(String hash, Credentials credentials) {}

    private Passwords(Map<String, User> users) {
        this.users = Map.copyOf(users);
        this.nobody = hash(
                "",
                users.values().stream()
                        .mapToInt(user -> cost(user.hash()))
                        .max()
                        .orElse(COST));
    }

    /** @throws IllegalArgumentException if the file cannot be read or a line of it is malformed; the message says which */
    static Passwords read(Path file) {
        var users = new HashMap<String, User>();
        try {
            int number = 0;
            for (var line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    add(line.strip(), "line %d of the password file %s".formatted(number, file), users);
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the password file %s cannot be read: %s".formatted(file, e), e);
        }
        return new Passwords(users);
    }

    /** Says of a malformed line where it is, and nothing of what is in it. */
    private static void add(String line, String where, Map<String, User> users) {
        var fields = line.split(":", -1);
        if (fields.length != 4
                || !USER.matcher(fields[0]).matches()
                || !HASH.matcher(fields[1]).matches()
                || !PROJECT.matcher(fields[2]).matches()
                || !ROLES.matcher(fields[3]).matches()) {
            throw new IllegalArgumentException(
                    where + " is not of the form user:hash:project:role,role with a bcrypt hash");
        }
        var roles = Arrays.stream(fields[3].split(",", -1)).collect(Collectors.toUnmodifiableSet());
        var user = new User(fields[1], Credentials.ofProject(fields[0], fields[2], roles));
        if (users.put(fields[0], user) != null) {
            throw new IllegalArgumentException("%s is the second for user %s".formatted(where, fields[0]));
        }
    }

    /** Who this is, if the password is the user's; takes as long if it is not. */
    Optional<Credentials> check(String user, String password) {
        var known = Optional.ofNullable(users.get(user));
        boolean isRight = OpenBSDBCrypt.checkPassword(
                known.map(User::hash).orElse(nobody), password.getBytes(StandardCharsets.UTF_8));
        return known.filter(_ -> isRight).map(User::credentials);
    }

    /**
     * A line for the file.
     *
     * @throws IllegalArgumentException if there can be no such line; the message says why
     */
    public static String line(String user, String password, String project, Set<String> roles) {
        if (password.isEmpty() || password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException("a password has from 1 to %d bytes".formatted(MOST_BYTES));
        }
        var line = String.join(":", user, hash(password, COST), project, String.join(",", roles));
        add(line, "what was given", new HashMap<>());
        return line;
    }

    private static String hash(String password, int cost) {
        var salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return OpenBSDBCrypt.generate("2y", password.getBytes(StandardCharsets.UTF_8), salt, cost);
    }

    private static int cost(String hash) {
        return Integer.parseInt(hash.substring(4, 6));
    }
}
