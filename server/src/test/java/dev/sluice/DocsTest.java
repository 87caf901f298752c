package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation shows of a file is that file. */
class DocsTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path DOCS = MODULE.resolve("docs");
  private static final Path EXAMPLES = MODULE.resolve("examples");

  /** A fence whose info string names a file of the module, below a folder. */
  private static final Pattern FENCE =
      Pattern.compile(
          "^(`{3,})\\w+ (\\w[\\w.-]*/\\S+)\\n(.*?)^\\1$", Pattern.DOTALL | Pattern.MULTILINE);

  @Test
  void fencesThatNameAFileAreThatFile() throws IOException {
    List<String> shown = new ArrayList<>();
    for (Path page : pages()) {
      for (MatchResult fence : FENCE.matcher(Files.readString(page)).results().toList()) {
        String file = fence.group(2);
        assertEquals(Files.readString(MODULE.resolve(file)), fence.group(3), page + " on " + file);
        shown.add(file);
      }
    }
    assertTrue(shown.contains("examples/publish-requests.py"), shown::toString);
    assertTrue(shown.contains("examples/nginx-location.conf"), shown::toString);
  }

  @Test
  void everyExampleIsOnAPage() throws IOException {
    StringBuilder docs = new StringBuilder();
    for (Path page : pages()) {
      docs.append(Files.readString(page));
    }
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<String> missing =
          files
              .map(file -> "examples/" + file.getFileName())
              .filter(file -> docs.indexOf(file) < 0)
              .toList();
      assertEquals(List.of(), missing);
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(DOCS)) {
      return files.filter(file -> file.toString().endsWith(".md")).toList();
    }
  }
}
