package dev.sluice.loadtest.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * All that a run measures and counts. Any thread may add; read it when the run is over, or for a
 * progress line.
 */
public final class Measurements {
  private final Timing connect = new Timing();
  private final Timing head = new Timing();
  private final Timing resume = new Timing();
  private final Timing answer = new Timing();
  private final Map<Series, Timing> series = new EnumMap<>(Series.class);
  private final Timing withStalled = new Timing();
  private final Timing withoutStalled = new Timing();
  private final Timing lateness = new Timing();
  private final Timing loopLag = new Timing();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder frames = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder heartbeats = new LongAdder();
  private final MishapTally mishaps = new MishapTally();

  /** Nothing measured yet. */
  public Measurements() {
    for (Series each : Series.values()) {
      series.put(each, new Timing());
    }
  }

  /** From the call of connect to the open connection. */
  public Timing connect() {
    return connect;
  }

  /** From the request for a stream to the response head. */
  public Timing head() {
    return head;
  }

  /** From a drop of a connection to the head of the response that resumes it. */
  public Timing resume() {
    return resume;
  }

  /** From an event's being handed to a connection of its own to the answer to its request. */
  public Timing answer() {
    return answer;
  }

  /**
   * {@link Series#LATENCY} once more, apart for the tokens that were due while stalled readers were
   * written to, and for those before.
   */
  public Timing besideStalled(boolean beside) {
    return beside ? withStalled : withoutStalled;
  }

  /** One of the distributions that are also kept over time. */
  public Timing of(Series which) {
    return Objects.requireNonNull(series.get(which));
  }

  /**
   * The rig itself: from the moment at which an event was due to its being handed to the socket.
   * Without the warm-up.
   */
  public Timing lateness() {
    return lateness;
  }

  /**
   * The rig itself: how late the receiving loops run a timer, without the warm-up. A receipt may
   * have been noticed late by as much.
   */
  public Timing loopLag() {
    return loopLag;
  }

  /** Bytes received on streams, heads included. */
  public LongAdder bytes() {
    return bytes;
  }

  /** Frames received. */
  public LongAdder frames() {
    return frames;
  }

  /** Tokens received, warm-up included. */
  public LongAdder tokens() {
    return tokens;
  }

  /** What went wrong on purpose, and how that ended. */
  public MishapTally mishaps() {
    return mishaps;
  }

  /** Heartbeats received. */
  public LongAdder heartbeats() {
    return heartbeats;
  }
}
