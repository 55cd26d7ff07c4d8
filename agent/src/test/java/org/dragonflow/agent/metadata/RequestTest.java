package org.dragonflow.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.assertj.core.api.AbstractObjectAssert;
import org.assertj.core.api.Assertions;
import org.dragonflow.packet.Bytes;
import org.junit.jupiter.api.Test;

class RequestTest {
    private static Request read(String text) throws IOException {
        return Request.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static AbstractObjectAssert<?, Integer> refusal(String text) {
        var refused = Assertions.catchThrowableOfType(Request.Refused.class, () -> read(text));
        return assertThat(refused).extracting(Request.Refused::status);
    }

    @Test
    void aRequestIsReadWithItsHeadersAndItsBody() throws IOException {
        var request = read("POST /a?b HTTP/1.1\r\nHost: x\r\nCONTENT-Length: 3\r\n\r\nabcd");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/a");
        assertThat(request.header("host")).contains("x");
        assertThat(request.body()).isEqualTo(Bytes.utf8("abc"));
    }

    @Test
    void whatIsTooLongOrNoRequestIsRefused() {
        refusal("GET http://elsewhere/ HTTP/1.1\r\n\r\n").isEqualTo(400);
        refusal("hello\r\n\r\n").isEqualTo(400);
        refusal("TRACE / HTTP/1.1\r\n\r\n").isEqualTo(405);
        refusal("GET / HTTP/1.1\r\nA: " + "a".repeat(Request.LONGEST_HEAD) + "\r\n\r\n")
                .isEqualTo(431);
        refusal("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n").isEqualTo(413);
        refusal("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n").isEqualTo(400);
        refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").isEqualTo(411);
    }

    @Test
    void aRequestThatEndsEarlyIsNone() {
        assertThatThrownBy(() -> read("GET / HTTP/1.1\r\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void noiseIsRefusedAndNothingElseIsThrown() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            var text = new String(noise, StandardCharsets.ISO_8859_1) + "\r\n\r\n";
            assertThatThrownBy(() -> read(text)).as("seed %d", seed).isInstanceOf(IOException.class);
        }
    }
}
