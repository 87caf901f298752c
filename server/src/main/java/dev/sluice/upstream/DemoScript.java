package dev.sluice.upstream;

import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the demo says, cut into tokens about the size of a model's. It holds what is hard on
 * clients: white space that matters, emoji, several scripts, quotes and backslashes. Stateless; any
 * thread.
 *
 * @param steps in their order
 * @param usage what the answer would have cost
 */
record DemoScript(List<Step> steps, TokenUsage usage) {
  /** One thing that is published. */
  @FunctionalInterface
  interface Step {
    void publish(AnswerPublisher answer);
  }

  private static final int MAX_QUOTED_CHARS = 400;
  private static final Pattern TOKEN =
      Pattern.compile("[ \\n]*(?:[\\p{L}\\p{M}\\p{N}]{1,6}|[^\\p{L}\\p{M}\\p{N}\\s]{1,3}|\\s)");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private static final String REASONING_END =
      """

      No model server is configured, so the built-in demo has to answer. First a look at what \
      this server can do.""";

  private static final String ANSWER =
      """

      This is Sluice's **built-in demo** 🚰: no model was asked, the text is always the same. What is \
      real is the way it came here: every token is an event in the log of this chat, and your \
      browser reads that log at its own pace.

      ### Things to try

      1. **Reload this page** in the middle of an answer. It begins where it was and loses nothing.
      2. Open the same chat in a second window: both read along. 👀
      3. Press *Stop*. The answer ends with `abort`, then `end`.

      ### What must survive the way

      Indentation, for one:

      ```python
      def fib(n):
          a, b = 0, 1
          while a < n:
              print(a, end=" ")
              a, b = b, a + b
          print("done\\n")
      ```

      And text of every kind: “quotes”, naïve façade, Größe, Ελληνικά, Кириллица, 日本語のテキスト, \
      한국어, العربية, हिन्दी, and emoji made of several parts: 👩‍🚀 🇪🇺 👍🏽.

      | reader | what it gets |
      |---|---|
      | fast | each token at once |
      | slow | the same text in fewer, larger frames |
      | late | the answer so far in one frame, then live |

      ### A real model instead

      Start the server with the address of any model server that speaks OpenAI's chat completions, \
      for example

      ```sh
      java -jar server/target/sluice.jar --upstream-url http://127.0.0.1:11434/v1
      ```

      and ask again. 🎉
      """;

  private static final List<Step> FIXED_END = tokens(TokenType.FINAL_RESPONSE, ANSWER);

  /** The demo's answer to a question. */
  static DemoScript about(String question) {
    String quoted = quoted(question);
    List<Step> steps = new ArrayList<>();
    steps.addAll(tokens(TokenType.AGENT_REASONING, "The question is: " + quoted + REASONING_END));
    steps.add(answer -> answer.calledTools(toolCall()));
    steps.addAll(
        tokens(TokenType.FINAL_RESPONSE, "## Hello 👋\n\nYou asked:\n\n> " + quoted + "\n"));
    steps.addAll(FIXED_END);
    long inputTokens = tokens(TokenType.FINAL_RESPONSE, question).size();
    long outputTokens = steps.size() - 1L;
    return new DemoScript(
        List.copyOf(steps), new TokenUsage(inputTokens, outputTokens, inputTokens + outputTokens));
  }

  private static ArrayNode toolCall() {
    ArrayNode calls = JsonNodeFactory.instance.arrayNode();
    calls
        .addObject()
        .put("tool", "about_sluice")
        .put("toolOutput", "")
        .put("toolCallId", "demo-1")
        .putObject("toolInput")
        .put("topic", "streaming");
    return calls;
  }

  /** On one line, and not longer than a page likes to quote. */
  private static String quoted(String question) {
    String line = SPACE.matcher(question).replaceAll(" ").strip();
    if (line.isEmpty()) {
      return "(nothing)";
    }
    return line.length() <= MAX_QUOTED_CHARS
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_QUOTED_CHARS / 2)) + "…";
  }

  private static List<Step> tokens(TokenType type, String text) {
    List<Step> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      // From the last end, so that nothing can fall between two tokens.
      String token = text.substring(end, matcher.end());
      end = matcher.end();
      tokens.add(answer -> answer.token(type, token));
    }
    if (end < text.length()) {
      String rest = text.substring(end);
      tokens.add(answer -> answer.token(type, rest));
    }
    return tokens;
  }
}
