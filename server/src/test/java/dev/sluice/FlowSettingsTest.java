package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.OnLag;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.upstream.UpstreamKind;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowSettingsTest {
  private static final String SECRET = "sk-0123456789";

  @TempDir private Path folder;

  @Test
  void withoutAnAddressThereIsNoUpstream() {
    assertNull(CommandLines.settings().upstream());
    assertEquals(List.of(), CommandLines.settings().flows());
  }

  @Test
  void theOptionsMakeTheUpstreamOfFlowsWithoutAName() {
    assertEquals(
        new UpstreamSettings(
            "default",
            URI.create("http://h/v1"),
            "m",
            SECRET,
            Map.of("X-A", "1", "X-B", "b: c"),
            "be brief",
            false,
            11,
            12,
            2000),
        CommandLines.settings(
                "--upstream-url=http://h/v1",
                "--upstream-model=m",
                "--upstream-key=" + SECRET,
                "--upstream-headers=X-A: 1, X-B :b: c",
                "--upstream-system-prompt=be brief",
                "--upstream-connected-to-end=false",
                "--upstream-connect-timeout-ms=11",
                "--upstream-idle-timeout-ms=12",
                "--max-event-bytes=2000")
            .upstream());
  }

  @Test
  void theUsualUpstream() {
    assertEquals(
        new UpstreamSettings(
            "default",
            URI.create("http://h/v1"),
            null,
            null,
            Map.of(),
            null,
            true,
            10_000,
            120_000,
            1_048_576),
        CommandLines.settings("--upstream-url=http://h/v1").upstream());
  }

  @Test
  void aFlowTakesFromTheOptionsWhatItDoesNotSay() throws IOException {
    List<UpstreamSettings> flows =
        flows(
            """
            upstream-url: http://default/v1
            upstream-model: m
            upstream-key: %s
            upstream-headers: "X-Secret: %s"
            upstream-system-prompt: be brief
            upstream-connected-to-end: false
            flows:
              plain: {url: http://plain/v1}
              own:
                url: https://own/v1
                model: o
                key: own-key-1
                headers: {X-Own: "2"}
                system-prompt: be long
                connected-to-end: true
            """
                .formatted(SECRET, SECRET));
    UpstreamSettings plain = flows.get(0);
    assertEquals("plain", plain.flow());
    assertEquals(URI.create("http://plain/v1"), plain.baseUrl());
    assertEquals("m", plain.model());
    assertEquals("be brief", plain.systemPrompt());
    assertFalse(plain.connectedToEnd());
    // The secrets belong to the address that they were given with.
    assertNull(plain.apiKey());
    assertEquals(Map.of(), plain.headers());
    UpstreamSettings own = flows.get(1);
    assertEquals("own", own.flow());
    assertEquals("o", own.model());
    assertEquals("own-key-1", own.apiKey());
    assertEquals(Map.of("X-Own", "2"), own.headers());
    assertEquals("be long", own.systemPrompt());
    assertTrue(own.connectedToEnd());
  }

  @Test
  void aFlowSaysWhatBecomesOfAnAnswerThatNobodyReads() throws IOException {
    List<UpstreamSettings> flows =
        flows(
            """
            upstream-url: http://h
            upstream-on-last-reader-gone: cancel-after
            upstream-last-reader-grace-ms: 7
            flows:
              usual: {url: http://h}
              longer: {url: http://h, last-reader-grace-ms: 8}
              goes-on: {url: http://h, on-last-reader-gone: continue}
              stops: {url: http://h, on-last-reader-gone: cancel}
            """);
    assertEquals(
        List.of(
            UnreadPolicy.cancelAfter(7),
            UnreadPolicy.cancelAfter(8),
            UnreadPolicy.CONTINUE,
            UnreadPolicy.CANCEL),
        flows.stream().map(UpstreamSettings::unreadPolicy).toList());
    String url = "--upstream-url=http://h";
    assertEquals(UnreadPolicy.CONTINUE, policy(url));
    assertEquals(UnreadPolicy.CANCEL, policy(url, "--upstream-on-last-reader-gone=cancel"));
    assertEquals(
        UnreadPolicy.cancelAfter(30_000),
        policy(url, "--upstream-on-last-reader-gone=cancel-after"));
  }

  @Test
  void aFlowSaysWhetherPublishersWaitForReaders() throws IOException {
    List<UpstreamSettings> flows =
        flows(
            """
            on-lag: push-back
            flows:
              usual: {url: http://h}
              sheds: {url: http://h, on-lag: shed}
              waits: {url: http://h, on-lag: push-back}
            """);
    assertEquals(
        Arrays.asList(null, OnLag.SHED, OnLag.PUSH_BACK),
        flows.stream().map(UpstreamSettings::onLag).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "http://h:3000, http://h:3000,",
    "http://h:3000/, http://h:3000/,",
    "https://h/flowise, https://h/flowise,",
    "http://h:3000/api/v1, http://h:3000,",
    "http://h:3000/api/v1/?a=b, http://h:3000?a=b,",
    "http://h:3000/x/api/v1/prediction/id-1, http://h:3000/x, id-1",
    "http://h:3000/api/v1/prediction/id-1/, http://h:3000, id-1",
    "http://h:3000/api/v1/prediction/, http://h:3000,",
    "http://h/a%2Fb/api/v1/prediction/id%2D1?k=a%26b%2B, http://h/a%2Fb?k=a%26b%2B, id-1",
  })
  void aFlowiseServerAnswersForEveryFlow(String url, String baseUrl, @Nullable String chatflow) {
    UpstreamSettings upstream =
        CommandLines.settings("--upstream-kind=flowise", "--upstream-url=" + url).upstream();
    assertNotNull(upstream);
    assertEquals(UpstreamKind.FLOWISE, upstream.kind());
    assertEquals(URI.create(baseUrl), upstream.baseUrl());
    assertEquals(chatflow, upstream.chatflow());
  }

  @Test
  void aFlowOfFlowiseIsAChatflow() throws IOException {
    List<UpstreamSettings> flows =
        flows(
            """
            upstream-model: m
            upstream-system-prompt: be brief
            upstream-connected-to-end: false
            flows:
              id-0: {kind: flowise, url: "http://h:3000"}
              support: {kind: flowise, url: "http://h:3000", chatflow: id-1, key: own-key-1}
              other: {kind: flowise, url: "http://h:3000/api/v1/prediction/id-2", chatflow: id-2}
              default: {kind: flowise, url: "http://h:3000"}
              model: {kind: openai, url: "http://h/v1"}
            """);
    assertEquals(
        List.of("id-0", "id-1", "id-2", "default"),
        flows.subList(0, 4).stream().map(UpstreamSettings::chatflow).toList());
    for (UpstreamSettings flow : flows.subList(0, 4)) {
      assertEquals(UpstreamKind.FLOWISE, flow.kind());
      assertEquals(URI.create("http://h:3000"), flow.baseUrl());
      assertNull(flow.model());
      assertNull(flow.systemPrompt());
      assertFalse(flow.connectedToEnd());
    }
    assertEquals("own-key-1", flows.get(1).apiKey());
    assertEquals(UpstreamKind.OPENAI, flows.get(4).kind());
    assertEquals("m", flows.get(4).model());
  }

  @Test
  void aKindWithoutAnAddressIsAMistake() {
    String refusal = CommandLines.refusal("--upstream-kind=flowise");
    assertTrue(refusal.contains("--upstream-kind flowise needs --upstream-url"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|the flow f needs a url",
        "x|the flow f needs a url",
        "5|the flow f needs a url",
        "{url: 5}|the flow f needs a url",
        "{url: 'http://a b'}|the flow f is not a URL",
        "{url: ftp://h}|http://",
        "{url: http://h, modle: m}|the key modle of the flow f is not known",
        "{url: http://h, connected-to-end: maybe}|connected-to-end of the flow f",
        "{url: http://h, headers: {'a b': x}}|header",
        "{url: http://h, model: [a]}|model of the flow f",
        "{url: http://h, key: {a: b}}|key of the flow f",
        "{url: http://h, system-prompt: [a]}|system-prompt of the flow f",
        "{url: http://h, headers: [a]}|headers of the flow f",
        "{url: http://h, headers: a}|headers of the flow f",
        "{url: http://h, headers: {a: [b]}}|headers of the flow f",
        "{url: http://h, kind: flowise2}|kind of the flow f has to be one of [openai, flowise]",
        "{url: http://h, kind: [flowise]}|kind of the flow f",
        "{url: http://h, on-last-reader-gone: stop}|of the flow f is stop; allowed is one of continue",
        "{url: http://h, on-last-reader-gone: [cancel]}|on-last-reader-gone of the flow f",
        "{url: http://h, last-reader-grace-ms: 5s}|last-reader-grace-ms of the flow f has to be a",
        "{url: http://h, last-reader-grace-ms: -1}|of the flow f is -1; allowed is 0 to 86400000",
        "{url: http://h, on-lag: wait}|on-lag of the flow f is wait; allowed is one of shed, push-back",
        "{url: http://h, on-lag: [shed]}|on-lag of the flow f",
        "{url: http://h, chatflow: c}|only an upstream that is a Flowise server",
        "{url: http://h, kind: flowise, model: m}|model",
        "{url: http://h, kind: flowise, system-prompt: m}|system prompt",
        "{url: http://h, kind: flowise, chatflow: a/b}|chatflow",
        "{url: http://h/api/v1/prediction/a, kind: flowise, chatflow: b}|chatflow",
        "{url: http://h/api/v1/prediction/a/b, kind: flowise}|chatflow",
        "{url: http://h/api/v1/prediction//a, kind: flowise}|chatflow",
        "{url: http://h/api/v1/prediction/%2E%2E, kind: flowise}|chatflow",
      })
  void aBadFlowIsNamedWithWhatIsAllowed(String flow, String message) throws IOException {
    String refusal = CommandLines.refusal("--config", file("flows: {f: " + flow + "}"));
    assertTrue(refusal.contains(message), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--upstream-url=not a url|is not a URL",
        "--upstream-url=h:80|http://",
        "--upstream-headers=novalue|--upstream-headers has to be 'Name: value'",
        "--upstream-headers=: x|--upstream-headers has to be 'Name: value'",
        "--upstream-model= |model",
        "--upstream-kind=x|--upstream-kind",
        "--upstream-on-last-reader-gone=x|is x; allowed is one of continue, cancel, cancel-after",
        "--on-lag=wait|--on-lag is wait; allowed is one of shed, push-back",
        "--upstream-last-reader-grace-ms=-1|is -1; allowed is 0 to 86400000",
      })
  void aBadOptionSaysWhatIsAllowed(String option, String message) {
    String refusal = CommandLines.refusal(withUrl(option));
    assertTrue(refusal.contains(message), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{url: 'http://u:sk-0123456789@h/v1'}",
        "{url: 'http://h/v1?key=sk-0123456789 '}",
        "{url: 'http://h/v1', key: \"sk-0123456789\\n\"}",
        "{url: 'http://h/v1', headers: {X-A: \"sk-0123456789\\n\"}}",
        "{url: 'http://h/v1', headers: {X-A: [sk-0123456789]}}",
        "{url: 'http://h/v1', key: [sk-0123456789]}",
        "{url: 'http://h/v1', key: {sk-0123456789: 1}}",
        "{url: 'http://h/v1', headers: {Host: sk-0123456789}}",
        "{url: 'http://h/v1', key: sk-0123456789, headers: {Authorization: x}}",
        "{url: 'http://h/v1', headers: sk-0123456789}",
      })
  void aMistakeDoesNotShowASecret(String flow) throws IOException {
    String refusal = CommandLines.refusal("--config", file("flows: {f: " + flow + "}"));
    assertFalse(refusal.contains(SECRET), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--upstream-url=http://u:sk-0123456789@h/v1",
        "--upstream-url=http://h/v1?a=sk-0123456789 b",
        "--upstream-key=sk-0123456789\n",
        "--upstream-headers=sk-0123456789",
        "--upstream-headers=Host: sk-0123456789",
      })
  void aBadOptionDoesNotShowASecret(String option) {
    String refusal = CommandLines.refusal(withUrl(option));
    assertFalse(refusal.contains(SECRET), refusal);
  }

  @Test
  void settingsDoNotShowSecrets() throws IOException {
    Settings settings =
        CommandLines.settings(
            "--upstream-url=http://h/v1?key=" + SECRET,
            "--upstream-key=" + SECRET,
            "--upstream-headers=X-A: " + SECRET,
            "--config",
            file("flows: {f: {url: http://h, key: " + SECRET + "}}"));
    assertNotNull(settings.upstream());
    assertEquals(1, settings.flows().size());
    assertFalse(settings.toString().contains(SECRET), settings.toString());
  }

  private static UnreadPolicy policy(String... options) {
    UpstreamSettings upstream = CommandLines.settings(options).upstream();
    assertNotNull(upstream);
    return upstream.unreadPolicy();
  }

  /** The option, and an address if it is none itself. */
  private static String[] withUrl(String option) {
    return option.startsWith("--upstream-url=")
        ? new String[] {option}
        : new String[] {option, "--upstream-url=http://h/v1"};
  }

  private List<UpstreamSettings> flows(String yaml) throws IOException {
    return CommandLines.settings("--config", file(yaml)).flows();
  }

  private String file(String content) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), content).toString();
  }
}
