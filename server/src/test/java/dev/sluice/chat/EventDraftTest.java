package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDraftTest {
  /** What JavaScript's {@code trim} takes off: its WhiteSpace and LineTerminator. */
  private static final String TRIMMED =
      "\t\n\u000b\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
          + "\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

  @Test
  void blankIsWhatJavaScriptTrims() {
    for (int c = 0; c <= 0xFFFF; c++) {
      String text = String.valueOf((char) c);
      EventDraft draft = new EventDraft().string(text);
      assertEquals(
          TRIMMED.contains(text), draft.isBlank(), () -> Integer.toHexString(text.charAt(0)));
    }
    assertTrue(new EventDraft().string(TRIMMED).isBlank());
    assertFalse(new EventDraft().string(TRIMMED + "x").isBlank());
    assertFalse(new EventDraft().string("x" + TRIMMED).isBlank());
    assertFalse(new EventDraft().string("").isBlank());
    assertFalse(new EventDraft().string(" ").json("[]").isBlank());
  }

  @ParameterizedTest
  @CsvSource({
    "{}, OBJECT",
    "[], ARRAY",
    "null, NULL",
    "true, BOOLEAN",
    "false, BOOLEAN",
    "-1, NUMBER",
    "0.5, NUMBER",
  })
  void finishedJsonSaysItsKind(String json, DataKind kind) {
    EventDraft draft = new EventDraft().event("x").json(json);
    assertEquals(kind, draft.dataKind());
    assertEquals("{\"event\":\"x\",\"data\":" + json + "}", json(draft, ""));
  }

  @Test
  void aStringIsNotSetAsJson() {
    assertThrows(IllegalArgumentException.class, () -> new EventDraft().json("\"x\""));
  }

  @Test
  void keysStandInTheirOrder() {
    EventDraft draft =
        new EventDraft()
            .event("thinking")
            .extra("a", "1")
            .string("a\"b\u2028")
            .extra("k\"", "{\"b\":[2]}")
            .type(TokenType.FINAL_RESPONSE);
    assertEquals(
        "{\"event\":\"thinking\",\"data\":\"a\\\"b\\u2028\",\"type\":\"finalResponse\","
            + "\"run\":\"r\",\"a\":1,\"k\\\"\":{\"b\":[2]}}",
        json(draft, ",\"run\":\"r\""));
  }

  @Test
  void nothingIsLeftAfterAnotherEventBegins() {
    EventDraft draft =
        new EventDraft().token(TokenType.TOOL_RESPONSE, " ").run("r").extra("a", "1");
    assertTrue(draft.isBlank());
    draft.event("x");
    assertNull(draft.type());
    assertNull(draft.run());
    assertEquals(DataKind.ABSENT, draft.dataKind());
    assertFalse(draft.isBlank());
    assertEquals("{\"event\":\"x\",\"data\":\"y\"}", json(draft.string("y"), ""));
    draft.token(TokenType.FINAL_RESPONSE, "z");
    assertEquals("token", draft.name());
    assertEquals("z", draft.data().toString());
    assertTrue(draft.extras().isEmpty());
    assertEquals("", draft.clear().name());
  }

  @Test
  void aCopyDoesNotChangeWithItsOriginal() {
    EventDraft draft =
        new EventDraft().token(TokenType.FINAL_RESPONSE, " ").run("r").extra("a", "1");
    EventDraft copy = draft.copy();
    draft.event("other").string("large ".repeat(100)).extra("b", "2");
    assertEquals("token", copy.name());
    assertEquals(TokenType.FINAL_RESPONSE, copy.type());
    assertEquals("r", copy.run());
    assertEquals(DataKind.STRING, copy.dataKind());
    assertTrue(copy.isBlank());
    assertEquals(" ", copy.data().toString());
    assertEquals(",\"a\":1", copy.extras().toString());
  }

  @Test
  void weighsWhatItHolds() {
    EventDraft draft = new EventDraft().event("abc").string("\u00e4").extra("k", "1");
    assertEquals(3 + 2 + ",\"k\":1".length(), draft.byteCount());
  }

  @Test
  void dataMayBeFilledInFromOutside() {
    EventDraft draft = new EventDraft().event("x").string("   ");
    draft.data().truncate(0);
    draft.data().putJson("[1]");
    assertFalse(draft.dataKind(DataKind.ARRAY).isBlank());
    assertEquals("{\"event\":\"x\",\"data\":[1]}", json(draft, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "1-2, 1, 2",
    "0-0, 0, 0",
    "1700000000123-42, 1700000000123, 42",
    "999999999999999999-999999999999999999, 999999999999999999, 999999999999999999",
  })
  void anIdIsReadAndWritten(String text, long epoch, long offset) {
    EventId id = EventId.parse(text);
    assertEquals(new EventId(epoch, offset), id);
    assertEquals(text, String.valueOf(id));
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "1",
    "1-",
    "-1",
    "1--2",
    "1-2-3",
    "a-1",
    "1-a",
    "' 1-2'",
    "'1-2 '",
    "+1-2",
    "0x1-2",
    "1234567890123456789-1",
    "1-1234567890123456789",
    "\u0661-\u0662",
  })
  void anythingElseIsNoId(String text) {
    assertNull(EventId.parse(text));
  }

  private static String json(EventDraft draft, String runExtra) {
    Utf8Buffer out = new Utf8Buffer(0);
    draft.putJson(out, new Utf8Buffer(0).putAscii(runExtra).toByteArray());
    return out.toString();
  }
}
