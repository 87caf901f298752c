package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A stop ends the runs for all readers, and all producers are told to give up. */
class StopReachesEverybodyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chats/c/stop",
        "PUT /api/v1/chatmessage/abort/flow/c",
        "DELETE /v1/chats/c"
      })
  void readersGetAbortAndEndAndProducersAreTold(String stop) throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      CountDownLatch told = new CountDownLatch(1);
      run.listen(told::countDown);
      List<EventStream> readers = new ArrayList<>();
      try (RawConnection lines = calls.openLines("c")) {
        for (int i = 0; i < 20; i++) {
          readers.add(EventStream.open(server.uri(), "c"));
        }
        run.token(TokenType.FINAL_RESPONSE, "x");
        lines.chunk("{\"event\":\"token\",\"data\":\"y\",\"run\":\"lines\"}\n");
        for (EventStream reader : readers) {
          assertEquals("x", reader.await("token").text());
          assertEquals("y", reader.await("token").text());
        }
        String[] call = stop.split(" ", 2);
        assertTrue(calls.call(call[0], call[1], "", "").status() < 300);
        assertTrue(told.await(30, TimeUnit.SECONDS));
        for (EventStream reader : readers) {
          List<String> rest = reader.all().stream().map(Event::name).toList();
          assertEquals(List.of("abort", "end", "abort", "end"), rest);
        }
        assertEquals(
            stop.startsWith("DELETE"),
            run.token(TokenType.FINAL_RESPONSE, "late") != PublishResult.RUN_STOPPED);
        Head head = Head.read(lines.in());
        assertEquals("200 application/x-ndjson", head.status() + " " + head.field("content-type"));
        lines.chunk("{\"event\":\"token\",\"data\":\"late\",\"run\":\"lines\"}\n");
        lines.send("0\r\n\r\n");
        List<String> answer = head.text(lines.in()).lines().toList();
        assertEquals("{\"stop\":\"lines\"}", answer.get(0));
        assertEquals(2, answer.size());
        JsonNode last = JsonMapper.shared().readTree(answer.get(1));
        assertEquals(1, last.path("accepted").asInt());
        assertEquals(1, last.path("dropped").asInt());
        String again = "{\"event\":\"token\",\"data\":\"late\",\"run\":\"lines\"}";
        assertEquals(
            stop.startsWith("DELETE") ? "" : "run_stopped", calls.publish("c", again).code());
      } finally {
        readers.forEach(EventStream::close);
      }
    }
  }

  @Test
  void theModelIsNotAskedAnyFurther() throws IOException {
    try (TestServer server = TestServer.wish().demoTokenDelayMs(20).start()) {
      Calls calls = new Calls(server.uri());
      String body = "{\"question\":\"q\",\"chatId\":\"c\",\"streaming\":true}";
      String request =
          "POST /api/v1/prediction/f HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      try (EventStream asking =
          EventStream.ask(RawConnection.open(server.uri()), request, BufferedInputStream::new)) {
        assertTrue(asking.await("token").is("token"));
        String lastId = calls.post("/v1/chats/c/stop").json().path("lastId").asString();
        assertTrue(asking.await("abort").is("abort"));
        assertTrue(asking.await("end").is("end"));
        assertNull(asking.next());
        assertEquals(lastId, asking.lastId());
        assertEquals(
            "stopped",
            calls.get("/v1/chats/c").json().path("runs").path(0).path("state").asString());
        assertEquals(lastId, calls.post("/v1/chats/c/stop").json().path("lastId").asString());
      }
    }
  }
}
