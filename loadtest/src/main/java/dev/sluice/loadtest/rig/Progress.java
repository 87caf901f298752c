package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.target.ChatStates;
import dev.sluice.loadtest.target.ChatStates.ChatState;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Finds out how many of a publisher's events the target has, after its connection was cut. Offsets
 * count the events of a chat, so the last one tells it, less what the target put in itself: {@code
 * error} and {@code end} of a run whose publisher it gave up.
 *
 * <p>It asks until the target has noticed the cut: it has either ended the runs, or still keeps
 * them open after {@value #PATIENCE_MS} ms for a publisher that comes back, and nothing is added
 * any more. One thread asks; any thread may call.
 */
final class Progress implements AutoCloseable {
  private static final int PATIENCE_MS = 5_000;
  private static final int LOOK_EVERY_MS = 50;

  private final RunSpec spec;
  private final Map<Integer, Known> known = new HashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "progress");
            made.setDaemon(true);
            return made;
          });

  Progress(RunSpec spec) {
    this.spec = spec;
  }

  /**
   * Where to go on in a chat.
   *
   * @param nextIndex the first event that the target does not have
   * @param runLost whether its run was ended, so that a new one has to be started
   */
  record Place(int nextIndex, boolean runLost) {
    static final Place NOTHING = new Place(-1, false);
  }

  /** What was found the last time. */
  private record Known(long offset, int nextIndex, boolean open) {
    static final Known NOTHING = new Known(0, -1, false);
  }

  /** Finds the places of these chats. */
  CompletableFuture<Map<Integer, Place>> ask(Collection<Integer> chats) {
    List<Integer> asked = List.copyOf(chats);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return places(asked);
          } catch (IOException e) {
            throw new CompletionException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
          }
        },
        thread);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private Map<Integer, Place> places(List<Integer> chats) throws IOException, InterruptedException {
    ChatStates states = new ChatStates(spec.target());
    Map<Integer, ChatState> last = new HashMap<>();
    Set<Integer> unsure = new HashSet<>(chats);
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    boolean noticed = false;
    while (!unsure.isEmpty()) {
      boolean patient = System.nanoTime() - deadlineNanos < 0;
      // Once one run has been given up, nothing of the old connection is under way any more.
      boolean settled = noticed || !patient;
      for (int chat : List.copyOf(unsure)) {
        ChatState state = states.ask(spec.chatId(chat));
        boolean same = state.equals(last.put(chat, state));
        if (same && settled && !(patient && state.isOpen())) {
          unsure.remove(chat);
        }
        noticed |= isLostAnew(chat, state);
      }
      if (!unsure.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      }
    }
    Map<Integer, Place> places = new HashMap<>();
    last.forEach((chat, state) -> places.put(chat, place(chat, state)));
    return places;
  }

  private boolean isLostAnew(int chat, ChatState state) {
    long offset = known.getOrDefault(chat, Known.NOTHING).offset;
    return state.endedBy("producer_lost") && state.lastOffset() > offset;
  }

  private Place place(int chat, ChatState state) {
    Known before = known.getOrDefault(chat, Known.NOTHING);
    boolean lost = state.endedBy("producer_lost");
    long appended = state.lastOffset() - before.offset;
    if (appended == 0) {
      return new Place(before.nextIndex, lost);
    }
    long own = appended - (lost ? 2 : 0);
    // The start of a run that goes on with the text of another is none of the timetable's events.
    boolean startedAnew = !before.open && before.nextIndex >= 0;
    int nextIndex = before.nextIndex + (int) (startedAnew ? own - 1 : own);
    known.put(chat, new Known(state.lastOffset(), nextIndex, state.isOpen()));
    return new Place(nextIndex, lost);
  }
}
