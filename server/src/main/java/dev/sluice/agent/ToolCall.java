package dev.sluice.agent;

import dev.sluice.chat.PublishResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tool at work for an {@link AgentNode}, until its result or its error. Any thread. */
public final class ToolCall {
  private final AgentNode agent;
  private final String tool;
  private final Object input;
  private final PublishResult started;

  ToolCall(AgentNode agent, String tool, Object input, PublishResult started) {
    this.agent = agent;
    this.tool = tool;
    this.input = input;
    this.started = started;
  }

  /** What became of the event that says that the tool was called. */
  public PublishResult started() {
    return started;
  }

  /** The tool has given that. */
  public PublishResult result(Object output) {
    return agent.used(AgentNode.toolUse(tool, input, output));
  }

  /** The tool has failed; the agent may go on. */
  public PublishResult error(String message) {
    Map<String, @Nullable Object> use = AgentNode.toolUse(tool, input, "");
    use.put("error", message);
    return agent.used(use);
  }
}
