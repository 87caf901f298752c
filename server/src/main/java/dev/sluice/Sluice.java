package dev.sluice;

import dev.sluice.agent.ChatFrames;
import dev.sluice.agent.EventPublisher;
import dev.sluice.chat.Chat;
import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.Chats;
import dev.sluice.chat.Flows;
import dev.sluice.chat.StartAt;
import dev.sluice.chat.Upstream;
import dev.sluice.http.EdgeServer;
import dev.sluice.metrics.Metrics;
import dev.sluice.upstream.DemoUpstream;
import dev.sluice.upstream.FlowiseUpstream;
import dev.sluice.upstream.OpenAiUpstream;
import dev.sluice.upstream.UpstreamSettings;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the place where its parts are put together. Any thread, except that {@link
 * #start}, {@link #drain} and {@link #close} block and are not for event loops.
 */
public final class Sluice implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);
  private static final long MAX_SWEEP_MS = 1000;
  private static final long MIN_SWEEP_MS = 20;
  private static final long SHUTDOWN_MS = 2000;
  private static final long METRICS_INTERVAL_S = 10;

  private final Settings settings;
  private final Transport transport;
  private final EventLoopGroup eventLoops;
  private final boolean ownsEventLoops;
  private final ScheduledExecutorService sweeper;
  private final Chats chats;
  private final EdgeServer server;

  Sluice(Settings settings, Map<String, Upstream> agents, @Nullable EventLoopGroup loops)
      throws InterruptedException {
    this.settings = settings;
    transport = loops == null ? settings.transport() : Transport.of(loops);
    Metrics metrics = new Metrics();
    chats = new Chats(settings.chats(), InstantSource.system(), metrics);
    ownsEventLoops = loops == null;
    eventLoops = loops == null ? ownLoops(metrics) : loops;
    sweeper =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "sluice-sweeper");
              thread.setDaemon(true);
              return thread;
            });
    boolean demo = settings.upstream() == null && settings.flows().isEmpty() && agents.isEmpty();
    boolean bound = false;
    try {
      server =
          new EdgeServer(
              eventLoops,
              transport.serverChannel(),
              transport.childOptions(),
              new InetSocketAddress(settings.host(), settings.port()),
              settings.http(),
              chats,
              flows(demo, agents, metrics),
              metrics,
              demo,
              Version.text());
      bound = true;
    } finally {
      if (!bound) {
        stopThreads();
      }
    }
    long sweepMs = Math.max(MIN_SWEEP_MS, Math.min(MAX_SWEEP_MS, shortestWaitMs() / 4));
    sweeper.scheduleWithFixedDelay(this::sweep, sweepMs, sweepMs, TimeUnit.MILLISECONDS);
    chats.whenTight(this::sweepSoon);
    sweeper.scheduleAtFixedRate(
        metrics::cutInterval, METRICS_INTERVAL_S, METRICS_INTERVAL_S, TimeUnit.SECONDS);
    if (demo) {
      LOG.info("no upstream is configured: the built-in demo answers");
    }
  }

  /**
   * Starts a server. If the address cannot be bound, an {@code IOException} is thrown undeclared,
   * as Netty does it.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public static Sluice start(Settings settings) throws InterruptedException {
    return new Sluice(settings, Map.of(), null);
  }

  /** Begins to say how a server inside another program is to be. */
  public static SluiceBuilder embed() {
    return new SluiceBuilder();
  }

  /** Where it listens. */
  public URI uri() {
    InetSocketAddress address = server.address();
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return URI.create("http://" + host + ":" + address.getPort());
  }

  /** What agents in this process publish with. */
  public EventPublisher events() {
    return new EventPublisher(chats);
  }

  /**
   * The frames of one chat from the start of its current run to the end, for clients that this
   * process serves by other means. More ways to read are {@link ChatFrames}' own.
   *
   * @param executor what signals are given on; a subscriber gets one at a time
   */
  public ChatFrames frames(String chatId, Executor executor) {
    return new ChatFrames(chats, chatId, new StartAt.CurrentRun(), null, false, executor);
  }

  /** The chats themselves. */
  public Chats chats() {
    return chats;
  }

  /**
   * Stops admitting, lets open runs finish, then stops listening and sends away who still reads;
   * how long, the settings say.
   */
  public void drain() throws InterruptedException {
    server.drain(settings.drainTimeoutMs(), settings.drainSpreadMs());
  }

  /** Stops at once: connections are cut, open runs are stopped. */
  @Override
  public void close() {
    server.close();
    // Their producers may live on without this server: model calls on loops of the program, agents.
    chats.all().forEach(Chat::stop);
    stopThreads();
  }

  private void stopThreads() {
    sweeper.shutdownNow();
    if (ownsEventLoops) {
      eventLoops
          .shutdownGracefully(0, SHUTDOWN_MS, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(2 * SHUTDOWN_MS);
    }
  }

  private EventLoopGroup ownLoops(Metrics metrics) {
    WakeModeration moderation =
        new WakeModeration(
            TimeUnit.MICROSECONDS.toNanos(settings.wakeBudgetUs()),
            settings.threads(),
            metrics::streamedEventCount,
            metrics::postedEventCount);
    return transport.eventLoops(settings.threads(), moderation);
  }

  private Flows flows(boolean demo, Map<String, Upstream> agents, Metrics metrics) {
    if (demo) {
      return new Flows(Map.of(), new DemoUpstream(eventLoops, settings.demoTokenDelayMs()));
    }
    Map<String, Upstream> named = new LinkedHashMap<>(agents);
    for (UpstreamSettings flow : settings.flows()) {
      if (named.put(flow.flow(), upstream(flow, metrics)) != null) {
        throw new IllegalArgumentException(
            "the flow " + flow.flow() + " is given twice: by the configuration and by the program");
      }
    }
    UpstreamSettings fallback = settings.upstream();
    return new Flows(named, fallback == null ? null : upstream(fallback, metrics));
  }

  private Upstream upstream(UpstreamSettings flow, Metrics metrics) {
    Class<? extends Channel> channelClass = transport.clientChannel();
    return switch (flow.kind()) {
      case OPENAI -> new OpenAiUpstream(flow, eventLoops, channelClass, metrics);
      case FLOWISE -> new FlowiseUpstream(flow, eventLoops, channelClass, metrics);
    };
  }

  /** The shortest of the times after which the sweeper does something. */
  private long shortestWaitMs() {
    UpstreamSettings fallback = settings.upstream();
    LongStream readerGraces =
        Stream.concat(
                settings.flows().stream(), fallback == null ? Stream.empty() : Stream.of(fallback))
            .mapToLong(flow -> flow.unreadPolicy().graceMs());
    ChatLimits limits = settings.chats();
    long shortestMs = Math.min(limits.chatTtlMs(), limits.runIdleTimeoutMs());
    return LongStream.concat(readerGraces, LongStream.of(limits.producerGraceMs()))
        .filter(graceMs -> graceMs > 0)
        .reduce(shortestMs, Math::min);
  }

  private void sweepSoon() {
    try {
      sweeper.execute(this::sweep);
    } catch (RejectedExecutionException e) {
      // The server is being closed.
    }
  }

  private void sweep() {
    try {
      chats.sweep();
    } catch (RuntimeException e) {
      LOG.error("sweep failed", e);
    }
  }
}
