package dev.sluice.http;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteBufferFeeder;
import tools.jackson.core.exc.StreamConstraintsException;

/** The tokens of a JSON text that comes in pieces, straight from the buffers. One thread. */
final class JsonTokens {
  /** Who wants the tokens. */
  @FunctionalInterface
  interface Taker {
    /** Takes the parser's current token. */
    void take(JsonParser parser, JsonToken token) throws ProblemException;
  }

  /** Where the parser thinks it is: in its own terms, and without a position for fed bytes. */
  private static final Pattern PLACE = Pattern.compile("\\s*\\([^(]*\\[Source.*", Pattern.DOTALL);

  private final JsonParser parser;
  private final ByteBufferFeeder feeder;
  private final String code;
  private final String subject;

  /**
   * @param maxStringChars the longest string that is taken
   * @param code of the problem if the text is not JSON
   * @param subject what the text is, for people
   */
  JsonTokens(int maxStringChars, String code, String subject) {
    parser =
        Json.factory(maxStringChars).createNonBlockingByteBufferParser(ObjectReadContext.empty());
    feeder = (ByteBufferFeeder) parser.nonBlockingInputFeeder();
    this.code = code;
    this.subject = subject;
  }

  /** Parses one more piece. */
  void feed(ByteBuffer piece, Taker taker) throws ProblemException {
    try {
      feeder.feedInput(piece);
      drain(taker);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /** Parses what only the end of the text completes. */
  void end(Taker taker) throws ProblemException {
    try {
      feeder.endOfInput();
      drain(taker);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /** Gives back the parser's memory; nothing may be fed any more. */
  void close() {
    parser.close();
  }

  private void drain(Taker taker) throws ProblemException {
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.NOT_AVAILABLE && token != null) {
      taker.take(parser, token);
    }
  }

  private ProblemException malformed(JacksonException e) {
    String what =
        e instanceof StreamConstraintsException
            ? " is nested too deeply, or a value in it is too long"
            : " is not JSON: " + PLACE.matcher(e.getOriginalMessage()).replaceFirst("");
    return new ProblemException(Problem.badRequest(code, subject + what));
  }
}
