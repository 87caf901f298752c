package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamSettingsTest {
  private static final String SECRET = "sk-0123456789";

  @ParameterizedTest
  @CsvSource({
    "http://h/v1, h, 80, h, /v1/chat/completions",
    "http://h, h, 80, h, /chat/completions",
    "HTTPS://h/v1///, h, 443, h, /v1/chat/completions",
    "https://h:8443/a%20b, h, 8443, h:8443, /a%20b/chat/completions",
    "http://[::1]:9/v1, ::1, 9, [::1]:9, /v1/chat/completions",
    "https://h/v1?api-version=2, h, 443, h, /v1/chat/completions?api-version=2",
  })
  void knowsWhereToCall(String url, String host, int port, String authority, String target) {
    UpstreamSettings settings = settings(url, null, Map.of());
    assertEquals(host, settings.host());
    assertEquals(port, settings.port());
    assertEquals(authority, settings.authority());
    assertEquals(target, settings.target());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h/v1",
        "/v1",
        "mailto:h",
        "http:///v1",
        "http://user:sk-0123456789@h/v1",
        "http://h/v1#sk-0123456789",
        "http://h:0/v1",
        "http://h:65536/v1",
        "http://under_score/v1"
      })
  void refusesAUrl(String url) {
    checkRefusal(() -> settings(url, null, Map.of()));
  }

  static Stream<Arguments> refusedHeaders() {
    return Stream.of(
        Arguments.of(SECRET + "\r\nX: y", Map.of()),
        Arguments.of(SECRET + "ü", Map.of()),
        Arguments.of(" ", Map.of()),
        Arguments.of(null, Map.of("X-Key", SECRET + "\n")),
        Arguments.of(null, Map.of("X-Key", SECRET + "\0")),
        Arguments.of(null, Map.of("X Key", SECRET)),
        Arguments.of(null, Map.of("", SECRET)),
        Arguments.of(null, Map.of("content-LENGTH", SECRET)),
        Arguments.of(null, Map.of("Host", SECRET)),
        Arguments.of(SECRET, Map.of("authorization", SECRET)));
  }

  @ParameterizedTest
  @MethodSource("refusedHeaders")
  void refusesHeaders(@Nullable String apiKey, Map<String, String> headers) {
    checkRefusal(() -> settings("http://h/v1", apiKey, headers));
  }

  @Test
  void refusesBoundsThatMakeNoSense() {
    URI url = URI.create("http://h/v1");
    checkRefusal(
        () -> new UpstreamSettings(" ", url, null, null, Map.of(), null, true, 1, 1, 1024));
    checkRefusal(() -> new UpstreamSettings("f", url, "", null, Map.of(), null, true, 1, 1, 1024));
    checkRefusal(
        () -> new UpstreamSettings("f", url, null, null, Map.of(), null, true, 0, 1, 1024));
    checkRefusal(
        () -> new UpstreamSettings("f", url, null, null, Map.of(), null, true, 1, 0, 1024));
    checkRefusal(
        () -> new UpstreamSettings("f", url, null, null, Map.of(), null, true, 1, 1, 1023));
  }

  @Test
  void refusesWhatBelongsToAnotherKind() {
    checkRefusal(() -> settings(UpstreamKind.FLOWISE, "m", null, "flow"));
    checkRefusal(() -> settings(UpstreamKind.FLOWISE, null, "be brief", "flow"));
    checkRefusal(() -> settings(UpstreamKind.OPENAI, "m", null, "flow"));
    assertEquals("flow", settings(UpstreamKind.FLOWISE, null, null, "flow").chatflow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\nb"})
  void refusesWhatIsNoChatflow(String chatflow) {
    checkRefusal(() -> settings(UpstreamKind.FLOWISE, null, null, chatflow));
  }

  @Test
  void keepsItsSecrets() {
    UpstreamSettings settings =
        settings("http://h/v1?key=" + SECRET, SECRET, Map.of("X-Key", "other-" + SECRET));
    assertFalse(settings.toString().contains(SECRET), settings.toString());
    assertTrue(settings.toString().contains("X-Key"), settings.toString());
    assertEquals(
        "wrong key *** (or ***)", settings.redact("wrong key " + SECRET + " (or " + SECRET + ")"));
    assertFalse(settings.redact("header other-" + SECRET).contains(SECRET));
  }

  private static UpstreamSettings settings(
      UpstreamKind kind,
      @Nullable String model,
      @Nullable String systemPrompt,
      @Nullable String chatflow) {
    URI url = URI.create("http://h");
    return new UpstreamSettings(
        "f",
        url,
        model,
        null,
        Map.of(),
        systemPrompt,
        true,
        1,
        1,
        4096,
        kind,
        chatflow,
        UnreadPolicy.CONTINUE,
        Upstream.NO_BATCH_MS,
        null);
  }

  private static UpstreamSettings settings(
      String url, @Nullable String apiKey, Map<String, String> headers) {
    return new UpstreamSettings(
        "f", URI.create(url), null, apiKey, headers, null, true, 1_000, 1_000, 4_096);
  }

  private static void checkRefusal(Runnable making) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, making::run).getMessage());
    assertFalse(message.contains(SECRET), message);
    assertTrue(message.contains("upstream"), message);
  }
}
