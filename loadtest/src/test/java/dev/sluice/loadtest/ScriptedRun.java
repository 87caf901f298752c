package dev.sluice.loadtest;

import dev.sluice.loadtest.ScriptedServer.Script;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A few streams of a few tokens, through the command line, against a scripted server. */
abstract class ScriptedRun {
  static final int STREAMS = 6;
  static final int TOKENS = 5;
  static final int LIAR = 4;

  @TempDir Path directory;

  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  int run(Script script, String... more) throws IOException {
    try (ScriptedServer server = new ScriptedServer(script)) {
      return run(server, more);
    }
  }

  int run(ScriptedServer server, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("run", "--url", server.url(), "--tag", "test"));
    args.addAll(defaults(more, "--warm-up-tokens", "0"));
    args.addAll(defaults(more, "--settle-seconds", "60"));
    args.addAll(defaults(more, "--streams", "" + STREAMS));
    args.addAll(List.of("--tokens", "" + TOKENS));
    args.addAll(defaults(more, "--rate", "20000"));
    args.addAll(List.of("--connections", "2", "--out", directory.toString()));
    // The rig's own lateness is not under test here, and must not decide: other work shares the
    // machine.
    args.addAll(List.of("--max-lateness-ms", "1e9"));
    args.addAll(defaults(more, "--min-rate-percent", "0"));
    args.addAll(List.of(more));
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args.toArray(new String[0]));
  }

  private static List<String> defaults(String[] given, String option, String value) {
    return List.of(given).contains(option) ? List.of() : List.of(option, value);
  }

  String printed() {
    return out + "\n" + err;
  }
}
