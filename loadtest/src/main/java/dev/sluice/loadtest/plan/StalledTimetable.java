package dev.sluice.loadtest.plan;

/**
 * An even load on some chats from beginning to end; besides, in the first half of the measured time
 * much more is published to chats that nobody reads, in the second half the same to chats whose
 * readers are stalled. So the two halves differ by the stalled readers alone.
 */
final class StalledTimetable {
  private StalledTimetable() {}

  /** When the second half begins. */
  static long halfNanos(LoadSpec load) {
    return (measuredFromNanos(load) + lengthNanos(load)) / 2;
  }

  /** Lays all times out: first the chats of the even load, then those of the halves. */
  static KeptTimetable lay(LoadSpec load) {
    EventOrder order = new EventOrder(load.chats(), load.warmUpTokens() + load.tokens());
    ConstantRate rate = new ConstantRate(load.rate());
    int readers = load.stalled().readers();
    long[][] offsets = new long[load.chats() + 2 * readers][];
    for (int chat = 0; chat < load.chats(); chat++) {
      offsets[chat] = new long[order.tokens() + 2];
      for (int index = -1; index <= order.tokens(); index++) {
        offsets[chat][index + 1] = rate.offsetNanos(order.sequence(chat, index));
      }
    }
    long measuredFrom = measuredFromNanos(load);
    long half = halfNanos(load);
    for (int reader = 0; reader < readers; reader++) {
      double phase = (double) reader / readers;
      offsets[load.chats() + reader] = spread(load.stalled(), measuredFrom, half, phase);
      offsets[load.chats() + readers + reader] =
          spread(load.stalled(), half, lengthNanos(load), phase);
    }
    return new KeptTimetable(offsets, measuredFrom);
  }

  /** Evenly over a stretch; not all chats at the same moments. */
  private static long[] spread(StalledSpec stalled, long from, long to, double phase) {
    int tokens = stalled.tokensEach();
    double gap = (double) (to - from) / (tokens + 1);
    long[] offsets = new long[tokens + 2];
    offsets[0] = from;
    for (int token = 0; token < tokens; token++) {
      offsets[token + 1] = from + (long) ((token + phase) * gap);
    }
    offsets[tokens + 1] = offsets[tokens];
    return offsets;
  }

  private static long measuredFromNanos(LoadSpec load) {
    EventOrder order = new EventOrder(load.chats(), load.warmUpTokens() + load.tokens());
    return new ConstantRate(load.rate()).offsetNanos(order.sequence(0, load.warmUpTokens()));
  }

  private static long lengthNanos(LoadSpec load) {
    EventOrder order = new EventOrder(load.chats(), load.warmUpTokens() + load.tokens());
    return new ConstantRate(load.rate()).offsetNanos(order.sequence(0, order.tokens()));
  }
}
