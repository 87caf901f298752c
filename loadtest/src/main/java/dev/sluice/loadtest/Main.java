package dev.sluice.loadtest;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of the load tool.
 *
 * <p>Exit codes: 0 the target passed, 1 it broke the contract, 2 the command line is wrong, 3 the
 * rig could not make the load that was asked for.
 */
@Command(
    name = "loadtest",
    mixinStandardHelpOptions = true,
    version = "loadtest 0.1.0",
    description = "Puts load on a Sluice on this machine, and checks every byte that comes back.",
    subcommands = {RunCommand.class, ReportCommand.class, RivalCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Main {

  private Main() {}

  /** Runs the command that {@code args} name and exits with its code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(out, err, args));
  }

  /** Runs the command and returns its exit code. */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line =
        new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Main::sayWhatIsWrong);
    if (args.length == 0) {
      line.usage(err);
      return CommandLine.ExitCode.USAGE;
    }
    return line.execute(args);
  }

  /** One line: the whole help would drown it. */
  private static int sayWhatIsWrong(CommandLine.ParameterException wrong, String[] args) {
    CommandLine line = wrong.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    line.getErr().println(wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, line.getErr());
    line.getErr().println("'" + command + " --help' tells what there is");
    return CommandLine.ExitCode.USAGE;
  }
}
