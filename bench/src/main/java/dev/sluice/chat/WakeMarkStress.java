package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import dev.sluice.metrics.Metrics;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * The wake mark: a publisher appends and marks the audience while the loop clears an earlier mark
 * and looks. Either the loop has seen the new tail, or it is told once more: no wake is lost. See
 * the package's documentation for the order of the four steps.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The reader knows of everything.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Nobody will tell the reader of the last.")
@State
@NullMarked
public class WakeMarkStress implements Cursor.Reader {
  private static final Chats CHATS = BenchChats.create(new Metrics());

  private final Chat chat = new Chat("chat", 1, CHATS);
  private final AtomicInteger tasks = new AtomicInteger();
  private final Wakeups wakeups = Wakeups.ofOne(this::execute);
  private final Cursor cursor;
  private final EventDraft draft = new EventDraft();
  private @Nullable Runnable delivery;
  private long seenTail;

  /** One event was published, and the loop was told but has not looked yet. */
  public WakeMarkStress() {
    cursor = Objects.requireNonNull(chat.join(new StartAt.Live(), null, wakeups, this));
    publish();
  }

  /** Publishes. */
  @Actor
  public void publisher() {
    publish();
  }

  /** Runs what is on the loop, once. */
  @Actor
  public void loop() {
    runTasks();
  }

  /** What is on the loop now runs, too; then the reader has to know everything. */
  @Arbiter
  public void after(J_Result result) {
    runTasks();
    result.r1 = chat.lastId().offset() - seenTail;
    cursor.close();
    chat.log().release();
  }

  @Override
  public void readable() {
    seenTail = chat.lastId().offset();
  }

  private void publish() {
    draft.token(TokenType.FINAL_RESPONSE, "x");
    chat.publish(null, draft, false);
  }

  private void execute(Runnable task) {
    // There is only one, ever.
    delivery = task;
    tasks.incrementAndGet();
  }

  private void runTasks() {
    int waiting = tasks.getAndSet(0);
    for (int i = 0; i < waiting; i++) {
      Objects.requireNonNull(delivery).run();
    }
  }
}
