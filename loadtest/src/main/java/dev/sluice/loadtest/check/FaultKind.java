package dev.sluice.loadtest.check;

/** What a target can do wrong. Each is counted by itself. */
public enum FaultKind {
  CONNECT_FAILED("no connection, or closed before the response head"),
  REFUSED("the stream was answered with another status than 200"),
  HEAD_FORM("a header of the stream's response is not what the contract says"),
  HTTP_FORM("bytes that are no HTTP/1.1 response"),
  FRAME_FORM("bytes that are no frame of the contract"),
  START_NOT_FIRST("another event came before start"),
  SECOND_START("start came more than once"),
  LOST("a token never came"),
  DOUBLED("a token came more than once"),
  REORDERED("a token came after one that was published later"),
  WRONG_STREAM("a token of another stream"),
  ALTERED("text that was not published like this"),
  UNEXPECTED_EVENT("an event that nobody published, such as gap, error or abort"),
  EPOCH_CHANGED("the epoch changed within one response"),
  ID_NOT_INCREASING("an id that is not greater than the one before"),
  ID_NOT_DENSE("an offset that does not count the events up to it"),
  MISSING_END("the body was completed before end"),
  AFTER_END("an event came after end"),
  TRUNCATED_BODY("the connection was closed before the terminating chunk"),
  NOT_COMPLETED("still open when the run stopped waiting"),
  PUBLISH_REFUSED("a publish request was answered early or with an error"),
  PUBLISH_BROKEN("a publish connection failed"),
  PUBLISH_MISCOUNTED("the answer to a publish request counts other than was sent");

  private final String meaning;

  FaultKind(String meaning) {
    this.meaning = meaning;
  }

  /** What happened, for people. */
  public String meaning() {
    return meaning;
  }
}
