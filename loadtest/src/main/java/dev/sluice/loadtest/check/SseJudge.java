package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.BodyReader;
import dev.sluice.loadtest.wire.ResponseHead;
import dev.sluice.loadtest.wire.SseReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Judges the texts in any stream of Server-Sent Events. Ids are read for resuming, and not judged;
 * events without text are passed over.
 */
public final class SseJudge implements StreamJudge, SseReader.Sink {
  /** What many servers send instead of a last text. */
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final String where;
  private final @Nullable TextCheck textCheck;
  private final @Nullable JsonText jsonText;
  private final boolean completes;
  private final FaultLog faults;
  private final Listener listener;
  private @Nullable String lastEventId;
  private int events;

  private SseJudge(
      String where,
      @Nullable TextCheck textCheck,
      @Nullable String textKey,
      boolean completes,
      FaultLog faults,
      Listener listener) {
    this.where = where;
    this.textCheck = textCheck;
    this.jsonText = textKey == null ? null : new JsonText(textKey);
    this.completes = completes;
    this.faults = faults;
    this.listener = listener;
  }

  /**
   * Expects {@code tokens} tokens of a chat.
   *
   * @param textKey where the text stands in the JSON of an event, or null if it is the data
   * @param completes whether the target completes the body after them
   */
  public static SseJudge ofPublished(
      String where,
      int chat,
      int tokens,
      TokenText text,
      @Nullable String textKey,
      boolean completes,
      FaultLog faults,
      Listener listener) {
    TextCheck check = new TextCheck(where, chat, tokens, text, faults);
    return new SseJudge(where, check, textKey, completes, faults, listener);
  }

  /** Expects an answer that the target makes: at least one text, then a completed body. */
  public static SseJudge ofOwn(
      String where, @Nullable String textKey, FaultLog faults, Listener listener) {
    return new SseJudge(where, null, textKey, true, faults, listener);
  }

  @Override
  public boolean onHead(ResponseHead head) {
    return HeadCheck.checkSse(where, head, faults);
  }

  @Override
  public BodyReader newBody() {
    return new SseReader(this);
  }

  @Override
  public @Nullable String lastEventId() {
    return lastEventId;
  }

  @Override
  public boolean ended() {
    return textCheck != null && textCheck.complete();
  }

  @Override
  public boolean toBeClosed() {
    return !completes && ended();
  }

  @Override
  public void onCompleted() {
    if (textCheck != null) {
      textCheck.onOver(0);
    } else if (events == 0) {
      faults.record(FaultKind.LOST, where, "an answer without a token");
    }
  }

  @Override
  public void onTruncated() {
    faults.record(FaultKind.TRUNCATED_BODY, where, "closed after " + seen());
    if (textCheck != null) {
      textCheck.onOver(0);
    }
  }

  @Override
  public void onNotCompleted() {
    faults.record(FaultKind.NOT_COMPLETED, where, "open after " + seen());
  }

  @Override
  public void onEvent(@Nullable String id, byte[] bytes, int from, int to) {
    lastEventId = id == null ? lastEventId : id;
    byte[] text = bytes;
    int textFrom = from;
    int textTo = to;
    if (jsonText != null) {
      text = jsonText.find(bytes, from, to);
      if (text == null) {
        onNoJson(bytes, from, to);
        return;
      }
      textFrom = 0;
      textTo = text.length;
    }
    if (textFrom == textTo || isDone(text, textFrom, textTo)) {
      listener.onFrame(0);
      return;
    }
    if (textCheck == null) {
      listener.onToken(events++);
      listener.onFrame(1);
    } else {
      listener.onFrame(textCheck.onText(text, textFrom, textTo, listener));
    }
  }

  @Override
  public void onComment() {
    listener.onHeartbeat();
  }

  private void onNoJson(byte[] bytes, int from, int to) {
    if (!isDone(bytes, from, to)) {
      String data = new String(bytes, from, Math.min(to - from, 60), StandardCharsets.UTF_8);
      faults.record(FaultKind.FRAME_FORM, where, "data is no JSON: " + data);
    }
    listener.onFrame(0);
  }

  private static boolean isDone(byte[] bytes, int from, int to) {
    return Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
  }

  private String seen() {
    return textCheck == null ? events + " tokens" : textCheck.arrived() + " tokens";
  }
}
