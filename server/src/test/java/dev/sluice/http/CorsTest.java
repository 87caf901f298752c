package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of other origins may call if they are configured to. */
class CorsTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "https://a.example, https://a.example, https://a.example",
        "https://a.example, https://b.example, -",
        "*, https://b.example, *",
        "*, null, *"
      })
  void preflightAndCallSayWhoMay(String configured, String origin, String allowed) {
    try (EdgeFixture edge = edge(configured)) {
      for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
        Connection connection = edge.connect();
        connection.send(preflight(origin, method));
        Answer answer = connection.answer();
        assertEquals(200, answer.status());
        assertEquals(allowed, answer.field("access-control-allow-origin"));
        if (allowed != null) {
          assertEquals(
              Set.of("GET", "POST", "PUT", "DELETE"),
              list(answer.field("access-control-allow-methods")));
          assertEquals(
              Set.of(
                  "CONTENT-TYPE",
                  "AUTHORIZATION",
                  "LAST-EVENT-ID",
                  "PRODUCER-ID",
                  "PRODUCER-EPOCH"),
              list(answer.field("access-control-allow-headers")));
        }
        connection.send(
            "GET /v1/chats/c/stream HTTP/1.1\r\nHost: x\r\nOrigin: " + origin + "\r\n\r\n");
        Answer stream = connection.answer();
        assertEquals("text/event-stream", stream.field("content-type"));
        assertEquals(allowed, stream.field("access-control-allow-origin"));
      }
    }
  }

  @Test
  void problemsCanBeReadByThePage() {
    try (EdgeFixture edge = edge("*")) {
      Connection connection = edge.connect();
      connection.send("GET /v1/chats/none HTTP/1.1\r\nHost: x\r\nOrigin: https://a\r\n\r\n");
      Answer answer = connection.answer();
      assertEquals("404 chat_not_found", answer.outcome());
      assertEquals("*", answer.field("access-control-allow-origin"));
    }
  }

  @Test
  void withoutOriginsThereIsNoCors() {
    try (EdgeFixture edge = new EdgeFixture()) {
      Connection connection = edge.connect();
      connection.send(preflight("https://a.example", "GET"));
      Answer answer = connection.answer();
      assertEquals("405 method_not_allowed", answer.outcome());
      assertNull(answer.field("access-control-allow-origin"));
    }
  }

  @Test
  void aConnectionStaysUsableLongAfterItsPreflight() {
    try (EdgeFixture edge = edge("*")) {
      Connection connection = edge.connect();
      connection.send(preflight("https://a.example", "GET"));
      connection.sent();
      connection.advance(EdgeFixture.HEAD_TIMEOUT_MS * 2);
      assertEquals("", connection.sent());
      connection.send("GET /api/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("pong", connection.answer().body());
      connection.advance(EdgeFixture.IDLE_TIMEOUT_MS + 300);
      assertTrue(!connection.isOpen());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, cross-site, https://b.example, 403 origin_not_allowed",
    "POST, same-site, https://b.example, 403 origin_not_allowed",
    "DELETE, cross-site, null, 403 origin_not_allowed",
    "POST, cross-site, https://a.example, 404 chat_not_found",
    "POST, same-origin, https://b.example, 404 chat_not_found",
    "POST, none, https://b.example, 404 chat_not_found",
    "GET, cross-site, https://b.example, 405 method_not_allowed"
  })
  void whatAForeignPageWouldChangeIsNotDone(
      String method, String site, String origin, String outcome) {
    try (EdgeFixture edge = edge("https://a.example")) {
      Connection connection = edge.connect();
      connection.send(
          method
              + " /v1/chats/none"
              + (method.equals("DELETE") ? "" : "/stop")
              + " HTTP/1.1\r\nHost: x\r\nOrigin: "
              + origin
              + "\r\nSec-Fetch-Site: "
              + site
              + "\r\n\r\n");
      assertEquals(outcome, connection.answer().outcome());
    }
  }

  @Test
  void aForeignRequestWithoutAnOriginIsRefusedToo() {
    try (EdgeFixture edge = edge("https://a.example")) {
      Connection connection = edge.connect();
      connection.send(
          "POST /v1/chats/none/stop HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: cross-site\r\n\r\n");
      assertEquals("403 origin_not_allowed", connection.answer().outcome());
    }
  }

  private static EdgeFixture edge(String origins) {
    return new EdgeFixture(EdgeFixture.settings(List.of(origins), 0, 100, 100), 64, 100);
  }

  private static String preflight(String origin, String method) {
    return "OPTIONS /v1/chats/c/stream HTTP/1.1\r\nHost: x\r\nOrigin: "
        + origin
        + "\r\nAccess-Control-Request-Method: "
        + method
        + "\r\nAccess-Control-Request-Headers: last-event-id\r\n\r\n";
  }

  private static Set<String> list(@org.jspecify.annotations.Nullable String field) {
    Set<String> list = new TreeSet<>();
    for (String value : String.valueOf(field).split("[, ]+", -1)) {
      list.add(value.toUpperCase(Locale.ROOT));
    }
    return list;
  }
}
