package dev.sluice.shell;

import java.io.IOException;

/** Hands events on to an output and remembers what they mean for the exit code. One thread. */
final class TailOutcome implements TailOutput {
  private final TailOutput output;
  private boolean failed;
  private boolean stopped;
  private boolean gap;

  TailOutcome(TailOutput output) {
    this.output = output;
  }

  /** One of {@link ExitCodes}: a failed run weighs more than a stopped one, and that than a gap. */
  int exitCode() {
    return failed
        ? ExitCodes.RUN_FAILED
        : stopped ? ExitCodes.RUN_STOPPED : gap ? ExitCodes.GAP : ExitCodes.DONE;
  }

  @Override
  public void event(ChatEvent event) throws IOException {
    switch (event.name()) {
      case "error" -> failed = true;
      case "abort" -> stopped = true;
      case "gap" -> gap = true;
      default -> {}
    }
    output.event(event);
  }

  @Override
  public void note(String line) throws IOException {
    output.note(line);
  }

  @Override
  public void end() throws IOException {
    output.end();
  }
}
