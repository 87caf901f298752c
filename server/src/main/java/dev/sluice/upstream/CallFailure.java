package dev.sluice.upstream;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How one call failed.
 *
 * @param fault what kind of failure
 * @param message for people, on one line; shown to the users of the chat
 * @param status the HTTP status of the model server, 0 if none arrived or it says nothing here
 * @param retryable whether the same call may succeed a little later
 * @param cause for the server's own log: what the transport said. Never what a user or a model said
 */
record CallFailure(
    UpstreamFault fault, String message, int status, boolean retryable, @Nullable String cause) {

  static CallFailure of(UpstreamFault fault) {
    return new CallFailure(fault, fault.sentence(), 0, fault.isRetryable(), null);
  }

  static CallFailure of(UpstreamFault fault, Throwable cause) {
    return new CallFailure(fault, fault.sentence(), 0, fault.isRetryable(), cause.toString());
  }

  /**
   * @param why goes into the message and the log, so it is this program's own words
   */
  static CallFailure of(UpstreamFault fault, String why) {
    return new CallFailure(fault, fault.sentence() + " " + why, 0, fault.isRetryable(), why);
  }

  /** What kept a connection from being made. */
  static CallFailure ofConnect(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return of(UpstreamFault.DNS, cause);
    }
    if (cause instanceof ConnectTimeoutException) {
      return of(UpstreamFault.CONNECT_TIMEOUT, cause);
    }
    return of(
        cause instanceof ConnectException ? UpstreamFault.REFUSED : UpstreamFault.UNREACHABLE,
        cause);
  }

  /**
   * A refusal by status.
   *
   * @param said the model server's own words, or null
   */
  static CallFailure ofStatus(int status, @Nullable String said) {
    String message = "The model server refused the request with status " + status;
    return new CallFailure(
        UpstreamFault.STATUS,
        said == null ? message + "." : message + ": " + said,
        status,
        isRetryable(status),
        null);
  }

  /**
   * An error that was reported inside the answer.
   *
   * @param said the model server's own words, or null
   * @param status the code it gave if that is an HTTP status, otherwise 0
   */
  static CallFailure ofReport(@Nullable String said, int status) {
    UpstreamFault fault = UpstreamFault.REPORTED;
    String message = said == null ? fault.sentence() : "The model server reported: " + said;
    return new CallFailure(fault, message, status, isRetryable(status), null);
  }

  /** For the {@code error} event: a JSON object on one line. */
  String detailJson(String flow) {
    ObjectNode detail = JsonNodeFactory.instance.objectNode();
    detail.put("code", fault.code());
    detail.put("message", message);
    detail.put("upstream", flow);
    if (status != 0) {
      detail.put("status", status);
    }
    detail.put("attempts", 1);
    detail.put("retryable", retryable);
    return detail.toString();
  }

  private static boolean isRetryable(int status) {
    return status == 408 || status == 425 || status == 429 || status >= 500;
  }
}
