package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.rule;

import dev.sluice.loadtest.plan.Dialect;
import dev.sluice.loadtest.plan.LoadSpec;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.RigSpec;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timetable;
import dev.sluice.loadtest.target.TargetAddress;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All that {@code run} can be told, by a scenario file or by options. */
final class RunOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SCENARIO",
      defaultValue = "unicast",
      description = {
        "One of these, or the path of a .yaml file with options as keys.",
        "Options on the command line count more.",
        "  unicast: each stream reads a chat of its own.",
        "  fan-out: all streams read one chat.",
        "  idle: the streams are opened and held.",
        "  mixed: as models write, at 20 to 50 tokens a second.",
        "  ramp: run after run at a higher rate, up to the knee.",
        "  reconnect-storm: all connections break at once, and resume.",
        "  slow-readers: some streams crawl or stall; the others are measured.",
        "  faults: readers pause, crawl, break off and return, publishers are cut: all exact.",
        "  stalled-memory: what readers that stop reading cost the target, and the others.",
        "  own: the target makes its own tokens.",
        "  floor: against an echo in this process: the most that the rig itself can do."
      })
  private String scenario = "unicast";

  @Mixin private TargetOptions target = new TargetOptions();
  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private ReaderOptions readers = new ReaderOptions();
  @Mixin private MishapOptions mishaps = new MishapOptions();
  @Mixin private RampOptions ramp = new RampOptions();
  @Mixin private RigOptions rig = new RigOptions();

  @Option(
      names = "--tag",
      description = "Names the run, its chats and its texts. Default: made from time and process.")
  private @Nullable String tag;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the reports go. Default: target/loadtest-SCENARIO.")
  private @Nullable Path out;

  String scenario() {
    return scenario;
  }

  TargetOptions target() {
    return target;
  }

  RampOptions ramp() {
    return ramp;
  }

  double rate() {
    return load.rate();
  }

  /** Where the reports go. */
  Path out() {
    String name = String.valueOf(Path.of(scenario).getFileName()).replaceFirst("\\.ya?ml$", "");
    return out == null ? Path.of("target", "loadtest-" + name) : out;
  }

  /**
   * What the run is to do.
   *
   * @param on the target
   * @param part distinguishes runs of one command, in their tags; may be empty
   * @param rateOverride another rate, or 0
   * @throws IllegalArgumentException if the options make no sense, with the one that is wrong
   */
  RunSpec spec(TargetOptions on, String part, double rateOverride) {
    LoadSpec loadSpec = load.spec(rateOverride);
    String runTag = (tag == null ? madeTag() : tag) + (part.isEmpty() ? "" : "-" + part);
    rule(
        "--tag",
        runTag.matches("[A-Za-z0-9-]{1,64}"),
        "has to be 1 to 64 letters, digits and hyphens");
    TargetAddress address = on.address();
    Dialect dialect = on.dialect(loadSpec.publish(), address);
    Publish publish = loadSpec.publish();
    rule(
        "--publish",
        publish != Publish.LINES || dialect.lines() != null,
        "the dialect %s has no lines-url".formatted(dialect.name()));
    rule(
        "--publish",
        publish != Publish.POST || dialect.post() != null,
        "the dialect %s has no post-url".formatted(dialect.name()));
    RigSpec rigSpec = rig.spec(on.pid());
    RunSpec spec =
        new RunSpec(
            scenario,
            address,
            dialect,
            runTag,
            loadSpec,
            readers.spec(publish),
            mishaps.spec(loadSpec, dialect, rigSpec.settleSeconds()),
            rigSpec);
    double needsSeconds = needsSeconds(loadSpec);
    int timeoutSeconds = spec.rig().timeoutSeconds();
    rule(
        "--timeout-seconds",
        needsSeconds < timeoutSeconds,
        String.format(Locale.ROOT, "%d, but the run needs %.1f s", timeoutSeconds, needsSeconds));
    return spec;
  }

  /** Differs from that of another rig process which is started at the same moment. */
  private static String madeTag() {
    long pid = ProcessHandle.current().pid();
    return Long.toString(System.currentTimeMillis(), 36) + "-" + Long.toString(pid, 36);
  }

  private static double needsSeconds(LoadSpec load) {
    if (load.publish() == Publish.NOTHING) {
      return load.holdSeconds();
    }
    Timetable timetable = load.timetable();
    return timetable.offsetNanos(timetable.size() - 1) / 1e9;
  }
}
