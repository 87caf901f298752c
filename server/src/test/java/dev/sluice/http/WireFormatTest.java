package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes on the wire are those of the files in {@code docs/wire}. With {@code
 * -Dsluice.golden=write} the files are written instead.
 */
class WireFormatTest {
  private static final Path DIRECTORY = Path.of("docs", "wire").toAbsolutePath();
  private static final boolean WRITE = "write".equals(System.getProperty("sluice.golden"));
  private static final String IF_MEANT =
      "If it is meant, write the files with mvn -pl server test -Dtest=WireFormatTest"
          + " -Dsluice.golden=write, and look at each that has changed.";
  private static final Pattern RETRY = Pattern.compile("(?m)^retry:\\d+$");
  private static final Pattern DATE = Pattern.compile("(?m)^date: [^\\r]+");
  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  static List<WireScenes.Scene> scenes() {
    return WireScenes.all();
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void bytesAreThoseOfTheFile(WireScenes.Scene scene) throws IOException {
    String bytes;
    try (EdgeFixture edge = new EdgeFixture()) {
      bytes = withPlaceholders(scene.play().apply(edge));
    }
    assertTrue(!bytes.isEmpty(), "nothing was sent");
    Path file = DIRECTORY.resolve(scene.file());
    if (WRITE) {
      Files.createDirectories(DIRECTORY);
      Files.write(file, bytes.getBytes(StandardCharsets.UTF_8));
      return;
    }
    assertTrue(Files.exists(file), file + " is missing: " + IF_MEANT);
    String golden = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    if (!golden.equals(bytes)) {
      fail(difference(scene.file(), golden, bytes));
    }
  }

  @Test
  void everyFileIsShownAndExplained() throws IOException {
    TreeSet<String> played = new TreeSet<>();
    scenes().forEach(scene -> assertTrue(played.add(scene.file()), scene.file() + " twice"));
    TreeSet<String> there = new TreeSet<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      files.forEach(file -> there.add(String.valueOf(file.getFileName())));
    }
    assertTrue(there.remove("README.md"));
    assertEquals(played, there, "the files, and the scenes that make them");
    TreeSet<String> explained = new TreeSet<>();
    Pattern.compile("(?m)^\\| `([^`]+)` \\| .{10,} \\|$")
        .matcher(Files.readString(DIRECTORY.resolve("README.md")))
        .results()
        .forEach(row -> explained.add(row.group(1)));
    assertEquals(played, explained, "the rows of README.md");
  }

  @Test
  void aDifferenceIsShownLineByLine() {
    String shown = difference("x.sse", "id:1\r\ndata:a\n\n", "id:1\ndata:a \n\n");
    assertTrue(shown.contains("  line 1\n    was: id:1\\r\\n\n    is:  id:1\\n\n"), shown);
    assertTrue(shown.contains("  line 2\n    was: data:a\\n\n    is:  data:a \\n\n"), shown);
    assertTrue(!shown.contains("line 3"), shown);
    assertTrue(
        difference("x", "a\n", "a\nb").contains("  line 2\n    was: (nothing)\n    is:  b\n"));
  }

  /**
   * What is made by chance or by the clock, and has the same length each time, is named instead.
   */
  private static String withPlaceholders(String bytes) {
    String plain = RETRY.matcher(bytes).replaceAll("retry:<retryMs>");
    plain = DATE.matcher(plain).replaceAll("date: <date>");
    return UUID.matcher(plain).replaceAll("<uuid>");
  }

  private static String difference(String name, String golden, String bytes) {
    StringBuilder text =
        new StringBuilder("The bytes on the wire are not those of docs/wire/" + name + ".\n");
    text.append("Clients read these bytes: a change here can break them. ");
    text.append(IF_MEANT).append('\n');
    String[] was = golden.split("(?<=\n)", -1);
    String[] is = bytes.split("(?<=\n)", -1);
    for (int i = 0; i < Math.max(was.length, is.length); i++) {
      String before = i < was.length ? visible(was[i]) : "";
      String now = i < is.length ? visible(is[i]) : "";
      if (!before.equals(now)) {
        text.append("  line ").append(i + 1);
        text.append("\n    was: ").append(before.isEmpty() ? "(nothing)" : before);
        text.append("\n    is:  ").append(now.isEmpty() ? "(nothing)" : now).append('\n');
      }
    }
    return text.toString();
  }

  private static String visible(String line) {
    StringBuilder visible = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '\r' -> visible.append("\\r");
        case '\n' -> visible.append("\\n");
        case '\t' -> visible.append("\\t");
        default ->
            visible.append(c < ' ' ? "\\u" + Integer.toHexString(0x10000 + c).substring(1) : c);
      }
    }
    return visible.toString();
  }
}
