package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.upstream.UpstreamSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A stop closes the call of the model server, and reaches a publisher that is sending nothing. How
 * long that takes is printed; on a machine that does nothing else it is to be below 10 ms (p99).
 */
class StopIsToldAtOnceTest {
  private static final int STOPS = 300;
  private static final String ANSWER_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
  private static final String TOKEN =
      "data: {\"choices\":[{\"delta\":{\"content\":\"begun\"}}]}\n\n";

  @Test
  void theModelServersConnectionIsClosed() throws IOException {
    long[] nanos = new long[STOPS];
    try (ServerSocket model = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestServer server = TestServer.wish().flows(flow(model)).start()) {
      model.setSoTimeout(30_000);
      Calls calls = new Calls(server.uri());
      for (int i = 0; i < STOPS; i++) {
        String chat = "/v1/chats/c" + i;
        assertEquals(
            202, calls.json(chat + "/runs", "{\"flow\":\"f\",\"question\":\"?\"}").status());
        try (Socket call = model.accept();
            RawConnection stop = RawConnection.open(server.uri())) {
          call.setSoTimeout(30_000);
          readRequest(call.getInputStream());
          call.getOutputStream().write((ANSWER_HEAD + TOKEN).getBytes(StandardCharsets.UTF_8));
          Eventually.isTrue("begun", () -> calls.get(chat).body().contains("-2\",\"state"));
          long from = System.nanoTime();
          stop.send("POST " + chat + "/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
          assertEquals(-1, call.getInputStream().read());
          nanos[i] = System.nanoTime() - from;
          assertEquals(200, stop.response().status());
        }
      }
    }
    print("stop to the close of the model's connection", nanos);
  }

  @Test
  void aSilentPublisherReadsIt() throws IOException {
    long[] nanos = new long[STOPS];
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      for (int i = 0; i < STOPS; i++) {
        String chat = "c" + i;
        try (RawConnection lines = calls.openLines(chat);
            RawConnection stop = RawConnection.open(server.uri())) {
          lines.chunk("{\"event\":\"token\",\"data\":\"x\",\"run\":\"r\"}\n");
          Eventually.isTrue("there", () -> calls.get("/v1/chats/" + chat).status() == 200);
          long from = System.nanoTime();
          stop.send(
              "POST /v1/chats/" + chat + "/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
          InputStream body = Head.read(lines.in()).body(lines.in());
          String told =
              new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).readLine();
          nanos[i] = System.nanoTime() - from;
          assertEquals("{\"stop\":\"r\"}", told);
          assertEquals(200, stop.response().status());
        }
      }
    }
    print("stop to the line that a publisher reads", nanos);
  }

  private static UpstreamSettings flow(ServerSocket model) {
    URI url = URI.create("http://127.0.0.1:" + model.getLocalPort() + "/v1");
    return new UpstreamSettings(
        "f", url, null, null, Map.of(), null, true, 30_000, 60_000, 1 << 20);
  }

  /** Up to the end of its JSON, which is an object. */
  private static void readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    String length = head.toString().replaceFirst("(?is).*content-length: *(\\d+).*", "$1");
    in.readNBytes(Integer.parseInt(length));
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%s: p50 %d us, p99 %d us, max %d us (%d times)%n",
        what,
        TimeUnit.NANOSECONDS.toMicros(nanos[STOPS / 2]),
        TimeUnit.NANOSECONDS.toMicros(nanos[STOPS * 99 / 100]),
        TimeUnit.NANOSECONDS.toMicros(nanos[STOPS - 1]),
        STOPS);
  }
}
