package dev.sluice.agent;

import dev.sluice.chat.PublishResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streaming callback of one agent of an {@link AgentRun}: its steps, its tools, and to whom it
 * hands over. An agent may have several steps, one after the other.
 *
 * <p>Any thread; tools may work at the same time. Every call says what became of its event; after
 * {@link PublishResult#RUN_STOPPED} and {@link PublishResult#CHAT_GONE} the agent should stop.
 */
public final class AgentNode {
  static final String NEXT = "next";

  private final AgentRun run;
  private final String agentName;
  private final String nodeId;
  private final List<String> messages = new ArrayList<>();
  private final List<Map<String, ?>> usedTools = new ArrayList<>();
  private @Nullable String next;

  AgentNode(AgentRun run, String agentName, String nodeId) {
    this.run = run;
    this.agentName = agentName;
    this.nodeId = nodeId;
  }

  /** A step begins. The run begins with the first step of its first agent. */
  public PublishResult beginStep() {
    return run.announce(agentName);
  }

  /** Notes what the agent has found out or decided; it is published with the step. */
  public synchronized void message(String text) {
    messages.add(text);
  }

  /**
   * A tool sets to work.
   *
   * @param input what it was given, as {@link EventPublisher} takes data
   */
  public ToolCall callTool(String tool, Object input) {
    return new ToolCall(this, tool, input, run.calledTool(toolUse(tool, input, "")));
  }

  /** The next step is for that agent; said at once, and again in this step. */
  public PublishResult handOver(AgentNode to) {
    synchronized (this) {
      next = to.agentName;
    }
    return run.announce(to.agentName);
  }

  /** The step is finished: it is published with those before it. */
  public PublishResult endStep() {
    Map<String, @Nullable Object> step = new LinkedHashMap<>();
    synchronized (this) {
      step.put("agentName", agentName);
      step.put("nodeId", nodeId);
      step.put("messages", List.copyOf(messages));
      step.put("usedTools", List.copyOf(usedTools));
      if (next != null) {
        step.put(NEXT, next);
      }
      messages.clear();
      usedTools.clear();
      next = null;
    }
    return run.finished(step);
  }

  PublishResult used(Map<String, @Nullable Object> use) {
    synchronized (this) {
      usedTools.add(use);
    }
    return run.usedTool(use);
  }

  static Map<String, @Nullable Object> toolUse(String tool, Object input, Object output) {
    Map<String, @Nullable Object> use = new LinkedHashMap<>();
    use.put("tool", tool);
    use.put("toolInput", input);
    use.put("toolOutput", output);
    return use;
  }
}
