package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.chat.EventNames;
import dev.sluice.docs.MarkdownPage;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code events.md}: every example can be published, and reaches a reader as it stands there. */
@SuppressWarnings("NullAway.Init")
class EventsPageTest {
  /** What existing producers and clients use. */
  private static final List<String> IN_USE =
      List.of(
          "start, token, thinking, agentReasoning, nextAgent, agentFlowEvent, nextAgentFlow",
          "agentFlowExecutedData, calledTools, usedTools, tool, sourceDocuments, artifacts",
          "fileAnnotations, usageMetadata, action, metadata, error, abort, end",
          "tts_start, tts_data, tts_end");

  private static final Set<String> NO_NAMES = Set.of("Order", "Any other name");
  private static final String TOKEN = "{\"event\":\"token\",\"data\":\"before\"}";

  private final MarkdownPage page = MarkdownPage.read("events.md");
  private TestServer server;
  private Calls calls;

  @BeforeEach
  void start() {
    server = TestServer.start();
    calls = new Calls(server.uri());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyNameHasItsSection() throws IllegalAccessException {
    Set<String> names = new TreeSet<>(List.of(String.join(", ", IN_USE).split(", ", -1)));
    for (Field constant : EventNames.class.getFields()) {
      if (Modifier.isStatic(constant.getModifiers()) && constant.getType() == String.class) {
        names.add((String) constant.get(null));
      }
    }
    Set<String> sections = new TreeSet<>();
    page.sections().forEach(section -> sections.add(section.name()));
    sections.removeAll(NO_NAMES);
    assertEquals(names, sections);
  }

  @Test
  void everyExampleReachesAReader() throws IOException {
    for (MarkdownPage section : page.sections()) {
      if (section.name().equals("Order") || section.name().equals(EventNames.GAP)) {
        continue;
      }
      List<String> examples = section.theCode("json").lines().toList();
      for (int i = 0; i < examples.size(); i++) {
        String example = examples.get(i);
        JsonNode published = JsonMapper.shared().readTree(example);
        assertEquals(
            section.name().equals("Any other name"),
            !published.path("event").asString().equals(section.name()),
            example);
        Event read = read(section.name() + " " + i, example, published.path("event").asString());
        for (String key : published.propertyNames()) {
          assertEquals(published.get(key), read.json().get(key), example);
        }
      }
    }
  }

  @Test
  void anAgentFlowInProgressStandsInForStart() throws IOException {
    String example = page.section(EventNames.AGENT_FLOW_EVENT).theCode("json");
    calls.publish("c", "[" + example + ",{\"event\":\"end\"}]");
    try (EventStream stream = EventStream.open(server.uri(), "c")) {
      assertEquals(
          List.of("agentFlowEvent", "end"), stream.all().stream().map(Event::name).toList());
    }
  }

  @Test
  void aWholeRunIsReadAsItStandsThere() {
    MarkdownPage order = page.section("Order");
    Response published =
        calls.call("POST", "/v1/chats/c/events", "application/x-ndjson", order.theCode("json"));
    assertEquals(200, published.status(), published::body);
    String frames = calls.get("/v1/chats/c/stream?ids=off").body();
    assertEquals(order.theCode("text"), frames.replaceFirst("retry:\\d+\n", ""));
  }

  /** Its ids are not the same each time. */
  @Test
  void aGapIsMadeByTheServerAlone() throws IOException {
    JsonNode example = JsonMapper.shared().readTree(page.section(EventNames.GAP).theCode("json"));
    assertEquals("event_reserved", calls.publish("c", example.toString()).code());
    String from = example.path("data").path("from").asString();
    calls.publish("c", TOKEN);
    try (EventStream stream = EventStream.open(server.uri(), "c", "?from=" + from)) {
      JsonNode gap = stream.await(EventNames.GAP).json();
      List<String> keys = new ArrayList<>(example.propertyNames());
      assertEquals(keys, new ArrayList<>(gap.propertyNames()));
      assertEquals(from, gap.path("data").path("from").asString());
      assertEquals(example.path("data").path("reason"), gap.path("data").path("reason"));
      assertEquals(
          new ArrayList<>(example.path("data").propertyNames()),
          new ArrayList<>(gap.path("data").propertyNames()));
      assertEquals("before", stream.await("token").text());
    }
  }

  private Event read(String chatId, String example, String name) throws IOException {
    try (EventStream stream = EventStream.open(server.uri(), chatId)) {
      boolean ending = EventNames.endsRun(name);
      if (ending) {
        calls.publish(chatId, TOKEN);
      }
      String path = "/v1/chats/" + EventStream.encode(chatId) + "/events";
      Response published = calls.call("POST", path, "application/x-ndjson", example + "\n");
      assertEquals(200, published.status(), example);
      if (!ending) {
        calls.publish(chatId, "{\"event\":\"end\"}");
      }
      List<Event> events = stream.all();
      assertEquals("end", events.get(events.size() - 1).name(), example);
      List<Event> found = events.stream().filter(event -> event.is(name)).toList();
      assertFalse(found.isEmpty(), example);
      return found.get(0);
    }
  }
}
