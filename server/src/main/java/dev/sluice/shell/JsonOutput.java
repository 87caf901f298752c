package dev.sluice.shell;

import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A chat for programs: each event is one line of JSON on standard output, with its id. */
final class JsonOutput implements TailOutput {
  private final OutputStream out;
  private final PrintStream err;
  private final Set<TokenType> types;

  /**
   * @param types the tokens that are wanted; other events always are
   */
  JsonOutput(OutputStream out, PrintStream err, Set<TokenType> types) {
    this.out = out;
    this.err = err;
    this.types = types;
  }

  @Override
  public void event(ChatEvent event) throws IOException {
    TokenType type = event.type();
    if (!event.isToken() || type == null || types.contains(type)) {
      out.write((event.jsonWithId() + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void note(String line) {
    err.print(line + "\n");
    err.flush();
  }

  @Override
  public void end() {}
}
