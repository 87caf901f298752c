package dev.sluice.chat;

/** What can be wrong with an event: a code for machines, and what is allowed for people. */
public enum EventFault {
  EVENT_MISSING("event_missing", "an event needs the key \"event\" with a name"),
  EVENT_NAME(
      "event_name", "an event name is 1 to 64 of A-Z a-z 0-9 _ . - and begins with a letter"),
  EVENT_RESERVED("event_reserved", "\"gap\" is made by the server and cannot be published"),
  DATA_MISSING("data_missing", "this event needs the key \"data\""),
  TOKEN_DATA("token_data", "the data of a token is a string or null"),
  ERROR_DATA("error_data", "the data of \"error\" is a string for people"),
  AGENT_REASONING_DATA(
      "agent_reasoning_data", "the data of \"agentReasoning\" is an array of agent steps"),
  METADATA_DATA("metadata_data", "the data of \"metadata\" is an object"),
  RUN_ID("run_id", "a run id is a string of 1 to 200 characters without control characters or /");

  private final String code;
  private final String detail;

  EventFault(String code, String detail) {
    this.code = code;
    this.detail = detail;
  }

  public String code() {
    return code;
  }

  public String detail() {
    return detail;
  }
}
