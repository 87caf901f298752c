package dev.sluice.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of {@code server/docs}.
 *
 * @param name its path below that directory
 * @param text all of it, or one section
 */
public record MarkdownPage(String name, String text) {
  /** A fenced block of code: its language and what is between the fences. */
  public record Fence(String language, String code) {}

  private static final Pattern FENCE =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("^## (.+)$", Pattern.MULTILINE);

  public static MarkdownPage read(String name) {
    return new MarkdownPage(name, DocumentFiles.read(DocumentFiles.DOCS.resolve(Path.of(name))));
  }

  /** The sections with a heading of the second level, in their order; named by the heading. */
  public List<MarkdownPage> sections() {
    List<MarkdownPage> sections = new ArrayList<>();
    Matcher heading = HEADING.matcher(text);
    int from = -1;
    String title = "";
    while (heading.find()) {
      if (from >= 0) {
        sections.add(new MarkdownPage(title, text.substring(from, heading.start())));
      }
      from = heading.end();
      title = heading.group(1);
    }
    if (from >= 0) {
      sections.add(new MarkdownPage(title, text.substring(from)));
    }
    return sections;
  }

  /** The section of that heading. */
  public MarkdownPage section(String title) {
    return sections().stream()
        .filter(section -> section.name().equals(title))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no section " + title));
  }

  public List<Fence> fences() {
    return FENCE
        .matcher(text)
        .results()
        .map(found -> new Fence(found.group(1), found.group(2)))
        .toList();
  }

  /** The code of all blocks in that language. */
  public List<String> code(String language) {
    return fences().stream()
        .filter(fence -> fence.language().equals(language))
        .map(Fence::code)
        .toList();
  }

  /** The code of the one block in that language. */
  public String theCode(String language) {
    List<String> found = code(language);
    if (found.size() != 1) {
      throw new AssertionError(name + " has " + found.size() + " blocks in " + language);
    }
    return found.get(0);
  }
}
