package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunEnding;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * A prediction without streaming: when the run has ended, its text is read from the log and
 * answered in one piece. Until then the log keeps it, and this nothing.
 */
final class JsonAnswer implements Cursor.Reader {
  private final Exchange exchange;
  private final Prompt prompt;
  private final RunPublisher run;
  private final Utf8Buffer text = new Utf8Buffer(1024);
  private @Nullable Cursor cursor;

  JsonAnswer(Exchange exchange, Prompt prompt, RunPublisher run) {
    this.exchange = exchange;
    this.prompt = prompt;
    this.run = run;
  }

  /** Begins to read; the request has been admitted. */
  void begin() throws ProblemException {
    cursor = run.subscribe(exchange.loop().wakeups(), this);
    if (cursor == null) {
      release();
      throw new ProblemException(Publication.refusal(PublishResult.CHAT_GONE));
    }
    exchange.onGone(this::close);
  }

  @Override
  public void failed(RuntimeException cause) {
    close();
    exchange.failed(cause);
  }

  @Override
  public void readable() {
    Cursor reading = cursor;
    if (reading == null || run.ending() == null) {
      return;
    }
    Cursor.Status status = reading.readText(text, TokenType.FINAL_RESPONSE);
    if (status == Cursor.Status.LAPPED) {
      close();
      exchange.problem(Publication.refusal(PublishResult.OVER_BUDGET));
    } else if (status == Cursor.Status.AT_END || reading.isOver()) {
      close();
      answer();
    }
  }

  private void answer() {
    if (run.ending() == RunEnding.FAILED || run.ending() == RunEnding.PRODUCER_LOST) {
      String failure = run.failure();
      exchange.problem(
          new Problem(
              HttpResponseStatus.BAD_GATEWAY,
              "upstream_failed",
              failure == null ? "the upstream did not finish its answer" : failure));
      return;
    }
    Utf8Buffer answer = new Utf8Buffer(text.length() + 256);
    answer.putAscii("{\"text\":\"").put(text).putAscii("\",\"question\":");
    answer.putQuoted(prompt.question()).putAscii(",\"chatId\":").putQuoted(run.chatId());
    String producersId = run.chatMessageId();
    answer.putAscii(",\"chatMessageId\":");
    answer.putQuoted(producersId == null ? prompt.chatMessageId() : producersId);
    String sessionId = prompt.sessionId();
    answer.putAscii(",\"sessionId\":").putQuoted(sessionId == null ? run.chatId() : sessionId);
    answer.put((byte) '}');
    exchange.respond(HttpResponseStatus.OK, "application/json", answer.toByteArray());
  }

  private void close() {
    Cursor reading = cursor;
    if (reading != null) {
      cursor = null;
      reading.close();
      release();
    }
  }

  private void release() {
    exchange.edge().admission().release(exchange.countedAddress());
  }
}
