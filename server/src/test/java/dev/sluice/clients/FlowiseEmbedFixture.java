package dev.sluice.clients;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A browser, a site with pages that embed the widget, and the server that the widget talks to, for
 * all tests of a class; a flow of its own for each test.
 */
@SuppressWarnings("NullAway.Init")
abstract class FlowiseEmbedFixture {
  /** A test of each version that has to work, whose parameter is the version. */
  @Target(METHOD)
  @Retention(RUNTIME)
  @ParameterizedTest(name = "flowise-embed {0}")
  @ValueSource(strings = {"3.1.3", "3.1.6"})
  @interface EachVersion {}

  static final String GREETING = "Hi there! How can I help?";

  private static WidgetSite site;
  private static HandAnsweredServer server;
  private static Browser browser;

  private final String flow = "flow-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    site = WidgetSite.start();
    server = HandAnsweredServer.start(site.origin());
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    browser.close();
    server.close();
    site.close();
  }

  @BeforeEach
  void leaveTheLastPage() {
    browser.open("about:blank");
    browser.console();
  }

  static WidgetSite site() {
    return site;
  }

  static HandAnsweredServer server() {
    return server;
  }

  String flow() {
    return flow;
  }

  /** Opens a page that is all widget. */
  FlowiseWidget open(String version) {
    return open(version, props(server));
  }

  /** Opens a page that is all widget and names its customer. */
  FlowiseWidget openFor(String version, String customerId) {
    ObjectNode props = props(server);
    props.putObject("chatflowConfig").putObject("vars").put("customerId", customerId);
    return open(version, props);
  }

  private FlowiseWidget open(String version, ObjectNode props) {
    URI page = site.embed(version, "initFull", props);
    return FlowiseWidget.open(browser, page, version, flow);
  }

  private ObjectNode props(RunningServer api) {
    ObjectNode props = JsonMapper.shared().createObjectNode().put("apiHost", api.uri().toString());
    props.put("chatflowid", flow);
    props.putObject("theme").putObject("chatWindow").put("showAgentMessages", true);
    return props;
  }

  /** Opens a page with a bubble in its corner, and the widget in it, which talks to that server. */
  FlowiseWidget openBubble(String version, RunningServer other) {
    browser.open(site.embed(version, "init", props(other)).toString());
    return FlowiseWidget.inBubble(browser, version, flow);
  }

  /** All that the page has called: its own script, the widget's three calls, and these. */
  void assertOnlyExpectedCalls(FlowiseWidget widget, String... more) {
    String api = server.uri() + "/api/v1/";
    Set<String> expected = new TreeSet<>(List.of(more));
    expected.add(site.origin() + "/" + widget.version() + "/web.js");
    for (String call : List.of("chatflows-streaming", "public-chatbotConfig", "prediction")) {
      expected.add(api + call + "/" + flow);
    }
    assertEquals(expected, widget.calls());
  }

  /** No uncaught error or rejection, nothing on the console, no call failed or was forbidden. */
  static void assertNothingWentWrong() {
    assertEquals(List.of(), browser.console());
  }

  static List<String> console() {
    return browser.console();
  }

  static void screenshot(FlowiseWidget widget, String what) {
    String file = "flowise-embed-" + widget.version() + "-" + what + ".png";
    browser.screenshot(Path.of("target", "screenshots", file));
  }
}
