package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.OnLag;
import dev.sluice.http.HttpSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeOptionsTest {
  @Test
  void theDefaults() {
    Settings settings = CommandLines.settings();
    assertEquals("127.0.0.1", settings.host());
    assertEquals(8080, settings.port());
    assertEquals(Transport.best(), settings.transport());
    assertEquals(Runtime.getRuntime().availableProcessors(), settings.threads());
    assertEquals(
        new HttpSettings(
            8192, 16_384, 1 << 20, 1 << 20, 1 << 20, 100_000, 20_000, 0, 10_000, 30_000, 3_600_000,
            75_000, 15_000, 30_000, 2000, 0, 4_194_304, List.of()),
        settings.http());
    assertEquals(
        new ChatLimits(
            100_000,
            64,
            16 << 20,
            Runtime.getRuntime().maxMemory() / 4,
            600_000,
            120_000,
            5000,
            false,
            OnLag.SHED),
        settings.chats());
    assertEquals(25, settings.demoTokenDelayMs());
    assertEquals(10_000, settings.drainTimeoutMs());
    assertEquals(5000, settings.drainSpreadMs());
  }

  /** Each option lands in its own place. */
  @Test
  void everyOptionIsUsed() {
    Settings settings =
        CommandLines.settings(
            "--host=::1",
            "--port=0",
            "--transport=nio",
            "--threads=3",
            "--max-uri-bytes=301",
            "--max-header-bytes=302",
            "--max-body-bytes=1303",
            "--max-line-bytes=304",
            "--max-event-bytes=1305",
            "--max-subscribers=306",
            "--max-subscribers-per-chat=307",
            "--max-subscribers-per-address=308",
            "--head-timeout-ms=309",
            "--body-timeout-ms=310",
            "--line-timeout-ms=311",
            "--idle-timeout-ms=312",
            "--heartbeat-ms=313",
            "--stall-timeout-ms=314",
            "--retry-ms=315",
            "--batch-ms=316",
            "--max-lag-bytes=317",
            "--on-lag=push-back",
            "--cors-origins=*",
            "--max-chats=401",
            "--max-open-runs-per-chat=402",
            "--max-log-bytes=4403",
            "--max-total-log-bytes=404",
            "--chat-ttl-ms=405",
            "--run-idle-timeout-ms=406",
            "--producer-grace-ms=407",
            "--blank-tokens=drop",
            "--wake-budget-us=503",
            "--demo-token-delay-ms=501",
            "--drain-timeout-ms=502",
            "--drain-spread-ms=503");
    assertEquals(
        new Settings(
            "::1",
            0,
            Transport.NIO,
            3,
            503,
            new HttpSettings(
                301,
                302,
                1303,
                304,
                1305,
                306,
                307,
                308,
                309,
                310,
                311,
                312,
                313,
                314,
                315,
                316,
                317,
                List.of("*")),
            new ChatLimits(401, 402, 4403, 404, 405, 406, 407, true, OnLag.PUSH_BACK),
            null,
            List.of(),
            501,
            502,
            503),
        settings);
  }

  @ParameterizedTest
  @CsvSource({
    "--port, -1, 0 to 65535",
    "--port, 65536, 0 to 65535",
    "--threads, -1, 0 to 1024",
    "--threads, 1025, 0 to 1024",
    "--max-uri-bytes, 255, 256 to 1048576",
    "--max-header-bytes, 1048577, 256 to 1048576",
    "--max-body-bytes, 1023, 1024 to 1073741824",
    "--max-line-bytes, 255, 256 to 1073741824",
    "--max-event-bytes, 1023, 1024 to 1073741824",
    "--max-log-bytes, 4095, 4096 to 1099511627776",
    "--max-total-log-bytes, -1, 0 to 17592186044416",
    "--max-chats, 0, 1 to 1073741824",
    "--max-open-runs-per-chat, 10001, 1 to 10000",
    "--max-subscribers, 0, 1 to 1073741824",
    "--max-subscribers-per-chat, 0, 1 to 1073741824",
    "--max-subscribers-per-address, -1, 0 to 1073741824",
    "--head-timeout-ms, 9, 10 to 31536000000",
    "--body-timeout-ms, 0, 10 to 31536000000",
    "--line-timeout-ms, 31536000001, 10 to 31536000000",
    "--idle-timeout-ms, 9, 10 to 31536000000",
    "--heartbeat-ms, -5, 10 to 31536000000",
    "--stall-timeout-ms, 9, 10 to 31536000000",
    "--max-lag-bytes, -1, 0 to 1099511627776",
    "--batch-ms, 10001, 0 to 10000",
    "--retry-ms, 3600001, 0 to 3600000",
    "--chat-ttl-ms, 9, 10 to 31536000000",
    "--run-idle-timeout-ms, 9, 10 to 31536000000",
    "--drain-timeout-ms, -1, 0 to 3600000",
    "--drain-spread-ms, 3600001, 0 to 3600000",
    "--upstream-connect-timeout-ms, 9, 10 to 3600000",
    "--upstream-idle-timeout-ms, 9, 10 to 31536000000",
    "--demo-token-delay-ms, 60001, 0 to 60000",
  })
  void aValueOutOfRangeNamesItsOptionAndWhatIsAllowed(String option, String value, String allowed) {
    String refusal = CommandLines.refusal(option + "=" + value);
    String message = refusal.lines().findFirst().orElse("");
    assertTrue(message.startsWith(option + " is " + value + "; allowed is "), message);
    assertTrue(message.endsWith(allowed), message);
  }

  @ParameterizedTest
  @CsvSource({
    "--port, x, --port",
    "--port, 99999999999, --port",
    "--max-log-bytes, 1MB, --max-log-bytes",
    "--blank-tokens, maybe, 'keep, drop'",
    "--transport, tcp, 'auto, epoll, io_uring, nio'",
    "--upstream-connected-to-end, perhaps, --upstream-connected-to-end",
  })
  void aValueOfTheWrongKindNamesItsOption(String option, String value, String named) {
    String refusal = CommandLines.refusal(option + "=" + value);
    String message = refusal.lines().findFirst().orElse("");
    assertTrue(message.contains(option), message);
    assertTrue(message.contains(named), message);
    assertTrue(message.contains(value), message);
  }

  @ParameterizedTest
  @CsvSource({
    "--port, 65535",
    "--threads, 1024",
    "--max-log-bytes, 4096",
    "--max-event-bytes, 1024",
    "--retry-ms, 0",
    "--heartbeat-ms, 10",
    "--drain-timeout-ms, 0",
  })
  void theBoundsThemselvesAreAllowed(String option, String value) {
    assertFalse(CommandLines.settings(option, value).toString().isEmpty());
  }

  /** The upstream has a bound of its own: it allows what the option allows. */
  @Test
  void theSmallestEventIsAllowedWithAnUpstreamToo() {
    String[] args = {"--max-event-bytes=1024", "--upstream-url=http://h/v1"};
    assertFalse(CommandLines.settings(args).toString().isEmpty());
  }
}
