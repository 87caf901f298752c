package dev.sluice.metrics;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in a span of time. A histogram is made when its first value comes, so that a
 * loop without traffic owns none. One thread at a time.
 */
final class LoopInterval {
  final long[] frames = new long[FrameType.COUNT];
  final long[] tokens = new long[FrameType.COUNT];
  final long[] frameBytes = new long[FrameType.COUNT];

  /** How many more streams are in each state at its end than were at its start. */
  final long[] streams = new long[StreamState.COUNT];

  final long[] sums = new long[Distribution.COUNT];
  long streamBytes;
  long heartbeats;
  private final @Nullable Histogram[] histograms = new Histogram[Distribution.COUNT];

  void record(Distribution what, long value) {
    long clamped = what.clamp(value);
    sums[what.index()] += clamped;
    histogram(what).recordValue(clamped);
  }

  /** The values of that distribution, to be read or added to. */
  Histogram histogram(Distribution what) {
    Histogram histogram = histograms[what.index()];
    if (histogram == null) {
      histogram = what.newHistogram();
      histograms[what.index()] = histogram;
    }
    return histogram;
  }

  /** Adds the values of that histogram. */
  void add(Distribution what, Histogram more) {
    if (more.getTotalCount() > 0) {
      histogram(what).add(more);
    }
  }

  boolean has(Distribution what) {
    Histogram histogram = histograms[what.index()];
    return histogram != null && histogram.getTotalCount() > 0;
  }

  void add(LoopInterval other) {
    add(frames, other.frames);
    add(tokens, other.tokens);
    add(frameBytes, other.frameBytes);
    add(streams, other.streams);
    add(sums, other.sums);
    streamBytes += other.streamBytes;
    heartbeats += other.heartbeats;
    for (int i = 0; i < histograms.length; i++) {
      Histogram more = other.histograms[i];
      if (more != null) {
        add(Distribution.at(i), more);
      }
    }
  }

  void clear() {
    clear(frames);
    clear(tokens);
    clear(frameBytes);
    clear(streams);
    clear(sums);
    streamBytes = 0;
    heartbeats = 0;
    for (Histogram histogram : histograms) {
      if (histogram != null && histogram.getTotalCount() > 0) {
        histogram.reset();
      }
    }
  }

  private static void add(long[] to, long[] more) {
    for (int i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }

  private static void clear(long[] counts) {
    Arrays.fill(counts, 0);
  }
}
