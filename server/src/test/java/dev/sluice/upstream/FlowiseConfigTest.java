package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.chat.Upstream;
import dev.sluice.upstream.ScriptedServer.Script;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a widget is to look is for Flowise to say. */
@Timeout(120)
class FlowiseConfigTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"title\":\"Größe\",\"uploads\":{\"a\":1}}|{\"title\":\"Größe\",\"uploads\":{\"a\":1}}",
        "{\"title\":\"x\"}|{\"title\":\"x\",\"uploads\":{}}",
        "{\"uploads\":null}|{\"uploads\":{}}",
        "\"OK\"|",
        "[]|",
        "{|",
      })
  void whatFlowiseSays(String said, @Nullable String config) throws Exception {
    assertEquals(
        config,
        config(c -> c.respond("200 OK", "application/json", said), RecordedRun.DEADLINE_MS));
  }

  @Test
  void whatIsNoAnswer() throws Exception {
    List<Script> answers =
        List.of(
            c -> c.respond("404 Not Found", "application/json", "{\"uploads\":{}}"),
            c -> c.respond("200 OK", "application/json", "\"" + "x".repeat(70_000) + "\""),
            c -> c.send("what?\r\n\r\n"),
            c -> c.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"));
    for (Script answer : answers) {
      assertNull(config(answer, RecordedRun.DEADLINE_MS));
    }
  }

  @Test
  void nobodyWaitsLong() throws Exception {
    assertNull(config(ScriptedServer.Connection::awaitEof, 20));
  }

  @Test
  void aServerThatIsNotThere() throws Exception {
    URI nobody;
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::awaitEof)) {
      nobody = server.url();
    }
    assertNull(config(nobody, RecordedRun.DEADLINE_MS));
  }

  @Test
  void loopsThatAreGone() throws Exception {
    CompletableFuture<byte @Nullable []> config = new CompletableFuture<>();
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      fixture.shutDown();
      fixture
          .flowise(run, URI.create("http://127.0.0.1:1"))
          .chatbotConfig("flow-1", config::complete);
    }
    assertNull(config.get(RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS));
  }

  @Test
  void manyWhoAskOpenNoConnectionsWithoutEnd() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::awaitEof);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      Upstream flowise = fixture.flowise(run, server.url());
      List<CompletableFuture<byte @Nullable []>> asked = new ArrayList<>();
      for (int i = 0; i < 65; i++) {
        CompletableFuture<byte @Nullable []> config = new CompletableFuture<>();
        flowise.chatbotConfig("flow-1", config::complete);
        asked.add(config);
      }
      assertNull(asked.get(64).get(RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS));
      assertFalse(asked.get(0).isDone());
    }
  }

  private static @Nullable String config(Script answer, long patienceMs) throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            c -> {
              assertEquals(
                  "GET /v1/api/v1/public-chatbotConfig/a%20b HTTP/1.1", c.readRequest().line());
              answer.serve(c);
            })) {
      return config(server.url(), patienceMs);
    }
  }

  private static @Nullable String config(URI url, long patienceMs) throws Exception {
    CompletableFuture<byte @Nullable []> config = new CompletableFuture<>();
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings settings = UpstreamFixture.flowiseSettings(url, null);
      fixture.flowise(run, settings, 30_000, patienceMs).chatbotConfig("a b", config::complete);
      byte[] json = config.get(RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS);
      return json == null ? null : new String(json, StandardCharsets.UTF_8);
    }
  }
}
