package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The publication of a log's tail: one thread appends, another reads the tail and then the
 * segments. Whatever tail it has read, it finds every entry up to it, whole. See {@link Log}.
 */
@JCStressTest
@Outcome(id = "-", expect = Expect.ACCEPTABLE, desc = "Before the first.")
@Outcome(id = "a", expect = Expect.ACCEPTABLE, desc = "The first.")
@Outcome(id = "ab", expect = Expect.ACCEPTABLE, desc = "Both.")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "An entry that the tail has passed is not there.")
@State
@NullMarked
public class TailStress {
  private static final Stretch STRETCH = Run.unnamed("run").tokenStretch(TokenType.FINAL_RESPONSE);
  private static final byte[] TEXT = {'a', 'b'};

  private final Log log = StressLogs.empty();

  /** Appends two tokens, the first of which needs a segment. */
  @Actor
  public void writer() {
    log.append(STRETCH, TEXT, 0, 1, false);
    log.append(STRETCH, TEXT, 1, 1, false);
  }

  /** Reads as cursors do. */
  @Actor
  public void reader(L_Result result) {
    String text = StressLogs.read(log, new Utf8Buffer(0), STRETCH);
    result.r1 = text.isEmpty() ? "-" : text;
  }
}
