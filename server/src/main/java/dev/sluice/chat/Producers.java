package dev.sluice.chat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the producers of one chat have come that number their events, so that an event which is
 * sent again has no effect. Each counts 1, 2, 3 … by itself; a new epoch of it begins at 1 again
 * and shuts the older ones out, which may still be sending from a process that was thought dead.
 * (The idea is that of the idempotent producers of the Durable Streams protocol.)
 *
 * <p>Written inside the chat's {@link Combiner}; the {@link #states} may be read on any thread.
 *
 * <p>What happens at the bound: the producer that was silent longest is forgotten. Should it go on,
 * it is told that 1 was expected, and nothing is doubled.
 */
final class Producers {
  private static final class Entry {
    final String producerId;
    volatile long epoch;
    volatile long lastSeq;
    long used;

    Entry(String producerId) {
      this.producerId = producerId;
    }
  }

  private static final int MAX_PRODUCERS = 32;
  private static final Entry[] NONE = {};

  private volatile Entry[] entries = NONE;
  private long uses;

  /**
   * What is to be answered without publishing that event; null if it is the next one, or has no
   * number.
   */
  @Nullable PublishResult check(EventDraft draft) {
    String producerId = draft.producerId();
    if (producerId == null) {
      return null;
    }
    Entry entry = find(producerId);
    long epoch = entry == null ? draft.producerEpoch() : entry.epoch;
    if (draft.producerEpoch() < epoch) {
      return PublishResult.PRODUCER_FENCED;
    }
    long last = entry == null || draft.producerEpoch() > epoch ? 0 : entry.lastSeq;
    if (draft.seq() > last + 1) {
      return PublishResult.SEQ_GAP;
    }
    return draft.seq() <= last ? PublishResult.ACCEPTED : null;
  }

  /** That event, which was the next one, is done with. */
  void took(EventDraft draft) {
    String producerId = draft.producerId();
    if (producerId == null) {
      return;
    }
    Entry entry = find(producerId);
    if (entry == null) {
      entry = add(producerId);
    }
    // In this order, so that nobody sees the new epoch with the old one's number.
    if (entry.epoch != draft.producerEpoch()) {
      entry.lastSeq = 0;
      entry.epoch = draft.producerEpoch();
    }
    entry.lastSeq = draft.seq();
    entry.used = ++uses;
  }

  List<ProducerState> states() {
    return Arrays.stream(entries)
        .map(entry -> new ProducerState(entry.producerId, entry.epoch, entry.lastSeq))
        .toList();
  }

  private @Nullable Entry find(String producerId) {
    for (Entry entry : entries) {
      if (entry.producerId.equals(producerId)) {
        return entry;
      }
    }
    return null;
  }

  private Entry add(String producerId) {
    Entry added = new Entry(producerId);
    Entry[] now = entries;
    Entry[] next;
    if (now.length < MAX_PRODUCERS) {
      next = Arrays.copyOf(now, now.length + 1);
      next[now.length] = added;
    } else {
      next = now.clone();
      int oldest = 0;
      for (int i = 1; i < next.length; i++) {
        if (next[i].used < next[oldest].used) {
          oldest = i;
        }
      }
      next[oldest] = added;
    }
    entries = next;
    return added;
  }
}
