package dev.sluice.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What is done with the benchmarks beyond running some of them by hand, for which JMH's own main
 * class is there.
 */
@Command(
    name = "bench",
    description = "Runs the benchmarks. Paths are as seen from the project's root.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = GenerateCommand.class)
public final class Main implements Runnable {
  private static final String BRIEFLY = ".*";
  private static final int WARMUP_MS = 500;
  private static final int LONG_WARMUP_MS = 3000;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Exits with 0 if all is well, 1 if the gate is closed or a benchmark fails, 2 on bad usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              commandLine.getErr().println(e.getMessage() == null ? e : e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a command is needed: gate, baseline, full or generate");
  }

  @Command(
      name = "gate",
      description =
          "Short pass: exits with 1 if a benchmark allocates more than the baseline has, is not in"
              + " it, or does not run.")
  int gate(
      @Option(names = "--baseline", defaultValue = "bench/baseline.json") Path baselineFile,
      @Option(names = "--out", defaultValue = "bench/target/measured") Path out)
      throws IOException, RunnerException {
    Gate gate = new Gate(Baseline.read(baselineFile));
    Measurements measured = new JmhRun(out.resolve("gate.json")).brief(BRIEFLY, 1, WARMUP_MS);
    List<Measurement> above = gate.above(measured);
    if (!above.isEmpty()) {
      // Perhaps not compiled yet: that is told from a real object by time.
      JmhRun again = new JmhRun(out.resolve("gate-again.json"));
      measured = measured.replacedBy(again.brief(above, LONG_WARMUP_MS));
    }
    table(measured, out.resolve("gate.md"));
    List<String> faults = gate.faults(measured);
    PrintWriter terminal = spec.commandLine().getOut();
    gate.improvements(measured).forEach(each -> terminal.println("better: " + each));
    faults.forEach(each -> terminal.println("FAIL: " + each));
    terminal.println(
        faults.isEmpty()
            ? "gate: passed"
            : "gate: failed; if that is meant to be, rewrite the baseline (command baseline)");
    terminal.flush();
    return faults.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  @Command(name = "baseline", description = "Short pass: rewrites the baseline with what it finds.")
  int baseline(
      @Option(names = "--baseline", defaultValue = "bench/baseline.json") Path baselineFile,
      @Option(names = "--out", defaultValue = "bench/target/measured") Path out)
      throws IOException, RunnerException {
    JmhRun run = new JmhRun(out.resolve("baseline-run.json"));
    Baseline.of(run.brief(BRIEFLY, 1, LONG_WARMUP_MS)).write(baselineFile);
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "full",
      description = "The full set: writes JMH's JSON and a Markdown table with ratios.")
  int full(@Option(names = "--out", defaultValue = "bench/target/measured") Path out)
      throws IOException, RunnerException {
    table(new JmhRun(out.resolve("full.json")).full(), out.resolve("full.md"));
    return CommandLine.ExitCode.OK;
  }

  private void table(Measurements measured, Path file) throws IOException {
    String table = RatioTable.of(measured);
    Files.writeString(file, table);
    spec.commandLine().getOut().println("\n" + table);
  }
}
