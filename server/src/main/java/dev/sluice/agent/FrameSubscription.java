package dev.sluice.agent;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.Wakeups;
import dev.sluice.frame.Utf8Buffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client of a {@link ChatFrames}. Its tasks run one at a time on the publisher's executor:
 * together they are the "event loop" that the cursor belongs to.
 */
final class FrameSubscription implements Flow.Subscription, Cursor.Reader {
  private static final int KEEP_BYTES = 64 * 1024;

  private final ChatFrames frames;
  private final Flow.Subscriber<? super String> subscriber;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong demand = new AtomicLong();
  private final Wakeups wakeups = Wakeups.ofOne(this::execute);
  private final Utf8Buffer buffer = new Utf8Buffer(256);
  private @Nullable Cursor cursor;
  private boolean greeted;
  private volatile boolean over;

  FrameSubscription(ChatFrames frames, Flow.Subscriber<? super String> subscriber) {
    this.frames = frames;
    this.subscriber = subscriber;
  }

  void begin() {
    execute(
        () -> {
          greet();
          if (over) {
            return;
          }
          cursor =
              frames
                  .chats()
                  .subscribe(frames.chatId(), frames.startAt(), frames.runId(), wakeups, this);
          if (cursor == null) {
            fail(new IllegalStateException("there are as many chats as there may be"));
          } else {
            readable();
          }
        });
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      execute(() -> fail(new IllegalArgumentException("the count requested has to be positive")));
    } else {
      demand.getAndUpdate(now -> now + count < 0 ? Long.MAX_VALUE : now + count);
      execute(this::readable);
    }
  }

  @Override
  public void cancel() {
    over = true;
    execute(this::leave);
  }

  @Override
  public void readable() {
    while (!over && cursor != null && demand.get() > 0) {
      buffer.clear(KEEP_BYTES);
      Cursor.Status status = cursor.read(buffer, 1, true, 0);
      if (!buffer.isEmpty()) {
        demand.decrementAndGet();
        subscriber.onNext(buffer.toString());
      }
      boolean ended = status == Cursor.Status.AT_END && !frames.follow();
      if (ended || (status == Cursor.Status.AT_TAIL && cursor.isOver())) {
        complete();
      } else if (status == Cursor.Status.AT_TAIL) {
        return;
      }
    }
  }

  @Override
  public void failed(RuntimeException cause) {
    fail(cause);
  }

  private void greet() {
    if (!greeted) {
      greeted = true;
      subscriber.onSubscribe(this);
    }
  }

  private void complete() {
    if (!over) {
      over = true;
      leave();
      subscriber.onComplete();
    }
  }

  private void fail(RuntimeException cause) {
    if (!over) {
      over = true;
      leave();
      subscriber.onError(cause);
    }
  }

  private void leave() {
    Cursor reading = cursor;
    if (reading != null) {
      cursor = null;
      reading.close();
    }
  }

  private void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      try {
        frames.executor().execute(this::runTasks);
      } catch (RejectedExecutionException e) {
        // Told on this thread, for once: a client that is told nothing waits for ever.
        run(
            () -> {
              greet();
              fail(e);
            });
        runTasks();
      }
    }
  }

  private void runTasks() {
    int seen = pending.get();
    do {
      for (int i = 0; i < seen; i++) {
        Runnable task = tasks.poll();
        if (task != null) {
          run(task);
        }
      }
      seen = pending.addAndGet(-seen);
    } while (seen != 0);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }
}
