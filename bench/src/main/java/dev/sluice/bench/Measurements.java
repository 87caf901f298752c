package dev.sluice.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The measurements of one run of JMH, read from the JSON that it writes.
 *
 * @param machine what they were made on, for people
 * @param all in the order of the run
 */
record Measurements(String machine, List<Measurement> all) {
  private static final String ROOT = "dev.sluice.";
  private static final String SUFFIX = "Benchmark";
  private static final double NANOS_PER_SECOND = 1e9;

  Measurements {
    all = List.copyOf(all);
  }

  /**
   * @throws IllegalArgumentException if it is not what JMH writes with {@code -prof gc}
   */
  static Measurements read(Path jmhJson) {
    return parse(JsonMapper.shared().readTree(jmhJson));
  }

  static Measurements parse(JsonNode runs) {
    List<Measurement> all = new ArrayList<>();
    String machine = "";
    for (JsonNode run : runs) {
      all.add(measurement(run));
      machine =
          run.path("vmName").stringValue("")
              + " "
              + run.path("vmVersion").stringValue("")
              + ", JMH "
              + run.path("jmhVersion").stringValue("");
    }
    return new Measurements(machine, all);
  }

  /** Our own: all but the rivals. */
  List<Measurement> own() {
    Set<String> comparing = new LinkedHashSet<>();
    for (Measurement each : all) {
      if (each.isNamedOwn()) {
        comparing.add(each.owner());
      }
    }
    return all.stream()
        .filter(each -> each.isNamedOwn() || !comparing.contains(each.owner()))
        .toList();
  }

  /** What was measured beside one of our own, doing the same. */
  List<Measurement> rivalsOf(Measurement own) {
    if (!own.isNamedOwn()) {
      return List.of();
    }
    return all.stream().filter(each -> !each.isNamedOwn() && each.isComparable(own)).toList();
  }

  /** These, with what was measured again in place of what it was before. */
  Measurements replacedBy(Measurements again) {
    List<Measurement> merged = new ArrayList<>();
    for (Measurement each : all) {
      merged.add(
          again.all.stream()
              .filter(other -> other.key().equals(each.key()))
              .findFirst()
              .orElse(each));
    }
    return new Measurements(machine, merged);
  }

  private static Measurement measurement(JsonNode run) {
    String benchmark = run.path("benchmark").stringValue("");
    JsonNode bytes = run.path("secondaryMetrics").path("gc.alloc.rate.norm").path("score");
    if (benchmark.isEmpty() || !bytes.isNumber()) {
      throw new IllegalArgumentException(
          "not a result of JMH with -prof gc: " + (benchmark.isEmpty() ? run : benchmark));
    }
    int dot = benchmark.lastIndexOf('.');
    TreeMap<String, String> parameters = new TreeMap<>();
    run.path("params")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asString()));
    double score = run.path("primaryMetric").path("score").asDouble();
    String unit = run.path("primaryMetric").path("scoreUnit").stringValue("");
    return new Measurement(
        owner(benchmark.substring(0, dot)),
        benchmark.substring(dot + 1),
        parameters,
        score,
        unit,
        bytes.asDouble(),
        opsPerIteration(run, score, unit));
  }

  private static String owner(String className) {
    String name = className.startsWith(ROOT) ? className.substring(ROOT.length()) : className;
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  private static double opsPerIteration(JsonNode run, double score, String unit) {
    String[] time = run.path("measurementTime").stringValue("").split(" ", -1);
    double seconds = Double.parseDouble(time[0]) * (time[1].equals("ms") ? 1e-3 : 1);
    return switch (unit) {
      case "ns/op" -> seconds * NANOS_PER_SECOND / score * run.path("threads").asInt(1);
      case "ops/s" -> seconds * score;
      default -> throw new IllegalArgumentException("times are in ns/op or ops/s, not " + unit);
    };
  }
}
