package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The runs of a ramp as rows, and the last rate that held. Belongs to one thread. */
public final class RampTable {
  private final double p99LimitMs;
  private double holds;
  private boolean goesOn = true;
  private boolean begun;
  private String end = "the ramp ended before the knee";

  /** A table of runs whose p99 may not be above a limit. */
  public RampTable(double p99LimitMs) {
    this.p99LimitMs = p99LimitMs;
  }

  /** The row of the next run, below the head if it is the first. */
  public String row(RunResult result) {
    Histogram latency = result.measurements().of(Series.LATENCY).total();
    double p99Ms = latency.getValueAtPercentile(99) / 1e6;
    double cpu = result.cost().cpuMicrosPerToken();
    double rate = result.spec().load().rate();
    if (result.verdict() != Verdict.PASS) {
      goesOn = false;
      end = result.verdict() + " at " + number(rate) + ": " + String.join("; ", why(result));
    } else if (p99Ms > p99LimitMs) {
      goesOn = false;
      end = String.format(Locale.ROOT, "p99 %.1f ms at %s", p99Ms, number(rate));
    } else {
      holds = rate;
    }
    String row =
        String.format(
            Locale.ROOT,
            "%12s %9.2f %9.2f %9.2f %9s  %s%n",
            number(rate),
            latency.getValueAtPercentile(50) / 1e6,
            p99Ms,
            latency.getValueAtPercentile(99.9) / 1e6,
            cpu < 0 ? "?" : String.format(Locale.ROOT, "%.1f", cpu),
            result.verdict());
    String head =
        String.format(
            Locale.ROOT,
            "%12s %9s %9s %9s %9s%n",
            "events/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "µs/token");
    String printed = begun ? row : head + row;
    begun = true;
    return printed;
  }

  private static List<String> why(RunResult result) {
    return result.rig().findings(result.spec().rig().limits());
  }

  /** Whether a higher rate is worth trying. */
  public boolean goesOn() {
    return goesOn;
  }

  /** Whether any rate held. */
  public boolean found() {
    return holds > 0;
  }

  /** The last line: the highest rate that held, and what ended the ramp. */
  public String knee() {
    String knee = found() ? number(holds) + " events/s hold" : "no rate holds";
    return String.format(Locale.ROOT, "%s (p99 up to %s ms); %s%n", knee, number(p99LimitMs), end);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
