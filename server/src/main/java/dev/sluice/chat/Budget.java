package dev.sluice.chat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The heap that all logs together may use, in bytes. Any thread. */
final class Budget {
  /** From this part of the budget on, room is made; publishing is refused at all of it. */
  private static final double TIGHT = 0.875;

  /** So much of the budget may be left in use when room was made. */
  private static final double ROOMY = 0.75;

  private final long maxTotalLogBytes;
  private final Runnable whenTight;
  private final AtomicLong used = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param whenTight called when room should be made, on the thread that has noticed: it has to
   *     return at once. Not again before there was room.
   */
  Budget(long maxTotalLogBytes, Runnable whenTight) {
    this.maxTotalLogBytes = maxTotalLogBytes;
    this.whenTight = whenTight;
  }

  /** Takes so many bytes, or gives them back if negative. */
  void charge(long bytes) {
    used.addAndGet(bytes);
    boolean wasTold = told.get();
    if (isTight() == wasTold) {
      return;
    }
    if (wasTold) {
      told.set(false);
    } else if (told.compareAndSet(false, true)) {
      whenTight.run();
    }
  }

  long usedBytes() {
    return used.get();
  }

  /** True when room should be made. */
  boolean isTight() {
    return used.get() >= maxTotalLogBytes * TIGHT;
  }

  /** True when nothing more may be published until something was released. */
  boolean isExhausted() {
    return used.get() >= maxTotalLogBytes;
  }

  /** How much there is to release; 0 or less if nothing is. */
  long excessBytes() {
    return used.get() - (long) (maxTotalLogBytes * ROOMY);
  }
}
