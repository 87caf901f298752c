package dev.sluice.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A client that keeps what it is sent. */
class FrameReader implements Flow.Subscriber<String> {
  final CountDownLatch over = new CountDownLatch(1);
  private final long demand;
  private final List<String> frames = new CopyOnWriteArrayList<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean completed;

  FrameReader(long demand) {
    this.demand = demand;
  }

  Flow.Subscription subscription() {
    return Objects.requireNonNull(subscription);
  }

  List<String> frames() {
    return frames;
  }

  /** The JSON of each frame. */
  List<String> events() {
    List<String> events = new ArrayList<>();
    for (String frame : frames) {
      int data = frame.indexOf("data:");
      events.add(frame.substring(data + "data:".length(), frame.length() - 2));
    }
    return events;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  boolean isCompleted() {
    return completed;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    if (demand > 0) {
      newSubscription.request(demand);
    }
  }

  @Override
  public void onNext(String frame) {
    frames.add(frame);
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause;
    over.countDown();
  }

  @Override
  public void onComplete() {
    completed = true;
    over.countDown();
  }
}
