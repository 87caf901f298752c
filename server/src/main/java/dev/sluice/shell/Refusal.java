package dev.sluice.shell;

import java.io.IOException;
import tools.jackson.core.JacksonException;

/** A server's answer that is no success: with the problem (RFC 9457) that it tells, if it does. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1;
  private static final int MAX_SHOWN_CHARS = 300;

  private final int status;
  private final String code;
  private final transient JsonFields problem;

  private Refusal(String message, int status, JsonFields problem) {
    super(message);
    this.status = status;
    this.problem = problem;
    code = problem.text("code");
  }

  /**
   * @param body what the answer says, a problem document or anything else
   */
  static Refusal of(int status, String body) {
    JsonFields problem;
    String detail;
    try {
      problem = JsonFields.parse(body);
      detail = problem.text("detail");
    } catch (JacksonException e) {
      problem = JsonFields.parse("{}");
      detail = body.lines().findFirst().orElse("").strip();
    }
    String code = problem.text("code");
    String message =
        "the server answered "
            + status
            + (detail.isEmpty() ? "" : ": " + detail)
            + (code.isEmpty() ? "" : " (" + code + ")");
    return new Refusal(
        message.length() <= MAX_SHOWN_CHARS ? message : message.substring(0, MAX_SHOWN_CHARS),
        status,
        problem);
  }

  /** The problem's machine-readable name; empty if none was told. */
  String code() {
    return code;
  }

  /** A further member of the problem, as text; empty if there is none. */
  String member(String name) {
    return problem.shown(name);
  }

  /** True if the same request may be answered better later. */
  boolean isPassing() {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }
}
