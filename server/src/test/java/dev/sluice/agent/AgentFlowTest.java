package dev.sluice.agent;

import static dev.sluice.agent.AgentFixture.CHAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunEnding;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AgentFlowTest {
  private final AgentFixture fixture = new AgentFixture();

  @Test
  void anAgentThatThrowsEndsItsRun() {
    RunPublisher run =
        ask(
            (prompt, publisher) -> {
              throw new IllegalStateException("secret");
            });
    assertEquals(RunEnding.FAILED, run.ending());
    assertTrue(!fixture.all().toString().contains("secret"));
  }

  @Test
  void anAgentThatForgetsItsRunLosesIt() {
    RunPublisher run = ask((prompt, publisher) -> EventPublisher.of(publisher).token(CHAT, "a"));
    fixture.passRunIdleTimeout();
    assertEquals(RunEnding.PRODUCER_LOST, run.ending());
  }

  private RunPublisher ask(Upstream agent) {
    RunPublisher run = Objects.requireNonNull(fixture.chats.startRun(CHAT));
    new AgentFlow("f", agent).answer(new Prompt("q", "[]", "m", null), run);
    return run;
  }
}
