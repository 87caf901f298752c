package dev.sluice.loadtest.plan;

/**
 * What is published in a run, in which order and when. Fixed before the run begins, so that neither
 * a slow target nor a slow rig can move it. Any thread may read it.
 *
 * <p>Events are numbered from 0 in the order of their publishing. Each belongs to a chat and has an
 * index there: -1 is {@code start}, then the tokens from 0, and as many as there are tokens is
 * {@code end}.
 */
public interface Timetable {

  /** How many events there are. */
  long size();

  /** How many chats they belong to. */
  int chats();

  /** How many tokens a chat gets, warm-up included. */
  int tokens(int chat);

  /** The chat of an event. */
  int chat(long sequence);

  /** The index of an event in its chat. */
  int index(long sequence);

  /** Nanoseconds from the beginning to when an event is due; never decreases with its number. */
  long offsetNanos(long sequence);

  /** The same for an event that is known by its chat and its index. */
  long offsetNanos(int chat, int index);

  /** From this offset on, events count for the figures; those before warm up. */
  long measuredFromNanos();

  /** How many events come up to and with the last token: after them there are only ends. */
  long sizeToLastToken();
}
