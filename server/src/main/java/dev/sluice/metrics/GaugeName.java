package dev.sluice.metrics;

/** The numbers that others know and that are read at the scrape. */
public enum GaugeName {
  CHATS("sluice_chats", "Chats that exist."),
  LOG_BYTES("sluice_log_bytes", "Heap that the logs use, in bytes."),
  LOG_BUDGET_BYTES("sluice_log_budget_bytes", "Heap that the logs may use, in bytes."),
  OUTBOUND_BYTES(
      "sluice_outbound_bytes", "Bytes that wait in streams for their clients to take them."),
  OUTBOUND_BUDGET_BYTES(
      "sluice_outbound_budget_bytes", "Bytes that may wait in all streams together."),
  POOLED_DIRECT_BYTES(
      "sluice_pooled_direct_bytes", "Direct memory that the buffer pool holds, in bytes."),
  POOLED_HEAP_BYTES("sluice_pooled_heap_bytes", "Heap that the buffer pool holds, in bytes.");

  private final String metricName;
  private final String help;

  GaugeName(String metricName, String help) {
    this.metricName = metricName;
    this.help = help;
  }

  String metricName() {
    return metricName;
  }

  String help() {
    return help;
  }
}
