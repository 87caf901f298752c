package dev.sluice;

import dev.sluice.shell.ExitCodes;
import dev.sluice.shell.PublishCommand;
import dev.sluice.shell.TailCommand;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Without a command it serves. */
@Command(
    name = "sluice",
    description = "A low-latency streaming edge for LLM and agent output.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.class)
public final class Main implements CommandLine.IVersionProvider {
  private static final String LEAK_LEVEL = "io.netty.leakDetection.level";

  public static void main(String[] args) {
    if (System.getProperty(LEAK_LEVEL) == null) {
      // Looking at one buffer in a hundred costs two percent of a token; the tests look at all.
      System.setProperty(LEAK_LEVEL, "disabled");
    }
    if (args.length > 0 && args[0].equals("publish")) {
      // The logging of a server takes longer to load than such a command takes to run.
      InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }
    System.exit(commandLine(System.getenv(), args).execute(withCommand(args)));
  }

  /**
   * The command line with the defaults that the environment and the configuration file give. Exit
   * codes: {@link ExitCodes}.
   */
  static CommandLine commandLine(Map<String, String> environment, String... args) {
    CommandLine commandLine = new CommandLine(new Main());
    if (!isClient(args)) {
      addServe(commandLine, environment, args);
    }
    commandLine.addSubcommand(new TailCommand()).addSubcommand(new PublishCommand());
    commandLine.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          command.getErr().println(command.getCommandName() + ": " + message(e));
          return command.getCommandSpec().exitCodeOnExecutionException();
        });
    return commandLine;
  }

  private static void addServe(
      CommandLine commandLine, Map<String, String> environment, String... args) {
    CommandLine serve = new CommandLine(new ServeCommand());
    commandLine.addSubcommand(serve);
    try {
      serve.setDefaultValueProvider(ConfigSources.of(serve.getCommandSpec(), environment, args));
    } catch (IllegalArgumentException e) {
      // Reported as picocli reports a bad option, and only if it is about to matter.
      serve.setDefaultValueProvider(
          option -> {
            throw new CommandLine.ParameterException(serve, message(e));
          });
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sluice " + Version.text()};
  }

  /**
   * True for the commands that are clients: they have none of the server's many options to read.
   */
  private static boolean isClient(String... args) {
    return args.length > 0 && (args[0].equals("tail") || args[0].equals("publish"));
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
