package dev.sluice.loadtest.plan;

/** Round by round, each round one event of every chat, at the times of an arrival schedule. */
public final class RoundTimetable implements Timetable {
  private final EventOrder order;
  private final ArrivalSchedule schedule;
  private final long measuredFromNanos;

  /**
   * A timetable.
   *
   * @param warmUpTokens so many tokens of each chat do not count
   */
  public RoundTimetable(EventOrder order, ArrivalSchedule schedule, int warmUpTokens) {
    this.order = order;
    this.schedule = schedule;
    this.measuredFromNanos = schedule.offsetNanos(order.sequence(0, warmUpTokens));
  }

  @Override
  public long size() {
    return order.size();
  }

  @Override
  public int chats() {
    return order.streams();
  }

  @Override
  public int tokens(int chat) {
    return order.tokens();
  }

  @Override
  public int chat(long sequence) {
    return order.stream(sequence);
  }

  @Override
  public int index(long sequence) {
    return order.index(sequence);
  }

  @Override
  public long offsetNanos(long sequence) {
    return schedule.offsetNanos(sequence);
  }

  @Override
  public long offsetNanos(int chat, int index) {
    return schedule.offsetNanos(order.sequence(chat, index));
  }

  @Override
  public long measuredFromNanos() {
    return measuredFromNanos;
  }

  @Override
  public long sizeToLastToken() {
    return order.sequence(0, order.tokens());
  }
}
