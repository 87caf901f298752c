package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of Sluice's commands as a process of its own, with both of its outputs kept in files. */
final class ShellProcess implements AutoCloseable {
  private final ChildProcess process;
  private final Path out;
  private final Path err;

  private ShellProcess(ChildProcess process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code sluice} with these arguments; its standard input stays open. */
  static ShellProcess sluice(Path directory, String... arguments) {
    return sluice(directory, Map.of(), arguments);
  }

  static ShellProcess sluice(Path directory, Map<String, String> environment, String... arguments) {
    return start(directory, environment, command(arguments));
  }

  /** Starts a command line of the shell in which {@code sluice} stands for the program. */
  static ShellProcess sh(Path directory, String line) {
    List<String> words = command();
    String program = String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
    return start(
        directory,
        Map.of(),
        List.of("/bin/bash", "-c", "sluice() { " + program + " \"$@\"; }; " + line));
  }

  /** Starts {@code sluice} on a terminal; what is seen there is the standard output here. */
  static ShellProcess onTerminal(
      Path directory, Map<String, String> environment, String... arguments) {
    List<String> quoted = command(arguments).stream().map(word -> "'" + word + "'").toList();
    return start(
        directory,
        environment,
        List.of(Tool.SCRIPT.path(), "-qec", String.join(" ", quoted), "/dev/null"));
  }

  private static ShellProcess start(
      Path directory, Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile(directory, "out", "");
      Path err = Files.createTempFile(directory, "err", "");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
      builder.environment().keySet().removeAll(List.of("NO_COLOR", "JAVA_TOOL_OPTIONS"));
      // A locale that has only ASCII: text is UTF-8 all the same.
      builder.environment().put("LC_ALL", "C");
      builder.environment().put("TERM", "xterm");
      builder.environment().putAll(environment);
      return new ShellProcess(ChildProcess.start("sluice", builder), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), "dev.sluice.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  ShellProcess write(byte[] bytes) {
    try {
      OutputStream input = process.input();
      input.write(bytes);
      input.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ShellProcess write(String text) {
    return write(text.getBytes(UTF_8));
  }

  ShellProcess endInput() {
    try {
      process.input().close();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until standard output holds that. */
  void awaitOut(String part) {
    Deadline.await(() -> out().contains(part), () -> out() + "\nand\n" + err());
  }

  void awaitErr(String part) {
    Deadline.await(() -> err().contains(part), () -> out() + "\nand\n" + err());
  }

  int awaitExit() {
    return process.awaitExit();
  }

  /** What a terminal's Ctrl-C does. */
  void interrupt() {
    try (ChildProcess kill =
        ChildProcess.start("kill", List.of("/bin/bash", "-c", "kill -INT " + process.pid()))) {
      kill.awaitExit();
    }
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
