package org.dragonflow.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The pages of docs/reference say what the code says. With {@code -Ddocs.update=true} they are written instead of compared. */
class ReferenceTest {
    private static final Path DIRECTORY = Repository.ROOT.resolve("docs/reference");
    private static final String HOW =
            "run: mvn -q -pl dist -am test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.update=true";

    @TestFactory
    Stream<DynamicTest> everyPageIsCurrent() {
        return ReferencePages.all().entrySet().stream()
                .map(page -> DynamicTest.dynamicTest(
                        page.getKey(),
                        () -> isCurrent(
                                DIRECTORY.resolve(page.getKey()),
                                page.getValue().get())));
    }

    private static void isCurrent(Path file, String text) throws IOException {
        if (Boolean.getBoolean("docs.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).as(HOW).exists();
        assertThat(Repository.read(file))
                .as("%s; %s", Repository.name(file), HOW)
                .isEqualTo(text);
    }

    @Test
    void nothingElseIsThere() {
        assertThat(Repository.files(DIRECTORY).map(path -> path.getFileName().toString()))
                .isSubsetOf(ReferencePages.all().keySet());
    }
}
