package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever nonsense comes in at any call, it is answered with its status and code, and a stream
 * beside it gets every token at once.
 */
class BadInputDisturbsNobodyTest {
  @Test
  void everyBadCallIsToldWhatIsWrongWhileAnotherStreamGoesOn() throws IOException {
    try (TestServer server =
        TestServer.wish()
            .maxHead(BadCall.MAX_URI_BYTES, BadCall.MAX_HEADER_BYTES)
            .maxBodyBytes(BadCall.MAX_BODY_BYTES)
            .maxLineBytes(BadCall.MAX_LINE_BYTES)
            .maxEventBytes(BadCall.MAX_EVENT_BYTES)
            .threads(1)
            .start()) {
      Calls calls = new Calls(server.uri());
      List<String> wrong = new ArrayList<>();
      try (EventStream witness = EventStream.open(server.uri(), "witness")) {
        calls.publish("witness", "{\"event\":\"start\"}");
        assertNotNull(witness.await("start"));
        List<BadCall> table = BadCall.all();
        for (int i = 0; i < table.size(); i++) {
          String fault = faultOf(server, table.get(i));
          if (!fault.isEmpty()) {
            wrong.add(table.get(i) + " but was " + fault);
          }
          String token = "t" + i;
          Response published =
              calls.publish("witness", "{\"event\":\"token\",\"data\":\"" + token + "\"}");
          assertEquals(200, published.status());
          assertEquals(token, witness.await("token").text());
        }
        calls.publish("witness", "{\"event\":\"end\"}");
        assertNotNull(witness.await("end"));
        assertNull(witness.next());
      }
      assertNull(server.chats().find("bad"), "a refused call made a chat");
      if (!wrong.isEmpty()) {
        fail(wrong.size() + " of " + BadCall.all().size() + ":\n" + String.join("\n", wrong));
      }
    }
  }

  private static String faultOf(TestServer server, BadCall call) {
    try (RawConnection connection = RawConnection.open(server.uri())) {
      Response response = connection.send(call.bytes()).response();
      String got = response.status() + " " + response.code();
      if (!got.equals(call.status() + " " + call.code())) {
        return got + " " + response.body();
      }
      String type = response.head().field("content-type");
      if (!"application/problem+json".equals(type)
          || response.json().path("status").asInt() != call.status()
          || response.json().path("title").asString("").isEmpty()
          || response.json().path("type").asString("").isEmpty()
          || response.json().path("detail").asString("").isEmpty()) {
        return "no problem document: " + response;
      }
      if (call.status() == 405 && response.head().field("allow") == null) {
        return "without Allow";
      }
      return "";
    } catch (IOException e) {
      return e.toString();
    }
  }
}
