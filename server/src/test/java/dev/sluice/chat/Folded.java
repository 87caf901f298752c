package dev.sluice.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sequence of events in short, neighbouring tokens that are alike laid together: the same however
 * the text was cut into frames.
 */
final class Folded {
  private static final Pattern TOKEN = Pattern.compile("token \"((?:[^\"\\\\]++|\\\\.)*+)\" (.+)");

  private Folded() {}

  static List<String> of(List<String> briefs) {
    List<String> folded = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    String kind = "";
    for (String brief : briefs) {
      Matcher token = TOKEN.matcher(brief);
      boolean isToken = token.matches();
      if (!kind.isEmpty() && !(isToken && token.group(2).equals(kind))) {
        folded.add("token \"" + text + "\" " + kind);
        text.setLength(0);
        kind = "";
      }
      if (isToken) {
        kind = token.group(2);
        text.append(token.group(1));
      } else {
        folded.add(brief);
      }
    }
    if (!kind.isEmpty()) {
      folded.add("token \"" + text + "\" " + kind);
    }
    return folded;
  }
}
