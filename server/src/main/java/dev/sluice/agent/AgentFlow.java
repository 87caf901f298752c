package dev.sluice.agent;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent of the embedding program that answers for a flow, and may fail to: whatever it does, its
 * run ends.
 *
 * @param flow names it in the log
 * @param agent called on an event loop
 */
public record AgentFlow(String flow, Upstream agent) implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(AgentFlow.class);

  @Override
  public void answer(Prompt prompt, RunPublisher run) {
    run.watch();
    try {
      agent.answer(prompt, run);
    } catch (RuntimeException e) {
      LOG.error("the agent of flow {} failed: run={}", flow, run.runId(), e);
      run.error("The agent failed to answer.", "{\"code\":\"node_failed\"}");
    }
  }

  @Override
  public boolean serves(@Nullable String named) {
    return agent.serves(named);
  }

  @Override
  public boolean readsPredictions() {
    return agent.readsPredictions();
  }

  @Override
  public boolean beginsRuns() {
    return agent.beginsRuns();
  }

  @Override
  public UnreadPolicy unreadPolicy() {
    return agent.unreadPolicy();
  }

  @Override
  public int batchMs() {
    return agent.batchMs();
  }

  @Override
  public void chatbotConfig(@Nullable String named, Consumer<byte @Nullable []> taker) {
    agent.chatbotConfig(named, taker);
  }
}
