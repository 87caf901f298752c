package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.docs.MarkdownPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pages of {@code docs/integrations}: what stands there works as it stands there. Code that can
 * read the environment is run unmodified; where the address of Sluice, or of the page's own server,
 * stands in the text, it is replaced by the one that the test got.
 */
class IntegrationPagesTest {
  /** What the pages say where no environment is read. */
  private static final String SLUICE = "http://127.0.0.1:8080";

  private static final String SITE = "http://127.0.0.1:8000";
  private static final String CHAT = "demo-1";

  @TempDir Path directory;

  @Test
  @Needs(Tool.CURL)
  void curl() {
    MarkdownPage page = page("curl");
    List<String> commands = page.code("sh");
    try (ServerUnderTest server = ServerUnderTest.start();
        ChildProcess reader = PageProgram.shell(directory, server.uri(), commands.get(0))) {
      ChatOverHttp chat = new ChatOverHttp(server, CHAT);
      awaitReader(chat);
      Path other = directory.resolve("other");
      assertTrue(other.toFile().mkdir());
      try (ChildProcess publisher = PageProgram.shell(other, server.uri(), commands.get(1))) {
        String answer = String.join("\n", rest(publisher));
        assertEquals(
            "{\"chatId\":\"demo-1\",\"accepted\":3,\"lastId\":\"" + chat.lastId() + "\"}", answer);
      }
      Function<String, String> alike =
          text -> text.replaceAll("id:\\d+-", "id:E-").replaceFirst("retry:\\d+", "retry:");
      assertEquals(
          alike.apply(page.theCode("text")), alike.apply(String.join("\n", rest(reader)) + "\n"));
    }
  }

  @ParameterizedTest
  @CsvSource({"eventsource", "eventsource-parser"})
  @Needs(Tool.NODE)
  void nodePackages(String name) {
    MarkdownPage page = page(name);
    PageProgram.requireInstalledVersion(page, name);
    try (ServerUnderTest server = ServerUnderTest.start();
        ChildProcess reader = PageProgram.node(server.uri(), page.theCode("js"))) {
      printsWhileItIsPublished(server, page, reader);
    }
  }

  /** What the page warns of is so. */
  @Test
  @Needs(Tool.NODE)
  void eventsourceParserThatTerminatesOnErrorsReadsNothing() {
    String code =
        page("eventsource-parser")
            .theCode("js")
            .replace(
                "EventSourceParserStream()", "EventSourceParserStream({ onError: 'terminate' })");
    assertTrue(code.contains("terminate"));
    try (ServerUnderTest server = ServerUnderTest.start()) {
      ChatOverHttp chat = new ChatOverHttp(server, CHAT);
      chat.publishToken("Hello\n", "finalResponse");
      chat.publishEnd();
      try (ChildProcess reader = PageProgram.node(server.uri(), code)) {
        assertEquals(Optional.empty(), reader.nextLine());
        assertFalse(reader.awaitExit() == 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @Needs(Tool.PYTHON)
  void python(int program) {
    MarkdownPage page = page("python");
    String code = page.code("python").get(program);
    assertTrue(code.contains("import " + (program == 0 ? "requests" : "httpx")));
    try (ServerUnderTest server = ServerUnderTest.start();
        ChildProcess reader = PageProgram.python(directory, server.uri(), code)) {
      printsWhileItIsPublished(server, page, reader);
    }
  }

  @Test
  @Needs(Tool.BROWSER)
  void browserEventSource() {
    MarkdownPage page = page("browser-eventsource");
    showsWhileItIsPublished(page, server -> page.theCode("html").replace(SLUICE, server));
  }

  /** The import map does what a bundler would: it says where a name, or a name without .js, is. */
  @Test
  @Needs({Tool.BROWSER, Tool.NODE})
  void fetchEventSource() {
    MarkdownPage page = page("fetch-event-source");
    String name = "@microsoft/fetch-event-source";
    PageProgram.requireInstalledVersion(page, name);
    String html =
        """
        <!doctype html>
        <meta charset="utf-8">
        <script type="importmap">
          {"imports": {"NAME": "DIR/index.js", "DIR/fetch": "DIR/fetch.js", "DIR/parse": "DIR/parse.js"}}
        </script>
        <body></body>
        <script type="module">CODE</script>
        """
            .replace("NAME", name)
            .replace("DIR", "/node_modules/" + name + "/lib/esm");
    showsWhileItIsPublished(
        page, server -> html.replace("CODE", page.theCode("js").replace(SLUICE, server)));
  }

  @Test
  @Needs(Tool.NODE)
  void flowiseSdk() {
    MarkdownPage page = page("flowise-sdk");
    PageProgram.requireInstalledVersion(page, "flowise-sdk");
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "2");
        ChildProcess reader = PageProgram.node(server.uri(), page.theCode("js"))) {
      String printed = String.join("\n", rest(reader));
      String answer =
          Frame.text(new ChatOverHttp(server, CHAT).messages("from=start"), "finalResponse");
      assertTrue(answer.contains("What is a sluice?"), answer);
      assertEquals(answer.stripTrailing(), printed.stripTrailing());
    }
  }

  @Test
  @Needs({Tool.BROWSER, Tool.NODE})
  void flowiseEmbed() {
    MarkdownPage page = page("flowise-embed");
    PageProgram.requireInstalledVersion(page, "flowise-embed-3.1.6");
    try (PageSite site = PageSite.start(Map.of("flowise-embed", "flowise-embed-3.1.6"));
        ServerUnderTest server = start(page, site);
        Browser browser = Browser.start()) {
      String html = page.theCode("html").replace(SLUICE, server.uri().toString());
      browser.open(site.put("/index.html", html));
      String widget = "document.querySelector('flowise-chatbot')?.shadowRoot";
      browser.await(widget + "?.querySelector('button')");
      browser.clickOn(widget + ".querySelector('button')");
      browser.await(
          "performance.getEntriesByType('resource')"
              + ".some(call => call.name.includes('/public-chatbotConfig/') && call.responseEnd)");
      browser.await(widget + ".querySelector('textarea')?.disabled === false");
      browser.typeInto(widget + ".querySelector('textarea')", "What is a sluice?" + Browser.ENTER);
      browser.await("(" + widget + "?.textContent ?? '').includes('built-in demo')");
    }
  }

  @Test
  @Needs(Tool.NGINX)
  void nginxHandsOnEachLineAndEachTokenAtOnce() {
    try (ServerUnderTest server = ServerUnderTest.start();
        NginxServer proxy = nginx(server)) {
      ChatOverHttp chat = ChatOverHttp.fresh(proxy);
      try (OpenStream reader = OpenStream.get(chat.uri("/stream?ids=off"));
          OpenRequest publisher = OpenRequest.post(chat.uri("/events"))) {
        for (int i = 0; i < 5; i++) {
          // Not before this one has come is the next one sent.
          publishAndAwait(publisher, reader, "t" + i);
        }
        publisher.line("{\"event\":\"end\"}");
        publisher.end();
        assertEquals("HTTP/1.1 200 OK", publisher.status());
        awaitEnd(reader);
      }
    }
  }

  @Test
  @Needs(Tool.NGINX)
  void nginxHandsOnThatAPublisherIsGone() {
    try (ServerUnderTest server = ServerUnderTest.start();
        NginxServer proxy = nginx(server)) {
      ChatOverHttp chat = ChatOverHttp.fresh(proxy);
      try (OpenStream reader = OpenStream.get(chat.uri("/stream?ids=off"))) {
        try (OpenRequest publisher = OpenRequest.post(chat.uri("/events"))) {
          publishAndAwait(publisher, reader, "cut");
        }
        awaitEnd(reader);
      }
      assertEquals("producer_lost", chat.state().at("/runs/0/state").asString());
    }
  }

  /** Each with the server that the tests have instead of Ollama, vLLM and llama.cpp. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Needs({Tool.NODE, Tool.CURL})
  void modelServers(int command) {
    List<String> commands = page("openai-compatible").code("sh");
    List<String> options = new ArrayList<>(PageProgram.serverOptions(commands.get(command)));
    int port = options.indexOf("--port");
    if (port >= 0) {
      options.subList(port, port + 2).clear();
    }
    int url = options.indexOf("--upstream-url") + 1;
    assertTrue(options.get(url).matches("http://127\\.0\\.0\\.1:\\d+/v1"), options::toString);
    try (AimockServer model = AimockServer.start()) {
      options.set(url, model.uri() + "/v1");
      try (ServerUnderTest server = ServerUnderTest.start(options.toArray(String[]::new));
          ChildProcess ask = PageProgram.shell(directory, server.uri(), commands.get(3))) {
        List<JsonNode> frames =
            rest(ask).stream()
                .filter(line -> line.startsWith("data:"))
                .map(line -> JsonMapper.shared().readTree(line.substring(5)))
                .toList();
        assertEquals(
            AimockServer.fixture("plain").path("content").asString(),
            Frame.text(frames, "finalResponse"));
      }
    }
  }

  private NginxServer nginx(ServerUnderTest server) {
    String configuration = page("nginx").theCode("nginx");
    assertTrue(configuration.contains("proxy_pass " + SLUICE + ";"));
    return NginxServer.start(
        directory,
        SITE.replace("http://", ""),
        configuration.replace(SLUICE, server.uri().toString()));
  }

  private static void publishAndAwait(OpenRequest publisher, OpenStream reader, String text) {
    String token = "{\"event\":\"token\",\"data\":\"" + text + "\",\"type\":\"finalResponse\"}";
    publisher.line(token);
    Deadline.await(() -> reader.count("data:" + token) == 1, () -> "no token " + token);
  }

  private static void awaitEnd(OpenStream reader) {
    Deadline.await(
        () -> reader.count("data:{\"event\":\"end\",\"data\":\"[DONE]\"}") == 1, () -> "no end");
  }

  private void showsWhileItIsPublished(MarkdownPage page, Function<String, String> html) {
    try (PageSite site = PageSite.start(Map.of());
        ServerUnderTest server = start(page, site);
        Browser browser = Browser.start()) {
      ChatOverHttp chat = new ChatOverHttp(server, CHAT);
      browser.open(site.put("/index.html", html.apply(server.uri().toString())));
      awaitReader(chat);
      StringBuilder shown = new StringBuilder();
      for (String line : page.theCode("text").lines().toList()) {
        shown.append(line).append('\n');
        chat.publishToken("aside", "agentReasoning");
        chat.publishToken(line + "\n", "finalResponse");
        browser.await("document.querySelector('pre').textContent === `" + shown + "`");
      }
      chat.publishEnd();
      Deadline.await(() -> chat.subscribers() == 0, () -> "the page still reads");
    }
  }

  /** Each line before the next one is published, and the program ends by itself. */
  private static void printsWhileItIsPublished(
      ServerUnderTest server, MarkdownPage page, ChildProcess reader) {
    ChatOverHttp chat = new ChatOverHttp(server, CHAT);
    awaitReader(chat);
    for (String line : page.theCode("text").lines().toList()) {
      chat.publishToken("aside", "agentReasoning");
      chat.publishToken(line + "\n", "finalResponse");
      assertEquals(Optional.of(line), reader.nextLine());
    }
    chat.publishEnd();
    assertEquals(List.of(), rest(reader));
  }

  /** The server as the page starts it, only that the page's own address is the site's. */
  private static ServerUnderTest start(MarkdownPage page, PageSite site) {
    String command =
        page.code("sh").stream()
            .filter(code -> Pattern.compile("^java ").matcher(code).find())
            .findFirst()
            .orElseThrow();
    assertTrue(command.contains(SITE), command);
    List<String> options =
        new ArrayList<>(PageProgram.serverOptions(command.replace(SITE, site.origin())));
    options.addAll(List.of("--demo-token-delay-ms", "2"));
    return ServerUnderTest.start(options.toArray(String[]::new));
  }

  private static void awaitReader(ChatOverHttp chat) {
    Deadline.await(() -> chat.subscribers() == 1, () -> "nobody reads the chat");
  }

  /** What is left of the output, after which the program has ended well. */
  private static List<String> rest(ChildProcess program) {
    List<String> lines = new ArrayList<>();
    for (Optional<String> line = program.nextLine(); line.isPresent(); line = program.nextLine()) {
      lines.add(line.get());
    }
    if (program.awaitExit() != 0) {
      throw program.failure("did not end well");
    }
    return lines;
  }

  private static MarkdownPage page(String name) {
    return MarkdownPage.read("integrations/" + name + ".md");
  }
}
