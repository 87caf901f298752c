package dev.sluice.http;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An upstream that reads predictions itself, begins its runs itself and has a configuration. */
final class VerbatimUpstream implements Upstream {
  /** Who waits for the configuration of a flow. */
  record Waiting(@Nullable String flow, Consumer<byte @Nullable []> taker) {}

  final List<Waiting> waiting = new ArrayList<>();
  private final BiConsumer<Prompt, RunPublisher> asked;

  VerbatimUpstream(BiConsumer<Prompt, RunPublisher> asked) {
    this.asked = asked;
  }

  @Override
  public void answer(Prompt prompt, RunPublisher run) {
    asked.accept(prompt, run);
  }

  @Override
  public boolean readsPredictions() {
    return true;
  }

  @Override
  public boolean beginsRuns() {
    return true;
  }

  @Override
  public void chatbotConfig(@Nullable String flow, Consumer<byte @Nullable []> taker) {
    waiting.add(new Waiting(flow, taker));
  }
}
