package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunEnding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the chat takes no more of an answer, the model server is told by closing. */
@Timeout(120)
class OpenAiStopTest {
  @Test
  void stopClosesTheConnection() throws Exception {
    try (ScriptedServer server = new ScriptedServer(beginning("begun"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      fixture.upstream(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      run.await("token/finalResponse begun"::equals);
      run.chat().stop();
      assertEquals(
          List.of("start ", "token/finalResponse begun", "abort [DONE]", "end [DONE]"),
          run.awaitEnd());
      server.awaitServed();
      assertEquals(RunEnding.STOPPED, run.run().ending());
      assertFalse(run.hasCounted("upstream_cut"));
    }
  }

  @Test
  void aRunThatWasStoppedBeforeIsNotAsked() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun();
        ScriptedServer server =
            new ScriptedServer(
                c -> {
                  throw new AssertionError("nobody should have called");
                })) {
      run.chat().stop();
      fixture.upstream(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      assertEquals(List.of("start ", "abort [DONE]", "end [DONE]"), run.awaitEnd());
      fixture.shutDown();
    }
  }

  @Test
  void aDeletedChatClosesTheConnection() throws Exception {
    try (ScriptedServer server = new ScriptedServer(beginning("begun"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      fixture.upstream(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      run.await("token/finalResponse begun"::equals);
      run.delete();
      server.awaitServed();
    }
  }

  @Test
  void overBudgetForTooLongClosesTheConnection() throws Exception {
    try (ScriptedServer server = new ScriptedServer(beginning("no room"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun(1)) {
      UpstreamSettings impatient =
          new UpstreamSettings(
              "f", server.url(), null, null, Map.of(), null, true, 30_000, 500, 64 * 1024);
      fixture.upstream(run, impatient).answer(RecordedRun.prompt("Why?"), run.run());
      server.awaitServed();
      fixture.shutDown();
      assertTrue(run.hasCounted("over_budget"));
      // What had been read is taken; then nothing more is read.
      assertEquals(
          List.of(
              "start ",
              "token/finalResponse no room",
              "error The server has no room for this answer at the moment.",
              "end [DONE]"),
          run.awaitEnd());
    }
  }

  @Test
  void aRunThatWasGivenUpClosesTheConnection() throws Exception {
    CountDownLatch givenUp = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                c -> {
                  c.readRequest();
                  c.send(ScriptedServer.STREAM_HEAD);
                  c.delta("{\"content\":\"begun\"}");
                  givenUp.await();
                  c.chunk(": still here\n".getBytes(StandardCharsets.UTF_8));
                  c.awaitEof();
                });
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      fixture.upstream(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      run.await("token/finalResponse begun"::equals);
      run.chat().loseProducer(run.run().runId());
      givenUp.countDown();
      server.awaitServed();
      assertEquals(RunEnding.PRODUCER_LOST, run.run().ending());
    }
  }

  /** Begins an answer and then waits: the test ends only if the other side closes. */
  private static ScriptedServer.Script beginning(String content) {
    return c -> {
      c.readRequest();
      c.send(ScriptedServer.STREAM_HEAD);
      c.delta("{\"content\":\"" + content + "\"}");
      c.awaitEof();
    };
  }
}
