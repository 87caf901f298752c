package dev.sluice.loadtest.report;

import dev.sluice.loadtest.target.TargetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Two targets compared by the medians of their runs. Belongs to one thread. */
public final class VersusTable {
  private final TargetAddress one;
  private final TargetAddress other;
  private final Map<String, List<Double>> ofOne = new LinkedHashMap<>();
  private final Map<String, List<Double>> ofOther = new LinkedHashMap<>();
  private int runs;

  /** A table without runs. */
  public VersusTable(TargetAddress one, TargetAddress other) {
    this.one = one;
    this.other = other;
  }

  /** Adds a run; the first is of the one target, the second of the other, and so on. */
  public void add(StoredRun run) {
    Map<String, List<Double>> into = runs++ % 2 == 0 ? ofOne : ofOther;
    RunFigures.of(run)
        .forEach(
            (name, value) -> {
              if (value != null) {
                into.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
              }
            });
  }

  /** The figures that both have: medians, and how many times the other's the one's are. */
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append(String.format("medians of %d runs each%n", runs / 2));
    out.append(row("", one.authority(), other.authority(), "ratio"));
    ofOne.forEach(
        (name, values) -> {
          List<Double> others = ofOther.get(name);
          if (others != null) {
            double a = median(values);
            double b = median(others);
            out.append(row(name, number(a), number(b), ratio(a, b)));
          }
        });
    return out.toString();
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String ratio(double a, double b) {
    return b == 0 ? "-" : String.format(Locale.ROOT, "%.2f", a / b);
  }

  private static String number(double value) {
    String format = value >= 1000 || value == Math.rint(value) ? "%,.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String row(String name, String a, String b, String ratio) {
    return String.format(Locale.ROOT, "%-36s %18s %18s %8s%n", name, a, b, ratio);
  }
}
