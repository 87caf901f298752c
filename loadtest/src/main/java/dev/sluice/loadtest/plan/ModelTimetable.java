package dev.sluice.loadtest.plan;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Every stream by itself, as models answer: answer after answer, each with its own length, rate,
 * bursts and pauses. All times are kept: 16 bytes for each event.
 */
public final class ModelTimetable implements Timetable {
  private final long[][] offsetsNanos;
  private final int[] chatOf;
  private final int[] indexOf;
  private final long measuredFromNanos;
  private final long sizeToLastToken;

  private ModelTimetable(long[][] offsetsNanos, long measuredFromNanos) {
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

  /**
   * Draws the answers of all slots.
   *
   * @param slots how many conversations go on at once
   * @param answers how many answers each gets, one after the other, each in a chat of its own:
   *     answer {@code a} of slot {@code s} is chat {@code a * slots + s}
   * @param medianTokens half of all answers are shorter
   * @param measuredFromNanos what is due before does not count
   */
  public static ModelTimetable draw(
      long seed, int slots, int answers, int medianTokens, ModelSpec spec, long measuredFromNanos) {
    long[][] offsets = new long[Math.multiplyExact(slots, answers)][];
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int slot = 0; slot < slots; slot++) {
      long atNanos = (long) (seeds.nextDouble() * spec.spreadMs() * 1e6);
      for (int answer = 0; answer < answers; answer++) {
        long[] trace = ModelTrace.draw(seeds.nextLong(), medianTokens, spec);
        for (int i = 0; i < trace.length; i++) {
          trace[i] += atNanos;
        }
        offsets[answer * slots + slot] = trace;
        atNanos = trace[trace.length - 1] + ModelTrace.thinkNanos(seeds.nextLong(), spec);
      }
    }
    return new ModelTimetable(offsets, measuredFromNanos);
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
