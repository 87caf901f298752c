package dev.sluice.loadtest.measure;

import dev.sluice.loadtest.plan.Mishap;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many mishaps of each kind there were, and how many of them did no harm: all streams that they
 * were about ended with the exact text. Any thread may add; read it when the run is over.
 */
public final class MishapTally {
  private final Map<Mishap, LongAdder> made = new EnumMap<>(Mishap.class);
  private final Map<Mishap, LongAdder> survived = new EnumMap<>(Mishap.class);

  /** Nothing has happened yet. */
  public MishapTally() {
    for (Mishap each : Mishap.values()) {
      made.put(each, new LongAdder());
      survived.put(each, new LongAdder());
    }
  }

  /** So many have happened. */
  public void made(Mishap what, long count) {
    Objects.requireNonNull(made.get(what)).add(count);
  }

  /** So many of those did no harm. */
  public void survived(Mishap what, long count) {
    Objects.requireNonNull(survived.get(what)).add(count);
  }

  /** How many have happened. */
  public long made(Mishap what) {
    return Objects.requireNonNull(made.get(what)).sum();
  }

  /** How many of those did no harm. */
  public long survived(Mishap what) {
    return Objects.requireNonNull(survived.get(what)).sum();
  }
}
