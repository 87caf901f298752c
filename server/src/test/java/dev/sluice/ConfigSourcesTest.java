package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options beat the environment, and the environment beats the file. */
class ConfigSourcesTest {
  @TempDir private Path folder;

  @Test
  void eachSourceBeatsTheNext() throws IOException {
    String file = file("port: 1\nmax-chats: 1\nchat-ttl-ms: 1000\nhost: file\n");
    Map<String, String> environment =
        Map.of("SLUICE_PORT", "2", "SLUICE_MAX_CHATS", "2", "PATH", "x", "SLUICEX", "y");
    Settings settings = CommandLines.settings(environment, "--config", file, "--port", "3");
    assertEquals(3, settings.port());
    assertEquals(2, settings.chats().maxChats());
    assertEquals(1000, settings.chats().chatTtlMs());
    assertEquals("file", settings.host());
    assertEquals(64, settings.chats().maxOpenRunsPerChat());
  }

  @Test
  void theFileIsNamedInAnyWay() throws IOException {
    String file = file("port: 7");
    assertEquals(7, CommandLines.settings("--config=" + file).port());
    assertEquals(7, CommandLines.settings("--config", file).port());
    assertEquals(7, CommandLines.settings("serve", "--config", file).port());
    assertEquals(7, CommandLines.settings(Map.of("SLUICE_CONFIG", file)).port());
    String other = Files.writeString(folder.resolve("other.yaml"), "port: 8").toString();
    assertEquals(8, CommandLines.settings(Map.of("SLUICE_CONFIG", file), "--config", other).port());
  }

  /** Every option is a variable and a key; the names follow from one another. */
  @Test
  void everyOptionCanComeFromEverySource() throws IOException {
    Map<String, String> values =
        Map.of(
            "host", "h",
            "blank-tokens", "drop",
            "retry-ms", "77",
            "upstream-connected-to-end", "false",
            "upstream-url", "http://h/v1",
            "transport", "nio");
    StringBuilder yaml = new StringBuilder();
    values.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
    Settings fromFile = CommandLines.settings("--config", file(yaml.toString()));
    Settings fromEnvironment =
        CommandLines.settings(
            Map.of(
                "SLUICE_HOST", "h",
                "SLUICE_BLANK_TOKENS", "drop",
                "SLUICE_RETRY_MS", "77",
                "SLUICE_UPSTREAM_CONNECTED_TO_END", "false",
                "SLUICE_UPSTREAM_URL", "http://h/v1",
                "SLUICE_TRANSPORT", "nio"));
    String[] args =
        values.entrySet().stream()
            .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new);
    Settings fromOptions = CommandLines.settings(args);
    assertEquals(fromOptions, fromFile);
    assertEquals(fromOptions, fromEnvironment);
    assertEquals("h", fromFile.host());
    assertTrue(fromFile.chats().dropBlankTokens());
    assertEquals(77, fromFile.http().retryMs());
    assertEquals(Transport.NIO, fromFile.transport());
    assertNotNull(fromFile.upstream());
    assertFalse(fromFile.upstream().connectedToEnd());
  }

  @Test
  void listsAreWrittenInTheWayOfTheirSource() throws IOException {
    List<String> origins = List.of("https://a.example", "https://b.example");
    String joined = String.join(",", origins);
    String file = file("cors-origins:\n- https://a.example\n- https://b.example\n");
    assertEquals(origins, CommandLines.settings("--config", file).http().corsOrigins());
    assertEquals(origins, CommandLines.settings("--cors-origins", joined).http().corsOrigins());
    assertEquals(
        origins, CommandLines.settings(Map.of("SLUICE_CORS_ORIGINS", joined)).http().corsOrigins());
    assertEquals(List.of(), CommandLines.settings().http().corsOrigins());
  }

  @Test
  void anUnknownKeyIsNamed() throws IOException {
    String refusal = CommandLines.refusal("--config", file("port: 1\nprot: 2\n"));
    assertTrue(refusal.contains("the key prot of "), refusal);
    assertTrue(refusal.contains("port, "), refusal);
    assertTrue(refusal.contains("flows"), refusal);
  }

  @Test
  void anUnknownVariableIsNamed() {
    String refusal = CommandLines.refusal(Map.of("SLUICE_PROT", "secret-value"));
    assertTrue(refusal.contains("SLUICE_PROT"), refusal);
    assertTrue(refusal.contains("port, "), refusal);
    assertFalse(refusal.contains("secret-value"), refusal);
  }

  @Test
  void onlyTheWholeNameOfAVariableCounts() {
    CommandLines.refusal(Map.of("SLUICE_", "x"));
    CommandLines.refusal(Map.of("SLUICE_port", "1"));
    CommandLines.refusal(Map.of("SLUICE_HELP", "true"));
    assertEquals(8080, CommandLines.settings(Map.of("sluice_port", "1")).port());
  }

  @Test
  void anUnknownOptionIsNamed() {
    assertTrue(CommandLines.refusal("--prot", "1").contains("--prot"));
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    String missing = folder.resolve("missing.yaml").toString();
    assertTrue(CommandLines.refusal("--config", missing).contains(missing));
    assertTrue(CommandLines.refusal(Map.of("SLUICE_CONFIG", missing)).contains(missing));
  }

  @Test
  void aBadValueOfAnySourceNamesItsOption() throws IOException {
    String file = file("port: many");
    for (String refusal :
        List.of(
            CommandLines.refusal("--config", file),
            CommandLines.refusal(Map.of("SLUICE_PORT", "many")),
            CommandLines.refusal("--port", "many"))) {
      assertTrue(refusal.contains("--port"), refusal);
      assertTrue(refusal.contains("many"), refusal);
    }
  }

  private String file(String content) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), content).toString();
  }
}
