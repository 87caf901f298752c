package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft;
import dev.sluice.frame.TokenType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is measured of streams, on frozen time: the test knows each value. */
class StreamMetricsTest {
  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void timeToFirstTokenCountsFromTheRequestAndOnce() {
    connection.subscribe("/v1/chats/c/stream?mode=follow");
    connection.advance(300);
    edge.event("c", "start");
    connection.sent();
    assertEquals(0, values("time-to-first-token").getTotalCount());
    connection.advance(450);
    tokens("a", "b");
    edge.event("c", "end");
    tokens("c");
    assertMs("time-to-first-token", 750);
  }

  @Test
  void gapsAreThoseBetweenFlushesWithTokensOfOneRun() {
    connection.subscribe("/v1/chats/c/stream?mode=follow");
    tokens("a");
    connection.advance(50);
    tokens("b", "c");
    connection.advance(100);
    edge.publish("c", new EventDraft().event("tool").string("x"));
    connection.sent();
    connection.advance(150);
    tokens("d");
    edge.event("c", "end");
    connection.sent();
    connection.advance(2000);
    tokens("of the next run");
    connection.advance(400);
    tokens("e");
    assertMs("token-gap", 50, 250, 400);
  }

  @Test
  void publishToFlushCountsFromTheFirstEventOfTheBurst() {
    connection.subscribe("/v1/chats/c/stream");
    edge.token("c", "a");
    connection.advanceTimeBy(7, TimeUnit.MILLISECONDS);
    edge.token("c", "b");
    connection.advanceTimeBy(5, TimeUnit.MILLISECONDS);
    connection.sent();
    edge.token("c", "c");
    connection.advanceTimeBy(20, TimeUnit.MILLISECONDS);
    connection.sent();
    assertMs("publish-to-flush", 12, 20);
  }

  @Test
  void catchingUpIsLagAndNotPublishToFlush() {
    for (int i = 0; i < 9; i++) {
      edge.token("c", "x");
    }
    connection.subscribe("/v1/chats/c/stream");
    edge.token("c", "y");
    connection.sent();
    assertEquals(1, values("publish-to-flush").getTotalCount());
    Histogram lag = values("lag");
    assertEquals(2, lag.getTotalCount());
    assertEquals(10, lag.getMaxValue());
    assertEquals(1, lag.getMinValue());
    Histogram perFrame = values("tokens-per-frame");
    assertEquals(2, perFrame.getTotalCount());
    assertEquals(9, perFrame.getMaxValue());
  }

  @Test
  void streamsOnOneLoopThatShareAFrameAreCountedEach() {
    Connection other = edge.connectBeside(connection);
    connection.subscribe("/v1/chats/c/stream");
    other.subscribe("/v1/chats/c/stream");
    tokens("first");
    other.sent();
    double before = number("sluice_tokens_total{type=\"finalResponse\"}");
    assertEquals(2, before);
    tokens("a", "b", "c");
    other.sent();
    assertEquals(before + 6, number("sluice_tokens_total{type=\"finalResponse\"}"));
    assertEquals(4, number("sluice_frames_total{type=\"finalResponse\"}"));
    assertEquals(2, number("sluice_frames_total{type=\"event\"}"));
    assertEquals(2, values("time-to-first-token").getTotalCount());
  }

  @Test
  void aRunThatIsReadAloneAndTokensWithKeysOfTheirOwnAreCountedByType() {
    connection.subscribe("/v1/chats/c/stream?run=b");
    for (int i = 0; i < 3; i++) {
      edge.publish("c", token("a", TokenType.TOOL_RESPONSE));
      edge.publish("c", token("b", TokenType.AGENT_REASONING));
    }
    edge.publish("c", token("b", TokenType.FINAL_RESPONSE).extra("n", "1"));
    connection.sent();
    assertEquals(3, number("sluice_tokens_total{type=\"agentReasoning\"}"));
    assertEquals(1, number("sluice_frames_total{type=\"agentReasoning\"}"));
    assertEquals(1, number("sluice_tokens_total{type=\"finalResponse\"}"));
    assertEquals(0, number("sluice_tokens_total{type=\"toolResponse\"}"));
  }

  @Test
  void statesOfStreams() {
    connection.subscribe("/v1/chats/c/stream");
    assertStates(1, 0, 0);
    connection.advance(EdgeFixture.HEARTBEAT_MS + 100);
    assertStates(1, 0, 0);
    assertEquals(1, number("sluice_heartbeats_total"));
    tokens("x");
    assertStates(0, 1, 0);
    connection.take(0);
    edge.token("c", "x".repeat(50_000));
    connection.sent();
    assertStates(0, 0, 1);
    connection.takeAll();
    assertStates(0, 1, 0);
    edge.connect().subscribe("/v1/chats/other/stream");
    assertStates(1, 1, 0);
    edge.event("c", "end");
    connection.sent();
    assertStates(1, 0, 0);
  }

  @Test
  void statesOfRuns() {
    edge.event("c", "start");
    assertRuns(1, 0);
    edge.token("c", "x");
    assertRuns(0, 1);
    edge.publish("c", new EventDraft().event("start").run("other"));
    assertRuns(1, 1);
    edge.call("POST", "/v1/chats/c/stop", "", "");
    assertRuns(0, 0);
    assertEquals(2, number("sluice_runs_ended_total{ending=\"stopped\"}"));
  }

  @Test
  void theLoopsDelayIsHowLateItCameToItsTimer() {
    connection.subscribe("/v1/chats/c/stream");
    edge.metrics.cutInterval();
    long before = values("event-loop-delay").getTotalCount();
    connection.advanceTimeBy(330, TimeUnit.MILLISECONDS);
    connection.runScheduledPendingTasks();
    Histogram delays = values("event-loop-delay");
    assertEquals(before + 1, delays.getTotalCount());
    assertEquals(230e6, (double) delays.getMaxValue(), 2.3e6);
  }

  private void tokens(String... texts) {
    for (String text : texts) {
      edge.token("c", text);
    }
    connection.sent();
  }

  private static EventDraft token(String run, TokenType type) {
    return new EventDraft().token(type, "t").run(run);
  }

  /** Each value once, within the 1 % to which they are kept. */
  private void assertMs(String name, long... expectedMs) {
    Histogram values = values(name);
    assertEquals(expectedMs.length, values.getTotalCount());
    for (int i = 0; i < expectedMs.length; i++) {
      double percentile = 100.0 * (i + 1) / expectedMs.length;
      double nanos = TimeUnit.MILLISECONDS.toNanos(expectedMs[i]);
      assertEquals(
          nanos, (double) values.getValueAtPercentile(percentile), nanos / 100, name + " " + i);
    }
  }

  /** The distribution as a client gets it. */
  private Histogram values(String name) {
    String log = edge.get("/v1/histograms/" + name + ".hlog").body();
    HistogramLogReader reader =
        new HistogramLogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
    Histogram sum = new Histogram(2);
    sum.setAutoResize(true);
    for (Object each = reader.nextIntervalHistogram();
        each instanceof Histogram interval;
        each = reader.nextIntervalHistogram()) {
      sum.add(interval);
    }
    return sum;
  }

  private void assertStates(int waiting, int live, int blocked) {
    assertEquals(
        waiting + " " + live + " " + blocked,
        (int) number("sluice_streams_by_state{state=\"waiting\"}")
            + " "
            + (int) number("sluice_streams_by_state{state=\"live\"}")
            + " "
            + (int) number("sluice_streams_by_state{state=\"blocked\"}"));
  }

  private void assertRuns(int waiting, int answering) {
    assertEquals(waiting, number("sluice_runs{state=\"waiting\"}"));
    assertEquals(answering, number("sluice_runs{state=\"answering\"}"));
  }

  private double number(String series) {
    String text = edge.get("/metrics").body();
    Matcher line =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE).matcher(text);
    assertTrue(line.find(), () -> series + " is not in\n" + text);
    return Double.parseDouble(line.group(1));
  }
}
