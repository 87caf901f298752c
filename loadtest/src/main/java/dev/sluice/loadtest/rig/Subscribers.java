package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.StreamCheck;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.EventOrder;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All streams of a run. Opening, giving up and the counts are for the thread that leads the run;
 * the {@code on…} methods are called on the event loops.
 */
final class Subscribers {
  private static final int PERMIT_WAIT_MS = 50;

  private final RunSpec spec;
  private final EventOrder order;
  private final Timeline timeline;
  private final TokenText text;
  private final Measurements measurements;
  private final FaultLog faults;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /**
   * One permit for each stream that may be between connect and response head, so that no accept
   * queue is overrun.
   */
  private final Semaphore connectPermits;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger neverOpened = new AtomicInteger();
  private final AtomicInteger overAfterOpen = new AtomicInteger();
  private volatile @Nullable String ranOut;
  private volatile boolean givingUp;
  private volatile boolean publishedAll;
  private volatile long progressNanos = System.nanoTime();

  Subscribers(
      RunSpec spec, Timeline timeline, TokenText text, Measurements measurements, FaultLog faults) {
    this.spec = spec;
    this.order = spec.order();
    this.timeline = timeline;
    this.text = text;
    this.measurements = measurements;
    this.faults = faults;
    this.connectPermits = new Semaphore(spec.connectsInFlight());
  }

  /** Opens all streams and waits for their heads; stops early when one fails or at the deadline. */
  void openAll(Bootstrap bootstrap, Phase phase) throws InterruptedException {
    for (int stream = 0; stream < spec.streams(); stream++) {
      while (!connectPermits.tryAcquire(PERMIT_WAIT_MS, TimeUnit.MILLISECONDS)) {
        if (!phase.goesOn()) {
          return;
        }
      }
      if (neverOpened.get() > 0 || !phase.goesOn()) {
        return;
      }
      connect(bootstrap, stream);
    }
    phase.await(() -> opened.get() + neverOpened.get() == spec.streams());
  }

  private void connect(Bootstrap bootstrap, int stream) {
    Subscriber subscriber = newSubscriber(stream);
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(subscriber);
                  }
                })
            .connect(spec.target().address());
    channels.add(connecting.channel());
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            subscriber.onConnectFailed(done.cause());
          }
        });
  }

  private Subscriber newSubscriber(int stream) {
    String request =
        "GET /v1/chats/"
            + spec.chatId(stream)
            + "/stream HTTP/1.1\r\nHost: "
            + spec.target().authority()
            + "\r\nAccept: text/event-stream\r\nUser-Agent: sluice-loadtest\r\n\r\n";
    int firstMeasured = spec.warmUpTokens();
    StreamCheck.Arrivals arrivals =
        index -> {
          if (index >= firstMeasured) {
            long dueNanos = timeline.dueNanos(order.sequence(stream, index));
            measurements.latency().record(System.nanoTime() - dueNanos);
          }
        };
    StreamCheck check = new StreamCheck(stream, order.tokens(), text, faults);
    return new Subscriber(stream, request, check, arrivals, measurements, faults, this);
  }

  /** How many streams have had their head. */
  int opened() {
    return opened.get();
  }

  boolean allOpened() {
    return opened.get() == spec.streams();
  }

  /** How many streams were open and are not any more. */
  int over() {
    return overAfterOpen.get();
  }

  /** When the last bytes came, on the clock of {@link System#nanoTime}. */
  long progressNanos() {
    return progressNanos;
  }

  /** What this process or machine had too little of, or null. */
  @Nullable String ranOut() {
    return ranOut;
  }

  /**
   * Closes what is still open.
   *
   * @param publishedAll whether all events were published, so that an open stream is a stream that
   *     did not complete
   */
  void giveUp(boolean publishedAll) {
    this.publishedAll = publishedAll;
    givingUp = true;
    channels.close().awaitUninterruptibly();
  }

  boolean givingUp() {
    return givingUp;
  }

  boolean publishedAll() {
    return publishedAll;
  }

  void noteProgress() {
    progressNanos = System.nanoTime();
  }

  void onOpen() {
    opened.incrementAndGet();
    connectPermits.release();
  }

  void onOver(boolean wasOpen) {
    if (wasOpen) {
      overAfterOpen.incrementAndGet();
    } else {
      neverOpened.incrementAndGet();
      connectPermits.release();
    }
  }

  /**
   * Whether a connect failed for want of ports or files here: the rig's own fault, not the
   * target's.
   */
  boolean rigRanOut(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    boolean here =
        message.contains("Too many open files") || message.contains("Cannot assign requested");
    if (here) {
      ranOut = message;
    }
    return here;
  }
}
