package org.dragonflow.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    /** Of the password {@code secret}, as Python's bcrypt makes it; that of {@code htpasswd -B} begins with {@code $2y$}. */
    private static final String SECRET = "$2b$04$boPzVhxnCdxOCyxouwljv.srDvFzdBN7Cs8IFlytWo9U6qLinSX3O";

    @TempDir
    private Path directory;

    private Passwords read(String text) throws IOException {
        return Passwords.read(Files.writeString(directory.resolve("passwords"), text));
    }

    @Test
    void aLineThatWasMadeLetsItsUserIn() throws IOException {
        var passwords = read("# who may\n\n" + Passwords.line("alice", "pass:wörd", "blue", Set.of("member")) + "\n");
        assertThat(passwords.check("alice", "pass:wörd"))
                .contains(Credentials.ofProject("alice", "blue", Set.of("member")));
        assertThat(passwords.check("alice", "pass:word")).isEmpty();
        assertThat(passwords.check("alice", "")).isEmpty();
        assertThat(passwords.check("bob", "pass:wörd")).isEmpty();
    }

    @Test
    void aHashThatOtherToolsMadeIsUnderstood() throws IOException {
        var passwords = read("alice:" + SECRET + ":blue:reader");
        assertThat(passwords.check("alice", "secret")).isPresent();
        assertThat(passwords.check("alice", "secret2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "alice:secret:blue:member",
                "alice:" + SECRET + ":blue",
                "alice:" + SECRET + "::member",
                "alice:" + SECRET + ":blue:",
                "alice:" + SECRET + ":blue:member:more",
                "alice:$2y$31$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghijk:blue:member"
            })
    void aMalformedLineIsNamedByItsNumberAndNotRepeated(String line) {
        assertThatThrownBy(() -> read("# users\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 of the password file")
                .hasMessageNotContaining("alice");
    }

    @Test
    void aUserHasOnePassword() {
        assertThatThrownBy(() -> read("alice:" + SECRET + ":blue:reader\nalice:" + SECRET + ":red:reader\n"))
                .hasMessageContaining("second for user alice");
    }

    @Test
    void aPasswordThatWouldBeCutShortIsRefused() {
        assertThatThrownBy(() -> Passwords.line("alice", "x".repeat(73), "blue", Set.of("member")))
                .hasMessageContaining("72");
        assertThatThrownBy(() -> Passwords.line("a:b", "x", "blue", Set.of("member")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
