package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the README says about options and tests is so. */
class ReadmeTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path README = MODULE.resolveSibling("README.md");

  @Test
  void configurationTableListsEveryOptionWithItsDefault() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    Pattern row = Pattern.compile("\\| `([a-z-]+)` \\| (?:`([^`]*)`)? ?\\| .+ \\|");
    row.matcher(section("Configuration"))
        .results()
        .forEach(match -> listed.put(match.group(1), match.group(2) == null ? "" : match.group(2)));

    Map<String, String> options = new TreeMap<>();
    for (OptionSpec option : new CommandLine(new ServeCommand()).getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        String value = option.defaultValue();
        options.put(option.longestName().substring(2), value == null ? "" : value);
      }
    }
    assertEquals(options, listed);
  }

  @Test
  void everyPromiseNamesTestsThatExist() throws IOException {
    TreeSet<String> classes = new TreeSet<>();
    for (String module : new String[] {"server", "loadtest"}) {
      Path tests = MODULE.resolveSibling(module).resolve(Path.of("src", "test", "java"));
      try (Stream<Path> files = Files.walk(tests)) {
        files.forEach(file -> classes.add(file.getFileName().toString().replace(".java", "")));
      }
    }
    TreeSet<String> named = new TreeSet<>();
    Pattern.compile("`(\\w+Test)`")
        .matcher(section("Promises"))
        .results()
        .forEach(match -> named.add(match.group(1)));
    assertFalse(named.isEmpty());
    named.removeAll(classes);
    assertEquals(new TreeSet<>(), named, "named but not there");
  }

  private static String section(String title) throws IOException {
    String readme = Files.readString(README);
    int start = readme.indexOf("\n## " + title + "\n");
    assertTrue(start >= 0, "a section " + title);
    int end = readme.indexOf("\n## ", start + 1);
    return end < 0 ? readme.substring(start) : readme.substring(start, end);
  }
}
