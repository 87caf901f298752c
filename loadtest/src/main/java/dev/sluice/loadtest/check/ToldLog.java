package dev.sluice.loadtest.check;

import java.util.concurrent.atomic.LongAdder;

/**
 * What targets may do to a stream if they tell it: counted, and no fault. Any thread may write and
 * read.
 */
public final class ToldLog {
  private final LongAdder gaps = new LongAdder();
  private final LongAdder gapEvents = new LongAdder();
  private final LongAdder gapTokens = new LongAdder();
  private final LongAdder producersLost = new LongAdder();
  private final LongAdder closedUnread = new LongAdder();

  /** A {@code gap} over so many events came. */
  void gap(long events) {
    gaps.increment();
    gapEvents.add(events);
  }

  /** So many tokens never came, and a gap had told so. */
  void gapTokens(long tokens) {
    gapTokens.add(tokens);
  }

  /** A run was ended because its publisher's connection had been cut. */
  void producerLost() {
    producersLost.increment();
  }

  /** A stream was closed while the rig did not read it, or hardly. */
  public void closedUnread() {
    closedUnread.increment();
  }

  /** How many gaps were told. */
  public long gaps() {
    return gaps.sum();
  }

  /** How many events they told of. */
  public long gapEvents() {
    return gapEvents.sum();
  }

  /** How many tokens did not come because of them. */
  public long lostInGaps() {
    return gapTokens.sum();
  }

  /** How many times a stream was told that its run's publisher is lost. */
  public long producersLost() {
    return producersLost.sum();
  }

  /** How many connections the target closed while they were not read. */
  public long connectionsClosedUnread() {
    return closedUnread.sum();
  }
}
