package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes lines over one connection after the other: each is cut in the middle of a line at some
 * time, then the target is asked how far it has got, and the next one goes on from there. What is
 * due meanwhile waits here.
 *
 * <p>Belongs to the publishing loop, which it shares with its connections.
 */
final class ResumingLane extends ChannelHandlerAdapter implements PublishLane {
  private final String name;
  private final Supplier<LinesLane> connections;
  private final Progress progress;
  private final FaultLog faults;

  /** For each chat the index of the event that is to be added next. */
  private final Map<Integer, Integer> next = new TreeMap<>();

  private volatile @Nullable LinesLane lane;
  private @Nullable Bootstrap bootstrap;
  private @Nullable SocketAddress address;
  private @Nullable Boolean cutNext;
  private int made;
  private boolean finished;
  private boolean abandoned;
  private volatile boolean failed;

  /**
   * A lane that has no connection yet.
   *
   * @param connections makes lanes for one connection each
   */
  ResumingLane(String name, Supplier<LinesLane> connections, Progress progress, FaultLog faults) {
    this.name = name;
    this.connections = connections;
    this.progress = progress;
    this.faults = faults;
  }

  /** Where further connections lead, and how they are made. */
  void reconnectWith(Bootstrap with, SocketAddress to) {
    bootstrap = with;
    address = to;
  }

  /**
   * Cuts the connection in the middle of the next line that is added.
   *
   * @param hard by a reset
   */
  void cut(boolean hard) {
    cutNext = hard;
  }

  /** How many times the connection has been cut. */
  int cutsMade() {
    return made;
  }

  @Override
  public void begin(Channel opened) {
    begin(opened, connections.get());
  }

  private void begin(Channel opened, LinesLane over) {
    opened.pipeline().addLast(over);
    over.begin(opened);
    lane = over;
  }

  @Override
  public void onConnectFailed(Throwable cause) {
    fail(FaultKind.PUBLISH_BROKEN, String.valueOf(cause));
  }

  @Override
  public boolean isWritable() {
    LinesLane over = lane;
    return over == null || over.isWritable();
  }

  @Override
  public void add(int chat, int index) {
    next.put(chat, index + 1);
    LinesLane over = lane;
    if (over == null) {
      return;
    }
    Boolean hard = cutNext;
    if (hard == null) {
      over.add(chat, index);
      return;
    }
    cutNext = null;
    made++;
    // First: a connection that is cut counts as failed, and that is not this one's failure.
    lane = null;
    over.cut(chat, index, hard);
    EventLoop loop = loop();
    progress
        .ask(next.keySet())
        .whenComplete((accepted, failure) -> loop.execute(() -> goOn(accepted, failure)));
  }

  private EventLoop loop() {
    if (bootstrap == null) {
      throw new IllegalStateException(name + " has not begun");
    }
    return bootstrap.config().group().next();
  }

  /** The target has told how far each chat has got, or not. */
  private void goOn(@Nullable Map<Integer, Progress.Place> places, @Nullable Throwable failure) {
    if (abandoned || bootstrap == null || address == null) {
      return;
    }
    if (places == null) {
      fail(FaultKind.PUBLISH_BROKEN, "not resumed: " + failure);
      return;
    }
    LinesLane over = connections.get();
    ChannelFuture connecting =
        bootstrap.clone().handler(new ChannelHandlerAdapter() {}).connect(address);
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            fail(FaultKind.PUBLISH_BROKEN, String.valueOf(done.cause()));
          } else if (!abandoned) {
            begin(connecting.channel(), over);
            addRest(over, places);
          }
        });
  }

  private void addRest(LinesLane over, Map<Integer, Progress.Place> places) {
    Map<Integer, Integer> due = new HashMap<>(next);
    due.forEach(
        (chat, until) -> {
          Progress.Place place = places.getOrDefault(chat, Progress.Place.NOTHING);
          if (place.runLost()) {
            over.add(chat, -1);
          }
          for (int index = place.nextIndex(); index < until; index++) {
            over.add(chat, index);
          }
        });
    over.flush();
    if (finished) {
      over.finish();
    }
  }

  @Override
  public void flush() {
    LinesLane over = lane;
    if (over != null) {
      over.flush();
    }
  }

  @Override
  public void finish() {
    finished = true;
    LinesLane over = lane;
    if (over != null) {
      over.finish();
    }
  }

  @Override
  public boolean answered() {
    LinesLane over = lane;
    return over != null && over.answered();
  }

  @Override
  public boolean failed() {
    LinesLane over = lane;
    return failed || (over != null && over.failed());
  }

  @Override
  public void abandon() {
    abandoned = true;
    LinesLane over = lane;
    if (over != null) {
      over.abandon();
    }
  }

  private void fail(FaultKind kind, String what) {
    if (!failed) {
      failed = true;
      faults.record(kind, name, what);
    }
  }
}
