package dev.sluice.shell;

import dev.sluice.chat.EventId;
import dev.sluice.frame.TokenType;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail URL CHAT}: prints what a chat says, until its run is over. */
@Command(
    name = "tail",
    description = {
      "Prints the text of a chat as it arrives, until its run is over.",
      "The text of the tokens goes to standard output, exactly as it was produced; a line for each"
          + " other event goes to standard error. A connection that is refused or cut is made"
          + " again, and the stream goes on where it was."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "  0:the run is over",
      "  1:no connection, or the server refused",
      "  2:wrong usage",
      "  3:the run ended with an error",
      "  4:the run was stopped",
      "  5:some of the text is lost (there was a gap)",
      "130:interrupted (Ctrl-C)",
      "141:whoever read the output has gone"
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class TailCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "The server, http://127.0.0.1:8080 for instance.")
  private URI url;

  @Parameters(paramLabel = "CHAT", description = "The chat's id.")
  private String chatId;

  @Option(names = "--follow", description = "Stay for the next runs.")
  private boolean follow;

  @Option(
      names = "--from",
      paramLabel = "start|live|ID",
      description =
          "Begin with the current run's start (the usual), with what comes from now on, or after"
              + " that event.")
  private @Nullable String from;

  @Option(
      names = "--last-event-id",
      paramLabel = "ID",
      description = "The last event that is not wanted any more: the same as --from ID.")
  private @Nullable String lastEventId;

  @Option(names = "--run", paramLabel = "ID", description = "Read that run alone.")
  private @Nullable String run;

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      converter = TokenTypeConverter.class,
      description =
          "Print only tokens of that type: finalResponse, agentReasoning, toolResponse; several by"
              + " comma. All, if not given.")
  private @Nullable List<TokenType> types;

  @Option(
      names = "--json",
      description =
          "Print every event as one line of JSON on standard output, with its id in front.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "On standard error nothing but errors, stops and gaps.")
  private boolean quiet;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "Colours by type: auto (on a terminal, unless NO_COLOR is set), always, never. Reasoning"
              + " is dim, tools are cyan, errors are red, the answer is plain.")
  private String color;

  @Option(
      names = "--max-retries",
      paramLabel = "N",
      description = "Connect again at most so often in a row; 0 for never. No bound if not given.")
  private @Nullable Integer maxRetries;

  @Option(
      names = "--retry-timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "Give up when so long no connection worked; 0 for never (default: ${DEFAULT-VALUE}).")
  private int retryTimeoutSeconds;

  @Option(
      names = "--silence-timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "Connect again when so long not even a heartbeat came; 0 for never (default:"
              + " ${DEFAULT-VALUE}).")
  private int silenceTimeoutSeconds;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields in before it calls
  public TailCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    ChatUrl chat = ChatUrl.of(spec.commandLine(), url, chatId);
    require(List.of("auto", "always", "never").contains(color), "--color: auto, always or never");
    require(maxRetries == null || maxRetries >= 0, "--max-retries: 0 or more");
    require(isSeconds(retryTimeoutSeconds), "--retry-timeout: 0 to 1000000 s");
    require(isSeconds(silenceTimeoutSeconds), "--silence-timeout: 0 to 1000000 s");
    TailPlace place = new TailPlace(chat, from());
    Retries retries =
        new Retries(
            maxRetries == null ? Long.MAX_VALUE : maxRetries,
            TimeUnit.SECONDS.toMillis(retryTimeoutSeconds),
            System::nanoTime,
            ThreadLocalRandom.current());
    ChatFollower.Wish wish =
        new ChatFollower.Wish(
            chat,
            run == null ? "" : "run=" + ChatUrl.encode(run),
            follow,
            (int) TimeUnit.SECONDS.toMillis(silenceTimeoutSeconds));
    // Not System.out: its character set is the locale's, and it keeps quiet about a closed pipe.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
    TailOutcome outcome = new TailOutcome(output(out, err));
    try {
      new ChatFollower(wish, place, retries, outcome).follow();
    } catch (UncheckedIOException e) {
      return ExitCodes.OUTPUT_GONE;
    } finally {
      outcome.end();
    }
    return outcome.exitCode();
  }

  private String from() {
    require(from == null || lastEventId == null, "--from and --last-event-id: one of them");
    String given = from == null ? lastEventId : from;
    if (given == null) {
      return "start";
    }
    boolean isWord = lastEventId == null && (given.equals("start") || given.equals("live"));
    require(
        isWord || EventId.parse(given) != null,
        lastEventId == null
            ? "--from: start, live or an id like 1795353771581-3"
            : "--last-event-id: an id like 1795353771581-3");
    return given;
  }

  private TailOutput output(OutputStream out, PrintStream err) {
    Set<TokenType> wanted = types == null ? EnumSet.allOf(TokenType.class) : EnumSet.copyOf(types);
    if (json) {
      return new JsonOutput(out, err, wanted);
    }
    boolean isTerminal = Terminal.isTerminal(Terminal.STDOUT);
    return new TextOutput(
        out,
        err,
        new TextOutput.Style(
            wanted, quiet, isTerminal, colors(Terminal.STDOUT), colors(Terminal.STDERR)));
  }

  private boolean colors(int descriptor) {
    Map<String, String> environment = System.getenv();
    return color.equals("always")
        || (color.equals("auto") && Terminal.wantsColor(environment, descriptor));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private static boolean isSeconds(int value) {
    return value >= 0 && value <= 1_000_000;
  }
}
