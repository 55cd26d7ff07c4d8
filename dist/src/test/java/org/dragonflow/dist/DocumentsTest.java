package org.dragonflow.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages for people lead somewhere, are short, and have the form that they promise. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern TOLD_ENDPOINT = Pattern.compile("(?m)^\\| `([A-Z]+) (/[^`]*)` \\|");

    /** As routes are written: a method, and a path, which may begin with the operator's root. */
    private static final Pattern ENDPOINT =
            Pattern.compile("on\\(\\s*\"([A-Z]+)\",\\s*((?:OperatorApi\\.)?ROOT \\+ )?\"(/(?!v2\\.0)[^\"]+)\"");

    private static final Path DECISIONS = Repository.ROOT.resolve("docs/adr");
    private static final int SCREEN = 50;
    private static final int NEWCOMERS_READING = 400;

    @Test
    void everyLinkLeadsSomewhere() {
        var broken = Repository.pages().stream().flatMap(DocumentsTest::broken).toList();
        assertThat(broken).isEmpty();
    }

    private static Stream<String> broken(Path page) {
        return LINK.matcher(Repository.read(page))
                .results()
                .map(match -> match.group(1))
                .filter(target -> !Files.exists(page.resolveSibling(target)))
                .map(target -> Repository.name(page) + ": " + target);
    }

    @Test
    void decisionsAreNumberedWithoutAGapAndListed() {
        var names = decisions()
                .map(path -> path.getFileName().toString())
                .filter(name -> !name.equals("README.md"))
                .toList();
        assertThat(names.stream().map(name -> name.substring(0, 4)))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, names.size())
                        .mapToObj("%04d"::formatted)
                        .toList());
        var list = Repository.read(DECISIONS.resolve("README.md"));
        assertThat(names).allSatisfy(name -> assertThat(list).contains("(" + name + ")"));
    }

    @Test
    void aDecisionIsOneScreenOfContextDecisionAndPrice() {
        assertThat(decisions().filter(path -> !path.endsWith("README.md"))).allSatisfy(path -> {
            var lines = Repository.lines(path);
            assertThat(lines).hasSizeLessThanOrEqualTo(SCREEN);
            assertThat(lines.stream().filter(line -> line.startsWith("## ")))
                    .containsExactly("## Context", "## Decision", "## What we gave up");
        });
    }

    private static Stream<Path> decisions() {
        return Repository.files(DECISIONS);
    }

    /** These four pages, in this order, are enough to know where to add a feature; so they stay short. */
    @Test
    void whatANewcomerReadsFirstIsUnder400Lines() {
        var reading = List.of(
                "ARCHITECTURE.md",
                "docs/reference/pipeline.md",
                "apps/src/main/java/org/dragonflow/apps/L2.java",
                "apps/src/test/java/org/dragonflow/apps/L2Test.java");
        assertThat(reading.stream()
                        .map(Repository.ROOT::resolve)
                        .mapToInt(path -> Repository.lines(path).size())
                        .sum())
                .isLessThan(NEWCOMERS_READING);
        var architecture = Repository.read(Repository.ROOT.resolve("ARCHITECTURE.md"));
        assertThat(reading.stream().skip(1))
                .allSatisfy(name -> assertThat(architecture).contains("(" + name + ")"));
    }

    @Test
    void theOperatorsPageHasEveryEndpointThatIsNotNeutrons() {
        var page = Repository.read(Repository.ROOT.resolve("docs/operator-api.md"));
        var told = TOLD_ENDPOINT.matcher(page).results().map(m -> m.group(1) + " " + m.group(2));
        var found = Repository.files(Repository.ROOT.resolve("server/src/main/java"))
                .flatMap(path -> ENDPOINT.matcher(Repository.read(path)).results())
                .map(m -> m.group(1) + " " + (m.group(2) == null ? "" : "/dragonflow/v1") + m.group(3));
        assertThat(told).containsExactlyInAnyOrderElementsOf(found.toList());
    }
}
