package dev.sluice.loadtest;

import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.report.Verdict;
import dev.sluice.loadtest.rival.EchoServer;
import dev.sluice.loadtest.target.FileLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: load runs, their reports and the verdict. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Opens streams, publishes to them on a fixed schedule, and checks what they get.",
      "Latency counts from the time at which a token was due, not from when it was sent."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  passed",
      "  1  FAIL(server): the target broke the contract, or takes more memory than allowed",
      "  2  wrong command line",
      "  3  FAIL(rig): the load that was asked for was not made; the figures say nothing"
    })
final class RunCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec command;

  @Mixin private RunOptions typed = new RunOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunOptions options;
    try {
      options = withScenario(commandSpec().commandLine());
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
    if (!options.target().isEcho()) {
      return run(options);
    }
    try (EchoServer echo = EchoServer.start(0)) {
      options.target().echoAt(echo.url());
      return run(options);
    }
  }

  private int run(RunOptions options) throws IOException, InterruptedException {
    CommandLine line = commandSpec().commandLine();
    List<RunSpec> specs = new ArrayList<>();
    TargetOptions other;
    try {
      other = options.target().other();
      List<Double> rates = options.ramp().rates(options.rate());
      OptionRule.rule("--vs", other == null || rates.size() == 1, "does not go with --ramp-to");
      if (other == null) {
        for (double rate : rates) {
          String part = rates.size() == 1 ? "" : "at-" + Math.round(rate);
          specs.add(options.spec(options.target(), part, rate));
        }
      } else {
        for (int round = 1; round <= options.target().rounds(); round++) {
          specs.add(options.spec(options.target(), "a" + round, 0));
          specs.add(options.spec(other, "b" + round, 0));
        }
      }
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
    RunSpec last = specs.get(specs.size() - 1);
    FileLimit files = FileLimit.ofThisProcess();
    long sockets =
        (long) last.load().streams() + last.load().connections() + last.mishaps().halfOpens();
    if (!files.allows(sockets)) {
      line.getErr().println(files.advice(sockets));
      return Verdict.FAIL_RIG.exitCode();
    }
    RunSeries series = new RunSeries(line.getOut(), ProgressLine.on(line.getErr()), options.out());
    try {
      if (other != null) {
        return series.versus(specs).exitCode();
      }
      Verdict verdict =
          specs.size() == 1 ? series.one(last) : series.ramp(specs, options.ramp().p99Ms());
      return verdict.exitCode();
    } catch (UnsupportedOperationException e) {
      throw wrong("--transport: " + e.getMessage());
    }
  }

  /** The options of the scenario, with those of the command line above them. */
  private RunOptions withScenario(CommandLine line) {
    List<String> arguments =
        new ArrayList<>(ScenarioFile.arguments(typed.scenario(), optionsOf(new RunOptions())));
    List<String> all = line.getParseResult().originalArgs();
    arguments.addAll(all.subList(all.indexOf(line.getCommandName()) + 1, all.size()));
    RunOptions options = new RunOptions();
    optionsOf(options).parseArgs(arguments.toArray(new String[0]));
    return options;
  }

  private static CommandLine optionsOf(RunOptions options) {
    return new CommandLine(
            CommandSpec.create().addMixin("run", CommandSpec.forAnnotatedObject(options)))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true);
  }

  private ParameterException wrong(@Nullable String message) {
    return new ParameterException(commandSpec().commandLine(), String.valueOf(message));
  }

  private CommandSpec commandSpec() {
    if (command == null) {
      throw new IllegalStateException("not started by picocli");
    }
    return command;
  }
}
