package dev.sluice.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one chat: those that are open and the newest of those that have ended. Changed inside
 * the chat's {@link Combiner}; read from any thread as a snapshot.
 */
final class Runs {
  private static final int MAX_ENDED = 32;
  private static final Run[] NO_RUNS = {};

  /** What a chat has to which nothing was published yet. It stays empty. */
  static final Runs NONE = new Runs(0);

  private final int maxOpen;
  private volatile Run[] all = NO_RUNS;
  private volatile Run[] open = NO_RUNS;

  Runs(int maxOpen) {
    this.maxOpen = maxOpen;
  }

  /** Adds a run; false if as many are open as may be. */
  boolean open(Run run) {
    Run[] nowOpen = open;
    if (nowOpen.length >= maxOpen) {
      return false;
    }
    if (nowOpen.length > 0) {
      // Not the only one: whoever reads both has to tell them apart.
      run.showId();
    }
    List<Run> kept = new ArrayList<>(Arrays.asList(all));
    int surplus = kept.size() - nowOpen.length - MAX_ENDED;
    for (int i = 0; i < kept.size() && surplus > 0; i++) {
      if (!kept.get(i).isOpen()) {
        kept.remove(i--);
        surplus--;
      }
    }
    kept.add(run);
    all = kept.toArray(Run[]::new);
    Run[] nextOpen = Arrays.copyOf(nowOpen, nowOpen.length + 1);
    nextOpen[nowOpen.length] = run;
    open = nextOpen;
    return true;
  }

  void close(Run run) {
    List<Run> rest = new ArrayList<>(Arrays.asList(open));
    rest.remove(run);
    open = rest.toArray(Run[]::new);
  }

  List<Run> open() {
    return List.of(open);
  }

  List<Run> all() {
    return List.of(all);
  }

  boolean hasOpen() {
    return open.length > 0;
  }

  /** True if publishers are to wait for the readers of an open run. */
  boolean arePushingBack() {
    for (Run run : open) {
      if (run.pushesBack()) {
        return true;
      }
    }
    return false;
  }

  /** The run that was opened last: of those that are open, if any is. Null if there was none. */
  @Nullable Run newestOpenOrNot() {
    Run newestOpen = newestOpen();
    return newestOpen == null ? newest() : newestOpen;
  }

  /** The open run that was opened last, or null. */
  @Nullable Run newestOpen() {
    Run[] now = open;
    return now.length == 0 ? null : now[now.length - 1];
  }

  /** The run that was opened last, open or not, or null. */
  @Nullable Run newest() {
    Run[] now = all;
    return now.length == 0 ? null : now[now.length - 1];
  }

  @Nullable Run find(String runId) {
    Run[] now = all;
    for (int i = now.length - 1; i >= 0; i--) {
      if (now[i].runId().equals(runId)) {
        return now[i];
      }
    }
    return null;
  }

  /** The run that was under way at that offset; null if there was none, or several. */
  @Nullable Run onlyOneAt(long offset) {
    Run found = null;
    for (Run run : all) {
      long start = run.startOffset();
      long end = run.endOffset();
      if (start > 0 && start <= offset && (end == 0 || end >= offset)) {
        if (found != null) {
          return null;
        }
        found = run;
      }
    }
    return found;
  }

  /**
   * The offset before the start of the earliest open run, or of the newest run if none is open, and
   * of the runs that overlap with it: nobody gets the end of a run without its start.
   */
  long currentStart(long none) {
    long start = startOfCurrent();
    if (start == 0) {
      return none;
    }
    // Again after each find: what overlaps with an overlap counts, too.
    for (long earlier = overlapping(start); earlier < start; earlier = overlapping(start)) {
      start = earlier;
    }
    return start - 1;
  }

  /** Where the earliest run that was under way at that offset began, or the offset. */
  private long overlapping(long offset) {
    long earliest = offset;
    for (Run run : all) {
      long start = run.startOffset();
      if (start > 0 && start < earliest && (run.endOffset() == 0 || run.endOffset() > offset)) {
        earliest = start;
      }
    }
    return earliest;
  }

  /** The offset of the earliest event of an open run, or of the newest run; 0 for none. */
  private long startOfCurrent() {
    Run[] nowOpen = open;
    if (nowOpen.length == 0) {
      Run newest = newest();
      return newest == null ? 0 : newest.startOffset();
    }
    // One that was opened first may begin last: its producer has said nothing yet.
    long earliest = 0;
    for (Run run : nowOpen) {
      long start = run.startOffset();
      if (start > 0 && (earliest == 0 || start < earliest)) {
        earliest = start;
      }
    }
    return earliest;
  }

  List<RunState> states() {
    return Arrays.stream(all)
        .map(run -> new RunState(run.runId(), run.ending(), run.startOffset(), run.endOffset()))
        .toList();
  }
}
