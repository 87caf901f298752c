package dev.sluice.loadtest.plan;

/**
 * The load of a run.
 *
 * @param chats how many chats are published to at once
 * @param streams how many streams are read; stream {@code n} reads chat {@code n % chats}
 * @param answers how many answers each stream reads, one after the other, each from a chat of its
 *     own
 * @param warmUpTokens tokens of each chat that are checked but not measured, before the others; not
 *     for {@link Schedule#MODEL}
 * @param warmUpSeconds events due within it are checked but not measured; for {@link
 *     Schedule#MODEL}
 * @param tokens tokens of each chat that are measured; with {@link Schedule#MODEL} the median
 * @param publish where the tokens come from
 * @param schedule when they are due
 * @param rate events due per second over all chats, {@code start} and {@code end} included; with
 *     {@link Publish#OWN} requests per second; not for {@link Schedule#MODEL}
 * @param seed of everything that is drawn
 * @param model how models write, for {@link Schedule#MODEL}
 * @param connections how many publish connections share the chats
 * @param holdSeconds how long {@link Publish#NOTHING} holds the streams
 */
public record LoadSpec(
    int chats,
    int streams,
    int answers,
    int warmUpTokens,
    int warmUpSeconds,
    int tokens,
    Publish publish,
    Schedule schedule,
    double rate,
    long seed,
    ModelSpec model,
    int connections,
    int holdSeconds) {

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
    EventOrder order = new EventOrder(chats, warmUpTokens + tokens);
    return new RoundTimetable(order, arrivals(order.size()), warmUpTokens);
  }

  private ArrivalSchedule arrivals(long events) {
    return schedule == Schedule.POISSON
        ? new PoissonArrivals(seed, events, rate)
        : new ConstantRate(rate);
  }
}
