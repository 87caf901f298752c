package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  private static final String SECRET = "sk-0123456789";

  @TempDir private Path folder;

  @Test
  void readsOptionsAndFlows() throws IOException {
    ConfigFile file =
        read(
            """
            # a comment
            port: 9000
            host: 0.0.0.0
            upstream-connected-to-end: false
            cors-origins: [https://a.example, https://b.example]
            retry-ms: "5"
            flows:
              one: {url: http://h/v1}
              two:
                url: http://h/v2
            """);
    assertEquals(
        Map.of(
            "port", "9000",
            "host", "0.0.0.0",
            "upstream-connected-to-end", "false",
            "cors-origins", "https://a.example,https://b.example",
            "retry-ms", "5"),
        file.options());
    assertEquals("[one, two]", file.flows().keySet().toString());
    assertEquals("{\"url\":\"http://h/v2\"}", String.valueOf(file.flows().get("two")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing\n", "---\n", "{}", "null"})
  void anEmptyFileSaysNothing(String content) throws IOException {
    ConfigFile file = read(content);
    assertTrue(file.options().isEmpty());
    assertTrue(file.flows().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port: {a: 1}|port has to have one value",
        "port:|port has to have one value",
        "cors-origins: [[a], {b: 1}]|cors-origins has to have one value",
        "flows: [a]|flows has to be a map",
        "flows: x|flows has to be a map",
        "- a|has to be a map of options",
        "just text|has to be a map of options",
        "'port: 1: 2'|is not YAML",
        "'a: [1'|is not YAML",
      })
  void saysWhatIsWrong(String content, String message) {
    String refusal = refusal(content);
    assertTrue(refusal.contains(message), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "upstream-key: \"" + SECRET,
        "upstream-key: " + SECRET + ": x",
        "upstream-headers: ['X: " + SECRET + "'",
        "flows:\n  a: {key: " + SECRET,
        "upstream-key: {" + SECRET + "}",
        SECRET,
        "upstream-key: &a " + SECRET + "\nport: *b " + SECRET,
      })
  void aMistakeDoesNotShowASecret(String content) {
    String refusal = refusal(content);
    assertFalse(refusal.contains(SECRET), refusal);
    assertTrue(refusal.contains("config.yaml") || refusal.contains("upstream-key"), refusal);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.yaml");
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> ConfigFile.read(missing));
    assertEquals("--config " + missing + " cannot be read", refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ConfigFile.read(folder));
  }

  private String refusal(String content) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> read(content)).getMessage());
  }

  private ConfigFile read(String content) throws IOException {
    return ConfigFile.read(Files.writeString(folder.resolve("config.yaml"), content));
  }
}
