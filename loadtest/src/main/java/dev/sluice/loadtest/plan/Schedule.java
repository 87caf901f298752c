package dev.sluice.loadtest.plan;

import java.util.Locale;

/** By which law the events of a run are due. */
public enum Schedule {
  /** One event every 1/rate seconds. */
  CONSTANT,
  /** At the same mean rate, but independently of each other: as many users together behave. */
  POISSON,
  /** Each stream by itself, as a model answers: see {@link ModelTrace}. */
  MODEL;

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
