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
 * Folding: one thread folds what is there and appends on, another reads. It finds the same text up
 * to its tail, whichever segments it has got hold of. See {@link Log}.
 */
@JCStressTest
@Outcome(id = "ab", expect = Expect.ACCEPTABLE, desc = "Before the third, folded or not.")
@Outcome(id = "aba", expect = Expect.ACCEPTABLE, desc = "With the third.")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Anything else was never published.")
@State
@NullMarked
public class FoldStress {
  private static final Stretch STRETCH = Run.unnamed("run").tokenStretch(TokenType.FINAL_RESPONSE);
  private static final byte[] TEXT = {'a', 'b'};

  private final Log log = StressLogs.empty();

  /** Two tokens are there. */
  public FoldStress() {
    log.append(STRETCH, TEXT, 0, 1, false);
    log.append(STRETCH, TEXT, 1, 1, false);
  }

  /** Folds, and appends to a new segment. */
  @Actor
  public void writer() {
    log.fold();
    log.append(STRETCH, TEXT, 0, 1, false);
  }

  /** Reads as cursors do. */
  @Actor
  public void reader(L_Result result) {
    result.r1 = StressLogs.read(log, new Utf8Buffer(0), STRETCH);
  }
}
