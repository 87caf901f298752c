package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a model, a tool or a publisher says, the page runs nothing and loads nothing of it. */
@Needs(Tool.BROWSER)
@SuppressWarnings("NullAway.Init")
class PageIsInertTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final List<String> HOSTILE =
      List.of(
          "<script>window.pwned = 1</script>",
          "<img src=x onerror=\"window.pwned = 2\">",
          "<svg onload=window.pwned=3><a xlink:href=\"javascript:window.pwned=3\"></svg>",
          "[a](javascript:window.pwned=4) [b](JaVaScRiPt&#58;window.pwned=4) [c](\u0001javascript:x)",
          "[d](data:text/html,<script>parent.pwned=5</script>) <data:text/html,x>",
          "![e](javascript:window.pwned=6) ![f](data:image/svg+xml,<svg/onload=pwned=6>)",
          "[g](vbscript:x) [h](file:///etc/passwd) [i](//127.0.0.1/x) [j](/v1/info) [k](blob:x)",
          "[l]: javascript:window.pwned=7\n\n[l] ![l]",
          "<iframe srcdoc=\"<script>parent.pwned=8</script>\"></iframe><base href=//127.0.0.1/>",
          "<style>body{display:none}</style><form action=javascript:window.pwned=9><button>x",
          "| <img src=x onerror=window.pwned=10> | a |\n|---|:-:|\n| [m](javascript:x) | b | c |\n| d",
          "|||\n|-|\n\n| a |\n|---|---|---|\n|",
          "```<img src=x onerror=window.pwned=11>\n</code></pre><script>window.pwned=11</script>\n```",
          "`<script>window.pwned=12</script>` &lt;script&gt;window.pwned=12&lt;/script&gt;",
          "[n](https://example.org/\"onmouseover=\"window.pwned=13) \"><script>window.pwned=13</script>",
          "<math><mtext><table><mglyph><style><img src onerror=window.pwned=14></style>",
          "\u0000\u202e <a href=`javascript:window.pwned=15`>x</a>",
          "<meta http-equiv=refresh content=\"0;url=javascript:window.pwned=16\"><link rel=stylesheet"
              + " href=//127.0.0.1/x.css>",
          "> ".repeat(200)
              + "- ".repeat(200)
              + "*".repeat(999)
              + "[".repeat(999)
              + "<x ".repeat(99));

  private ServerUnderTest server;
  private Browser browser;

  @BeforeEach
  void start() {
    server = ServerUnderTest.start();
    browser = Browser.start();
  }

  @AfterEach
  void stop() {
    browser.close();
    server.close();
  }

  @Test
  void whatIsSaidIsNeverDone() {
    String all = String.join("\n\n", HOSTILE);
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    for (String each : HOSTILE) {
      chat.publishToken(each, "agentReasoning");
      chat.publishToken(each + "\n\n", "finalResponse");
      chat.publish(event("usedTools", array(tool(each))), event("tool", JSON.valueToTree(each)));
      chat.publish(
          event("nextAgent", JSON.valueToTree(each)), event("x.y", JSON.valueToTree(each)));
      chat.publish(event("agentReasoning", array(agent(each))));
    }
    chat.publish(
        event("sourceDocuments", JSON.valueToTree(HOSTILE.stream().map(this::source).toList())));
    chat.publish(event("usageMetadata", JSON.createObjectNode().put("input_tokens", all)));
    chat.publish(event("metadata", JSON.createObjectNode().put("question", all)));
    chat.publish(event("error", JSON.valueToTree(all)));
    chat.publishEnd();

    browser.open(server.uri() + "/#chat=" + chat.chatId());
    browser.await("document.querySelector('#status').textContent === 'error'");
    browser.await("document.querySelectorAll('#current .steps li').length > 20");
    browser.script(
        "document.querySelectorAll('details').forEach(each => { each.open = true; });"
            + "document.querySelectorAll('#current [href]').forEach(each => each.focus());");

    assertEquals("undefined", browser.script("return typeof window.pwned").asString());
    assertEquals(
        "",
        browser
            .script(
                """
                const allowed = new Set(`A ARTICLE BLOCKQUOTE BR BUTTON CODE DD DETAILS DIV DL DT EM H2
                  H3 H4 H5 H6 HR LI OL P PRE S SECTION SPAN STRONG SUMMARY TABLE TBODY TD TH THEAD TR UL
                  svg path`.split(/\\s+/));
                const links = new Set(['http:', 'https:', 'mailto:']);
                const attributes = new Set(`id class data-part data-copy data-source data-label hidden
                  open tabindex role aria-label aria-busy aria-pressed aria-hidden type href target rel
                  start viewBox d stroke-width`.split(/\\s+/));
                return [...document.querySelectorAll('#current, #current *')].flatMap((each) => [
                  allowed.has(each.nodeName) ? '' : each.outerHTML,
                  each.nodeName === 'A' && !links.has(each.protocol) ? each.outerHTML : '',
                  ...[...each.attributes].filter(({ name }) => !attributes.has(name))
                    .map(({ name }) => `${name} in ${each.outerHTML}`),
                ]).filter(Boolean).join('\\n');
                """)
            .asString());
    assertEquals(List.of(), browser.console());
    for (URI request : browser.requests()) {
      assertEquals(server.uri().getAuthority(), request.getAuthority(), request.toString());
    }
    assertTrue(browser.text("#rendered").contains("<script>window.pwned = 1</script>"));
    assertEquals(Frame.text(chat.messages("from=start"), "finalResponse"), browser.text("#answer"));
    assertEquals(
        Frame.text(chat.messages("from=start"), "agentReasoning"), browser.text("#reasoning"));
    assertEquals(all, browser.text("#error"));
  }

  /** Even a mistake in the page itself could not make text into markup. */
  @Test
  void theBrowserItselfRefusesMarkupFromText() {
    browser.open(server.uri() + "/");
    assertEquals(
        "TypeError",
        browser
            .script(
                """
                try {
                  document.createElement('p').innerHTML = '<b>x</b>';
                  return 'done';
                } catch ({ name }) {
                  return name;
                }
                """)
            .asString());
  }

  private static String event(String name, JsonNode data) {
    ObjectNode event = JSON.createObjectNode().put("event", name);
    event.set("data", data);
    return event.toString();
  }

  private static JsonNode array(JsonNode element) {
    return JSON.createArrayNode().add(element);
  }

  private static JsonNode tool(String text) {
    return JSON.createObjectNode().put("tool", text).put("toolInput", text).put("toolOutput", text);
  }

  private static JsonNode agent(String text) {
    ObjectNode agent = JSON.createObjectNode().put("agentName", text);
    agent.putArray("messages").add(text);
    return agent;
  }

  private JsonNode source(String text) {
    ObjectNode source = JSON.createObjectNode().put("pageContent", text);
    source.putObject("metadata").put("title", text).put("source", "javascript:" + text);
    return source;
  }
}
