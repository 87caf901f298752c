package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunEnding;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DemoUpstreamTest {
  @Test
  void answersInTheOrderOfARealRun() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      List<String> lines =
          run.answer(new DemoUpstream(fixture.loops(), 0), "Why \uD83D is\n the sky blue?");
      assertEquals(
          List.of(
              "start",
              "token/agentReasoning",
              "calledTools",
              "tool",
              "token/finalResponse",
              "usageMetadata",
              "metadata",
              "end"),
          lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList());
      assertEquals(RunEnding.COMPLETED, run.run().ending());
      String answer = run.text("finalResponse");
      assertTrue(answer.contains("> Why \uD83D is the sky blue?"), answer);
      for (String part :
          List.of(
              "demo",
              "--upstream-url",
              "def fib(n):\n    a, b = 0, 1\n    while a < n:\n        print(a, end=\" \")\n",
              "print(\"done\\n\")",
              "👩‍🚀",
              "日本語",
              "\n\n| reader |")) {
        assertTrue(answer.contains(part), part);
      }
      assertTrue(run.event("usageMetadata").path("data").path("output_tokens").asInt(0) > 300);
    }
  }

  @Test
  void saysTheSameToTheSameQuestion() throws Exception {
    List<String> first;
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      first = run.answer(new DemoUpstream(fixture.loops(), 0), "x".repeat(1_000));
    }
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      assertEquals(first, run.answer(new DemoUpstream(fixture.loops(), 1), "x".repeat(1_000)));
    }
  }

  @Test
  void losesNothingBetweenItsTokens() {
    StringBuilder text = new StringBuilder();
    try (RecordedRun run = new RecordedRun()) {
      AnswerPublisher answer = new AnswerPublisher(RecordedRun.prompt(""), run.run());
      DemoScript script = DemoScript.about("");
      script.steps().forEach(step -> step.publish(answer));
      assertEquals(script.steps().size() - 1, answer.tokenCount());
      assertEquals(script.usage().outputTokens(), answer.tokenCount());
      answer.end(null);
      run.awaitEnd();
      text.append(run.text("finalResponse"));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertTrue(
        text.toString().startsWith("## Hello 👋\n\nYou asked:\n\n> (nothing)\n\nThis is Sluice's"));
    assertTrue(text.toString().endsWith("and ask again. 🎉\n"));
  }

  @Test
  void stopsAtOnce() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      // So slow that only the stop can be what ends it.
      DemoUpstream slow = new DemoUpstream(fixture.loops(), 60_000);
      slow.answer(RecordedRun.prompt("Why?"), run.run());
      run.await(line -> line.startsWith("token/agentReasoning"));
      run.chat().stop();
      List<String> lines = run.awaitEnd();
      assertEquals(List.of("abort [DONE]", "end [DONE]"), lines.subList(2, lines.size()));
    }
  }

  @Test
  void doesNotStarveItsLoop() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      // Queued right behind the answer's first turn: it gets its own before the answer is over.
      CompletableFuture<Boolean> between = new CompletableFuture<>();
      EventLoop loop = fixture.loops().next();
      loop.execute(
          () -> {
            new DemoUpstream(loop, 0).answer(RecordedRun.prompt("Why?"), run.run());
            loop.execute(() -> between.complete(run.run().ending() == null));
          });
      assertTrue(between.get(RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS));
      run.awaitEnd();
    }
  }

  @Test
  void endsTheRunWhenItCannotBegin() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      fixture.shutDown();
      run.answer(new DemoUpstream(fixture.loops(), 0), "Why?");
      assertEquals("shutting_down", run.event("error").path("detail").path("code").stringValue());
    }
  }

  @Test
  void wantsADelayThatIsNotNegative() {
    try (UpstreamFixture fixture = new UpstreamFixture()) {
      assertThrows(IllegalArgumentException.class, () -> new DemoUpstream(fixture.loops(), -1));
    }
  }
}
