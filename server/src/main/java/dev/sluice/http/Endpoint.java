package dev.sluice.http;

/** What one route does. Has no state of its own; any event loop. */
@FunctionalInterface
interface Endpoint {
  /**
   * Looks at a request's head.
   *
   * @return who takes the body, and answers when it is complete
   * @throws ProblemException to refuse the request without reading its body
   */
  RequestBody open(Exchange exchange) throws ProblemException;

  /** An endpoint that wants no body and answers at once. */
  static Endpoint bodyless(Answer answer) {
    return exchange -> new NoBody(exchange, answer);
  }

  /** What an endpoint without a body does. */
  @FunctionalInterface
  interface Answer {
    void to(Exchange exchange) throws ProblemException;
  }
}
