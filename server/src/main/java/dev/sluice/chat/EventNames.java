package dev.sluice.chat;

/** The event names that the server itself acts on; every other name only passes through. */
public final class EventNames {
  public static final String START = "start";
  public static final String TOKEN = "token";
  public static final String TOOL = "tool";
  public static final String AGENT_REASONING = "agentReasoning";
  public static final String AGENT_FLOW_EVENT = "agentFlowEvent";
  public static final String CALLED_TOOLS = "calledTools";
  public static final String USAGE_METADATA = "usageMetadata";
  public static final String METADATA = "metadata";
  public static final String ERROR = "error";
  public static final String ABORT = "abort";
  public static final String END = "end";
  public static final String GAP = "gap";

  private EventNames() {}

  /** True for the events after which a run is over. */
  public static boolean endsRun(String name) {
    return name.equals(END) || name.equals(ERROR) || name.equals(ABORT);
  }
}
