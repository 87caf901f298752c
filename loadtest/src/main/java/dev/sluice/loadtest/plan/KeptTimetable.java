package dev.sluice.loadtest.plan;

import java.util.PriorityQueue;

/** Any times at all, each chat's own. All are kept: 16 bytes for each event. */
public final class KeptTimetable implements Timetable {
  private final long[][] offsetsNanos;
  private final int[] chatOf;
  private final int[] indexOf;
  private final long measuredFromNanos;
  private final long sizeToLastToken;

  /**
   * A timetable of these times.
   *
   * @param offsetsNanos for each chat the times of its events, start and end included, none earlier
   *     than the one before
   * @param measuredFromNanos what is due before does not count
   */
  KeptTimetable(long[][] offsetsNanos, long measuredFromNanos) {
    this.offsetsNanos = offsetsNanos;
    this.measuredFromNanos = measuredFromNanos;
    int size = 0;
    for (long[] chat : offsetsNanos) {
      size = Math.addExact(size, chat.length);
    }
    this.chatOf = new int[size];
    this.indexOf = new int[size];
    PriorityQueue<Due> queue = new PriorityQueue<>(Math.max(1, offsetsNanos.length));
    for (int chat = 0; chat < offsetsNanos.length; chat++) {
      queue.add(new Due(offsetsNanos[chat][0], chat, 0));
    }
    int lastToken = 0;
    for (int sequence = 0; sequence < size; sequence++) {
      Due due = queue.remove();
      chatOf[sequence] = due.chat;
      indexOf[sequence] = due.event - 1;
      long[] chat = offsetsNanos[due.chat];
      int next = due.event + 1;
      if (next < chat.length) {
        queue.add(new Due(chat[next], due.chat, next));
        lastToken = due.event > 0 ? sequence : lastToken;
      }
    }
    this.sizeToLastToken = lastToken + 1L;
  }

  @Override
  public long size() {
    return chatOf.length;
  }

  @Override
  public int chats() {
    return offsetsNanos.length;
  }

  @Override
  public int tokens(int chat) {
    return offsetsNanos[chat].length - 2;
  }

  @Override
  public int chat(long sequence) {
    return chatOf[(int) sequence];
  }

  @Override
  public int index(long sequence) {
    return indexOf[(int) sequence];
  }

  @Override
  public long offsetNanos(long sequence) {
    return offsetNanos(chat(sequence), index(sequence));
  }

  @Override
  public long offsetNanos(int chat, int index) {
    return offsetsNanos[chat][index + 1];
  }

  @Override
  public long measuredFromNanos() {
    return measuredFromNanos;
  }

  @Override
  public long sizeToLastToken() {
    return sizeToLastToken;
  }

  private record Due(long nanos, int chat, int event) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Integer.compare(chat, other.chat);
    }
  }
}
