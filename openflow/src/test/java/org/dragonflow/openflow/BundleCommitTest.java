package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Switch.Refused;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.openflow.Message.BundleControl;
import org.dragonflow.openflow.Message.BundleControl.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a switch that this test plays hears of a bundle, and when. */
@Timeout(20)
class BundleCommitTest {
    private static final Timing TIMING =
            new Timing(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofMillis(20));
    private static final Bundle TWO_FLOWS = new Bundle(List.of(put(1), put(2)));

    // OFPBAC_BAD_OUT_PORT and OFPBFC_MSG_FAILED.
    private static final OpenFlowError BAD_PORT = new OpenFlowError(2, 4, 0);
    private static final OpenFlowError BAD_BUNDLE = new OpenFlowError(17, 15, 0);

    private final ConcurrentLinkedQueue<SwitchEvent> events = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private ServerSocketChannel server;
    private OpenFlowSwitch device;
    private PlayedSwitch played;

    @BeforeEach
    void connect() throws IOException {
        var socket = directory.resolve("switch.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        device = OpenFlowSwitch.connect(
                Endpoint.parse("unix:" + socket), RandomFlows.PIPELINE, RandomFlows.OWNER, TIMING, events::add);
        played = PlayedSwitch.greeted(server);
        await().until(() -> events.contains(new SwitchEvent.Connected()));
    }

    @AfterEach
    void close() throws IOException {
        device.close();
        played.close();
        server.close();
    }

    private static Bundle.Mod put(int priority) {
        return new Bundle.Put(Flow.in(RandomFlows.FIRST, priority, Match.ANY, Action.output(1))
                .signed(RandomFlows.OWNER.cookie()));
    }

    private FutureTask<Void> committing() {
        var task = new FutureTask<Void>(() -> {
            device.commit(TWO_FLOWS);
            return null;
        });
        Thread.ofVirtual().start(task);
        return task;
    }

    /** All up to the next step of this kind. */
    private List<Codec.Envelope> hearUpTo(Step step) throws IOException {
        var heard = new ArrayList<Codec.Envelope>();
        do {
            heard.add(played.next());
        } while (!isStep(heard.getLast().message(), step));
        return heard;
    }

    private static boolean isStep(Message message, Step step) {
        return message instanceof BundleControl(var _, var found) && found == step;
    }

    /** Answers a step with the one that follows it. */
    private void answer(Codec.Envelope asked) throws IOException {
        var control = (BundleControl) asked.message();
        var reply = Step.values()[control.step().ordinal() + 1];
        played.say(asked.xid(), new BundleControl(control.bundle(), reply));
    }

    private void refuse(Codec.Envelope asked, OpenFlowError error) throws IOException {
        played.say(asked.xid(), new Message.Failure(error, ""));
    }

    @Test
    void aBundleIsSaidInOneTurnOfTheSwitchAndCommittedInTheNext() throws Exception {
        var committing = committing();
        var parts = hearUpTo(Step.CLOSE_REQUEST);
        assertThat(parts).hasSize(4);
        answer(parts.getFirst());
        answer(parts.getLast());
        var commit = hearUpTo(Step.COMMIT_REQUEST).getFirst();
        var barrier = played.next(Message.BarrierRequest.class);
        assertThat(committing.isDone()).isFalse();
        answer(commit);
        assertThat(committing.isDone()).isFalse();
        played.say(barrier.xid(), new Message.BarrierReply());
        committing.get();
    }

    @Test
    void aBundleOfWhichAPartWasRefusedIsNeverCommitted() throws Exception {
        var committing = committing();
        var parts = hearUpTo(Step.CLOSE_REQUEST);
        answer(parts.getFirst());
        refuse(parts.get(2), BAD_PORT);
        answer(parts.getLast());
        var next = played.next();
        assertThat(isStep(next.message(), Step.DISCARD_REQUEST)).isTrue();
        answer(next);
        assertThatThrownBy(committing::get).cause().isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.culprit()).isEqualTo(TWO_FLOWS.mods().getLast());
            assertThat(refused.reason()).isEqualTo(BAD_PORT.name());
        });
    }

    @Test
    void aBundleThatCouldNotBeOpenedIsNeverCommitted() throws Exception {
        var committing = committing();
        var parts = hearUpTo(Step.CLOSE_REQUEST);
        refuse(parts.getFirst(), BAD_BUNDLE);
        answer(parts.getLast());
        var next = played.next();
        assertThat(isStep(next.message(), Step.DISCARD_REQUEST)).isTrue();
        refuse(next, BAD_BUNDLE);
        assertThatThrownBy(committing::get)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("the switch dropped the bundle");
    }

    @Test
    void aFlowThatIsRefusedAtTheCommitIsNamed() throws Exception {
        var committing = committing();
        var parts = hearUpTo(Step.CLOSE_REQUEST);
        answer(parts.getFirst());
        answer(parts.getLast());
        var commit = hearUpTo(Step.COMMIT_REQUEST).getFirst();
        refuse(parts.get(1), BAD_PORT);
        refuse(commit, BAD_BUNDLE);
        assertThatThrownBy(committing::get)
                .cause()
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.culprit())
                                .isEqualTo(TWO_FLOWS.mods().getFirst()));
    }
}
