package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page shows what an answer's Markdown means, and keeps what it says to the letter. */
@Needs(Tool.BROWSER)
@SuppressWarnings("NullAway.Init")
class PageMarkdownTest {
  private static final String DONE = "document.querySelector('#status').textContent === 'done'";

  private static final String RICH =
      """
      # One

      ### Three

      Words with **weight**, *stress*, `code`, ~~none~~ and a [link](https://example.org/a?b=c).
      Also <https://example.org/auto>, http://example.org/bare and <mailto:a@example.org>.

      3. third
      4. fourth
         - inner

      ```python
      def f(x):
          return "<b>" + x
      ```

      | left | right |
      |:-----|------:|
      | a    | 1     |

      ![a picture](https://example.org/p.png)

      > said &amp; done
      """;

  private static ServerUnderTest server;
  private static Browser browser;

  @BeforeAll
  static void start() {
    server = ServerUnderTest.start();
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    server.close();
    browser.close();
  }

  @Test
  void markdownIsShownAsWhatItMeans() {
    show(RICH);
    assertEquals("One", browser.text("#rendered h3"));
    assertEquals("Three", browser.text("#rendered h5"));
    assertEquals("weight", browser.text("#rendered strong"));
    assertEquals("stress", browser.text("#rendered em"));
    assertEquals("none", browser.text("#rendered s"));
    assertEquals("code", browser.text("#rendered p code"));
    assertEquals("3", value("document.querySelector('#rendered ol').getAttribute('start')"));
    assertEquals("inner", browser.text("#rendered ol ul li"));
    assertEquals("def f(x):\n    return \"<b>\" + x\n", browser.text("#rendered .code pre code"));
    assertEquals("python", browser.text("#rendered .code-bar span"));
    assertEquals("1", browser.text("#rendered td.right"));
    assertEquals("said & done", browser.text("#rendered blockquote p"));
    assertEquals(RICH, browser.text("#answer"));
  }

  @Test
  void linksOpenElsewhereAndTellNobodyWhereFrom() {
    show(RICH);
    assertEquals(
        List.of(
            "https://example.org/a?b=c",
            "https://example.org/auto",
            "http://example.org/bare",
            "mailto:a@example.org",
            "https://example.org/p.png"),
        strings("[...document.querySelectorAll('#rendered a')].map(a => a.getAttribute('href'))"));
    assertEquals(
        List.of("noopener noreferrer nofollow _blank"),
        strings(
            "[...new Set([...document.querySelectorAll('#rendered a')]"
                + ".map(a => a.rel + ' ' + a.target))]"));
  }

  /** A picture in an answer could tell a stranger what is asked here; so it is a link. */
  @Test
  void nothingIsLoadedFromElsewhere() {
    browser.requests();
    show(RICH);
    List<URI> requests = browser.requests();
    assertTrue(requests.size() > 5, requests.toString());
    for (URI request : requests) {
      assertEquals(server.uri().getAuthority(), request.getAuthority(), request.toString());
    }
    assertEquals("a picture", browser.text("#rendered a.picture"));
  }

  @Test
  void whatIsCopiedIsWhatWasPublished() {
    String text = "  # not a title?\n\n\ttab \\* `x`  \nend &lt; 👩‍🚀 \n";
    show(text);
    browser.click("#current [data-copy=answer]");
    browser.await("document.querySelector('#announcer').textContent === 'Copied.'");
    browser.click("#question");
    browser.press(Browser.CONTROL, "v");
    browser.await("document.querySelector('#question').value");
    assertEquals(text, value("document.querySelector('#question').value"));
  }

  @Test
  void theSourceCanBeReadToo() {
    show(RICH);
    browser.click("#current [data-source]");
    assertEquals(
        "true,false",
        value(
            "['#answer', '#rendered'].map(s => document.querySelector(s).checkVisibility())"
                + ".join()"));
    assertEquals(
        RICH.strip(),
        value("document.querySelector('#answer').innerText").strip(),
        "as it is seen");
  }

  /** Cut anywhere, an answer looks in the end as it does in one piece. */
  @Test
  void howAnAnswerArrivesDoesNotShow() {
    browser.open(server.uri() + "/");
    for (String text :
        List.of(
            RICH,
            "1. a\n2. b\n\n2",
            "- a\n\n- b\n\nc\n\n10. x\n11. y\n",
            "a\n===\n\nb\n| x | y |\n|---|---|\n| 1 | 2 |\n\n***\n",
            "[early] and\n\n[late]\n\n[late]: https://example.org/l\n[early]: https://example.org/e",
            "```\nopen\n\n\nstill\n",
            "a\r\n\r\nb\rc\n\n    code\n\n> q\n> r\nlazy\n\n- [ ] x\n",
            "# \n\n##\n#### x\n\n<div>\n\n*a **b*** ![i](x) [![i](x)](y)")) {
      JsonNode result =
          browser.script(
              """
              return (async ([text]) => {
                const { LiveMarkdown } = await import('/page/live-markdown.js');
                const markdown = await import('/page/markdown.js');
                const [inOne, bySteps] = [0, 1].map(() => document.createElement('div'));
                const context = markdown.freshContext();
                inOne.append(...markdown.nodesOf(markdown.tokensOf(text, context), context));
                const live = new LiveMarkdown(bySteps);
                for (let end = 1; end <= text.length; end++) {
                  live.grow(text.slice(0, end));
                }
                live.whole(text);
                return [inOne.innerHTML, bySteps.innerHTML];
              })(arguments);
              """,
              text);
      assertEquals(result.path(0).asString(), result.path(1).asString());
      assertTrue(result.path(0).asString().length() > 10);
    }
  }

  @Test
  void aFinishedBlockIsNotTouchedAgain() {
    browser.open(server.uri() + "/");
    JsonNode result =
        browser.script(
            """
            return (async () => {
              const { LiveMarkdown } = await import('/page/live-markdown.js');
              const root = document.createElement('div');
              const live = new LiveMarkdown(root);
              live.grow('one\\n\\ntwo');
              live.grow('one\\n\\ntwo\\n\\nthr');
              root.children[0].textContent = 'marked';
              live.grow('one\\n\\ntwo\\n\\nthree\\n\\nfour');
              return [...root.children].map(({ textContent }) => textContent).join();
            })();
            """);
    assertEquals("marked,two,three,four", result.asString());
  }

  /** Publishes an answer and opens its chat. */
  private static void show(String text) {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    text.codePoints()
        .forEach(point -> chat.publishToken(Character.toString(point), "finalResponse"));
    chat.publishEnd();
    browser.open("about:blank");
    browser.open(server.uri() + "/#chat=" + chat.chatId());
    browser.await(DONE);
    assertEquals(text, browser.text("#answer"));
  }

  private static String value(String expression) {
    return browser.script("return String(" + expression + ")").asString();
  }

  private static List<String> strings(String expression) {
    List<String> strings = new ArrayList<>();
    browser.script("return " + expression).forEach(each -> strings.add(each.asString()));
    return strings;
  }
}
