package dev.sluice.clients;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Sluice as its users start it: a process of its own, known by the line that it prints. */
public final class ServerUnderTest implements RunningServer {
  private static final Pattern LISTENING = Pattern.compile("^listening on (https?://\\S+?)/?$");

  private final ChildProcess process;
  private final URI uri;

  private ServerUnderTest(ChildProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts the server with these options on this JVM's class path, on a port that is free unless
   * the first option is one.
   */
  public static ServerUnderTest start(String... options) {
    List<String> arguments = new ArrayList<>(List.of("dev.sluice.Main"));
    if (options.length == 0 || !options[0].startsWith("--port=")) {
      arguments.add("--port=0");
    }
    arguments.addAll(List.of(options));
    return startProgram(arguments.toArray(String[]::new));
  }

  /**
   * Starts a program that has the server inside, on this JVM's class path.
   *
   * @param program options of the JVM, the main class or the source file, and its arguments
   */
  public static ServerUnderTest startProgram(String... program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(program));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
    ChildProcess process = ChildProcess.start("the server", builder);
    try {
      return new ServerUnderTest(process, URI.create(process.awaitLine(LISTENING)));
    } catch (AssertionError | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public URI uri() {
    return uri;
  }

  /** Sends it SIGTERM. */
  void terminate() {
    process.terminate();
  }

  int awaitExit() {
    return process.awaitExit();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has logged lately. */
  String log() {
    return process.errors();
  }

  /** Ends it as a crash would. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
