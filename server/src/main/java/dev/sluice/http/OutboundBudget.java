package dev.sluice.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The direct memory that may wait in the outbound buffers of all streams together, in bytes. A
 * stream that keeps up has nothing waiting; one that does not has at most the high watermark and
 * one write more. Bytes that several streams of one chat share are counted for each of them. Any
 * thread.
 */
final class OutboundBudget {
  /** So much of the budget may be left in use when room was made. */
  private static final double ROOMY = 0.75;

  private final long maxBytes;
  private final AtomicLong used = new AtomicLong();
  private final List<Outbound> parts = new CopyOnWriteArrayList<>();

  OutboundBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(Outbound part) {
    parts.add(part);
  }

  /** Takes so many bytes, or gives them back if negative. */
  void charge(long bytes) {
    used.addAndGet(bytes);
  }

  long usedBytes() {
    return used.get();
  }

  long maxBytes() {
    return maxBytes;
  }

  boolean isExhausted() {
    return used.get() >= maxBytes;
  }

  boolean isRoomy() {
    return used.get() <= maxBytes * ROOMY;
  }

  /** Has every loop close streams that take nothing. */
  void makeRoomSoon() {
    parts.forEach(Outbound::makeRoomSoon);
  }
}
