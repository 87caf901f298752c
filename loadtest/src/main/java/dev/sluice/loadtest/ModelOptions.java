package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;
import static dev.sluice.loadtest.OptionRule.percent;
import static dev.sluice.loadtest.OptionRule.rule;

import dev.sluice.loadtest.plan.ModelSpec;
import picocli.CommandLine.Option;

/** How models write, for {@code --schedule model}. */
final class ModelOptions {
  @Option(
      names = "--model-slowest",
      defaultValue = "20",
      description = "Tokens per second of the slowest answer.")
  private double slowest;

  @Option(
      names = "--model-fastest",
      defaultValue = "50",
      description = "Tokens per second of the fastest.")
  private double fastest;

  @Option(names = "--model-max-tokens", defaultValue = "2000", description = "No answer is longer.")
  private int maxTokens;

  @Option(
      names = "--model-tail",
      defaultValue = "0.8",
      description = "How long the tail of the lengths is: sigma of their logarithm.")
  private double tail;

  @Option(
      names = "--model-burst-percent",
      defaultValue = "5",
      description = "Tokens that bring up to 7 others with them.")
  private double burstPercent;

  @Option(
      names = "--model-pause-percent",
      defaultValue = "1",
      description = "Tokens that a pause follows, as for a tool.")
  private double pausePercent;

  @Option(names = "--model-pause-ms", defaultValue = "800", description = "The mean of these.")
  private double pauseMs;

  @Option(
      names = "--model-think-ms",
      defaultValue = "2000",
      description = "Mean time between two answers; a fifth of it before a first token.")
  private double thinkMs;

  @Option(
      names = "--model-spread-ms",
      defaultValue = "3000",
      description = "The first answers begin within it.")
  private double spreadMs;

  /** The mean length of an answer, about. */
  double meanTokens(int medianTokens) {
    return Math.min(maxTokens, medianTokens * Math.exp(tail * tail / 2)) + 2;
  }

  ModelSpec spec() {
    rule("--model-slowest", slowest > 0, "has to be above 0");
    rule("--model-fastest", fastest >= slowest, "is below --model-slowest");
    atLeast("--model-max-tokens", maxTokens, 1);
    rule("--model-tail", tail >= 0 && tail <= 3, "is not between 0 and 3");
    percent("--model-burst-percent", burstPercent);
    percent("--model-pause-percent", pausePercent);
    atLeast("--model-pause-ms", pauseMs, 0);
    atLeast("--model-think-ms", thinkMs, 0);
    atLeast("--model-spread-ms", spreadMs, 0);
    return new ModelSpec(
        slowest, fastest, maxTokens, tail, burstPercent, pausePercent, pauseMs, thinkMs, spreadMs);
  }
}
