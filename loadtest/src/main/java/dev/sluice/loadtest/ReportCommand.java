package dev.sluice.loadtest;

import dev.sluice.loadtest.report.HtmlReport;
import dev.sluice.loadtest.report.MergedFiles;
import dev.sluice.loadtest.report.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: one report of several runs, or of several processes of one run. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = {
      "Writes one report of several runs, the others compared with the first.",
      "Directories with commas between them are rig processes of one run: their histograms are",
      "merged, and written beside the report as NAME-latency.hlog, NAME-latency.hgrm, …"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec command;

  @Parameters(
      arity = "1..*",
      paramLabel = "[NAME=]DIR[,DIR…]",
      description = "What run wrote with --out.")
  private List<String> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "target/report.html",
      description = "The report.")
  private Path out = Path.of("");

  @Option(
      names = "--title",
      defaultValue = "Load runs compared",
      description = "What stands above it.")
  private String title = "";

  @Override
  public Integer call() throws IOException {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("not started by picocli");
    }
    List<StoredRun> stored = new ArrayList<>();
    try {
      for (String run : runs) {
        stored.add(read(run));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    Path directory = out.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
      for (StoredRun run : stored) {
        if (run.summaries().size() > 1) {
          MergedFiles.write(directory, run);
        }
      }
    }
    HtmlReport.write(out, title, stored);
    spec.commandLine().getOut().println(out);
    return 0;
  }

  private static StoredRun read(String run) throws IOException {
    int equals = run.indexOf('=');
    List<Path> directories =
        Stream.of(run.substring(equals + 1).split(",", -1)).map(Path::of).toList();
    String name =
        equals > 0
            ? run.substring(0, equals)
            : String.valueOf(directories.get(0).toAbsolutePath().normalize().getFileName());
    if (!name.matches("[^/\\\\]{1,100}")) {
      throw new IllegalArgumentException("'" + name + "' is no name: up to 100 characters, no /");
    }
    return StoredRun.read(name, directories);
  }
}
