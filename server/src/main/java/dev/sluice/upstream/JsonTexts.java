package dev.sluice.upstream;

import io.netty.util.concurrent.FastThreadLocal;
import java.io.Reader;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Short JSON texts, one after the other through one parser: one that is made for each costs more
 * than the text. Each thread has its own, for all answers that it reads.
 */
final class JsonTexts {
  private static final FastThreadLocal<JsonTexts> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected JsonTexts initialValue() {
          return new JsonTexts();
        }
      };

  /** Ends where the text ends; with the next one it goes on. */
  private static final class Source extends Reader {
    private String text = "";
    private int position;

    @Override
    public int read(char[] into, int offset, int length) {
      int count = Math.min(length, text.length() - position);
      if (count == 0) {
        return -1;
      }
      text.getChars(position, position + count, into, offset);
      position += count;
      return count;
    }

    @Override
    public void close() {}
  }

  private final Source source = new Source();
  private final StringWriter rest = new StringWriter();
  private @Nullable JsonParser parser;

  private JsonTexts() {}

  static JsonTexts ofThread() {
    return OF_THREAD.get();
  }

  /**
   * The parser, before the first token of the text. It must not be asked for more than one whole
   * value, then comes {@link #isAtEnd}; if it was, or has thrown, comes {@link #discard}.
   */
  JsonParser begin(String text) {
    source.text = text;
    source.position = 0;
    JsonParser made = parser;
    if (made == null) {
      made = JsonMapper.shared().createParser(source);
      parser = made;
    }
    return made;
  }

  /** True if nothing but white space follows what was read of the text. */
  boolean isAtEnd() {
    JsonParser made = parser;
    if (made != null && made.releaseBuffered(rest) > 0) {
      boolean blank = isBlank(rest.getBuffer(), 0);
      rest.getBuffer().setLength(0);
      if (!blank) {
        return false;
      }
    }
    return isBlank(source.text, source.position);
  }

  /** Gives up the parser, which is somewhere in the middle of a text. */
  void discard() {
    if (parser != null) {
      parser.close();
      parser = null;
    }
    source.text = "";
    source.position = 0;
  }

  /** White space is what JSON takes for it. */
  private static boolean isBlank(CharSequence text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return false;
      }
    }
    return true;
  }
}
