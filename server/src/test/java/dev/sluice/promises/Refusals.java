package dev.sluice.promises;

import dev.sluice.chat.OnLag;
import dev.sluice.docs.OpenApiDocument;
import dev.sluice.docs.Operation;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Provokes whatever a server may refuse, on servers that are made to refuse it. */
final class Refusals {
  private static final String NDJSON = "application/x-ndjson";
  private static final String TOKEN = "{\"event\":\"token\",\"data\":\"x\"}";
  private static final int MAX_URI_BYTES = 2048;
  private static final int MAX_HEADER_BYTES = 4096;
  private static final List<String> PREDICTIONS = List.of("prediction", "internal-prediction");

  private final OpenApiDocument document;
  private final Conformance conformance;

  Refusals(OpenApiDocument document, Conformance conformance) {
    this.document = document;
    this.conformance = conformance;
  }

  /** What every call may be answered with, whatever it is for. */
  void ofEveryCall() {
    try (TestServer server = TestServer.wish().maxHead(MAX_URI_BYTES, MAX_HEADER_BYTES).start()) {
      for (Operation call : document.operations()) {
        String target = Requests.target(call);
        send(server, Requests.withFields(call, target, "Host: y\r\n"));
        String longer = target + "?x=" + "x".repeat(MAX_URI_BYTES);
        send(server, Requests.withFields(call, longer, ""));
        String field = "X-Much: " + "x".repeat(MAX_HEADER_BYTES) + "\r\n";
        send(server, Requests.withFields(call, target, field));
        if (call.path().contains("{")) {
          String undecodable = call.path().replaceAll("\\{[^}]*}", "%zz");
          send(server, Requests.withFields(call, undecodable, ""));
        }
        if (!call.method().equals("GET")) {
          send(server, Requests.withFields(call, target, "Sec-Fetch-Site: cross-site\r\n"));
        }
        if (!mediaType(call).equals(NDJSON)) {
          send(server, begun(call, 100_000_000));
        }
      }
    }
  }

  /** The calls that come too slowly; all at once, since each takes as long as the server waits. */
  void ofSlowCalls() throws IOException {
    record Slow(String request, RawConnection connection) {}
    try (TestServer server = TestServer.wish().requestTimeoutMs(200).start()) {
      List<Slow> all = new ArrayList<>();
      for (Operation call : document.operations()) {
        String body = begun(call, 100);
        String head = body.substring(0, body.length() - 2);
        for (String request : List.of(head, body)) {
          all.add(new Slow(request, RawConnection.open(server.uri()).send(request)));
        }
      }
      for (Slow slow : all) {
        conformance.take(slow.request(), slow.connection(), () -> {});
        slow.connection().close();
      }
    }
  }

  void ofBadCalls() {
    try (TestServer server =
        TestServer.wish()
            .maxHead(BadCall.MAX_URI_BYTES, BadCall.MAX_HEADER_BYTES)
            .maxBodyBytes(BadCall.MAX_BODY_BYTES)
            .maxLineBytes(BadCall.MAX_LINE_BYTES)
            .maxEventBytes(BadCall.MAX_EVENT_BYTES)
            .start()) {
      new Calls(server.uri()).publish("witness", TOKEN);
      for (BadCall call : BadCall.all()) {
        try (RawConnection connection = RawConnection.open(server.uri())) {
          conformance.take(call.request(), connection.send(call.bytes()), () -> {});
        } catch (IOException e) {
          throw new AssertionError(call.toString(), e);
        }
      }
      // What is wrong as a line for one chat is wrong as a line for many chats, too.
      for (BadCall call : BadCall.all()) {
        String line = call.request().substring(call.request().indexOf("\r\n\r\n") + 4);
        if (call.request().contains(NDJSON) && line.startsWith("{\"")) {
          post(server, "/v1/events", NDJSON, "{\"chatId\":\"many\"," + line.substring(1));
        }
      }
      post(server, "/v1/events", NDJSON, "5");
      post(server, "/v1/events", NDJSON, "{\"chatId\":\"many\"}");
      String mismatch = "{\"event\":\"end\",\"chatId\":\"other\"}";
      post(server, "/v1/chats/bad/events", "application/json", mismatch);
      for (String kind : PREDICTIONS) {
        predict(server, kind, "f?lastEventId=%zz", "c");
        predict(server, kind, "f?lastEventId=x", "c");
        predict(server, kind, "f", "a/b");
      }
      send(server, "GET /page/none.js HTTP/1.1\r\nHost: x\r\n\r\n");
      send(server, "GET /v1/histograms/none.hlog HTTP/1.1\r\nHost: x\r\n\r\n");
    }
  }

  /** What is refused because of what there is already, or is no more. */
  void ofTheStateOfThings() throws Exception {
    try (TestServer server = TestServer.start()) {
      publishBoth(server, "{\"event\":\"end\",\"data\":\"\",\"run\":\"r\"}");
      publishBoth(server, "{\"event\":\"token\",\"data\":\"x\",\"run\":\"r\"}");
      publishBoth(server, "{\"event\":\"end\",\"run\":\"r\"}");
      publishBoth(server, "{\"event\":\"token\",\"data\":\"x\",\"run\":\"r\"}");
      publishBoth(server, TOKEN);
      post(server, "/v1/chats/c/stop", "", "");
      publishBothAs(server, "Producer-Id: a/b\r\n", "{\"event\":\"start\",\"seq\":1}");
      publishBothAs(server, "Producer-Id: p\r\n", "{\"event\":\"start\"}");
      publishBothAs(server, "Producer-Id: p\r\n", "{\"event\":\"start\",\"seq\":7}");
      String numbered = "{\"event\":\"start\",\"run\":\"n\",\"seq\":1}";
      publishBothAs(server, "Producer-Id: p\r\nProducer-Epoch: 2\r\n", numbered);
      publishBothAs(server, "Producer-Id: p\r\nProducer-Epoch: 1\r\n", numbered);
      get(server, "/v1/chats/c");
      post(server, "/v1/chats/c/stop", "", "");
      publishBoth(server, TOKEN);
      String id = new Calls(server.uri()).get("/v1/chats/c").json().path("lastId").asString();
      get(server, "/v1/chats/c/stream?lastEventId=" + id);
      for (String kind : PREDICTIONS) {
        predict(server, kind, "f?lastEventId=" + id, "c");
        predict(server, kind, "f?lastEventId=" + id.replaceAll("-.*", "-999999"), "c");
      }
    }
    UpstreamSettings dead =
        new UpstreamSettings(
            "dead",
            URI.create("http://127.0.0.1:1/v1"),
            null,
            null,
            Map.of(),
            null,
            true,
            10_000,
            10_000,
            100_000);
    try (TestServer server = TestServer.wish().flows(dead).start()) {
      PREDICTIONS.forEach(kind -> predict(server, kind, "dead", "c"));
      askAll(server);
    }
    drained();
    try (TestServer server = TestServer.start()) {
      for (String target : List.of("/", "/page/app.js")) {
        String tag = new Calls(server.uri()).get(target).head().field("etag");
        send(
            server, "GET " + target + " HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + tag + "\r\n\r\n");
      }
    }
  }

  /** What is told while the request goes on. */
  void ofOpenRequests() throws IOException {
    try (TestServer server = TestServer.start()) {
      stopDuring(server, "/v1/chats/c/events", "{\"event\":\"start\",\"run\":\"a\"}\n");
      stopDuring(server, "/v1/events", "{\"event\":\"start\",\"run\":\"b\",\"chatId\":\"c\"}\n");
    }
  }

  private void stopDuring(TestServer server, String target, String line) throws IOException {
    String request =
        "POST "
            + target
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
            + 2 * line.length()
            + "\r\n\r\n";
    Calls calls = new Calls(server.uri());
    try (RawConnection connection = RawConnection.open(server.uri())) {
      connection.send(request + line);
      Eventually.isTrue(
          "running", () -> calls.get("/v1/chats/c").body().contains("\"state\":\"running\""));
      calls.post("/v1/chats/c/stop");
      connection.send(line);
      conformance.take(request, connection, () -> {});
    }
  }

  /** What is refused because there is too much. */
  void ofTooMuch() {
    try (TestServer server = TestServer.wish().maxChats(1).start()) {
      new Calls(server.uri()).publish("other", TOKEN);
      askAll(server);
      publishBoth(server, TOKEN);
      get(server, "/v1/chats/c/stream");
    }
    try (TestServer server = TestServer.wish().maxOpenRuns(1).start()) {
      new Calls(server.uri()).publish("c", TOKEN);
      askAll(server);
      publishBoth(server, "{\"event\":\"token\",\"data\":\"x\",\"run\":\"other\"}");
    }
    try (TestServer server = TestServer.wish().maxTotalLogBytes(1).stallTimeoutMs(200).start()) {
      new Calls(server.uri()).publish("c", TOKEN);
      publishBoth(server, TOKEN);
    }
    TestServer.Wish pushBack = TestServer.wish().maxLogBytes(4096).onLag(OnLag.PUSH_BACK);
    try (TestServer server = pushBack.start();
        EventStream asleep = EventStream.open(server.uri(), "c")) {
      Calls calls = new Calls(server.uri());
      String large = TOKEN.replace("x", "x".repeat(100_000));
      Eventually.isTrue("held", () -> calls.publish("c", large).status() == 429);
      post(server, "/v1/chats/c/events", "application/json", TOKEN);
      asleep.connection().close();
    }
    // An answer that does not fit into its log can be read as a stream, but not in one piece.
    try (TestServer server = TestServer.wish().maxLogBytes(512).start()) {
      PREDICTIONS.forEach(kind -> predict(server, kind, "f", "c"));
    }
    for (TestServer.Wish wish :
        List.of(
            TestServer.wish().maxSubscribers(1),
            TestServer.wish().maxSubscribersPerChat(1),
            TestServer.wish().maxSubscribersPerAddress(1))) {
      try (TestServer server = wish.start();
          EventStream first = EventStream.open(server.uri(), "c")) {
        if (first.head().status() != 200) {
          throw new AssertionError(first.head().toString());
        }
        get(server, "/v1/chats/c/stream");
        PREDICTIONS.forEach(kind -> predict(server, kind, "f", "c"));
      }
    }
  }

  private void drained() throws Exception {
    // Whoever reads an answer that is not complete keeps the server from being gone at once.
    try (TestServer server = TestServer.start();
        EventStream reading = EventStream.open(server.uri(), "c")) {
      var run = Objects.requireNonNull(server.chats().startRun("c"));
      reading.await("start");
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(
              () -> {
                try {
                  server.sluice().drain();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      Calls calls = new Calls(server.uri());
      Eventually.isTrue("draining", () -> calls.get("/readyz").status() == 503);
      get(server, "/readyz");
      get(server, "/v1/chats/c/stream");
      askAll(server);
      publishBoth(server, "{\"event\":\"start\",\"data\":\"\",\"run\":\"other\"}");
      run.end();
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  private void askAll(TestServer server) {
    post(server, "/v1/chats/c/runs", "application/json", "{\"question\":\"q\"}");
    PREDICTIONS.forEach(kind -> predict(server, kind, "f", "c"));
  }

  private void predict(TestServer server, String kind, String flow, String chatId) {
    String body = "{\"question\":\"q\",\"chatId\":\"" + chatId + "\"}";
    post(server, "/api/v1/" + kind + "/" + flow, "application/json", body);
  }

  private void publishBoth(TestServer server, String event) {
    post(server, "/v1/chats/c/events", "application/json", event);
    post(server, "/v1/events", NDJSON, "{\"chatId\":\"c\"," + event.substring(1));
  }

  private void publishBothAs(TestServer server, String fields, String event) {
    String one = "/v1/chats/c/events";
    String many = "/v1/events";
    Operation toOne = Objects.requireNonNull(document.find("POST", one));
    Operation toMany = Objects.requireNonNull(document.find("POST", many));
    send(server, Requests.request(toOne, one, fields, "application/json", event));
    String line = "{\"chatId\":\"c\"," + event.substring(1);
    send(server, Requests.request(toMany, many, fields, NDJSON, line));
  }

  private void get(TestServer server, String target) {
    send(server, "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  private void post(TestServer server, String target, String mediaType, String body) {
    Operation call = document.find("POST", target.replaceFirst("[?].*", ""));
    send(server, Requests.request(Objects.requireNonNull(call), target, "", mediaType, body));
  }

  private void send(TestServer server, String request) {
    conformance.send(server, request);
  }

  /** A request whose body does not come. */
  private static String begun(Operation call, int bodyBytes) {
    String fields = "Content-Length: " + bodyBytes + "\r\n";
    return Requests.request(call, Requests.target(call), fields, mediaType(call), "");
  }

  private static String mediaType(Operation call) {
    return call.bodies().isEmpty() ? "" : call.bodies().get(0).mediaType();
  }
}
