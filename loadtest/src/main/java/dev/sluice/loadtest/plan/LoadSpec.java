package dev.sluice.loadtest.plan;

import org.jspecify.annotations.Nullable;

/**
 * The load of a run.
 *
 * @param chats how many chats are published to at once
 * @param twoRunChats so many of them, the first ones, are written by two publishers at once, each
 *     with a run of its own
 * @param streams how many streams are read; stream {@code n} reads chat {@code n % chats}
 * @param answers how many answers each stream reads, one after the other, each from a chat of its
 *     own
 * @param warmUpTokens tokens of each chat that are checked but not measured, before the others; not
 *     for {@link Schedule#MODEL}
 * @param warmUpSeconds events due within it are checked but not measured; for {@link
 *     Schedule#MODEL}
 * @param tokens tokens of each chat that are measured; with {@link Schedule#MODEL} the median
 * @param tokenBytes the least length of a token's text in UTF-8; 0 for what it happens to be
 * @param publish where the tokens come from
 * @param schedule when they are due
 * @param rate events due per second over all chats, {@code start} and {@code end} included; with
 *     {@link Publish#OWN} requests per second; not for {@link Schedule#MODEL}
 * @param seed of everything that is drawn
 * @param model how models write, for {@link Schedule#MODEL}
 * @param connections how many publish connections share the chats
 * @param holdSeconds how long {@link Publish#NOTHING} holds the streams
 * @param stalled readers that stop reading; the last of the streams
 */
public record LoadSpec(
    int chats,
    int twoRunChats,
    int streams,
    int answers,
    int warmUpTokens,
    int warmUpSeconds,
    int tokens,
    int tokenBytes,
    Publish publish,
    Schedule schedule,
    double rate,
    long seed,
    ModelSpec model,
    int connections,
    int holdSeconds,
    StalledSpec stalled) {

  /** Draws or computes the timetable of what the rig does; empty if it does nothing on time. */
  public Timetable timetable() {
    if (publish == Publish.OWN) {
      // Each request is one event, its chat the stream that it opens.
      EventOrder order = EventOrder.startsOnly(streams);
      return new RoundTimetable(order, arrivals(order.size()), -1);
    }
    if (publish == Publish.NOTHING) {
      return new RoundTimetable(EventOrder.nothing(chats), new ConstantRate(1), -1);
    }
    if (schedule == Schedule.MODEL) {
      return ModelTimetable.draw(
          seed, chats, answers, tokens, model, warmUpSeconds * 1_000_000_000L);
    }
    if (stalled.readers() > 0) {
      return StalledTimetable.lay(this);
    }
    EventOrder order = new EventOrder(chats + twoRunChats, warmUpTokens + tokens);
    return new RoundTimetable(order, arrivals(order.size()), warmUpTokens);
  }

  /** The chat that a stream reads first, as a number of the timetable. */
  public int chatOfStream(int stream) {
    int before = streams - stalled.readers();
    return stream < before ? stream % chats : chats + stalled.readers() + stream - before;
  }

  /** Whether a stream is one of those that stop reading. */
  public boolean isStalled(int stream) {
    return stream >= streams - stalled.readers();
  }

  /** The least length of a token's text, in a chat number of the timetable. */
  public int tokenBytes(int number) {
    return stalled.readers() > 0 && number >= chats ? StalledSpec.TOKEN_BYTES : tokenBytes;
  }

  /** From when on the stalled readers are written to, after the first event is due. */
  public long stalledFromNanos() {
    return stalled.readers() == 0 ? Long.MAX_VALUE : StalledTimetable.halfNanos(this);
  }

  /**
   * The chat that the events of a chat number of the timetable go to: the second runs of chats have
   * numbers of their own, after all chats.
   */
  public int chatOf(int number) {
    return twoRunChats > 0 && number >= chats ? number - chats : number;
  }

  /** The name of the run that a chat number of the timetable stands for, or null if it has none. */
  public @Nullable String runOf(int number) {
    if (number >= chats) {
      return twoRunChats > 0 ? "second" : null;
    }
    return number < twoRunChats ? "first" : null;
  }

  private ArrivalSchedule arrivals(long events) {
    return schedule == Schedule.POISSON
        ? new PoissonArrivals(seed, events, rate)
        : new ConstantRate(rate);
  }
}
