package dev.sluice.chat;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Makes room when all logs together come near their budget, in this order:
 *
 * <ol>
 *   <li>chats that nobody uses, without an open run and without a reader, go before their time:
 *       those longest unused first;
 *   <li>then the largest logs lose their oldest events, until none is larger than a size that all
 *       of them can have. A log smaller than that loses nothing. Its newest segment stays in any
 *       case.
 * </ol>
 *
 * <p>A reader that still needed what was shed is told by {@code gap}. Publishing is refused only as
 * long as that was not enough. For the sweeper alone.
 */
final class Shedding {
  /**
   * A chat that nobody uses.
   *
   * @param tail of its log, when nobody did
   * @param idleMs for how long nobody has, as far as was seen
   */
  record Unused(Chat chat, long tail, long idleMs) {}

  private final Chats chats;
  private final Budget budget;

  Shedding(Chats chats, Budget budget) {
    this.chats = chats;
    this.budget = budget;
  }

  void makeRoom(List<Unused> unused, Collection<Chat> all) {
    // What the sweeper has seen the first time at once has one age: then the older chat goes.
    unused.sort(
        Comparator.comparingLong(Unused::idleMs)
            .reversed()
            .thenComparingLong(each -> each.chat().log().epoch()));
    for (Unused each : unused) {
      if (budget.excessBytes() <= 0) {
        return;
      }
      chats.forgetIfUnused(each.chat(), each.tail());
    }
    long excess = budget.excessBytes();
    if (excess > 0) {
      long[] sizes = all.stream().mapToLong(chat -> chat.log().heapBytes()).sorted().toArray();
      long size = commonSize(sizes, excess);
      for (Chat chat : all) {
        if (chat.log().heapBytes() > size) {
          chat.shedTo(size);
        }
      }
    }
  }

  /**
   * The size to which the largest have to be cut so that they give so much together.
   *
   * @param sizes in ascending order
   */
  static long commonSize(long[] sizes, long excess) {
    long sum = 0;
    for (int i = sizes.length - 1; i >= 0; i--) {
      sum += sizes[i];
      long count = (long) sizes.length - i;
      long next = i > 0 ? sizes[i - 1] : 0;
      if (sum - count * next >= excess) {
        return (sum - excess) / count;
      }
    }
    return 0;
  }
}
