package dev.sluice.upstream;

/**
 * Why a call to a model server fails: a code for machines, a sentence for people, and whether the
 * same call may succeed a little later.
 */
public enum UpstreamFault {
  /** Nobody listens at that address and port: the model server is down or the address is wrong. */
  REFUSED("upstream_refused", "The model server refused the connection.", true),
  /** No way to that address. */
  UNREACHABLE("upstream_unreachable", "The model server cannot be reached.", true),
  /** The host's name has no address. */
  DNS("upstream_dns", "The name of the model server cannot be resolved.", true),
  /** Name, connection and TLS handshake together took longer than {@code connectTimeoutMs}. */
  CONNECT_TIMEOUT(
      "upstream_connect_timeout", "The model server did not accept the connection in time.", true),
  /** The handshake failed, or the certificate is not one to be trusted for that host. */
  TLS("upstream_tls", "The connection to the model server could not be secured.", false),
  /** An HTTP status other than 200; retryable or not by that status. */
  STATUS("upstream_status", "The model server refused the request.", false),
  /** An error object inside an answer that had begun. */
  REPORTED("upstream_error", "The model server reported an error.", false),
  /** Not the protocol: broken HTTP, another content type, no JSON, an event over the bound. */
  MALFORMED(
      "upstream_malformed", "The model server sent an answer that cannot be understood.", false),
  /** The connection ended before the answer did. What came before it has been published. */
  CUT("upstream_cut", "The model server broke off its answer.", true),
  /** Nothing arrived for {@code idleTimeoutMs}. */
  IDLE("upstream_idle", "The model server went silent.", true),
  /** The logs use all the memory they may: a token was refused, so the answer would have a hole. */
  OVER_BUDGET("over_budget", "The server has no room for this answer at the moment.", true),
  /** The event loops no longer take work. */
  SHUT_DOWN("shutting_down", "The server is shutting down.", true),
  /** A mistake in this program. */
  INTERNAL("upstream_internal", "The call to the model server failed inside the server.", false);

  private final String code;
  private final String sentence;
  private final boolean retryable;

  UpstreamFault(String code, String sentence, boolean retryable) {
    this.code = code;
    this.sentence = sentence;
    this.retryable = retryable;
  }

  public String code() {
    return code;
  }

  public String sentence() {
    return sentence;
  }

  public boolean isRetryable() {
    return retryable;
  }
}
