package dev.sluice.loadtest.plan;

/**
 * The order in which the events of all streams are published: round by round, each round one event
 * of every stream. The first round is {@code start}, the last {@code end}, those between are the
 * tokens.
 *
 * @param streams how many streams, at least 1
 * @param tokens how many tokens each stream gets, warm-up included
 */
public record EventOrder(int streams, int tokens) {

  /** One event for every stream, its {@code start}. */
  static EventOrder startsOnly(int streams) {
    return new EventOrder(streams, -1);
  }

  /** No event at all. */
  static EventOrder nothing(int streams) {
    return new EventOrder(streams, -2);
  }

  /** How many events there are. */
  public long size() {
    return (long) streams * (tokens + 2);
  }

  /** The stream of an event. */
  public int stream(long sequence) {
    return (int) (sequence % streams);
  }

  /**
   * The token of an event: its index in the stream, -1 for {@code start}, {@code tokens} for {@code
   * end}.
   */
  public int index(long sequence) {
    return (int) (sequence / streams) - 1;
  }

  /** The number of an event, from its stream and its index as above. */
  public long sequence(int stream, int index) {
    return (long) (index + 1) * streams + stream;
  }
}
