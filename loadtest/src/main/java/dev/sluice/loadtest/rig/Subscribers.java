package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.Mishap;
import dev.sluice.loadtest.plan.MishapPlan;
import dev.sluice.loadtest.plan.ReaderSpec.Pace;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All streams of a run. Opening, dropping, giving up and the counts are for the thread that leads
 * the run; the {@code on…} methods are called on the event loops.
 */
final class Subscribers {
  private static final int PERMIT_WAIT_MS = 50;

  private final RunSpec spec;
  private final Bootstrap bootstrap;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final Queue<Subscriber> dropped = new ConcurrentLinkedQueue<>();

  /**
   * One permit for each stream that may be between connect and response head, so that no accept
   * queue is overrun.
   */
  private final Semaphore connectPermits;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger neverOpened = new AtomicInteger();
  private final AtomicInteger overAfterOpen = new AtomicInteger();
  private final AtomicInteger briskOver = new AtomicInteger();
  private final AtomicInteger slowOver = new AtomicInteger();
  private final AtomicInteger stalledCut = new AtomicInteger();
  private final Set<Integer> inexact = ConcurrentHashMap.newKeySet();
  private final MishapPlan plan;
  private final int brisk;
  private final int slow;
  private final long stalledFromNanos;
  private volatile @Nullable String ranOut;
  private volatile boolean givingUp;
  private volatile boolean publishedAll;
  private volatile long progressNanos = System.nanoTime();

  Subscribers(
      RunSpec spec,
      Timeline timeline,
      MishapPlan plan,
      TokenText text,
      Measurements measurements,
      FaultLog faults,
      EventLoopGroup loops,
      Bootstrap bootstrap) {
    this.spec = spec;
    this.plan = plan;
    this.bootstrap = bootstrap;
    this.connectPermits = new Semaphore(spec.rig().connectsInFlight());
    StreamJudges judges = new StreamJudges(spec, timeline.timetable(), text, faults);
    for (int stream = 0; stream < spec.load().streams(); stream++) {
      subscribers.add(
          new Subscriber(stream, spec, timeline, judges, measurements, faults, this, loops.next()));
    }
    this.brisk = count(Pace.BRISK);
    this.slow = count(Pace.SLOW);
    this.stalledFromNanos = spec.load().stalledFromNanos();
  }

  /** Opens all streams and waits for their heads; stops early when one fails or at the deadline. */
  void openAll(Phase phase) throws InterruptedException {
    for (Subscriber subscriber : subscribers) {
      while (!connectPermits.tryAcquire(PERMIT_WAIT_MS, TimeUnit.MILLISECONDS)) {
        if (!phase.goesOn()) {
          return;
        }
      }
      if (neverOpened.get() > 0 || !phase.goesOn()) {
        return;
      }
      subscriber.connect(bootstrap);
    }
    phase.await(() -> opened.get() + neverOpened.get() == subscribers.size());
  }

  /**
   * Opens the next stream, which is due now. The load is open: no permit is awaited, and what fails
   * is a fault of this one stream.
   */
  void ask(int stream) {
    subscribers.get(stream).connectAtOnce(bootstrap);
  }

  /** Does something bad to one stream; {@link #resumeDropped} opens it again if it has to be. */
  void suffer(int stream, Mishap what) {
    subscribers.get(stream).suffer(what);
  }

  /** Drops the connections of one round; {@link #resumeDropped} opens them again. */
  void drop(int round) {
    for (int stream = 0; stream < subscribers.size(); stream++) {
      Subscriber subscriber = subscribers.get(stream);
      if (subscriber.pace() == Pace.BRISK && spec.readers().drops(stream, round)) {
        subscriber.suffer(Mishap.DROP);
      }
    }
  }

  /** Resumes dropped streams, as many as may be connecting at once. */
  void resumeDropped() {
    while (!dropped.isEmpty() && connectPermits.tryAcquire()) {
      Subscriber next = dropped.poll();
      if (next == null) {
        connectPermits.release();
        return;
      }
      next.connect(bootstrap);
    }
  }

  /** Lets slow streams read as fast as the others; stalled ones stay stalled. */
  void releaseSlow() {
    subscribers.stream().filter(each -> each.pace() == Pace.SLOW).forEach(Subscriber::release);
  }

  private int count(Pace pace) {
    return (int) subscribers.stream().filter(each -> each.pace() == pace).count();
  }

  Bootstrap bootstrap() {
    return bootstrap;
  }

  /** How many streams have had their first head. */
  int opened() {
    return opened.get();
  }

  boolean allOpened() {
    return opened.get() == subscribers.size();
  }

  /** How many streams are open now. */
  int open() {
    return opened.get() - overAfterOpen.get();
  }

  /** Whether all streams that are read as they come are over. */
  boolean briskOver() {
    return briskOver.get() == brisk;
  }

  /** Whether all streams that crawled are over. */
  boolean slowOver() {
    return slowOver.get() == slow;
  }

  /** How many streams were open and are not any more. */
  int over() {
    return overAfterOpen.get();
  }

  /** How many stalled streams the target closed. */
  int stalledCut() {
    return stalledCut.get();
  }

  /** The streams that were read and did not end with the exact text. */
  Set<Integer> inexact() {
    return inexact;
  }

  /** From when on stalled readers are written to, after the beginning. */
  long stalledFromNanos() {
    return stalledFromNanos;
  }

  MishapPlan plan() {
    return plan;
  }

  /** When the last frame came, on the clock of {@link System#nanoTime}. */
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
    dropped.forEach(Subscriber::giveUp);
  }

  boolean givingUp() {
    return givingUp;
  }

  boolean publishedAll() {
    return publishedAll;
  }

  /** A frame came; a heartbeat is none, it comes on streams that wait for ever too. */
  void noteProgress() {
    progressNanos = System.nanoTime();
  }

  void register(Channel channel) {
    channels.add(channel);
  }

  void onOpen() {
    opened.incrementAndGet();
  }

  /** The stream has no connection now, and is to have one. */
  void resumeLater(Subscriber subscriber) {
    dropped.add(subscriber);
  }

  void onOver(Subscriber subscriber, boolean everOpened, boolean exact) {
    if (!exact && subscriber.pace() != Pace.STALLED) {
      inexact.add(subscriber.stream());
    }
    if (subscriber.pace() == Pace.SLOW) {
      slowOver.incrementAndGet();
    } else if (subscriber.pace() == Pace.BRISK) {
      briskOver.incrementAndGet();
    }
    (everOpened ? overAfterOpen : neverOpened).incrementAndGet();
  }

  void onStalledCut() {
    stalledCut.incrementAndGet();
  }

  void giveBackPermit() {
    connectPermits.release();
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
