package dev.sluice.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Python script of {@code src/test/clients}. */
final class PythonClient {
  private PythonClient() {}

  static JsonLines start(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.PYTHON.path());
    command.add(Tool.SCRIPTS.resolve(script).toString());
    command.addAll(List.of(arguments));
    return new JsonLines(ChildProcess.start(script, direct(new ProcessBuilder(command))));
  }

  /** Has the program go straight to loopback, whatever proxy this machine has. */
  static ProcessBuilder direct(ProcessBuilder builder) {
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    return builder;
  }
}
