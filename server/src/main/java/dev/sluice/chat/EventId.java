package dev.sluice.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code <epoch>-<offset>}: an offset means nothing without the identity of its log. */
public record EventId(long epoch, long offset) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /** The id of that form, or null. */
  public static @Nullable EventId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? new EventId(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
        : null;
  }

  @Override
  public String toString() {
    return epoch + "-" + offset;
  }
}
