package dev.sluice.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatEventTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1-2|{\"event\":\"a\"}|{\"id\":\"1-2\",\"event\":\"a\"}",
        "1-2|{\"event\":\"a\",\"id\":7}|{\"lastEventId\":\"1-2\",\"event\":\"a\",\"id\":7}",
        "~~|{\"event\":\"a\"}|{\"event\":\"a\"}",
      })
  void jsonHasTheIdInFront(String id, String json, String expected) {
    assertEquals(expected, ChatEvent.parse(id, json).jsonWithId());
  }
}
