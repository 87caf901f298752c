package dev.sluice.loadtest.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text with slots that are filled for each event: {@code {chat}}, {@code {token}}, {@code {index}},
 * {@code {run}}. Other braces stand for themselves, so that JSON needs no escaping.
 *
 * @param source the text as it was given
 * @param parts the text cut at its slots
 */
public record Template(String source, List<Part> parts) {
  private static final Pattern SLOT = Pattern.compile("\\{(chat|token|index|run)}");

  /** What a slot is filled with. */
  public enum Slot {
    /** The name of the chat: letters, digits and hyphens. */
    CHAT,
    /** The text of the token, as the inside of a JSON string. */
    TOKEN,
    /** The index of the event in its chat, in decimal. */
    INDEX,
    /** A field more, {@code ,"run":"…"}, where a chat has two runs at once; else nothing. */
    RUN
  }

  /**
   * A piece of a template: either a literal or a slot.
   *
   * @param literal the UTF-8 bytes; empty if this is a slot
   * @param slot the slot, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared: a part is only walked over.
  public record Part(byte[] literal, @Nullable Slot slot) {}

  /** Reads a template. */
  public static Template of(String source) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = SLOT.matcher(source);
    int at = 0;
    while (matcher.find()) {
      addLiteral(parts, source.substring(at, matcher.start()));
      Slot slot = Slot.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
      parts.add(new Part(new byte[0], slot));
      at = matcher.end();
    }
    addLiteral(parts, source.substring(at));
    return new Template(source, List.copyOf(parts));
  }

  /** Whether the slot stands in it. */
  public boolean has(Slot slot) {
    return parts.stream().anyMatch(part -> part.slot() == slot);
  }

  /** The text for one chat; other slots stay as they are. */
  public String forChat(String chatId) {
    return source.replace("{chat}", chatId);
  }

  private static void addLiteral(List<Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Part(text.getBytes(StandardCharsets.UTF_8), null));
    }
  }
}
