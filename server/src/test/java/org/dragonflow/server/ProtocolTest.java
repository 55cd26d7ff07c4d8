package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as clients may speak it. */
class ProtocolTest {
    private static final String NETWORK = "{\"network\":{\"name\":\"net\"}}";

    private final Cloud cloud = new Cloud("--api.max-body-bytes=100000");
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        cloud.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(cloud.url() + "/v2.0/" + path));
    }

    private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    @Test
    void aBodyMayComeInChunks() throws Exception {
        var body = NETWORK.getBytes(StandardCharsets.UTF_8);
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        assertThat(chunked.contentLength()).isNegative();
        assertThat(status(to("networks").POST(chunked))).isEqualTo(201);
        var long_ = new byte[200_000];
        assertThat(status(to("networks").POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(long_)))))
                .isEqualTo(413);
        assertThat(cloud.get("networks").status()).isEqualTo(200);
    }

    @Test
    void aBodyMayBeAnnouncedFirst() throws Exception {
        assertThat(status(to("networks").expectContinue(true).POST(BodyPublishers.ofString(NETWORK))))
                .isEqualTo(201);
    }

    @Test
    void aBodyMayComeInGzip() throws Exception {
        var packed = packed(NETWORK.getBytes(StandardCharsets.UTF_8));
        assertThat(status(to("networks").header("Content-Encoding", "gzip").POST(BodyPublishers.ofByteArray(packed))))
                .isEqualTo(201);
        assertThat(status(to("networks").header("Content-Encoding", "gzip").POST(BodyPublishers.ofString(NETWORK))))
                .isEqualTo(400);
        assertThat(status(to("networks")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(packed, 0, packed.length - 9))))
                .isEqualTo(400);
        assertThat(status(to("networks").header("Content-Encoding", "br").POST(BodyPublishers.ofString(NETWORK))))
                .isEqualTo(415);
    }

    @Test
    void aBodyIsNoLongerUnpackedThanItMayBe() throws Exception {
        var bomb = packed(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan(100_000);
        assertThat(status(to("networks").header("Content-Encoding", "gzip").POST(BodyPublishers.ofByteArray(bomb))))
                .isEqualTo(413);
    }

    private static byte[] packed(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    @Test
    void aLongAnswerIsInGzipForThoseWhoTakeIt() throws Exception {
        var many = IntStream.range(0, 50).mapToObj(i -> "{'name':'n%d'}".formatted(i));
        cloud.post("networks", many.collect(Collectors.joining(",", "{'networks':[", "]}")))
                .ok();
        var plain = list("identity");
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(plain.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        assertThat(list("gzip;q=0").body()).isEqualTo(plain.body());
        var packed = list("gzip, deflate");
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.body().length).isLessThan(plain.body().length / 2);
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(gzip.readAllBytes()).isEqualTo(plain.body());
        }
    }

    private HttpResponse<byte[]> list(String codings) throws IOException, InterruptedException {
        return http.send(to("networks").header("Accept-Encoding", codings).build(), BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | 200",
                "application/json;q=0.5, text/plain | 200",
                "text/html, application/*;q=0.9 | 200",
                "text/html, */*;q=0.1 | 200",
                "text/html | 406",
                "*/*, application/json;q=0 | 406"
            })
    void answersAreInJsonOrNot(String accept, int status) throws Exception {
        assertThat(status(to("networks").header("Accept", accept))).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | 201",
                "application/json; charset=UTF-8 | 201",
                "Application/JSON | 201",
                "text/plain | 415",
                "application/xml | 415",
                "application/x-www-form-urlencoded | 415"
            })
    void bodiesAreInJsonOrNot(String type, int status) throws Exception {
        assertThat(status(to("networks").header("Content-Type", type).POST(BodyPublishers.ofString(NETWORK))))
                .isEqualTo(status);
    }

    @Test
    void whatIsRefusedForItsFormChangesNothing() throws Exception {
        long before = cloud.revision();
        status(to("networks").header("Accept", "text/html").POST(BodyPublishers.ofString(NETWORK)));
        status(to("networks").header("Content-Type", "text/plain").POST(BodyPublishers.ofString(NETWORK)));
        assertThat(cloud.revision()).isEqualTo(before);
    }

    @Test
    void oneConnectionCarriesManyRequests() throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), cloud.server().port())) {
            socket.setSoTimeout(10_000);
            var from = socket.getInputStream();
            for (int i = 0; i < 20; i++) {
                socket.getOutputStream()
                        .write("GET /v2.0/nothing%d HTTP/1.1\r\nHost: here\r\n\r\n"
                                .formatted(i)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(head(from)).startsWith("HTTP/1.1 404 ");
            }
        }
    }

    /** Reads one answer, and gives its head. */
    private static String head(java.io.InputStream from) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = from.read();
            assertThat(next).as("after %s", head).isNotNegative();
            head.append((char) next);
        }
        var length = java.util.regex.Pattern.compile("(?i)\r\nContent-Length: ([0-9]+)\r\n")
                .matcher(head);
        from.skipNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return head.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "\u0000\u0001\u0002",
                "POST /v2.0/networks HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"
            })
    void whatIsNoRequestDoesNotHarm(String bytes) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), cloud.server().port())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            socket.setSoTimeout(10_000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotStartWith("HTTP/1.1 5");
        }
        assertThat(cloud.get("networks").status()).isEqualTo(200);
    }

    @Test
    void aHeadHasTheHeadersOfAGet() throws Exception {
        var id = cloud.network();
        for (var path : new String[] {"networks", "networks/" + id}) {
            var get = http.send(to(path).build(), BodyHandlers.ofByteArray());
            var head = http.send(to(path).HEAD().build(), BodyHandlers.ofByteArray());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("Content-Type"))
                    .isEqualTo(get.headers().firstValue("Content-Type"));
            assertThat(head.headers().firstValue("Content-Length")).hasValue(Integer.toString(get.body().length));
        }
        assertThat(status(to("networks/none").HEAD())).isEqualTo(404);
    }
}
