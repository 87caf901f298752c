package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.measure.Series;
import org.HdrHistogram.Histogram;

/** Is told how a run goes, on the thread that leads it. */
public interface RunObserver {

  /**
   * About once a second while tokens flow, and once at the end: what was recorded since the last
   * call, in nanoseconds.
   */
  void onInterval(Series series, Histogram interval);

  /** A few times a second: what is being done and how far it is, for people. */
  void onProgress(String line);
}
