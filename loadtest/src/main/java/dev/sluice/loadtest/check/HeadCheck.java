package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.ResponseHead;
import java.util.Map;

/** Compares the head of a stream's response with the contract. */
public final class HeadCheck {
  private static final Map<String, String> REQUIRED =
      Map.of(
          "content-type", "text/event-stream",
          "cache-control", "no-cache, no-transform",
          "x-accel-buffering", "no",
          "transfer-encoding", "chunked",
          "x-content-type-options", "nosniff");

  private HeadCheck() {}

  /**
   * Records when this is no stream of Server-Sent Events at all.
   *
   * @return whether it is one
   */
  public static boolean checkSse(String where, ResponseHead head, FaultLog faults) {
    if (head.status() != 200) {
      faults.record(FaultKind.REFUSED, where, "status " + head.status());
      return false;
    }
    String type = head.header("content-type");
    if (type == null || !type.startsWith("text/event-stream")) {
      faults.record(FaultKind.HEAD_FORM, where, "content-type: " + type);
    }
    return true;
  }

  /**
   * Records each header that differs.
   *
   * @return whether the response is a stream at all: its status is 200
   */
  public static boolean check(String where, ResponseHead head, FaultLog faults) {
    if (head.status() != 200) {
      faults.record(FaultKind.REFUSED, where, "status " + head.status());
      return false;
    }
    REQUIRED.forEach(
        (name, value) -> {
          if (!value.equals(head.header(name))) {
            faults.record(FaultKind.HEAD_FORM, where, name + ": " + head.header(name));
          }
        });
    return true;
  }
}
