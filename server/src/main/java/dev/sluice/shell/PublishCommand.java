package dev.sluice.shell;

import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code publish URL CHAT}: publishes what comes in on standard input, as it comes. */
@Command(
    name = "publish",
    description = {
      "Publishes standard input to a chat, as it comes.",
      "The input is the text of an answer, in UTF-8 (what is not becomes U+FFFD, and is told), or"
          + " with --ndjson one event a line, sent as it is. At the end the server's answer is"
          + " printed."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "  0:everything was accepted",
      "  1:no connection, it broke, or the server refused",
      "  2:wrong usage",
      "  4:the run was stopped meanwhile",
      "130:interrupted (Ctrl-C)"
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class PublishCommand implements Callable<Integer> {
  private static final int STATE_TIMEOUT_MS = 5000;
  private static final double MAX_RATE = 100_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "The server, http://127.0.0.1:8080 for instance.")
  private URI url;

  @Parameters(paramLabel = "CHAT", description = "The chat's id.")
  private String chatId;

  @Option(
      names = "--ndjson",
      description =
          "The input is one event a line; otherwise it is the text of an answer. The options below"
              + " are for text.")
  private boolean ndjson;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      converter = TokenTypeConverter.class,
      description = "What the text is: finalResponse (the usual), agentReasoning, toolResponse.")
  private @Nullable TokenType type;

  @Option(
      names = "--run",
      paramLabel = "ID",
      description = "Name the run, or go on with the open run of that name.")
  private @Nullable String run;

  @Option(
      names = "--tokens",
      description = "Cut the text into tokens as a model makes them; otherwise each read is one.")
  private boolean tokens;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "With --tokens: no more than so many a second.")
  private @Nullable Double rate;

  @Option(names = "--keep-open", description = "Do not end the run at the end of the input.")
  private boolean keepOpen;

  private final AtomicLong sentLines = new AtomicLong();

  @SuppressWarnings("NullAway.Init") // picocli fills the fields in before it calls
  public PublishCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    ChatUrl chat = ChatUrl.of(spec.commandLine(), url, chatId);
    boolean textOnly = type != null || run != null || tokens || rate != null || keepOpen;
    require(!ndjson || !textOnly, "--ndjson: its events say themselves what the other options say");
    require(rate == null || tokens, "--rate is for --tokens");
    require(rate == null || (rate > 0 && rate <= MAX_RATE), "--rate: more than 0, up to 100000");
    TextAsEvents text = ndjson ? null : new TextAsEvents(System.in, style());
    PublishRequest.@Nullable Answer answer;
    try (PublishRequest request = PublishRequest.open(chat.events())) {
      Thread pump =
          new Thread(() -> pump(text == null ? System.in : text, request), "sluice-stdin");
      pump.setDaemon(true);
      pump.start();
      CompletableFuture.anyOf(request.stop(), request.answer()).get();
      answer = request.stop().isDone() ? null : request.answer().get();
    } catch (ExecutionException e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException(why + "; " + sentLines + " lines were sent; " + whatIsThere(chat), e);
    }
    if (text != null && text.replacedCount() > 0) {
      say(text.replacedCount() + " pieces of the input are not UTF-8 and became U+FFFD");
    }
    if (answer == null) {
      say("the run was stopped");
      return ExitCodes.RUN_STOPPED;
    }
    return answer.status() == 200 ? accepted(answer.body()) : refused(answer);
  }

  private TextAsEvents.Style style() {
    return new TextAsEvents.Style(
        type == null ? TokenType.FINAL_RESPONSE : type,
        run,
        keepOpen,
        tokens,
        rate == null ? 0 : rate);
  }

  private void pump(InputStream source, PublishRequest request) {
    byte[] bytes = new byte[16 * 1024];
    while (true) {
      int count;
      try {
        count = source.read(bytes);
      } catch (InterruptedIOException e) {
        return;
      } catch (IOException e) {
        request
            .answer()
            .completeExceptionally(new IOException("standard input: " + e.getMessage()));
        return;
      }
      try {
        if (count < 0) {
          request.end();
          return;
        }
        request.write(bytes, 0, count);
        sentLines.addAndGet(lines(bytes, count));
      } catch (IOException e) {
        // The answer, or that there is none, says why.
        return;
      }
    }
  }

  private int accepted(String body) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(body);
    out.flush();
    return ExitCodes.DONE;
  }

  private int refused(PublishRequest.Answer answer) {
    Refusal refusal = Refusal.of(answer.status(), answer.body());
    String line = ndjson ? refusal.member("line") : "";
    String accepted = refusal.member("accepted");
    String lastId = refusal.member("lastId");
    boolean stopped = refusal.code().equals("run_stopped");
    say(
        (stopped ? "the run was stopped" : refusal.getMessage())
            + (line.isEmpty() ? "" : "; line " + line)
            + (accepted.isEmpty() ? "" : "; " + accepted + " events were accepted before")
            + (lastId.isEmpty() ? "" : ", the chat's last is " + lastId));
    return stopped ? ExitCodes.RUN_STOPPED : ExitCodes.FAILED;
  }

  private String whatIsThere(ChatUrl chat) {
    try {
      return ChatState.ask(chat, STATE_TIMEOUT_MS)
          .map(state -> "what was accepted of them ends at " + state.lastId())
          .orElse("the server has no such chat: none of them was kept");
    } catch (IOException e) {
      return "how many of them were accepted cannot be asked: " + e.getMessage();
    }
  }

  private void say(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("publish: " + what);
    err.flush();
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private static int lines(byte[] bytes, int count) {
    int lines = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        lines++;
      }
    }
    return lines;
  }
}
