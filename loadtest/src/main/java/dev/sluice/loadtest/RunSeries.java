package dev.sluice.loadtest;

import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.report.HtmlReport;
import dev.sluice.loadtest.report.RampTable;
import dev.sluice.loadtest.report.ReportFiles;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.report.StoredRun;
import dev.sluice.loadtest.report.SummaryTable;
import dev.sluice.loadtest.report.Verdict;
import dev.sluice.loadtest.report.VersusTable;
import dev.sluice.loadtest.rig.LoadRun;
import dev.sluice.loadtest.rig.RunObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Does the runs of one command, prints them and writes their files. */
final class RunSeries {
  private final PrintWriter out;
  private final ProgressLine progress;
  private final Path directory;

  RunSeries(PrintWriter out, ProgressLine progress, Path directory) {
    this.out = out;
    this.progress = progress;
    this.directory = directory;
  }

  /** One run, its files in the directory itself. */
  Verdict one(RunSpec spec) throws IOException, InterruptedException {
    RunResult result = run(spec, directory);
    report(spec.scenario(), List.of(directory));
    print(SummaryTable.of(result));
    return result.verdict();
  }

  /**
   * Run after run, each in a directory of its own, until one fails or its p99 is above the limit. A
   * rate that this machine's rig can not make, or the target not take in time, is what a ramp looks
   * for: only what the target does wrong fails it, and a first run that already is too much.
   */
  Verdict ramp(List<RunSpec> specs, double p99LimitMs) throws IOException, InterruptedException {
    RampTable table = new RampTable(p99LimitMs);
    List<Path> done = new ArrayList<>();
    for (RunSpec spec : specs) {
      Path into = directory.resolve(spec.runTag());
      RunResult result = run(spec, into);
      done.add(into);
      report(spec.scenario(), done);
      print(table.row(result));
      if (result.verdict() == Verdict.FAIL_SERVER) {
        print(SummaryTable.of(result));
        return Verdict.FAIL_SERVER;
      }
      if (!table.goesOn()) {
        break;
      }
    }
    print(table.knee());
    return table.found() ? Verdict.PASS : Verdict.FAIL_RIG;
  }

  /** Two targets in turn: every other run is of the second. All runs are in one report. */
  Verdict versus(List<RunSpec> specs) throws IOException, InterruptedException {
    VersusTable table = new VersusTable(specs.get(0).target(), specs.get(1).target());
    List<Path> done = new ArrayList<>();
    Verdict worst = Verdict.PASS;
    for (RunSpec spec : specs) {
      Path into = directory.resolve(spec.runTag());
      RunResult result = run(spec, into);
      print(SummaryTable.of(result) + "\n");
      done.add(into);
      table.add(StoredRun.read(spec.runTag(), List.of(into)));
      report(spec.scenario(), done);
      boolean worse = worst == Verdict.PASS || result.verdict() == Verdict.FAIL_SERVER;
      worst = worse ? result.verdict() : worst;
    }
    print(table.text());
    return worst;
  }

  /** Writes the report of the runs that are done, over that of an earlier command. */
  private void report(String title, List<Path> done) throws IOException {
    List<StoredRun> runs = new ArrayList<>();
    for (Path each : done) {
      runs.add(StoredRun.read(String.valueOf(each.getFileName()), List.of(each)));
    }
    HtmlReport.write(directory.resolve("report.html"), "Load run: " + title, runs);
  }

  private RunResult run(RunSpec spec, Path into) throws IOException, InterruptedException {
    try (ReportFiles reports = ReportFiles.open(into)) {
      RunResult result = new LoadRun(spec, observer(reports)).run();
      progress.clear();
      reports.write(result);
      return result;
    }
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  private RunObserver observer(ReportFiles reports) {
    return new RunObserver() {
      @Override
      public void onInterval(Series series, Histogram interval) {
        reports.append(series, interval);
      }

      @Override
      public void onProgress(String text) {
        progress.show(text);
      }
    };
  }
}
