package dev.sluice.chat;

import java.util.List;
import java.util.stream.LongStream;

/** The seeds of random walks. */
final class Seeds {
  private Seeds() {}

  /** So many, or the one that {@code -Dsluice.seed} chooses. */
  static List<Long> below(long count) {
    Long chosen = Long.getLong("sluice.seed");
    return chosen == null ? LongStream.range(0, count).boxed().toList() : List.of(chosen);
  }
}
