package dev.sluice.agent;

import dev.sluice.chat.PublishResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of several agents: what they have done up to now, in the order it was finished, and what
 * they know together. Clients show the steps and the tools as whole lists, so each is published
 * with all that came before it. What was refused for want of room need not be told again: the next
 * step or tool carries it.
 *
 * <p>Any thread. Agents that work at the same time take turns while they publish, which never waits
 * for anything else.
 */
public final class AgentRun {
  private final EventPublisher events;
  private final String chatId;
  private final List<Map<String, ?>> steps = new ArrayList<>();
  private final List<Map<String, ?>> usedTools = new ArrayList<>();
  private final Map<String, @Nullable Object> state = new LinkedHashMap<>();
  private boolean begun;
  private @Nullable String announced;

  public AgentRun(EventPublisher events, String chatId) {
    this.events = events;
    this.chatId = chatId;
  }

  /** Begins the run; the second time does nothing. */
  public synchronized PublishResult begin() {
    if (begun) {
      return PublishResult.ACCEPTED;
    }
    PublishResult result = events.start(chatId);
    begun = result == PublishResult.ACCEPTED;
    return result;
  }

  /**
   * An agent of this run.
   *
   * @param agentName for people
   * @param nodeId which node of the flow it is
   */
  public AgentNode agent(String agentName, String nodeId) {
    return new AgentNode(this, agentName, nodeId);
  }

  /** The callback for a model that one of the agents calls. */
  public LlmNode llm(NodeOutput output) {
    return new LlmNode(events, chatId, output);
  }

  /** Remembers something for all agents; it is told with every step. Null forgets it. */
  public synchronized void remember(String key, @Nullable Object value) {
    if (value == null) {
      state.remove(key);
    } else {
      state.put(key, value);
    }
  }

  /** What the agents know together, at this moment. */
  public synchronized Map<String, @Nullable Object> state() {
    return new LinkedHashMap<>(state);
  }

  /**
   * Ends the run with what is to be known of the finished answer.
   *
   * @param metadata {@code chatId} is put in
   */
  public synchronized PublishResult end(Map<String, ?> metadata) {
    PublishResult result = events.metadata(chatId, metadata);
    return result == PublishResult.ACCEPTED ? events.end(chatId) : result;
  }

  /** Who works next, unless that was said already by the one before. */
  synchronized PublishResult announce(String agentName) {
    if (agentName.equals(announced)) {
      return PublishResult.ACCEPTED;
    }
    PublishResult result = begin();
    if (result == PublishResult.ACCEPTED) {
      result = events.nextAgent(chatId, agentName);
    }
    if (result == PublishResult.ACCEPTED) {
      announced = agentName;
    }
    return result;
  }

  synchronized PublishResult calledTool(Map<String, ?> call) {
    return events.calledTools(chatId, List.of(call));
  }

  synchronized PublishResult usedTool(Map<String, ?> call) {
    usedTools.add(call);
    PublishResult result = events.tool(chatId, call);
    return result == PublishResult.ACCEPTED ? events.usedTools(chatId, usedTools) : result;
  }

  synchronized PublishResult finished(Map<String, @Nullable Object> step) {
    // The next one has to be announced anew, be it the same agent.
    announced = (String) step.get(AgentNode.NEXT);
    step.put("state", state());
    steps.add(step);
    return events.agentReasoning(chatId, steps);
  }
}
