package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges one stream of the contract from its first frame to its end: its run, or its runs if two
 * are written at once, ids of one epoch that count the events, then a completed body.
 *
 * <p>Faults go to the log that the streams of a run share; the check itself belongs to one thread
 * at a time.
 */
public final class StreamCheck {

  /** Told about each token of the stream at its first arrival. */
  public interface Arrivals {
    /** Token {@code index} of this stream has come. */
    void onToken(int index);
  }

  private final String where;
  private final List<RunCheck> runs = new ArrayList<>();
  private final @Nullable ToldLog told;
  private final FaultLog faults;
  private long epoch = -1;
  private long lastOffset;
  private long excused;
  private int framesOfResponse;

  private StreamCheck(String where, @Nullable ToldLog told, FaultLog faults) {
    this.where = where;
    this.told = told;
    this.faults = faults;
  }

  /**
   * Expects {@code tokens} tokens of a chat, as {@code text} has them, in one run without a name.
   *
   * @param where names the stream in what is said about it
   */
  public static StreamCheck ofPublished(
      String where, int chat, int tokens, TokenText text, FaultLog faults) {
    return of(where, null, faults).expecting(null, false, chat, tokens, text);
  }

  /** Expects an answer that the target makes. */
  public static StreamCheck ofOwn(String where, FaultLog faults) {
    StreamCheck check = of(where, null, faults);
    TokenCheck tokens = new OwnTokens(where, faults);
    check.runs.add(new RunCheck(where, null, null, tokens, faults));
    return check;
  }

  /**
   * Expects nothing yet.
   *
   * @param told counts gaps that are told; null if every gap is a fault
   */
  public static StreamCheck of(String where, @Nullable ToldLog told, FaultLog faults) {
    return new StreamCheck(where, told, faults);
  }

  /**
   * Expects the tokens of a chat number of the timetable besides.
   *
   * @param run the name of the run that they are in, or null if it has none; it has one if there
   *     are several
   * @param mayBeCut whether the run may end with {@code producer_lost} and be followed by another
   *     that goes on with the text
   */
  public StreamCheck expecting(
      @Nullable String run, boolean mayBeCut, int chat, int tokens, TokenText text) {
    TokenCheck check = new PublishedTokens(where, chat, tokens, text, faults);
    runs.add(new RunCheck(where, run, mayBeCut ? told : null, check, faults));
    return this;
  }

  /** Another response follows, which goes on after {@link #lastEventId}. */
  public void onResumed() {
    framesOfResponse = 0;
  }

  /** The id of the last frame, or null if there was none. */
  public @Nullable String lastEventId() {
    return epoch < 0 ? null : epoch + "-" + lastOffset;
  }

  /** Whether {@code end} has come, of each run. */
  public boolean ended() {
    return runs.stream().allMatch(RunCheck::ended);
  }

  /**
   * Judges the next frame.
   *
   * @return how many tokens stood in it; of a target's own tokens, 1 for each frame
   */
  public int onFrame(Frame frame, Arrivals arrivals) {
    framesOfResponse++;
    if (frame.retryMs() >= 0 && framesOfResponse > 1) {
      fault(FaultKind.FRAME_FORM, "retry in frame " + framesOfResponse);
    }
    OtherEvent other = frame.kind() == Frame.Kind.OTHER ? OtherEvent.of(frame) : null;
    if (told != null && other != null && other.isLappedUpTo(frame.epoch(), frame.offset())) {
      onGap(frame, told);
      return 0;
    }
    RunCheck run = runOf(other == null ? frame.run() : other.run(), frame);
    int count = run.onFrame(frame, other, arrivals);
    if (count == TokenCheck.ANY_NUMBER) {
      count = 1;
      onId(frame, 1, Long.MAX_VALUE);
    } else {
      onId(frame, Math.max(1, count), Math.max(1, count));
    }
    return count;
  }

  private RunCheck runOf(@Nullable String name, Frame frame) {
    for (RunCheck run : runs) {
      if (Objects.equals(run.run(), name)) {
        return run;
      }
    }
    fault(FaultKind.FRAME_FORM, frame.event() + " of run " + name);
    return runs.get(0);
  }

  /** The body was completed. */
  public void onCompleted() {
    if (!ended()) {
      fault(FaultKind.MISSING_END, "completed after " + seen());
    }
    onOver();
  }

  /** The connection was closed before the body was completed. */
  public void onTruncated() {
    fault(FaultKind.TRUNCATED_BODY, "closed after " + seen() + (ended() ? " and end" : ""));
    onOver();
  }

  /** The run stopped waiting; what has not come may still have been on its way. */
  public void onNotCompleted() {
    fault(FaultKind.NOT_COMPLETED, "open after " + seen() + (ended() ? " and end" : ""));
  }

  private void onOver() {
    for (RunCheck run : runs) {
      long used = run.onOver(excused);
      excused -= used;
      if (told != null) {
        told.gapTokens(used);
      }
    }
  }

  private void onGap(Frame frame, ToldLog log) {
    long events = frame.offset() - lastOffset;
    log.gap(events);
    excused += Math.max(0, events);
    runs.forEach(RunCheck::onGap);
    onId(frame, 1, Long.MAX_VALUE);
  }

  private void onId(Frame frame, long least, long most) {
    long events = frame.offset() - lastOffset;
    if (epoch >= 0 && frame.epoch() != epoch) {
      fault(FaultKind.EPOCH_CHANGED, epoch + " became " + frame.epoch());
    } else if (events <= 0) {
      fault(FaultKind.ID_NOT_INCREASING, lastOffset + " was followed by " + frame.offset());
    } else if (events < least || events > most) {
      fault(
          FaultKind.ID_NOT_DENSE,
          least + " events led from offset " + lastOffset + " to " + frame.offset());
    }
    epoch = frame.epoch();
    lastOffset = frame.offset();
  }

  private String seen() {
    return String.join(" and ", runs.stream().map(RunCheck::seen).toList());
  }

  private void fault(FaultKind kind, String what) {
    faults.record(kind, where, what);
  }
}
