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
  private static final Run[] NONE = {};

  private final int maxOpen;
  private volatile Run[] all = NONE;
  private volatile Run[] open = NONE;

  Runs(int maxOpen) {
    this.maxOpen = maxOpen;
  }

  /** Adds a run; false if as many are open as may be. */
  boolean open(Run run) {
    Run[] nowOpen = open;
    if (nowOpen.length >= maxOpen) {
      return false;
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

  /** The newest run whose first event is at or before that offset, or null. */
  @Nullable String at(long offset) {
    Run[] now = all;
    for (int i = now.length - 1; i >= 0; i--) {
      if (now[i].startOffset() > 0 && now[i].startOffset() <= offset) {
        return now[i].runId();
      }
    }
    return null;
  }

  /** The offset before the earliest open run, or before the newest run if none is open. */
  long currentStart(long none) {
    Run[] nowOpen = open;
    Run run = nowOpen.length > 0 ? nowOpen[0] : newest();
    return run == null || run.startOffset() == 0 ? none : run.startOffset() - 1;
  }

  List<RunState> states() {
    return Arrays.stream(all)
        .map(run -> new RunState(run.runId(), run.ending(), run.startOffset(), run.endOffset()))
        .toList();
  }
}
