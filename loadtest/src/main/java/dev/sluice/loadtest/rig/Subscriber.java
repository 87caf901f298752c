package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.StreamJudge;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.plan.Mishap;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.ReaderSpec.Pace;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reader for the whole run: answer after answer, each over one connection, or over several when
 * they are dropped. Belongs to one event loop; {@link #stream} and {@link #pace} never change.
 */
final class Subscriber implements StreamJudge.Listener {
  private final int stream;
  private final Pace pace;
  private final RunSpec spec;
  private final Timeline timeline;
  private final StreamJudges judges;
  private final Measurements measurements;
  private final FaultLog faults;
  private final Subscribers all;
  private final EventLoop loop;
  private final Pacer pacer;
  private final boolean measured;
  private final Map<Mishap, Integer> met = new EnumMap<>(Mishap.class);
  private int answer;
  private int chat;
  private StreamJudge judge;
  private @Nullable StreamConnection connection;
  private boolean everOpened;
  private boolean holdsPermit;
  private boolean over;
  private long droppedNanos;
  private long lastTokenNanos;
  private boolean frameCame;

  Subscriber(
      int stream,
      RunSpec spec,
      Timeline timeline,
      StreamJudges judges,
      Measurements measurements,
      FaultLog faults,
      Subscribers all,
      EventLoop loop) {
    this.stream = stream;
    this.pace = spec.pace(stream);
    this.spec = spec;
    this.timeline = timeline;
    this.judges = judges;
    this.measurements = measurements;
    this.faults = faults;
    this.all = all;
    this.loop = loop;
    this.measured = pace == Pace.BRISK && !all.plan().isStruck(stream);
    this.pacer = new Pacer(pace, all.plan().pauses(stream), spec.readers());
    this.chat = chatOf(0);
    this.judge = judges.judge(name(), chat, this);
  }

  Pace pace() {
    return pace;
  }

  /** Opens a connection; the caller holds a permit for it, which goes over to this. */
  void connect(Bootstrap bootstrap) {
    loop.execute(() -> connect(bootstrap, true));
  }

  /** Opens a connection without a permit. */
  void connectAtOnce(Bootstrap bootstrap) {
    loop.execute(() -> connect(bootstrap, false));
  }

  private void connect(Bootstrap bootstrap, boolean withPermit) {
    holdsPermit = withPermit;
    StreamConnection opening =
        new StreamConnection(this, judge, judges.request(chat, judge), pacer, measurements, all);
    connection = opening;
    Bootstrap own = bootstrap.clone(loop);
    pacer.prepare(own);
    ChannelFuture connecting =
        own.handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(opening);
                  }
                })
            .connect(spec.dialect().subscribe().address().address());
    all.register(connecting.channel());
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            opening.onConnectFailed(done.cause());
          }
        });
  }

  /** Does something bad to the connection, if one is open that has more to bring. */
  void suffer(Mishap what) {
    loop.execute(
        () -> {
          if (over || connection == null) {
            return;
          }
          if (connection.suffer(what, spec.mishaps().pauseMs())) {
            meet(what);
            if (what != Mishap.PAUSE) {
              resume();
            }
          }
        });
  }

  private void meet(Mishap what) {
    met.merge(what, 1, Integer::sum);
    measurements.mishaps().made(what, 1);
  }

  private void resume() {
    droppedNanos = System.nanoTime();
    all.resumeLater(this);
  }

  /** The run is over while the connection is dropped. */
  void giveUp() {
    loop.execute(() -> onCut(false));
  }

  /** Reads as it comes from now on. */
  void release() {
    loop.execute(
        () -> {
          pacer.release();
          if (connection != null) {
            connection.release();
          }
        });
  }

  /** Whether a frame of the present answer has come. */
  boolean hasFrame() {
    return frameCame;
  }

  int stream() {
    return stream;
  }

  /** The head of a response has come. */
  void onOpen() {
    giveBackPermit();
    if (droppedNanos != 0) {
      measurements.resume().record(System.nanoTime() - droppedNanos);
      droppedNanos = 0;
    }
    if (!everOpened) {
      everOpened = true;
      all.onOpen();
      if (pace == Pace.SLOW) {
        meet(Mishap.CRAWL);
      }
    }
  }

  /** The answer is complete. */
  void onAnswerOver() {
    answer++;
    if (answer >= spec.load().answers() || all.givingUp()) {
      over();
      return;
    }
    chat = chatOf(answer);
    judge = judges.judge(name(), chat, this);
    lastTokenNanos = 0;
    frameCame = false;
    connect(all.bootstrap(), false);
  }

  /**
   * The connection was closed, and not by this.
   *
   * @param unread whether it had not been read as it came: then the target may close it, and what
   *     is missing comes with the next
   */
  void onCut(boolean unread) {
    if (all.givingUp()) {
      if (all.publishedAll() && pace != Pace.STALLED) {
        judge.onNotCompleted();
      }
    } else if (pace == Pace.STALLED) {
      all.onStalledCut();
    } else if (unread && judge.lastEventId() != null) {
      faults.told().closedUnread();
      resume();
      return;
    } else {
      judge.onTruncated();
    }
    over();
  }

  /** The connection ended without a head that could be used, and that has been told. */
  void onNeverOpened() {
    if (everOpened && all.givingUp() && all.publishedAll()) {
      judge.onNotCompleted();
    }
    over();
  }

  /** Something came that ends the stream. */
  void onFailed(FaultKind kind, String what) {
    faults.record(kind, name(), what);
    over();
  }

  @Override
  public void onToken(int index) {
    if (!measured) {
      return;
    }
    long now = System.nanoTime();
    boolean own = spec.load().publish() == Publish.OWN;
    long dueNanos = timeline.dueNanos(chat, own ? -1 : index);
    if (dueNanos - timeline.measuredFromNanos() < 0) {
      return;
    }
    if (!own) {
      measurements.of(Series.LATENCY).record(now - dueNanos);
      if (spec.load().stalled().readers() > 0) {
        boolean beside = timeline.offsetNanos(dueNanos) >= all.stalledFromNanos();
        measurements.besideStalled(beside).record(now - dueNanos);
      }
    }
    if (index == 0) {
      measurements.of(Series.FIRST_TOKEN).record(now - dueNanos);
    }
  }

  @Override
  public void onFrame(int tokens) {
    frameCame = true;
    all.noteProgress();
    measurements.frames().increment();
    measurements.tokens().add(tokens);
    if (tokens > 0 && measured) {
      long now = System.nanoTime();
      if (lastTokenNanos != 0 && lastTokenNanos - timeline.measuredFromNanos() >= 0) {
        measurements.of(Series.GAP).record(now - lastTokenNanos);
      }
      lastTokenNanos = now;
    }
  }

  @Override
  public void onHeartbeat() {
    measurements.heartbeats().increment();
  }

  private void over() {
    giveBackPermit();
    if (!over) {
      over = true;
      boolean exact = judge.ended() && !faults.isAt(name());
      if (exact) {
        met.forEach((what, count) -> measurements.mishaps().survived(what, count));
      }
      all.onOver(this, everOpened, exact);
    }
  }

  private void giveBackPermit() {
    if (holdsPermit) {
      holdsPermit = false;
      all.giveBackPermit();
    }
  }

  private int chatOf(int whichAnswer) {
    if (spec.load().publish() == Publish.OWN) {
      return whichAnswer * spec.load().streams() + stream;
    }
    return whichAnswer * spec.load().chats() + spec.load().chatOfStream(stream);
  }

  private String name() {
    return "stream " + stream;
  }
}
