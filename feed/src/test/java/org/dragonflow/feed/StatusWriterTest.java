package org.dragonflow.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Status;
import org.junit.jupiter.api.Test;

final class StatusWriterTest {
    private static final Id<Port> PORT = Id.of(Port.class, "port");

    /** A store that takes its time over the first words, until it is let go. */
    private static final class SlowRecords implements Records {
        private final BlockingQueue<List<PortStatus>> written = new LinkedBlockingQueue<>();
        private final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public void register(Chassis reported) {}

        @Override
        public void mark(Id<Chassis> chassis, boolean isAlive) {}

        @Override
        public void told(Id<Chassis> chassis, List<Report> reports) {}

        @Override
        public void report(List<PortStatus> statuses) throws InterruptedException {
            written.add(statuses);
            letGo.await();
        }

        List<PortStatus> next() throws InterruptedException {
            var next = written.poll(10, TimeUnit.SECONDS);
            return next == null ? List.of() : next;
        }
    }

    private static PortStatus word(String chassis, Status status) {
        return new PortStatus(PORT, Id.of(Chassis.class, chassis), status);
    }

    @Test
    void ofAPortThatMovesBothChassisAreHeardAndOfEachTheLastWord() throws Exception {
        var records = new SlowRecords();
        try (var writer = new StatusWriter(records)) {
            writer.write(List.of(word("hv1", Status.ACTIVE)));
            assertThat(records.next()).containsExactly(word("hv1", Status.ACTIVE));
            writer.write(List.of(word("hv2", Status.ERROR)));
            writer.write(List.of(word("hv2", Status.ACTIVE)));
            writer.write(List.of(word("hv1", Status.DOWN)));
            records.letGo.countDown();
            assertThat(records.next()).containsExactly(word("hv2", Status.ACTIVE), word("hv1", Status.DOWN));
        }
    }
}
