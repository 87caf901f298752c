package dev.sluice.chat;

import java.util.concurrent.atomic.AtomicLong;

/** The heap that all logs together may use, in bytes. Any thread. */
final class Budget {
  private final long maxTotalLogBytes;
  private final AtomicLong used = new AtomicLong();

  Budget(long maxTotalLogBytes) {
    this.maxTotalLogBytes = maxTotalLogBytes;
  }

  /** Takes so many bytes, or gives them back if negative. */
  void charge(long bytes) {
    used.addAndGet(bytes);
  }

  long usedBytes() {
    return used.get();
  }

  /** True when nothing more may be published until something was released. */
  boolean isExhausted() {
    return used.get() >= maxTotalLogBytes;
  }
}
