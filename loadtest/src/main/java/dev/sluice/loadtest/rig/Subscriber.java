package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.StreamJudge;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.ReaderSpec.Pace;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
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
  private int answer;
  private int chat;
  private StreamJudge judge;
  private @Nullable StreamConnection connection;
  private boolean everOpened;
  private boolean holdsPermit;
  private boolean over;
  private long droppedNanos;
  private long lastTokenNanos;

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
    this.pace = spec.readers().pace(stream);
    this.spec = spec;
    this.timeline = timeline;
    this.judges = judges;
    this.measurements = measurements;
    this.faults = faults;
    this.all = all;
    this.loop = loop;
    this.pacer = new Pacer(pace, spec.readers());
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

  /** Drops the connection, if one is open that has more to bring; {@code then} is called if so. */
  void drop(Runnable then) {
    loop.execute(
        () -> {
          if (!over && connection != null && connection.drop()) {
            droppedNanos = System.nanoTime();
            then.run();
          }
        });
  }

  /** The run is over while the connection is dropped. */
  void giveUp() {
    loop.execute(this::onCut);
  }

  /** Reads as fast as it comes from now on. */
  void release() {
    loop.execute(
        () -> {
          if (connection != null) {
            connection.release();
          }
        });
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
    connect(all.bootstrap(), false);
  }

  /** The connection was closed, and not by this. */
  void onCut() {
    if (all.givingUp()) {
      if (all.publishedAll() && pace != Pace.STALLED) {
        judge.onNotCompleted();
      }
    } else if (pace == Pace.STALLED) {
      all.onStalledCut();
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
    if (pace != Pace.BRISK) {
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
    }
    if (index == 0) {
      measurements.of(Series.FIRST_TOKEN).record(now - dueNanos);
    }
  }

  @Override
  public void onFrame(int tokens) {
    measurements.frames().increment();
    measurements.tokens().add(tokens);
    if (tokens > 0 && pace == Pace.BRISK) {
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
      all.onOver(this, everOpened);
    }
  }

  private void giveBackPermit() {
    if (holdsPermit) {
      holdsPermit = false;
      all.giveBackPermit();
    }
  }

  private int chatOf(int whichAnswer) {
    int chats = spec.load().publish() == Publish.OWN ? spec.load().streams() : spec.load().chats();
    return whichAnswer * chats + stream % chats;
  }

  private String name() {
    return "stream " + stream;
  }
}
