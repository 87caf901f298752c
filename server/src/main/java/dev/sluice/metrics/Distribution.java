package dev.sluice.metrics;

import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded as a distribution. Durations are recorded in nanoseconds, from 1 µs to 1 h, and
 * published in seconds; counts go from 1 to ten million. What is beyond counts as the bound.
 *
 * <p>A value is kept to two significant digits: a quantile is off by 1 % at most.
 */
public enum Distribution {
  /** From a request's head being read to the first token flushed. */
  TIME_TO_FIRST_TOKEN(
      "sluice_time_to_first_token_seconds",
      "From reading a stream's request to flushing its first token.",
      true),
  /** Between two flushes of one stream that carry tokens of one run. */
  TOKEN_GAP(
      "sluice_token_gap_seconds",
      "Between two flushes of one stream that carry tokens; pauses between runs are not in it.",
      true),
  /** From the first event of a burst being published to its flush. */
  PUBLISH_TO_FLUSH(
      "sluice_publish_to_flush_seconds",
      "From publishing what a loop had not looked at yet to flushing it, for each stream that took"
          + " it.",
      true),
  /** How many tokens were merged into one frame. */
  TOKENS_PER_FRAME("sluice_tokens_per_frame", "Tokens merged into one frame of tokens.", false),
  /** How far behind its log's tail a stream was when it was written to. */
  LAG("sluice_lag_events", "Events that a stream was behind its log when written to.", false),
  /** How late a loop came to its timer. */
  EVENT_LOOP_DELAY(
      "sluice_event_loop_delay_seconds",
      "How late an event loop came to a timer that is due ten times a second.",
      true);

  private static final long MIN_NANOS = 1_000;
  private static final long MAX_NANOS = 3_600_000_000_000L;
  private static final long MAX_COUNT = 10_000_000;
  private static final int DIGITS = 2;
  private static final double NANOS_PER_S = 1e9;
  private static final double NANOS_PER_MS = 1e6;

  private static final double[] SECONDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    30, 60
  };
  private static final double[] COUNTS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000
  };

  private static final Distribution[] ALL = values();

  /** How many there are. */
  static final int COUNT = ALL.length;

  private final String metricName;
  private final String help;
  private final boolean duration;

  Distribution(String metricName, String help, boolean duration) {
    this.metricName = metricName;
    this.help = help;
    this.duration = duration;
  }

  /** The name in a path, such as {@code time-to-first-token}. */
  public String pathName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name that Prometheus reads. */
  public String metricName() {
    return metricName;
  }

  public String help() {
    return help;
  }

  /** What the values of a percentile file and an interval log are in. */
  public String unit() {
    return duration ? "ms" : this == LAG ? "events" : "tokens";
  }

  /** The distribution of that path name, or null. */
  public static @Nullable Distribution of(String pathName) {
    return Arrays.stream(ALL)
        .filter(each -> each.pathName().equals(pathName))
        .findFirst()
        .orElse(null);
  }

  /** Its place in arrays, which no other process sees. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  static Distribution at(int index) {
    return ALL[index];
  }

  Histogram newHistogram() {
    return duration
        ? new Histogram(MIN_NANOS, MAX_NANOS, DIGITS)
        : new Histogram(1, MAX_COUNT, DIGITS);
  }

  long clamp(long value) {
    return Math.max(0, Math.min(value, duration ? MAX_NANOS : MAX_COUNT));
  }

  /** How much recorded units make one of the published unit. */
  double scale() {
    return duration ? NANOS_PER_S : 1;
  }

  /** How much recorded units make one of {@link #unit}. */
  double fileScale() {
    return duration ? NANOS_PER_MS : 1;
  }

  /** The upper bounds of the published buckets, in the published unit; the last one has none. */
  double[] bounds() {
    return duration ? SECONDS : COUNTS;
  }
}
