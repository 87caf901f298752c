package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;
import static dev.sluice.loadtest.OptionRule.rule;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the rate rises from run to run. */
final class RampOptions {
  @Option(
      names = "--ramp-to",
      defaultValue = "0",
      description = "Run after run, from --rate up to this; 0: one run.")
  private double to;

  @Option(
      names = "--ramp-factor",
      defaultValue = "1.5",
      description = "Each run has so many times the rate of the one before.")
  private double factor;

  @Option(
      names = "--ramp-p99-ms",
      defaultValue = "50",
      description = "The knee: no run follows one whose p99 is above.")
  private double p99Ms;

  double p99Ms() {
    return p99Ms;
  }

  /** The rates of the runs; one rate if there is no ramp. */
  List<Double> rates(double from) {
    if (to == 0) {
      return List.of(from);
    }
    rule("--ramp-to", to >= from, "is below --rate " + from);
    rule("--ramp-factor", factor >= 1.01 && factor <= 100, "is not between 1.01 and 100");
    atLeast("--ramp-p99-ms", p99Ms, 0.001);
    List<Double> rates = new ArrayList<>();
    for (double rate = from; rate < to; rate *= factor) {
      rates.add(rate);
    }
    rates.add(to);
    return rates;
  }
}
