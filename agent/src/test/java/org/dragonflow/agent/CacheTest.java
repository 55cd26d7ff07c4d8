package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Topology;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
    private static final Position ONE = new Position("line", 1);
    private static final Position TWO = new Position("line", 2);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("topology.journal");
    }

    private static List<Delta> creates(List<? extends Entity> entities) {
        return entities.stream().map(Delta::create).toList();
    }

    private static ConntrackZone zone(int number, int port) {
        return new ConntrackZone(Id.of(ConntrackZone.class, Blue.id(port).value()), number);
    }

    private Topology written() throws IOException {
        var blue = Blue.with(Blue.port(10, Blue.HV1), Blue.port(11, Blue.HV2));
        try (var cache = Cache.open(file)) {
            cache.append(ONE, creates(blue));
            cache.append(TWO, List.of(Delta.create(zone(7, 10)), Delta.delete(Blue.port(11, Blue.HV2))));
            return cache.contents();
        }
    }

    @Test
    void whatWasWrittenIsReadAndNobodyElseMayReadIt() throws IOException {
        var before = written();
        try (var cache = Cache.open(file)) {
            assertThat(cache.contents()).isEqualTo(before);
            assertThat(cache.position()).contains(TWO);
            assertThat(cache.contents().get(zone(7, 10).id())).contains(zone(7, 10));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsKnownAlreadyIsNotWrittenAgain() throws IOException {
        var before = written();
        long size = Files.size(file);
        try (var cache = Cache.open(file)) {
            cache.append(TWO, before.all().map(Delta::create).toList());
            assertThat(Files.size(file)).isEqualTo(size);
            cache.append(TWO, creates(List.of(Blue.port(11, Blue.HV2))));
            assertThat(Files.size(file)).isGreaterThan(size);
        }
    }

    @Test
    void aFileCutAnywhereGivesAnEarlierStateAndCanBeWrittenOn() throws IOException {
        written();
        var whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 61) {
            Files.deleteIfExists(file);
            Files.write(file, Arrays.copyOf(whole, length));
            try (var cache = Cache.open(file)) {
                assertThat(cache.position()).isIn(Optional.empty(), Optional.of(ONE));
                cache.append(TWO, creates(Blue.with()));
            }
            try (var cache = Cache.open(file)) {
                assertThat(cache.position()).contains(TWO);
            }
        }
    }

    @Test
    void aDamagedFileIsPutAsideAndNeverTrusted() throws IOException {
        var right = written();
        var whole = Files.readAllBytes(file);
        var random = new Random(1);
        for (int i = 0; i < 50; i++) {
            var bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.deleteIfExists(file);
            Files.write(file, bytes);
            try (var cache = Cache.open(file)) {
                assertThat(cache.position()).isIn(Optional.empty(), Optional.of(ONE));
                assertThat(cache.contents()).isNotEqualTo(right);
            }
        }
        assertThat(directory.resolve("topology.journal.damaged")).exists();
    }

    @Test
    void theFileIsWrittenAnewWhenWhatIsOutdatedOutweighsTheRest() throws IOException {
        try (var cache = Cache.open(file)) {
            cache.append(ONE, creates(Blue.with()));
            for (int i = 0; i < 5_000; i++) {
                var there = i % 2 == 0 ? Blue.HV2 : Blue.HV1;
                cache.append(new Position("line", i), creates(List.of(Blue.port(10, there))));
            }
            assertThat(Files.size(file)).isLessThan(2_500_000);
        }
        try (var cache = Cache.open(file)) {
            assertThat(cache.contents()).isEqualTo(Topology.of(Blue.with(Blue.port(10, Blue.HV1))));
            assertThat(cache.position()).contains(new Position("line", 4_999));
        }
    }

    @Test
    void aSnapshotIsThereWholeOrNotAtAll() throws IOException {
        var many = java.util.stream.IntStream.rangeClosed(1, 200)
                .mapToObj(i -> zone(i, i))
                .toList();
        var more = java.util.stream.IntStream.rangeClosed(1, 2_500)
                .mapToObj(i -> zone(i + 1, i))
                .toList();
        long before;
        try (var cache = Cache.open(file)) {
            cache.append(ONE, creates(many));
            before = Files.size(file);
            cache.append(TWO, creates(more));
        }
        var whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, (int) (before + (whole.length - before) * 2 / 3)));
        try (var cache = Cache.open(file)) {
            assertThat(cache.position()).contains(ONE);
            assertThat(cache.contents()).isEqualTo(Topology.of(many));
        }
    }
}
