package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {
  /** For each name what its data may be, and the fault of any other kind; absent is looked at. */
  @ParameterizedTest
  @CsvSource({
    "token, NULL STRING, TOKEN_DATA, DATA_MISSING",
    "start, ABSENT NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, -",
    "end, ABSENT NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, -",
    "abort, ABSENT NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, -",
    "tool, NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, DATA_MISSING",
    "error, STRING, ERROR_DATA, DATA_MISSING",
    "agentReasoning, ARRAY, AGENT_REASONING_DATA, DATA_MISSING",
    "metadata, OBJECT, METADATA_DATA, DATA_MISSING",
    "thinking, NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, DATA_MISSING",
    "agentFlowEvent, NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, DATA_MISSING",
    "tts_data, NULL BOOLEAN NUMBER STRING ARRAY OBJECT, -, DATA_MISSING",
  })
  void eachNameHasItsKindsOfData(String name, String allowed, String fault, String absentFault) {
    Set<DataKind> kinds = EnumSet.noneOf(DataKind.class);
    for (DataKind kind : DataKind.values()) {
      if (List.of(allowed.split(" ", -1)).contains(kind.name())) {
        kinds.add(kind);
      }
    }
    for (DataKind kind : DataKind.values()) {
      EventFault found = EventRules.complete(draft(name, kind));
      if (kinds.contains(kind)) {
        assertNull(found, kind.name());
      } else {
        String expected = kind == DataKind.ABSENT ? absentFault : fault;
        assertEquals(EventFault.valueOf(expected), found, kind.name());
      }
    }
  }

  @Test
  void aTokenWithoutATypeIsReasoning() {
    EventDraft draft = new EventDraft().event("token").string("x");
    assertNull(EventRules.complete(draft));
    assertEquals(TokenType.AGENT_REASONING, draft.type());
  }

  @ParameterizedTest
  @EnumSource(TokenType.class)
  void aTokenKeepsItsType(TokenType type) {
    EventDraft draft = new EventDraft().token(type, "x");
    assertNull(EventRules.complete(draft));
    assertEquals(type, draft.type());
  }

  @ParameterizedTest
  @ValueSource(strings = {"thinking", "start", "end", "error", "x"})
  void otherEventsGetNoType(String name) {
    EventDraft draft = new EventDraft().event(name).string("x");
    assertNull(EventRules.complete(draft));
    assertNull(draft.type());
  }

  @ParameterizedTest
  @EnumSource(TokenType.class)
  void aToolAlwaysHasTheTypeOfATool(TokenType given) {
    EventDraft draft = new EventDraft().event("tool").json("{}").type(given);
    assertNull(EventRules.complete(draft));
    assertEquals(TokenType.TOOL_RESPONSE, draft.type());
  }

  @Test
  void theDataOfStartIsEmptyUnlessGiven() {
    assertEquals("{\"event\":\"start\",\"data\":\"\"}", completed(draft("start", DataKind.ABSENT)));
    assertEquals(
        "{\"event\":\"start\",\"data\":\"s\"}", completed(draft("start", DataKind.STRING)));
    assertEquals("{\"event\":\"start\",\"data\":{}}", completed(draft("start", DataKind.OBJECT)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"end", "abort"})
  void theDataOfTheLastWordIsAlwaysDone(String name) {
    for (DataKind kind : DataKind.values()) {
      assertEquals(
          "{\"event\":\"" + name + "\",\"data\":\"[DONE]\"}", completed(draft(name, kind)));
    }
  }

  @Test
  void anEventNeedsAName() {
    assertEquals(EventFault.EVENT_MISSING, EventRules.complete(new EventDraft().string("x")));
  }

  @Test
  void aGapIsNobodysToPublish() {
    for (DataKind kind : DataKind.values()) {
      assertEquals(EventFault.EVENT_RESERVED, EventRules.complete(draft("gap", kind)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Z", "x-1", "a.b_c-d", "A0", "tokens", "Token", "gaps"})
  void namesThatPassThrough(String name) {
    assertNull(EventRules.complete(new EventDraft().event(name).string("x")));
  }

  @Test
  void everyCharacterOfANameIsChecked() {
    for (int c = 0; c < 0x300; c++) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean later = letter || (c >= '0' && c <= '9') || "_.-".indexOf(c) >= 0;
      assertEquals(letter ? null : EventFault.EVENT_NAME, nameFault((char) c + "x"));
      assertEquals(later ? null : EventFault.EVENT_NAME, nameFault("x" + (char) c));
    }
    assertNull(nameFault("x".repeat(64)));
    assertEquals(EventFault.EVENT_NAME, nameFault("x".repeat(65)));
  }

  @Test
  void aRunIsNamedLikeAChat() {
    assertNull(runFault("r"));
    assertNull(runFault(null));
    assertNull(runFault("\u00e4 \ud83d\ude00"));
    assertNull(runFault("x".repeat(200)));
    assertEquals(EventFault.RUN_ID, runFault(""));
    assertEquals(EventFault.RUN_ID, runFault("x".repeat(201)));
    assertEquals(EventFault.RUN_ID, runFault("a/b"));
    for (char c = 0; c < 0x300; c++) {
      boolean control = c < 0x20 || (c >= 0x7f && c < 0xa0);
      assertEquals(!control && c != '/', EventRules.isId("x" + c), Integer.toHexString(c));
    }
  }

  @Test
  void everyFaultSaysWhatIsAllowed() {
    List<String> codes = new ArrayList<>();
    for (EventFault fault : EventFault.values()) {
      assertTrue(fault.code().matches("[a-z_]+"), fault.code());
      assertFalse(fault.detail().isEmpty());
      codes.add(fault.code());
    }
    assertEquals(codes.size(), Set.copyOf(codes).size());
  }

  private static EventDraft draft(String name, DataKind kind) {
    EventDraft draft = new EventDraft().event(name);
    return switch (kind) {
      case ABSENT -> draft;
      case NULL -> draft.json("null");
      case BOOLEAN -> draft.json("true");
      case NUMBER -> draft.json("-1");
      case STRING -> draft.string("s");
      case ARRAY -> draft.json("[]");
      case OBJECT -> draft.json("{}");
    };
  }

  private static String completed(EventDraft draft) {
    assertNull(EventRules.complete(draft));
    Utf8Buffer json = new Utf8Buffer(0);
    draft.putJson(json, new byte[0]);
    return json.toString();
  }

  private static @Nullable EventFault nameFault(String name) {
    return EventRules.complete(new EventDraft().event(name).string("x"));
  }

  private static @Nullable EventFault runFault(@Nullable String run) {
    return EventRules.complete(new EventDraft().event("x").string("").run(run));
  }
}
