package dev.sluice.agent;

import static dev.sluice.agent.AgentFixture.CHAT;
import static dev.sluice.chat.PublishResult.ACCEPTED;
import static dev.sluice.chat.PublishResult.CHAT_GONE;
import static dev.sluice.chat.PublishResult.OVER_BUDGET;
import static dev.sluice.chat.PublishResult.RUN_STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunListener;
import dev.sluice.frame.TokenType;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.util.RawValue;

class EventPublisherTest {
  private final AgentFixture fixture = new AgentFixture();
  private final EventPublisher events = fixture.events;

  private record Document(String pageContent, int page) {}

  private enum Mood {
    CALM
  }

  private static Arguments row(String json, Function<EventPublisher, PublishResult> call) {
    return Arguments.of(json, call);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        row(
            "{\"event\":\"token\",\"data\":\"a\",\"type\":\"agentReasoning\"}",
            e -> e.token(CHAT, "a")),
        row(
            "{\"event\":\"token\",\"data\":\"a \\\"b\\\"\\n\",\"type\":\"finalResponse\"}",
            e -> e.token(CHAT, TokenType.FINAL_RESPONSE, "a \"b\"\n")),
        row(
            "{\"event\":\"token\",\"data\":\"t\",\"type\":\"toolResponse\"}",
            e -> e.token(CHAT, TokenType.TOOL_RESPONSE, CharBuffer.wrap("t"))),
        row("{\"event\":\"thinking\",\"data\":\"hm\"}", e -> e.thinking(CHAT, "hm")),
        row(
            "{\"event\":\"tool\",\"data\":{\"tool\":\"t\"},\"type\":\"toolResponse\"}",
            e -> e.tool(CHAT, Map.of("tool", "t"))),
        row(
            "{\"event\":\"tool\",\"data\":\"name\",\"type\":\"toolResponse\"}",
            e -> e.tool(CHAT, "name")),
        row(
            "{\"event\":\"calledTools\",\"data\":[{\"tool\":\"t\"}]}",
            e -> e.calledTools(CHAT, List.of(Map.of("tool", "t")))),
        row("{\"event\":\"usedTools\",\"data\":[]}", e -> e.usedTools(CHAT, List.of())),
        row(
            "{\"event\":\"agentReasoning\",\"data\":[{\"agentName\":\"A\"}]}",
            e -> e.agentReasoning(CHAT, List.of(Map.of("agentName", "A")))),
        row("{\"event\":\"nextAgent\",\"data\":\"B\"}", e -> e.nextAgent(CHAT, "B")),
        row(
            "{\"event\":\"sourceDocuments\",\"data\":[{\"pageContent\":\"é\\u2028\",\"page\":3}]}",
            e -> e.sourceDocuments(CHAT, List.of(new Document("é\u2028", 3)))),
        row(
            "{\"event\":\"artifacts\",\"data\":[\"a.png\"]}",
            e -> e.artifacts(CHAT, List.of("a.png"))),
        row(
            "{\"event\":\"usageMetadata\",\"data\":{\"output_tokens\":4}}",
            e -> e.usage(CHAT, Map.of("output_tokens", 4))),
        row(
            "{\"event\":\"metadata\",\"data\":{\"chatId\":\"chat-1\"}}",
            e -> e.metadata(CHAT, Map.of("chatId", "another"))),
        row("{\"event\":\"my.own-1\",\"data\":null}", e -> e.custom(CHAT, "my.own-1", null)),
        row("{\"event\":\"mood\",\"data\":\"CALM\"}", e -> e.custom(CHAT, "mood", Mood.CALM)),
        row(
            "{\"event\":\"raw\",\"data\":{\"a\":[1,2]}}",
            e -> e.custom(CHAT, "raw", new RawValue("{\n  \"a\": [1,\r\n2]\n}"))),
        row("{\"event\":\"level\",\"data\":1.5}", e -> e.custom(CHAT, "level", 1.5)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void publishesOneEvent(String json, Function<EventPublisher, PublishResult> call) {
    assertEquals(ACCEPTED, events.start(CHAT));
    assertEquals(ACCEPTED, call.apply(events));
    assertEquals(ACCEPTED, events.end(CHAT));
    String start = "{\"event\":\"start\",\"data\":\"\"}";
    assertEquals(List.of(start, json, "{\"event\":\"end\",\"data\":\"[DONE]\"}"), fixture.all());
  }

  @Test
  void publishesEndingsAfterWhichTheRunIsOver() {
    events.start(CHAT);
    assertEquals(ACCEPTED, events.error(CHAT, "no", Map.of("code", "x")));
    events.start(CHAT);
    assertEquals(ACCEPTED, events.error(CHAT, "no"));
    events.start(CHAT);
    assertEquals(ACCEPTED, events.abort(CHAT));
    assertNull(fixture.chat().openRunId(null));
    String all = String.join("\n", fixture.all());
    assertEquals(
        """
        {"event":"start","data":""}
        {"event":"error","data":"no","detail":{"code":"x"}}
        {"event":"end","data":"[DONE]"}
        {"event":"start","data":""}
        {"event":"error","data":"no"}
        {"event":"end","data":"[DONE]"}
        {"event":"start","data":""}
        {"event":"abort","data":"[DONE]"}
        {"event":"end","data":"[DONE]"}""",
        all);
  }

  @Test
  void makesNoEventOfNothing() {
    events.start(CHAT);
    assertEquals(ACCEPTED, events.start(CHAT));
    assertEquals(ACCEPTED, events.token(CHAT, null));
    assertEquals(ACCEPTED, events.token(CHAT, TokenType.FINAL_RESPONSE, ""));
    assertEquals(1, fixture.chat().lastId().offset());
  }

  @Test
  void beginsAnAgentFlowByItsFirstEvent() {
    assertEquals(ACCEPTED, events.custom(CHAT, "agentFlowEvent", "INPROGRESS"));
    events.token(CHAT, "a");
    assertEquals("{\"event\":\"agentFlowEvent\",\"data\":\"INPROGRESS\"}", fixture.all().get(0));
    assertEquals(2, fixture.chat().lastId().offset());
  }

  @Test
  void tellsThatTheChatIsGone() {
    assertEquals(CHAT_GONE, events.token(CHAT, "never begun"));
    assertNull(fixture.chats.find(CHAT));
    events.start(CHAT);
    fixture.chats.delete(CHAT);
    assertEquals(CHAT_GONE, events.token(CHAT, "late"));
    assertEquals(CHAT_GONE, events.end(CHAT));
    assertFalse(events.touch(CHAT));
    assertNull(fixture.chats.find(CHAT));
    assertEquals(ACCEPTED, events.start(CHAT));
  }

  @Test
  void tellsThatTheRunWasStopped() {
    events.start(CHAT);
    fixture.chat().stop();
    assertEquals(RUN_STOPPED, events.token(CHAT, "late"));
    assertFalse(events.touch(CHAT));
    assertEquals(ACCEPTED, events.start(CHAT));
    assertEquals(ACCEPTED, events.token(CHAT, "new"));
  }

  @Test
  void tellsThatThereIsNoRoomAndStillEnds() {
    AgentFixture small = new AgentFixture(4096);
    small.events.start(CHAT);
    while (small.events.token(CHAT, "x".repeat(512)) == ACCEPTED) {}
    assertEquals(OVER_BUDGET, small.events.token(CHAT, "y"));
    assertEquals(ACCEPTED, small.events.end(CHAT));
    assertNull(small.chat().openRunId(null));
  }

  @Test
  void keepsRunsApartByTheirNames() {
    EventPublisher left = events.inRun("left");
    EventPublisher right = events.inRun("right");
    left.start(CHAT);
    right.start(CHAT);
    left.token(CHAT, "l");
    right.token(CHAT, "r");
    left.end(CHAT);
    assertFalse(left.touch(CHAT));
    assertTrue(right.touch(CHAT));
    assertEquals(PublishResult.RUN_ENDED, left.token(CHAT, "late"));
    assertEquals(ACCEPTED, right.token(CHAT, "r"));
    assertEquals(
        "{\"event\":\"token\",\"data\":\"l\",\"type\":\"agentReasoning\",\"run\":\"left\"}",
        fixture.all().get(2));
  }

  @Test
  void aRunThatIsTouchedIsNotLost() {
    events.start(CHAT);
    fixture.chats.sweep();
    assertTrue(events.touch(CHAT));
    fixture.passRunIdleTimeout();
    assertEquals(ACCEPTED, events.token(CHAT, "a"));
    fixture.passRunIdleTimeout();
    fixture.passRunIdleTimeout();
    assertTrue(fixture.all().toString().contains("producer_lost"));
  }

  private static final class Told implements RunListener {
    final List<String> calls = new ArrayList<>();

    @Override
    public void stopped() {
      calls.add("stopped");
    }

    @Override
    public void unread() {
      calls.add("unread");
    }
  }

  @Test
  void tellsEachListenerOnceThatTheRunWasStopped() {
    Told first = new Told();
    Told second = new Told();
    events.start(CHAT);
    events.listen(CHAT, first);
    events.listen(CHAT, second);
    fixture.chat().stop();
    fixture.chat().stop();
    Told late = new Told();
    events.listen(CHAT, late);
    assertEquals(List.of("stopped"), first.calls);
    assertEquals(List.of("stopped"), second.calls);
    assertEquals(List.of("stopped"), late.calls);
  }

  @Test
  void tellsAListenerOfADeletedChatAndOfALostRun() {
    Told deleted = new Told();
    events.start(CHAT);
    events.listen(CHAT, deleted);
    fixture.chats.delete(CHAT);
    assertEquals(List.of("stopped"), deleted.calls);
    Told gone = new Told();
    events.listen(CHAT, gone);
    assertEquals(List.of("stopped"), gone.calls);
    Told lost = new Told();
    events.start(CHAT);
    events.listen(CHAT, lost);
    fixture.passRunIdleTimeout();
    assertEquals(List.of("stopped"), lost.calls);
  }

  @Test
  void tellsNobodyOfARunThatItsProducerHasEnded() {
    Told told = new Told();
    events.start(CHAT);
    events.listen(CHAT, told);
    events.end(CHAT);
    events.listen(CHAT, told);
    fixture.chat().stop();
    assertEquals(List.of(), told.calls);
  }

  @Test
  void tellsThatNobodyReadsAnyMore() {
    Told told = new Told();
    events.start(CHAT);
    events.listen(CHAT, told);
    FrameReader one = fixture.read();
    FrameReader two = fixture.read();
    one.subscription().cancel();
    assertEquals(List.of(), told.calls);
    two.subscription().cancel();
    assertEquals(List.of("unread"), told.calls);
    fixture.read().subscription().cancel();
    assertEquals(List.of("unread", "unread"), told.calls);
    events.end(CHAT);
    fixture.read().subscription().cancel();
    assertEquals(List.of("unread", "unread"), told.calls);
  }

  @Test
  void aListenerThatThrowsKeepsNobodyFromBeingTold() {
    Told told = new Told();
    events.start(CHAT);
    events.listen(
        CHAT,
        () -> {
          throw new IllegalStateException("listener");
        });
    events.listen(CHAT, told);
    fixture.chat().stop();
    assertEquals(List.of("stopped"), told.calls);
  }

  @Test
  void aListenerMayPublish() {
    events.start(CHAT);
    List<PublishResult> results = new ArrayList<>();
    events.listen(CHAT, () -> results.add(events.token(CHAT, "last words")));
    fixture.chat().stop();
    // It is inside the very append that tells it: the event waits its turn, and is then refused.
    assertEquals(List.of(ACCEPTED), results);
    assertFalse(fixture.all().toString().contains("last words"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a\nb"})
  void refusesWhatIsNoId(String id) {
    assertThrows(IllegalArgumentException.class, () -> events.start(id));
    assertThrows(IllegalArgumentException.class, () -> events.inRun(id));
  }

  @Test
  void refusesWhatTheRulesDoNotAllow() {
    events.start(CHAT);
    for (String name : List.of("gap", "no name", "")) {
      assertThrows(IllegalArgumentException.class, () -> events.custom(CHAT, name, "x"));
    }
    Object cycle = new Object[1];
    ((Object[]) cycle)[0] = cycle;
    assertThrows(IllegalArgumentException.class, () -> events.tool(CHAT, cycle));
    assertEquals(1, fixture.chat().lastId().offset());
  }

  @Test
  void manyThreadsPublishToOneChat() throws InterruptedException {
    int threads = 8;
    int tokens = 500;
    events.start(CHAT);
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      String letter = String.valueOf((char) ('a' + t));
      new Thread(
              () -> {
                for (int i = 0; i < tokens; i++) {
                  events.token(CHAT, letter);
                }
                done.countDown();
              })
          .start();
    }
    assertTrue(done.await(60, TimeUnit.SECONDS));
    events.end(CHAT);
    String text = fixture.all().get(1);
    for (int t = 0; t < threads; t++) {
      char letter = (char) ('a' + t);
      String data = text.substring(text.indexOf("data"), text.indexOf("type"));
      long envelope = "data\":\"\",\"".chars().filter(c -> c == letter).count();
      assertEquals(tokens, data.chars().filter(c -> c == letter).count() - envelope);
    }
  }
}
