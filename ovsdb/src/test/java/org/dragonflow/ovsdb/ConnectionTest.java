package org.dragonflow.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ConnectionTest {
    private static final Options OPTIONS = Options.standard().withTimeout(Duration.ofSeconds(5));

    private static Fault end(FakeServer server) {
        return await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .until(server.client()::ended, Optional::isPresent)
                .orElseThrow();
    }

    private static JsonNode received(FakeServer server) throws InterruptedException {
        return Optional.ofNullable(server.received().poll(5, TimeUnit.SECONDS)).orElseThrow();
    }

    private static CompletableFuture<Fault> failingCall(FakeServer server) {
        var fault = new CompletableFuture<Fault>();
        Thread.ofVirtual().start(() -> {
            try {
                server.client().transact(List.of(new Operation.Comment("never answered")));
            } catch (OvsdbException e) {
                fault.complete(e.fault());
            } catch (InterruptedException e) {
                fault.completeExceptionally(e);
            }
        });
        return fault;
    }

    @Test
    void theServersEchoIsAnsweredWithItsOwnWords() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            server.say("{\"method\":\"echo\",\"params\":[\"a\",{\"b\":\"}{\\\"\"}],\"id\":\"echo\"}");
            assertThat(received(server).toString())
                    .isEqualTo("{\"id\":\"echo\",\"result\":[\"a\",{\"b\":\"}{\\\"\"}],\"error\":null}");
        }
    }

    @Test
    void aRequestThatNoClientServesIsRefused() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            server.say("{\"method\":\"format_disk\",\"params\":[],\"id\":7}");
            assertThat(received(server).toString())
                    .isEqualTo("{\"id\":7,\"result\":null,\"error\":\"unknown method\"}");
        }
    }

    @Test
    void aServerThatSaysNothingIsProbedAndThenGivenUp() throws Exception {
        var options = OPTIONS.withProbe(Duration.ofMillis(100), Duration.ofMillis(300));
        try (var server = new FakeServer(options).reading()) {
            var call = failingCall(server);
            assertThat(received(server).path("method").asString()).isEqualTo("transact");
            assertThat(received(server).path("method").asString()).isEqualTo("echo");
            assertThat(end(server)).isInstanceOf(Fault.Silent.class);
            assertThat(call.get(5, TimeUnit.SECONDS)).isInstanceOf(Fault.Silent.class);
        }
    }

    @Test
    void aServerThatNeverFinishesAMessageIsGivenUp() throws Exception {
        var options = OPTIONS.withProbe(Duration.ofMillis(20), Duration.ofMillis(100));
        try (var server = new FakeServer(options).reading()) {
            server.say("{\"a\":\"");
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(10))
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .until(() -> {
                        boolean ended = server.client().ended().isPresent();
                        server.say(ended ? "" : "x");
                        return ended;
                    });
            assertThat(end(server))
                    .isInstanceOfSatisfying(
                            Fault.Silent.class,
                            fault -> assertThat(fault.silence()).isGreaterThanOrEqualTo(Duration.ofSeconds(2)));
        }
    }

    @Test
    void aServerThatAnswersEchoesIsKept() throws Exception {
        var options = OPTIONS.withProbe(Duration.ofMillis(50), Duration.ofMillis(400));
        try (var server = new FakeServer(options).reading()) {
            for (int i = 0; i < 12; i++) {
                assertThat(received(server).path("method").asString()).isEqualTo("echo");
                server.say("{\"id\":\"echo\",\"result\":[],\"error\":null}");
            }
            assertThat(server.client().ended()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "[1]",
                "{\"id\":1,}",
                "{\"id\":1,\"method\":garbage}",
                "{\"id\":[}]",
                "{\"unheard\":\"of\"}",
                "{\"id\":1,\"result\":[}",
                "{garbage",
                "{]",
                "{\"id\":null,\"method\":\"\u0001\"}"
            })
    void whatIsNotJsonRpcEndsTheConnectionAndItsCalls(String text) throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            var call = failingCall(server);
            received(server);
            server.say(text);
            assertThat(end(server)).isInstanceOf(Fault.Malformed.class);
            assertThat(call.get(5, TimeUnit.SECONDS)).isEqualTo(end(server));
        }
    }

    @Test
    void aMessageNestedWithoutEndIsRefused() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            // The client may hang up before it has read the end of this.
            var saying = CompletableFuture.runAsync(
                    () -> server.say("{\"method\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
            assertThat(end(server)).isInstanceOf(Fault.Malformed.class);
            assertThat(saying.handle((_, fault) -> fault == null || fault.getCause() instanceof UncheckedIOException)
                            .get(5, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void aStreamThatEndsWithinAMessageIsMalformed() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            server.say("{\"id\":1,\"res");
            server.hangUp();
            assertThat(end(server)).isEqualTo(new Fault.Malformed("the stream ended within a message, after 12 bytes"));
        }
    }

    @Test
    void aStreamThatEndsBetweenMessagesIsClosedByThePeer() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            server.say("{\"method\":\"update3\",\"params\":[],\"id\":null}\n");
            server.hangUp();
            assertThat(end(server)).isEqualTo(new Fault.ClosedByPeer());
        }
    }

    @Test
    void aMessageOverTheLimitEndsTheConnectionBeforeItIsWhole() throws Exception {
        try (var server = new FakeServer(OPTIONS.withMaxMessageBytes(1000)).reading()) {
            server.say("{\"method\":\"update3\",\"params\":[],\"id\":null,\"a\":\"" + "x".repeat(2000));
            assertThat(end(server)).isEqualTo(new Fault.TooLarge(1000));
        }
    }

    @Test
    void nonsenseInAReplyEndsTheConnection() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            var call = failingCall(server);
            server.say("{\"id\":%s,\"result\":{},\"error\":null}"
                    .formatted(received(server).path("id")));
            assertThat(call.get(5, TimeUnit.SECONDS)).isInstanceOf(Fault.Malformed.class);
            assertThat(end(server)).isInstanceOf(Fault.Malformed.class);
        }
    }

    @Test
    void aReplyThatComesTooLateIsIgnored() throws Exception {
        try (var server = new FakeServer(OPTIONS.withTimeout(Duration.ofMillis(200))).reading()) {
            var call = failingCall(server);
            var id = received(server).path("id");
            assertThat(call.get(5, TimeUnit.SECONDS)).isEqualTo(new Fault.TimedOut("transact", Duration.ofMillis(200)));
            server.say("{\"id\":%s,\"result\":[{}],\"error\":null}".formatted(id));
            server.say("{\"method\":\"echo\",\"params\":[],\"id\":1}");
            assertThat(received(server).path("error").isNull()).isTrue();
            assertThat(server.client().ended()).isEmpty();
        }
    }

    @Test
    void aServerThatAsksAndDoesNotReadIsGivenUp() throws Exception {
        try (var server = new FakeServer(OPTIONS.withMaxQueued(10))) {
            var echo = "{\"method\":\"echo\",\"params\":[\"%s\"],\"id\":1}".formatted("x".repeat(10_000));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            server.say(echo);
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(end(server)).isEqualTo(new Fault.Overrun("replies", 10));
        }
    }

    @Test
    void aConnectionClosedHereFailsItsCalls() throws Exception {
        try (var server = new FakeServer(OPTIONS).reading()) {
            var call = failingCall(server);
            received(server);
            server.client().close();
            assertThat(call.get(5, TimeUnit.SECONDS)).isEqualTo(new Fault.ClosedHere());
            assertThat(failingCall(server).get(5, TimeUnit.SECONDS)).isEqualTo(new Fault.ClosedHere());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:/run/db.sock", "tcp:10.0.0.1:6640", "tcp:[::1]:6640", "tcp:host:1"})
    void anEndpointIsWrittenAsItIsRead(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"unix:", "tcp:host", "tcp::1", "tcp:host:0", "tcp:host:65536", "tcp:::1:6640", "ssl:host:1", "''"})
    void whatIsNoEndpointIsRefused(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
