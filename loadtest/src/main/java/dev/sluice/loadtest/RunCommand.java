package dev.sluice.loadtest;

import dev.sluice.loadtest.plan.RigLimits;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Scenario;
import dev.sluice.loadtest.plan.Transport;
import dev.sluice.loadtest.report.ReportFiles;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.report.SummaryTable;
import dev.sluice.loadtest.report.Verdict;
import dev.sluice.loadtest.rig.LoadRun;
import dev.sluice.loadtest.rig.RunObserver;
import dev.sluice.loadtest.target.FileLimit;
import dev.sluice.loadtest.target.TargetAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: one load run, its report and its verdict. */
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
      "  1  FAIL(server): the target broke the contract",
      "  2  wrong command line",
      "  3  FAIL(rig): the load that was asked for was not made; the figures say nothing"
    })
final class RunCommand implements Callable<Integer> {

  private static final int WARM_UP_SECONDS = 3;

  /** Far beyond what a run's time allows; keeps the number of events within what is computed. */
  private static final int MAX_TOKENS = 10_000_000;

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SCENARIO",
      defaultValue = "unicast",
      description = {
        "unicast: each stream reads a chat of its own, all are published to.",
        "idle: the streams are opened and held, nothing is published."
      })
  private Scenario scenario = Scenario.UNICAST;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The target, on this machine only.")
  private String url = "";

  @Option(names = "--streams", defaultValue = "1000", description = "Streams to open.")
  private int streams;

  @Option(names = "--tokens", defaultValue = "20", description = "Measured tokens per stream.")
  private int tokens;

  @Option(
      names = "--warm-up-tokens",
      description = {
        "Tokens per stream before these, checked but not measured.",
        "Default: as many as fill three seconds; a cold JVM, this one too, is late."
      })
  private @Nullable Integer warmUpTokens;

  @Option(
      names = "--rate",
      defaultValue = "10000",
      description = "Events due per second over all streams; start and end of a stream count.")
  private double rate;

  @Option(
      names = "--connections",
      defaultValue = "4",
      description = "Publish connections; a chat stays on one.")
  private int connections;

  @Option(
      names = "--connects-in-flight",
      defaultValue = "64",
      description = "Streams that may be between connect and response head.")
  private int connectsInFlight;

  @Option(
      names = "--loops",
      description = "Event loops that receive, one for every two cores here.")
  private int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(
      names = "--transport",
      paramLabel = "epoll|nio",
      description = "Default: epoll where it is there.")
  private @Nullable Transport transport;

  @Option(names = "--hold-seconds", defaultValue = "20", description = "How long idle holds.")
  private int holdSeconds;

  @Option(
      names = "--timeout-seconds",
      defaultValue = "120",
      description = "The run stops then, however far it is.")
  private int timeoutSeconds;

  @Option(
      names = "--settle-seconds",
      defaultValue = "10",
      description = "So long without a byte after the last publish: nothing more is awaited.")
  private int settleSeconds;

  @Option(
      names = "--min-rate-percent",
      defaultValue = "99",
      description = "The rig fails itself below this share of the rate.")
  private double minRatePercent;

  @Option(
      names = "--max-lateness-ms",
      defaultValue = "10",
      description = "The rig fails itself when the p99 of its own lateness is above.")
  private double maxLatenessMs;

  @Option(
      names = "--pid",
      description = "The target's process: tells its memory per idle stream and CPU per token.")
  private @Nullable Long pid;

  @Option(
      names = "--tag",
      description = "Names the run, its chats and its texts. Default: made from the time.")
  private @Nullable String tag;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the reports go. Default: target/loadtest-SCENARIO.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunSpec spec = spec();
    CommandLine line = commandSpec().commandLine();
    FileLimit files = FileLimit.ofThisProcess();
    long sockets = (long) spec.streams() + spec.connections();
    if (!files.allows(sockets)) {
      line.getErr().println(files.advice(sockets));
      return Verdict.FAIL_RIG.exitCode();
    }
    Path directory = out == null ? Path.of("target", "loadtest-" + scenario) : out;
    ProgressLine progress = ProgressLine.on(line.getErr());
    try (ReportFiles reports = ReportFiles.open(directory)) {
      RunResult result = new LoadRun(spec, observer(reports, progress)).run();
      progress.clear();
      reports.write(result);
      line.getOut().print(SummaryTable.of(result));
      line.getOut().flush();
      return result.verdict().exitCode();
    } catch (UnsupportedOperationException e) {
      throw wrong("--transport: " + e.getMessage());
    }
  }

  private RunSpec spec() {
    atLeast("--streams", streams, 1);
    atLeast("--tokens", tokens, 1);
    atLeast("--rate", rate, Double.MIN_VALUE);
    atLeast("--connections", connections, 1);
    atLeast("--connects-in-flight", connectsInFlight, 1);
    atLeast("--loops", loops, 1);
    int warmUp = warmUpTokens == null ? defaultWarmUpTokens() : warmUpTokens;
    atLeast("--warm-up-tokens", warmUp, 0);
    if (tokens > MAX_TOKENS || warmUp > MAX_TOKENS) {
      throw wrong("--tokens, --warm-up-tokens: at most " + MAX_TOKENS);
    }
    atLeast("--hold-seconds", holdSeconds, 0);
    atLeast("--timeout-seconds", timeoutSeconds, 1);
    atLeast("--settle-seconds", settleSeconds, 1);
    String runTag = tag == null ? Long.toString(System.currentTimeMillis(), 36) : tag;
    if (!runTag.matches("[A-Za-z0-9-]{1,64}")) {
      throw wrong("--tag: 1 to 64 letters, digits and hyphens");
    }
    RunSpec spec =
        new RunSpec(
            scenario,
            target(),
            runTag,
            streams,
            warmUp,
            tokens,
            rate,
            connections,
            connectsInFlight,
            loops,
            transport,
            holdSeconds,
            timeoutSeconds,
            settleSeconds,
            pid,
            new RigLimits(minRatePercent, maxLatenessMs));
    double needsSeconds = scenario == Scenario.IDLE ? holdSeconds : spec.publishSeconds();
    if (needsSeconds >= timeoutSeconds) {
      throw wrong(
          String.format(
              "the run needs %.1f s, more than --timeout-seconds %d",
              needsSeconds, timeoutSeconds));
    }
    return spec;
  }

  private int defaultWarmUpTokens() {
    return (int) Math.min(MAX_TOKENS, Math.ceil(WARM_UP_SECONDS * rate / streams));
  }

  private TargetAddress target() {
    try {
      return TargetAddress.parse(url);
    } catch (IllegalArgumentException e) {
      throw wrong("--url: " + e.getMessage());
    }
  }

  private void atLeast(String option, double value, double least) {
    if (!(value >= least)) {
      throw wrong(option + ": " + value + " is too small");
    }
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

  private static RunObserver observer(ReportFiles reports, ProgressLine progress) {
    return new RunObserver() {
      @Override
      public void onLatencyInterval(Histogram interval) {
        reports.append(interval);
      }

      @Override
      public void onProgress(String text) {
        progress.show(text);
      }
    };
  }
}
