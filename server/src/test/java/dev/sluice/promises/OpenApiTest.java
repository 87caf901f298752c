package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventFault;
import dev.sluice.chat.PublishResult;
import dev.sluice.docs.OpenApiDocument;
import dev.sluice.docs.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code openapi.yaml} is so: the server answers what it says, all of it, and nothing else. */
class OpenApiTest {
  private static final String CHAT = "demo-1";
  private static final String PUBLISHED_EVENT = "#/components/schemas/PublishedEvent";
  private static final String RUN =
      """
      [{"event":"token","data":"Hello","run":"answer-1"},{"event":"end","run":"answer-1"}]""";
  private static final String NEXT_RUN =
      "[{\"event\":\"token\",\"data\":\"x\"},{\"event\":\"end\"}]";

  /** A mistake in the server, and a chat that is deleted between two lines of code. */
  private static final Set<String> NOT_PROVOKED = Set.of("500 internal", "410 chat_gone");

  private final OpenApiDocument document = OpenApiDocument.load();

  @Test
  void isOpenApi31() {
    assertEquals(List.of(), document.faults());
  }

  @Test
  void whatItDocumentsIsAnsweredAndNothingElse() throws Exception {
    Conformance conformance = new Conformance(document);
    sendExamples(conformance);
    Refusals refusals = new Refusals(document, conformance);
    refusals.ofEveryCall();
    refusals.ofSlowCalls();
    refusals.ofBadCalls();
    refusals.ofTheStateOfThings();
    refusals.ofOpenRequests();
    refusals.ofTooMuch();

    Set<String> documented = new TreeSet<>();
    for (Operation call : document.operations()) {
      call.answers().stream()
          .filter(answer -> !NOT_PROVOKED.contains(answer))
          .forEach(answer -> documented.add(call + " " + answer));
    }
    Set<String> codes = new TreeSet<>(document.problemCodes());
    codes.removeIf(code -> NOT_PROVOKED.stream().anyMatch(answer -> answer.endsWith(" " + code)));
    Set<String> seen = conformance.seen();
    assertAll(
        () -> assertEquals("", String.join("\n", conformance.faults())),
        () -> assertEquals("", without(seen, documented), "answered but not documented"),
        () -> assertEquals("", without(documented, seen), "documented but not answered"),
        () -> assertEquals(codes, conformance.codes()));
  }

  @Test
  void everyReasonToRefuseAnEventIsDocumented() {
    Set<String> codes = new TreeSet<>();
    Arrays.stream(EventFault.values()).map(EventFault::code).forEach(codes::add);
    Arrays.stream(PublishResult.values()).map(PublishResult::code).forEach(codes::add);
    codes.remove(PublishResult.ACCEPTED.code());
    codes.removeAll(document.problemCodes());
    assertEquals(Set.of(), codes);
  }

  /** What a publisher checks against the document, it need not send to be told. */
  @Test
  void theSchemaOfAnEventRefusesWhatTheServerRefuses() {
    Set<String> codes = new TreeSet<>(Set.of("type"));
    Arrays.stream(EventFault.values()).map(EventFault::code).forEach(codes::add);
    Set<String> refused = new TreeSet<>();
    for (BadCall call : BadCall.all()) {
      String body = call.request().substring(call.request().indexOf("\r\n\r\n") + 4);
      if (codes.contains(call.code()) && body.startsWith("{") && !body.startsWith("{}{")) {
        JsonNode event = JsonMapper.shared().readTree(body);
        assertTrue(!document.faultsOf(event, PUBLISHED_EVENT).isEmpty(), call::toString);
        refused.add(call.code());
      }
    }
    assertEquals(codes, refused);
    for (Operation call : document.operations()) {
      for (Operation.Body body : call.bodies()) {
        if (body.mediaType().equals("application/x-ndjson")) {
          for (String line : body.text().lines().toList()) {
            JsonNode event = JsonMapper.shared().readTree(line);
            assertEquals(List.of(), document.faultsOf(event, PUBLISHED_EVENT), line);
          }
        }
      }
    }
  }

  @Test
  void whatIsSaidOfOtherOriginsIsSo() {
    String said = document.at("#/info/description").asString();
    try (TestServer server = TestServer.wish().corsOrigins("https://a.example").start()) {
      Head head =
          new Calls(server.uri())
              .raw(
                  String.join(
                      "\r\n",
                      "OPTIONS /v1/events HTTP/1.1",
                      "Host: x",
                      "Origin: https://a.example",
                      "Access-Control-Request-Method: POST",
                      "",
                      ""))
              .head();
      assertEquals(200, head.status());
      assertEquals("https://a.example", head.field("access-control-allow-origin"));
      assertEquals("600", head.field("access-control-max-age"));
      for (String name : List.of("Access-Control-Allow-Methods", "Access-Control-Allow-Headers")) {
        String inText = said.replaceFirst("(?s).*`" + name + ": ([^`]*)`.*", "$1");
        assertEquals(list(inText), list(String.valueOf(head.field(name.toLowerCase(Locale.ROOT)))));
      }
    }
  }

  @Test
  void headIsAnsweredWithTheHeadOfGet() throws IOException {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      calls.publish(CHAT, RUN);
      for (Operation call : document.operations()) {
        if (call.method().equals("GET")) {
          String target = Requests.target(call);
          Response get = calls.get(target);
          try (RawConnection connection = RawConnection.open(server.uri())) {
            connection.send("HEAD " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Head head = Head.read(connection.in());
            assertEquals(get.status(), head.status(), target);
            assertEquals(get.head().field("content-type"), head.field("content-type"), target);
            assertEquals(-1, connection.in().read(), target);
          }
        }
      }
    }
  }

  /** Each with the chat of the examples as a finished run left it, and a further run to be read. */
  private void sendExamples(Conformance conformance) {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      for (Operation call : document.operations()) {
        List<String> examples = Requests.examples(call);
        assertTrue(!examples.isEmpty(), call::toString);
        for (String request : examples) {
          calls.delete("/v1/chats/" + CHAT);
          if (!call.path().endsWith("/events")) {
            calls.publish(CHAT, RUN);
          }
          Runnable onHead =
              call.path().endsWith("/stream") ? () -> calls.publish(CHAT, NEXT_RUN) : () -> {};
          Response response = conformance.send(server, request, onHead);
          assertEquals(2, response.status() / 100, () -> request + "\n" + response);
        }
      }
      conformance.send(
          server,
          "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n");
    }
  }

  private static Set<String> list(String text) {
    return new TreeSet<>(List.of(text.toLowerCase(Locale.ROOT).split("[, ]+", -1)));
  }

  private static String without(Set<String> all, Set<String> known) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(known);
    return String.join("\n", rest);
  }
}
