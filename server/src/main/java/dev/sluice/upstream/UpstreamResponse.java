package dev.sluice.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a model server answers: usually an event stream, sometimes one JSON document, or a refusal.
 * Reads it as it arrives and knows when it is complete and what is wrong with it. One thread.
 */
final class UpstreamResponse {
  private enum Kind {
    /** No head has arrived yet. */
    UNKNOWN,
    STREAM,
    /** The whole answer in one piece. */
    DOCUMENT,
    /** A status other than 200, with words. */
    REFUSAL
  }

  private static final int MAX_REFUSAL_BYTES = 8 * 1024;

  private final UpstreamSettings settings;
  private final AnswerReader reader;
  private final SseParser parser;
  private Kind kind = Kind.UNKNOWN;
  private CollectedBody collected = new CollectedBody(0);
  private int status;
  private boolean complete;
  private @Nullable CallFailure failure;

  UpstreamResponse(UpstreamSettings settings, AnswerReader reader) {
    this.settings = settings;
    this.reader = reader;
    parser = new SseParser(settings.maxEventBytes(), reader);
  }

  /** The HTTP status, 0 before there is one. */
  int status() {
    return status;
  }

  /** True once nothing more is needed; {@link #end} then publishes what is left. */
  boolean isComplete() {
    return complete;
  }

  /** True once the answer is whole, whether or not more was to come. */
  boolean hasFinished() {
    return reader.isFinished();
  }

  /** What is wrong, or null. Nothing may be read after it. */
  @Nullable CallFailure failure() {
    return failure;
  }

  void head(HttpResponse response) {
    HttpResponseStatus line = response.status();
    if (line.codeClass() == HttpStatusClass.INFORMATIONAL
        && !line.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      return;
    }
    status = line.code();
    String encoding = response.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (status != HttpResponseStatus.OK.code()) {
      kind = Kind.REFUSAL;
      collected = new CollectedBody(MAX_REFUSAL_BYTES);
    } else if (!encoding.equalsIgnoreCase("identity")) {
      malformed("It is compressed, which was not asked for.");
    } else {
      switch (mediaType(response)) {
        case "text/event-stream", "" -> kind = Kind.STREAM;
        case "application/json" -> {
          kind = Kind.DOCUMENT;
          collected = new CollectedBody(settings.maxEventBytes());
        }
        default -> malformed("It is not an event stream.");
      }
    }
  }

  /**
   * Reads a piece of the body; the buffer stays the caller's.
   *
   * @param last whether the body ends with it
   */
  void body(ByteBuf content, boolean last) {
    switch (kind) {
      case STREAM -> {
        if (!parser.parse(content)) {
          malformed("An event of it is too large.");
          return;
        }
        readerRead();
        if (last) {
          cut();
        }
      }
      case DOCUMENT -> {
        if (!collected.add(content)) {
          malformed("It is too large.");
        } else if (last) {
          reader.document(collected.text());
          readerRead();
        }
      }
      case REFUSAL -> {
        if (!collected.add(content) || last) {
          refused();
        }
      }
      case UNKNOWN -> {
        // The empty body of an informational response.
      }
    }
  }

  /** Nothing more comes; that may be right or wrong. */
  void cut() {
    if (complete || failure != null) {
      return;
    }
    if (kind == Kind.REFUSAL) {
      refused();
    } else if (reader.isFinished()) {
      complete = true;
    } else {
      failure = CallFailure.of(UpstreamFault.CUT);
    }
  }

  /** Publishes what is left of a complete answer, and ends the run. */
  void end() {
    reader.end();
  }

  private void readerRead() {
    failure = reader.failure();
    complete = failure == null && reader.isDone();
  }

  private void refused() {
    failure = CallFailure.ofStatus(status, reader.errorMessage(collected.text()));
  }

  private void malformed(String why) {
    failure = CallFailure.of(UpstreamFault.MALFORMED, why);
  }

  private static String mediaType(HttpResponse response) {
    String value = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    int parameters = value.indexOf(';');
    return (parameters < 0 ? value : value.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
