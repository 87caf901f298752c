package dev.sluice;

import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Without a command it serves. */
@Command(
    name = "sluice",
    description = "A low-latency streaming edge for LLM and agent output.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.class,
    subcommands = {ServeCommand.class, TailCommand.class, PublishCommand.class})
public final class Main implements CommandLine.IVersionProvider {
  public static void main(String[] args) {
    System.exit(commandLine(System.getenv(), args).execute(withCommand(args)));
  }

  /**
   * The command line with the defaults that the environment and the configuration file give. Exit
   * codes: 0 done, 1 failed, 2 wrong usage.
   */
  static CommandLine commandLine(Map<String, String> environment, String... args) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          command.getErr().println(command.getCommandName() + ": " + message(e));
          return command.getCommandSpec().exitCodeOnExecutionException();
        });
    CommandLine serve = Objects.requireNonNull(commandLine.getSubcommands().get("serve"));
    try {
      serve.setDefaultValueProvider(ConfigSources.of(serve.getCommandSpec(), environment, args));
    } catch (IllegalArgumentException e) {
      // Reported as picocli reports a bad option, and only if it is about to matter.
      serve.setDefaultValueProvider(
          option -> {
            throw new CommandLine.ParameterException(serve, message(e));
          });
    }
    return commandLine;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sluice " + Version.text()};
  }

  static String[] withCommand(String[] args) {
    boolean hasCommand = args.length > 0 && !args[0].startsWith("-");
    boolean asksForHelp = args.length > 0 && args[0].matches("-h|--help|-V|--version");
    if (hasCommand || asksForHelp) {
      return args;
    }
    String[] serve = new String[args.length + 1];
    serve[0] = "serve";
    System.arraycopy(args, 0, serve, 1, args.length);
    return serve;
  }

  private static String message(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
