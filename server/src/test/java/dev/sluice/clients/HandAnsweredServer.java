package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.Chats;
import dev.sluice.chat.Flows;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import dev.sluice.frame.TokenType;
import dev.sluice.http.EdgeServer;
import dev.sluice.http.HttpSettings;
import dev.sluice.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The server in this process, on a real socket, with an upstream whose answers the test writes
 * itself: for the events that agents make and model servers do not. Heartbeats come after little
 * silence, so that most answers have some.
 */
final class HandAnsweredServer implements RunningServer {
  private static final long HEARTBEAT_MS = 50;
  private static final int MIB = 1024 * 1024;
  private static final long SHUTDOWN_MS = 5000;
  private static final Pattern SENT = Pattern.compile("\nsluice_stream_bytes_total (\\S+)\n");

  /** A question that a client has asked, and the run that the test answers it with. */
  record Asked(Prompt prompt, RunPublisher run) {
    void say(String text) {
      accepted(run.token(TokenType.FINAL_RESPONSE, text));
    }

    /** Publishes an event whose data is this JSON. */
    void tell(String event, String dataJson) {
      accepted(run.json(event, dataJson));
    }

    void tellText(String event, String data) {
      accepted(run.text(event, data));
    }

    void fail(String message) {
      accepted(run.error(message, "{\"code\":\"test\"}"));
    }

    /** Ends the answer, with these follow-up prompts if there are any. */
    void end(String... followUpPrompts) {
      JsonMapper json = JsonMapper.shared();
      ObjectNode metadata = json.createObjectNode().put("chatId", run.chatId());
      metadata.put("chatMessageId", prompt.chatMessageId()).put("question", prompt.question());
      if (followUpPrompts.length > 0) {
        metadata.put("followUpPrompts", json.writeValueAsString(followUpPrompts));
      }
      tell("metadata", metadata.toString());
      accepted(run.end());
    }

    private static void accepted(PublishResult result) {
      assertEquals(PublishResult.ACCEPTED, result);
    }
  }

  private final BlockingQueue<Asked> questions = new LinkedBlockingQueue<>();
  private final Metrics metrics = new Metrics();
  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final EdgeServer server;

  private HandAnsweredServer(String pageOrigin) throws InterruptedException {
    ChatLimits limits = new ChatLimits(100, 8, 16L * MIB, 64L * MIB, 600_000, 600_000, 0, false);
    server =
        new EdgeServer(
            eventLoops,
            NioServerSocketChannel.class,
            Map.of(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            httpSettings(pageOrigin),
            new Chats(limits, InstantSource.system(), metrics),
            new Flows(Map.of(), new Hand()),
            metrics,
            false,
            "test");
  }

  /** Begins its runs by what the test publishes first. */
  private final class Hand implements Upstream {
    @Override
    public void answer(Prompt prompt, RunPublisher run) {
      questions.add(new Asked(prompt, run));
    }

    @Override
    public boolean beginsRuns() {
      return true;
    }
  }

  /** Starts on a free port; pages of this origin may call. */
  static HandAnsweredServer start(String pageOrigin) {
    try {
      return new HandAnsweredServer(pageOrigin);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  private static HttpSettings httpSettings(String pageOrigin) {
    return new HttpSettings(
        8192,
        16_384,
        MIB,
        MIB,
        MIB,
        100,
        100,
        0,
        60_000,
        60_000,
        60_000,
        60_000,
        HEARTBEAT_MS,
        60_000,
        1000,
        0,
        0,
        List.of(pageOrigin));
  }

  /** The next question, as soon as it is asked. */
  Asked nextQuestion() {
    try {
      Asked asked = questions.poll(Deadline.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (asked == null) {
        throw new AssertionError("nothing was asked for " + Deadline.PATIENCE);
      }
      return asked;
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  /** Bytes that all streams together have been sent so far. */
  long sentBytes() {
    ByteArrayOutputStream numbers = new ByteArrayOutputStream();
    try {
      metrics.write(numbers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher sent = SENT.matcher(numbers.toString(UTF_8));
    if (!sent.find()) {
      throw new AssertionError("no number for " + SENT);
    }
    return (long) Double.parseDouble(sent.group(1));
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  @Override
  public void close() {
    server.close();
    eventLoops
        .shutdownGracefully(0, SHUTDOWN_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * SHUTDOWN_MS);
  }
}
