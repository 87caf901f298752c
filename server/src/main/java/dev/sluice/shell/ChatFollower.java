package dev.sluice.shell;

import dev.sluice.upstream.SseParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads a chat's stream to its end, over as many connections as that takes: each goes on after the
 * last event that was handed over, so that every event comes once and in order. One thread.
 */
final class ChatFollower {
  /**
   * What is asked for.
   *
   * @param parameters of the query, encoded, beside the place to begin
   * @param follow stay after the end of the runs
   * @param silenceTimeoutMs how long the server may send nothing, not even a heartbeat; 0 for ever
   */
  record Wish(ChatUrl chat, String parameters, boolean follow, int silenceTimeoutMs) {}

  private static final int MAX_EVENT_BYTES = 1 << 30;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int CONNECT_TIMEOUT_MS = 10_000;
  private static final long OF_USE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Wish wish;
  private final TailPlace place;
  private final Retries retries;
  private final TailOutput output;
  private @Nullable SseParser reading;
  private boolean afterEnd;

  ChatFollower(Wish wish, TailPlace place, Retries retries, TailOutput output) {
    this.wish = wish;
    this.place = place;
    this.retries = retries;
    this.output = output;
  }

  /**
   * Returns when there is nothing more to come.
   *
   * @throws Refusal if the server refuses for good
   * @throws UncheckedIOException if the output takes no more
   * @throws IOException if no connection can be had for as long as it is tried
   */
  void follow() throws IOException, InterruptedException {
    while (true) {
      String reason;
      try {
        if (read()) {
          return;
        }
        reason = "the server closed the stream";
      } catch (SSLHandshakeException | SSLPeerUnverifiedException e) {
        throw e;
      } catch (Refusal e) {
        if (!e.isPassing()) {
          throw e;
        }
        reason = message(e);
      } catch (IOException e) {
        reason = message(e);
      }
      OptionalLong waitMs = retries.nextWaitMs();
      if (waitMs.isEmpty()) {
        throw new IOException(reason + "; not tried again");
      }
      note("tail: " + reason + "; trying again in " + seconds(waitMs.getAsLong()));
      Thread.sleep(waitMs.getAsLong());
    }
  }

  /** Reads one response; true if that was all. */
  private boolean read() throws IOException {
    HttpURLConnection connection = connect();
    long beganNanos = System.nanoTime();
    try {
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_NO_CONTENT) {
        return true;
      }
      if (status != HttpURLConnection.HTTP_OK) {
        throw Refusal.of(status, ChatState.body(connection, status));
      }
      String type = String.valueOf(connection.getContentType());
      if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
        throw Refusal.of(status, "that is no event stream but " + type);
      }
      return read(connection.getInputStream());
    } finally {
      if (System.nanoTime() - beganNanos >= OF_USE_NANOS) {
        retries.worked();
      }
      connection.disconnect();
    }
  }

  private boolean read(InputStream body) throws IOException {
    SseParser parser = new SseParser(MAX_EVENT_BYTES, (type, data) -> take(data));
    reading = parser;
    byte[] bytes = new byte[BUFFER_BYTES];
    for (int count = body.read(bytes); count >= 0; count = body.read(bytes)) {
      if (!parser.parse(bytes, 0, count)) {
        throw Refusal.of(HttpURLConnection.HTTP_OK, "an event is too large for this command");
      }
      retries.told(parser.retryMs());
    }
    return afterEnd && !wish.follow() && !parser.asksToComeAgain();
  }

  private void take(String data) {
    try {
      String id = reading == null ? "" : reading.lastEventId();
      try {
        ChatEvent event = ChatEvent.parse(id, data);
        output.event(event);
        afterEnd = event.name().equals("end");
      } catch (JacksonException e) {
        output.note("tail: not an event: " + data);
      }
      place.seen(id);
      retries.worked();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpURLConnection connect() throws IOException {
    String from = place.parameter(CONNECT_TIMEOUT_MS);
    StringJoiner query = new StringJoiner("&");
    for (String part : new String[] {from, wish.follow() ? "mode=follow" : "", wish.parameters()}) {
      if (!part.isEmpty()) {
        query.add(part);
      }
    }
    HttpURLConnection connection =
        ChatState.open(
            wish.chat().stream(query.toString()), CONNECT_TIMEOUT_MS, wish.silenceTimeoutMs());
    connection.setRequestProperty("Accept", "text/event-stream");
    if (!place.lastId().isEmpty()) {
      connection.setRequestProperty("Last-Event-ID", place.lastId());
    }
    return connection;
  }

  private void note(String line) {
    try {
      output.note(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
  }

  private static String message(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof UnknownHostException) {
      return "there is no host " + message;
    }
    return e instanceof SocketTimeoutException
        ? "the server is silent (" + message + ")"
        : e instanceof ConnectException ? "no connection: " + message : message;
  }
}
