package dev.sluice.bench;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one benchmark with one set of parameters came to.
 *
 * @param owner the benchmark's class, without {@code dev.sluice.} and {@code Benchmark}
 * @param method its name in there
 * @param parameters by their names
 * @param score in {@code unit}
 * @param unit as JMH writes it: {@code ns/op}, {@code ops/s}
 * @param bytesPerOp allocated on the heap per operation
 * @param opsPerIteration how many operations one iteration measured
 */
record Measurement(
    String owner,
    String method,
    SortedMap<String, String> parameters,
    double score,
    String unit,
    double bytesPerOp,
    double opsPerIteration) {
  private static final String OWN = "sluice";

  Measurement {
    parameters = new TreeMap<>(parameters);
  }

  /** What it is called in the baseline: {@code frame.TokenFrame.sluice chars=20 text=ASCII}. */
  String key() {
    return parameters.isEmpty() ? name() : name() + " " + parametersText();
  }

  String name() {
    return owner + "." + method;
  }

  String parametersText() {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  /** True for our own way to do something, in a class that compares. */
  boolean isNamedOwn() {
    return method.startsWith(OWN);
  }

  /** True if both do the same thing with the same parameters. */
  boolean isComparable(Measurement other) {
    return owner.equals(other.owner)
        && parameters.equals(other.parameters)
        && unit.equals(other.unit);
  }

  /** How many times as fast as the other one this is; both are comparable. */
  double speedOver(Measurement other) {
    return unit.startsWith("ops/") ? score / other.score : other.score / score;
  }
}
