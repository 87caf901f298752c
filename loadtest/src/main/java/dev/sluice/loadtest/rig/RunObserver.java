package dev.sluice.loadtest.rig;

import org.HdrHistogram.Histogram;

/** Is told how a run goes, on the thread that leads it. */
public interface RunObserver {

  /**
   * About once a second while publishing, and once at its end: the latencies since the last call,
   * in nanoseconds.
   */
  void onLatencyInterval(Histogram interval);

  /** A few times a second: what is being done and how far it is, for people. */
  void onProgress(String line);
}
