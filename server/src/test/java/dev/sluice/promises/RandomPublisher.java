package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventRules;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the tokens of one run in their order, each batch by another of the ways that there are,
 * and keeps what readers have to get.
 */
final class RandomPublisher {
  private record Token(TokenType type, String text) {}

  private final TestServer server;
  private final Calls calls;
  private final String chatId;
  private final String run;
  private final @Nullable RunPublisher inProcess;
  private final Random random;
  private final RandomText texts;
  private final Map<TokenType, StringBuilder> published = new EnumMap<>(TokenType.class);

  /**
   * @param run the name of the run; empty for one that is opened in this process
   */
  RandomPublisher(TestServer server, String chatId, String run, Random random) {
    this.server = server;
    this.chatId = chatId;
    this.run = run;
    this.random = random;
    calls = new Calls(server.uri());
    texts = new RandomText(random);
    for (TokenType type : TokenType.values()) {
      published.put(type, new StringBuilder());
    }
    inProcess = run.isEmpty() ? server.chats().startRun(chatId) : null;
    if (!run.isEmpty()) {
      publishJson(line("start", null, "\"\""), 1);
    }
  }

  String run() {
    return run;
  }

  /** The text that was published with that type. */
  String published(TokenType type) {
    return String.valueOf(published.get(type));
  }

  void publish(int batches) throws IOException {
    for (int i = 0; i < batches; i++) {
      List<Token> tokens = batch();
      int way = inProcess != null ? 4 : random.nextInt(4);
      switch (way) {
        case 0 -> tokens.forEach(token -> publishJson(line(token), 1));
        case 1 -> publishJson("[" + String.join(",", lines(tokens)) + "]", tokens.size());
        case 2 -> publishLines(tokens);
        case 3 -> tokens.forEach(this::publishDraft);
        default -> tokens.forEach(this::publishInProcess);
      }
    }
  }

  void end() {
    if (inProcess != null) {
      assertEquals(PublishResult.ACCEPTED, inProcess.end());
    } else {
      publishJson("{\"event\":\"end\",\"run\":\"" + run + "\"}", 1);
    }
  }

  private List<Token> batch() {
    List<Token> tokens = new ArrayList<>();
    boolean big = random.nextInt(6) == 0;
    for (String part : texts.cut(texts.text(big ? 600 : 1 + random.nextInt(60)))) {
      TokenType[] types = TokenType.values();
      TokenType last = tokens.isEmpty() ? types[0] : tokens.get(tokens.size() - 1).type();
      TokenType type = random.nextInt(5) == 0 ? types[random.nextInt(types.length)] : last;
      tokens.add(new Token(type, part));
      StringBuilder all = published.get(type);
      if (all != null) {
        all.append(part);
      }
    }
    return tokens;
  }

  private void publishJson(String body, int accepted) {
    Response response = calls.publish(chatId, body);
    assertEquals(200, response.status(), response::body);
    assertEquals(accepted, response.json().path("accepted").asInt());
  }

  private void publishLines(List<Token> tokens) throws IOException {
    String separator = random.nextBoolean() ? "\n" : random.nextBoolean() ? "\r\n" : "\n \n";
    String all = String.join(separator, lines(tokens)) + (random.nextBoolean() ? "\n" : "");
    byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
    int longest = random.nextBoolean() ? 7 : 3000;
    try (RawConnection connection = calls.openLines(chatId)) {
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(longest));
        connection.chunk(Arrays.copyOfRange(bytes, from, to));
        from = to;
      }
      connection.send("0\r\n\r\n");
      Response response = connection.response();
      assertEquals(200, response.status(), response::body);
      assertEquals(tokens.size(), response.json().path("accepted").asInt());
    }
  }

  private void publishDraft(Token token) {
    EventDraft draft = new EventDraft().token(token.type(), token.text()).run(run);
    assertNull(EventRules.complete(draft));
    assertEquals(PublishResult.ACCEPTED, server.chats().publish(chatId, draft));
  }

  private void publishInProcess(Token token) {
    if (inProcess != null) {
      assertEquals(PublishResult.ACCEPTED, inProcess.token(token.type(), token.text()));
    }
  }

  private List<String> lines(List<Token> tokens) {
    return tokens.stream().map(this::line).toList();
  }

  private String line(Token token) {
    boolean sayNull = token.text().isEmpty() && random.nextBoolean();
    // What is not said is agentReasoning.
    boolean sayType = token.type() != TokenType.AGENT_REASONING || random.nextBoolean();
    return line(
        "token", sayType ? token.type() : null, sayNull ? "null" : texts.quoted(token.text()));
  }

  private String line(String name, @Nullable TokenType type, String data) {
    List<String> keys = new ArrayList<>();
    keys.add("\"event\":\"" + name + "\"");
    keys.add("\"data\":" + data);
    keys.add("\"run\":\"" + run + "\"");
    if (type != null) {
      keys.add(String.format(Locale.ROOT, "\"type\": \"%s\"", type.wireName()));
    }
    java.util.Collections.shuffle(keys, random);
    return "{" + String.join(random.nextBoolean() ? "," : " ,\t", keys) + "}";
  }
}
