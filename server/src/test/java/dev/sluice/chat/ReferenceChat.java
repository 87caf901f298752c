package dev.sluice.chat;

import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the contract says about events and their order, as a plain list: slow and simple. */
final class ReferenceChat {
  private record Entry(@Nullable String run, String brief) {}

  private static final class ModelRun {
    final @Nullable String name;
    boolean open = true;
    boolean stopped;
    boolean started;
    boolean metadata;

    ModelRun(@Nullable String name) {
      this.name = name;
    }
  }

  private final int maxOpen;
  private final boolean dropBlanks;
  private final List<ModelRun> runs = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  ReferenceChat(int maxOpen, boolean dropBlanks) {
    this.maxOpen = maxOpen;
    this.dropBlanks = dropBlanks;
  }

  int size() {
    return entries.size();
  }

  /** How many events there are once that was published, too. */
  int sizeAfter(EventDraft draft) {
    publish(draft);
    return size();
  }

  /** The events in short, of one run or of all. */
  List<String> briefs(@Nullable String run) {
    return briefs(run, 0, entries.size());
  }

  /** As {@link #briefs(String)}, but only the events after that offset, up to the other. */
  List<String> briefs(@Nullable String run, long after, long upTo) {
    return entries.subList((int) after, (int) upTo).stream()
        .filter(entry -> run == null || run.equals(entry.run()))
        .map(Entry::brief)
        .toList();
  }

  void stop() {
    for (ModelRun run : open()) {
      add(run, "abort \"[DONE]\"", null, "");
      end(run);
      run.stopped = true;
    }
  }

  PublishResult publish(EventDraft draft) {
    String name = draft.name();
    boolean closing = name.equals("end") || name.equals("abort");
    boolean nothing =
        name.equals("token") && (draft.data().isEmpty() || (dropBlanks && draft.isBlank()));
    ModelRun run = find(draft.run());
    if (run == null) {
      if (closing || nothing) {
        return PublishResult.ACCEPTED;
      }
      boolean afterStop = !runs.isEmpty() && runs.get(runs.size() - 1).stopped;
      if (draft.run() == null && afterStop && !playsStart(draft)) {
        return PublishResult.RUN_STOPPED;
      }
      if (open().size() == maxOpen) {
        return PublishResult.TOO_MANY_RUNS;
      }
      run = new ModelRun(draft.run());
      runs.add(run);
    } else if (run.stopped) {
      return PublishResult.RUN_STOPPED;
    } else if (!run.open) {
      return name.equals("end") ? PublishResult.ACCEPTED : PublishResult.RUN_ENDED;
    }
    if (!nothing) {
      apply(run, draft);
    }
    return PublishResult.ACCEPTED;
  }

  private void apply(ModelRun run, EventDraft draft) {
    String name = draft.name();
    if (!run.started && !playsStart(draft)) {
      add(run, "start \"\"", null, "");
    }
    boolean swallowed =
        (name.equals("start") && run.started) || (name.equals("metadata") && run.metadata);
    run.started = true;
    run.metadata |= name.equals("metadata");
    if (name.equals("end")) {
      end(run);
      return;
    }
    if (!swallowed) {
      String data = draft.data().toString();
      String quote = draft.dataKind() == DataKind.STRING ? "\"" : "";
      add(run, name + " " + quote + data + quote, draft.type(), extras(draft));
    }
    if (name.equals("error") || name.equals("abort")) {
      end(run);
    }
  }

  private void end(ModelRun run) {
    add(run, "end \"[DONE]\"", null, "");
    run.open = false;
  }

  private void add(ModelRun run, String event, @Nullable TokenType type, String extras) {
    String brief = event + (type == null ? "" : " " + type.wireName());
    String name = run.name;
    entries.add(new Entry(name, brief + (name == null ? "" : " run=\"" + name + "\"") + extras));
  }

  private List<ModelRun> open() {
    return runs.stream().filter(run -> run.open).toList();
  }

  private @Nullable ModelRun find(@Nullable String name) {
    ModelRun found = null;
    for (ModelRun run : runs) {
      if (name == null ? run.open : name.equals(run.name)) {
        found = run;
      }
    }
    return found;
  }

  private static boolean playsStart(EventDraft draft) {
    return draft.name().equals("start")
        || (draft.name().equals("agentFlowEvent") && draft.data().toString().equals("INPROGRESS"));
  }

  private static String extras(EventDraft draft) {
    return draft.extras().toString().replaceAll(",\"(\\w+)\":", " $1=");
  }
}
