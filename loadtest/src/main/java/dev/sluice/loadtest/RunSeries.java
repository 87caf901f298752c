package dev.sluice.loadtest;

import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.report.RampTable;
import dev.sluice.loadtest.report.ReportFiles;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.report.SummaryTable;
import dev.sluice.loadtest.report.Verdict;
import dev.sluice.loadtest.rig.LoadRun;
import dev.sluice.loadtest.rig.RunObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
    for (RunSpec spec : specs) {
      RunResult result = run(spec, directory.resolve(spec.runTag()));
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
