package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A chunk that is read as a stream says what its tree says. */
class CompletionChunkTest {
  private static final String CHUNK =
      "{\"id\":\"c-1\",\"created\":1741569952,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
          + "\"role\":\"assistant\",\"content\":\"a\\u00e9\\n\\\"b\"},\"logprobs\":{\"content\":[1]},"
          + "\"finish_reason\":null}],\"usage\":null}";

  private static final List<String> CHUNKS =
      List.of(
          CHUNK,
          "{}",
          "[]",
          "\"text\"",
          "7",
          "",
          CHUNK + " ",
          CHUNK + " ".repeat(10_000),
          CHUNK + " ".repeat(10_000) + "x",
          " ".repeat(10_000) + CHUNK,
          choice("\"delta\":{\"content\":\"" + "long".repeat(10_000) + "\"}"),
          "{\"created\":12",
          "{\"choices\":[{\"delta\":{\"content\":\"cut",
          CHUNK + "x",
          CHUNK + "\f",
          CHUNK + CHUNK,
          "{\"choices\":null}",
          "{\"choices\":[]}",
          "{\"choices\":[null,{\"delta\":{\"content\":\"late\"}}]}",
          "{\"choices\":[[{\"delta\":{\"content\":\"deep\"}}]]}",
          choice("\"delta\":{\"content\":\"no index\"}"),
          choice("\"delta\":{\"content\":\"second\"},\"index\":1"),
          choice("\"delta\":{\"content\":\"text\"},\"index\":\"1\""),
          choice("\"delta\":{\"content\":\"none\"},\"index\":null"),
          choice("\"delta\":{\"content\":\"part\"},\"index\":0.5"),
          choice("\"delta\":{\"content\":\"huge\"},\"index\":99999999999999999999"),
          "{\"choices\":[{\"index\":1,\"finish_reason\":\"stop\",\"delta\":{\"content\":\"1\"}},"
              + "{\"index\":0,\"delta\":{\"content\":\"0\"}},{\"index\":0,\"delta\":{\"content\":\"x\"}}]}",
          choice("\"message\":{\"content\":\"whole\"},\"finish_reason\":\"stop\""),
          choice("\"message\":{\"content\":\"m\"},\"delta\":{\"content\":\"d\"}"),
          choice("\"delta\":{\"content\":\"d\"},\"message\":{\"content\":\"m\"}"),
          choice("\"delta\":null,\"message\":{\"content\":\"m\"}"),
          choice("\"message\":{\"refusal\":\"m\"},\"delta\":{}"),
          choice("\"delta\":[{\"content\":\"x\"}]"),
          choice("\"delta\":{\"reasoning_content\":\"r\",\"reasoning\":\"s\"}"),
          choice("\"delta\":{\"reasoning_content\":\"\",\"reasoning\":\"s\"}"),
          choice(
              "\"delta\":{\"reasoning_content\":{\"a\":\"r\"},\"reasoning\":7,\"content\":true}"),
          choice("\"delta\":{\"content\":\"one\",\"refusal\":\"two\"}"),
          choice("\"delta\":{\"content\":\"one\",\"content\":\"two\"}"),
          choice("\"delta\":{\"content\":\"one\",\"content\":null}"),
          choice("\"delta\":{\"refusal\":\"one\"},\"delta\":{\"content\":\"two\"}"),
          choice(
              "\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{},{\"text\":\"b\"}]}"),
          choice("\"delta\":{\"content\":{\"text\":\"a\"}}"),
          choice("\"delta\":{\"content\":\"\\uD83D\"}"),
          choice("\"finish_reason\":\"length\",\"finish_reason\":null"),
          choice("\"finish_reason\":{\"why\":\"stop\"}"),
          choice(
              "\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"n\","
                  + "\"arguments\":\"{\\\"a\\\":\"}}]},\"finish_reason\":\"tool_calls\""),
          choice("\"delta\":{\"tool_calls\":null}"),
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"x\":{}}}",
          "{\"usage\":{\"total_tokens\":3},\"usage\":{\"other\":3}}",
          "{\"usage\":7}",
          "{\"error\":null,\"choices\":[{\"delta\":{\"content\":\"on\"}}]}",
          "{\"error\":\"words\"}",
          "{\"error\":{\"message\":\"words\",\"code\":429}}",
          "{\"error\":[1]}",
          "{\"error\":1,\"error\":\"words\"}");

  static Stream<String> chunks() {
    return CHUNKS.stream();
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void saysWhatItsTreeSays(String json) {
    assertEquals(byTree(json), byStream(new CompletionChunk(), json));
  }

  @Test
  void aChunkKeepsNothingOfTheOneBefore() {
    CompletionChunk chunk = new CompletionChunk();
    for (String before : CHUNKS) {
      for (String json : CHUNKS) {
        chunk.read(before);
        assertEquals(byTree(json), byStream(chunk, json), () -> before + "\n" + json);
      }
    }
  }

  @Test
  void whatIsCutOffIsNoChunk() {
    CompletionChunk chunk = new CompletionChunk();
    for (int end = 0; end < CHUNK.length(); end++) {
      assertFalse(chunk.read(CHUNK.substring(0, end)), CHUNK.substring(0, end));
    }
    assertTrue(chunk.read(CHUNK));
  }

  @Test
  void whatIsDamagedSaysWhatItsTreeSays() {
    Random random = new Random(7);
    String alphabet = "{}[]\",:\\01ntex ";
    CompletionChunk chunk = new CompletionChunk();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder json = new StringBuilder(CHUNKS.get(random.nextInt(CHUNKS.size())));
      for (int changes = random.nextInt(3); changes >= 0 && !json.isEmpty(); changes--) {
        int at = random.nextInt(json.length());
        char with = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> json.deleteCharAt(at);
          case 1 -> json.setCharAt(at, with);
          default -> json.insert(at, with);
        }
      }
      String damaged = json.toString();
      assertEquals(byTree(damaged), byStream(chunk, damaged), damaged);
    }
  }

  private static String choice(String fields) {
    return "{\"choices\":[{" + fields + "}]}";
  }

  private static String byStream(CompletionChunk chunk, String json) {
    if (!chunk.read(json)) {
      return "malformed";
    }
    JsonNode toolCalls = chunk.toolCalls();
    return said(
        chunk.hasError(),
        chunk.error(),
        chunk.usage(),
        chunk.hasChoices(),
        List.of(chunk.reasoning(), chunk.content(), chunk.refusal()),
        toolCalls == null ? "" : toolCalls.toString(),
        chunk.isFinished());
  }

  private static String byTree(String json) {
    JsonNode chunk = ErrorWords.parse(json);
    if (chunk == null || !chunk.isObject()) {
      return "malformed";
    }
    JsonNode error = chunk.path("error");
    boolean hasChoices = chunk.path("choices").isArray();
    JsonNode choice = null;
    if (hasChoices) {
      for (JsonNode each : chunk.path("choices")) {
        if (choice == null && each.path("index").asInt(0) == 0) {
          choice = each;
        }
      }
    }
    List<String> texts = List.of("", "", "");
    String toolCalls = "";
    boolean finished = false;
    if (choice != null) {
      JsonNode delta = choice.has("delta") ? choice.path("delta") : choice.path("message");
      String reasoning = delta.path("reasoning_content").stringValue("");
      texts =
          List.of(
              reasoning.isEmpty() ? delta.path("reasoning").stringValue("") : reasoning,
              MessageText.of(delta.path("content")),
              delta.path("refusal").stringValue(""));
      toolCalls = delta.path("tool_calls").toString();
      finished = choice.path("finish_reason").isString();
    }
    return said(
        chunk.has("error"),
        error.isObject() || error.isString() ? error : null,
        TokenUsage.of(chunk.path("usage")),
        hasChoices,
        texts,
        toolCalls,
        finished);
  }

  private static String said(
      boolean hasError,
      @Nullable JsonNode error,
      @Nullable TokenUsage usage,
      boolean hasChoices,
      List<String> texts,
      String toolCalls,
      boolean finished) {
    return "error "
        + hasError
        + ' '
        + error
        + "; usage "
        + usage
        + "; choices "
        + hasChoices
        + "; texts "
        + texts
        + "; tool calls "
        + toolCalls
        + "; finished "
        + finished;
  }
}
