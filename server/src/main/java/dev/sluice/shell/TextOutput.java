package dev.sluice.shell;

import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chat for people: the text of its tokens, exactly, on standard output; a short line for each
 * other event on standard error.
 *
 * <p>Text is UTF-8 whatever the locale. A surrogate pair that is split over two tokens is put
 * together; half a pair that stays alone becomes U+FFFD.
 */
final class TextOutput implements TailOutput {
  /**
   * @param types the tokens that are wanted
   * @param quiet no lines but those of {@code error}, {@code abort} and {@code gap}
   * @param terminal somebody looks at standard output: lines are kept apart there
   * @param color standard output takes colours
   * @param errorColor standard error does
   */
  record Style(
      Set<TokenType> types, boolean quiet, boolean terminal, boolean color, boolean errorColor) {}

  private static final Set<String> NOT_SHOWN = Set.of("start", "end", "metadata");
  private static final Set<String> ALWAYS_SHOWN = Set.of("error", "abort", "gap");

  private final OutputStream out;
  private final PrintStream err;
  private final Style style;
  private @Nullable TokenType lastType;
  private char halfPair;
  private boolean midLine;

  TextOutput(OutputStream out, PrintStream err, Style style) {
    this.out = out;
    this.err = err;
    this.style = style;
  }

  @Override
  public void event(ChatEvent event) throws IOException {
    TokenType type = event.type();
    if (event.isToken()) {
      if (type == null || style.types().contains(type)) {
        if (style.terminal() && midLine && lastType != null && lastType != type) {
          endLine();
        }
        lastType = type;
        text(event.text(), color(type));
      }
    } else if (event.name().equals("end")) {
      endRun();
    } else if (isShown(event.name())) {
      line(EventLine.of(event), color(event.name(), type));
    }
  }

  @Override
  public void note(String line) throws IOException {
    line(line, "");
  }

  @Override
  public void end() throws IOException {
    endRun();
  }

  private boolean isShown(String name) {
    return style.quiet() ? ALWAYS_SHOWN.contains(name) : !NOT_SHOWN.contains(name);
  }

  private void text(String text, String color) throws IOException {
    StringBuilder whole = new StringBuilder(text.length() + 16);
    if (halfPair != 0) {
      whole.append(halfPair);
      halfPair = 0;
    }
    whole.append(text);
    int last = whole.length() - 1;
    if (last >= 0 && Character.isHighSurrogate(whole.charAt(last))) {
      halfPair = whole.charAt(last);
      whole.setLength(last);
    }
    write(whole, color);
  }

  private void write(StringBuilder text, String color) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        text.setCharAt(i, '\uFFFD');
      }
    }
    midLine = text.charAt(text.length() - 1) != '\n';
    // Colour on and off in one write, so that a tail that is cut short leaves no colour behind.
    String shown = color.isEmpty() ? text.toString() : color + text + Terminal.RESET;
    out.write(shown.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void endRun() throws IOException {
    if (halfPair != 0) {
      halfPair = 0;
      write(new StringBuilder("\uFFFD"), "");
    }
    if (style.terminal() && midLine) {
      endLine();
    }
    lastType = null;
  }

  private void endLine() throws IOException {
    out.write('\n');
    out.flush();
    midLine = false;
  }

  private void line(String line, String color) throws IOException {
    if (style.terminal() && midLine) {
      // Both outputs share the screen, as a rule.
      endLine();
    }
    err.print((color.isEmpty() ? line : color + line + Terminal.RESET) + "\n");
    err.flush();
  }

  private String color(@Nullable TokenType type) {
    if (!style.color() || type == null) {
      return "";
    }
    return switch (type) {
      case AGENT_REASONING -> Terminal.DIM;
      case TOOL_RESPONSE -> Terminal.CYAN;
      case FINAL_RESPONSE -> "";
    };
  }

  private String color(String name, @Nullable TokenType type) {
    if (!style.errorColor()) {
      return "";
    }
    boolean isTool = type == TokenType.TOOL_RESPONSE || name.endsWith("Tools");
    return ALWAYS_SHOWN.contains(name) ? Terminal.RED : isTool ? Terminal.CYAN : Terminal.DIM;
  }
}
