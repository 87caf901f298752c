package dev.sluice.bench;

import java.util.Locale;
import java.util.stream.Collectors;

/** Measurements as a Markdown table, each of our own with its ratio to every rival of its run. */
final class RatioTable {
  private RatioTable() {}

  static String of(Measurements measured) {
    StringBuilder table = new StringBuilder(measured.machine()).append("\n\n");
    table.append("| benchmark | parameters | score | B/op | as fast as |\n");
    table.append("|---|---|---:|---:|---|\n");
    for (Measurement each : measured.all()) {
      String ratios =
          measured.rivalsOf(each).stream()
              .map(rival -> ratio(each.speedOver(rival)) + " × " + rival.method())
              .collect(Collectors.joining(", "));
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s %s | %.1f | %s |\n",
              each.name(),
              each.parametersText(),
              score(each.score()),
              each.unit(),
              each.bytesPerOp(),
              ratios));
    }
    return table.toString();
  }

  private static String score(double score) {
    return String.format(Locale.ROOT, score < 100 ? "%.1f" : "%,.0f", score);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
  }
}
