package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.upstream.ScriptedServer.Request;
import dev.sluice.upstream.ScriptedServer.Script;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Flowise does not mind a closed connection, so it is told when nobody waits any more. */
@Timeout(120)
class FlowiseStopTest {
  private static final String ABORT =
      "PUT /v1/api/v1/chatmessage/abort/flow-1/" + RecordedRun.CHAT_ID + " HTTP/1.1";

  private final BlockingQueue<Request> aborts = new LinkedBlockingQueue<>();

  @Test
  void stopClosesTheConnectionAndTellsFlowise() throws Exception {
    try (ScriptedServer server = new ScriptedServer(beginning(), true);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = RecordedRun.thatIsBegun()) {
      fixture.flowise(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      run.await("token/finalResponse begun"::equals);
      run.chat().stop();
      assertEquals(
          List.of("start ", "token/finalResponse begun", "abort [DONE]", "end [DONE]"),
          run.awaitEnd());
      Request abort = abort();
      assertEquals(ABORT, abort.line());
      assertEquals("Bearer " + UpstreamFixture.KEY, abort.headers().get("authorization"));
      assertEquals("0", abort.headers().get("content-length"));
    }
  }

  @Test
  void aDeletedChatTellsFlowise() throws Exception {
    try (ScriptedServer server = new ScriptedServer(beginning(), true);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = RecordedRun.thatIsBegun()) {
      fixture.flowise(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      run.await("token/finalResponse begun"::equals);
      run.delete();
      assertEquals(ABORT, abort().line());
    }
  }

  @Test
  void anAnswerThatIsGivenUpTellsFlowise() throws Exception {
    try (ScriptedServer server = new ScriptedServer(beginning(), true);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = RecordedRun.thatIsBegun()) {
      UpstreamSettings impatient =
          UpstreamFixture.flowiseSettings(server.url(), "flow-1", true, 50);
      run.answer(fixture.flowise(run, impatient, 30_000), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_idle", 0, true);
      assertEquals(ABORT, abort().line());
    }
  }

  @Test
  void anAnswerThatIsOverIsLeftAlone() throws Exception {
    List<Script> answers =
        List.of(
            c -> c.respond("200 OK", "application/json", "{\"text\":\"x\"}"),
            c -> c.respond("404 Not Found", "text/html", "no"),
            c -> {
              c.send(ScriptedServer.STREAM_HEAD);
              c.flowise("{\"event\":\"error\",\"data\":\"no\"}");
              c.awaitEof();
            },
            c -> {
              c.send(ScriptedServer.STREAM_HEAD);
              c.flowise("{\"event\":\"end\",\"data\":\"[DONE]\"}");
              c.awaitEof();
            });
    for (Script answer : answers) {
      Script script =
          c -> {
            c.readRequest();
            answer.serve(c);
          };
      try (ScriptedServer server = new ScriptedServer(script, true);
          RecordedRun run = RecordedRun.thatIsBegun();
          UpstreamFixture fixture = new UpstreamFixture()) {
        run.answer(fixture.flowise(run, server.url()), "Why?");
        // What a call still does, it has done when its loops are through.
        fixture.shutDown();
        assertEquals(1, server.requests().size(), server.requests()::toString);
      }
    }
  }

  @Test
  void aRunThatWasStoppedBeforeIsNotAsked() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = RecordedRun.thatIsBegun();
        ScriptedServer server =
            new ScriptedServer(
                c -> {
                  throw new AssertionError("nobody should have called");
                })) {
      run.chat().stop();
      fixture.flowise(run, server.url()).answer(RecordedRun.prompt("Why?"), run.run());
      assertEquals(List.of("start ", "abort [DONE]", "end [DONE]"), run.awaitEnd());
      fixture.shutDown();
    }
  }

  @Test
  void nobodyWaitsForFlowiseToListen() throws Exception {
    CountDownLatch closed = new CountDownLatch(2);
    try (ScriptedServer server =
            new ScriptedServer(
                c -> {
                  try {
                    if (c.readRequest().line().startsWith("POST")) {
                      c.send(ScriptedServer.STREAM_HEAD);
                      c.flowise("{\"event\":\"token\",\"data\":\"begun\"}");
                    }
                    c.awaitEof();
                  } catch (IOException e) {
                    // Patience may have ended before the request was out.
                  } finally {
                    closed.countDown();
                  }
                },
                true);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = RecordedRun.thatIsBegun()) {
      UpstreamSettings settings = UpstreamFixture.flowiseSettings(server.url(), "flow-1");
      fixture.flowise(run, settings, 30_000, 20).answer(RecordedRun.prompt("Why?"), run.run());
      run.await("token/finalResponse begun"::equals);
      run.chat().stop();
      run.awaitEnd();
      closed.await();
    }
  }

  private Request abort() throws InterruptedException {
    Request abort = aborts.poll(RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS);
    assertTrue(abort != null, "Flowise was not told");
    return abort;
  }

  /** Begins an answer and then waits until the other side closes; takes what else it is told. */
  private Script beginning() {
    return c -> {
      Request request = c.readRequest();
      if (request.line().startsWith("POST")) {
        c.send(ScriptedServer.STREAM_HEAD);
        c.flowise("{\"event\":\"token\",\"data\":\"begun\"}");
        c.awaitEof();
      } else {
        c.respond("200 OK", "application/json", "{\"status\":200}");
        aborts.add(request);
      }
    };
  }
}
