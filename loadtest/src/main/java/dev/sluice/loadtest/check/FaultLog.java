package dev.sluice.loadtest.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts faults by kind and keeps the first few of each as examples. Any thread may write and read.
 */
public final class FaultLog {
  private static final int EXAMPLES_PER_KIND = 3;

  private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
  private final Map<FaultKind, List<String>> examples = new EnumMap<>(FaultKind.class);
  private final ToldLog told = new ToldLog();
  private final Set<String> places = new HashSet<>();

  /** Counts one fault; {@code where} names the stream or connection, {@code what} the detail. */
  public synchronized void record(FaultKind kind, String where, String what) {
    places.add(where);
    counts.merge(kind, 1L, Long::sum);
    List<String> kept = examples.computeIfAbsent(kind, k -> new ArrayList<>());
    if (kept.size() < EXAMPLES_PER_KIND) {
      kept.add(where + ": " + what);
    }
  }

  /** What was told, and so is no fault. */
  public ToldLog told() {
    return told;
  }

  /** Whether anything was recorded of the stream or connection with that name. */
  public synchronized boolean isAt(String where) {
    return places.contains(where);
  }

  /** Whether nothing was recorded. */
  public synchronized boolean isEmpty() {
    return counts.isEmpty();
  }

  /** A copy of the counts; kinds that did not occur are absent. */
  public synchronized Map<FaultKind, Long> counts() {
    return new EnumMap<>(counts);
  }

  /** A copy of the examples of one kind. */
  public synchronized List<String> examples(FaultKind kind) {
    return List.copyOf(examples.getOrDefault(kind, List.of()));
  }
}
