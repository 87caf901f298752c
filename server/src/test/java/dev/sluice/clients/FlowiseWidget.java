package dev.sluice.clients;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The flowise-embed widget of the page that is open in a browser, as its user sees it. */
final class FlowiseWidget {
  private static final String ROOT =
      "document.querySelector('flowise-fullchatbot, flowise-chatbot').shadowRoot";
  private static final String INPUT = element("textarea");
  private static final String ANSWERS = elements("span.prose[data-testid=host-bubble]");

  private final Browser browser;
  private final String version;
  private final String flow;

  private FlowiseWidget(Browser browser, String version, String flow) {
    this.browser = browser;
    this.version = version;
    this.flow = flow;
  }

  /** Opens the page and waits until the widget knows that it may ask for a stream. */
  static FlowiseWidget open(Browser browser, URI page, String version, String flow) {
    browser.open(page.toString());
    FlowiseWidget widget = new FlowiseWidget(browser, version, flow);
    widget.awaitReady();
    return widget;
  }

  /** The widget of the open page as a bubble in its corner, opened by a click. */
  static FlowiseWidget inBubble(Browser browser, String version, String flow) {
    FlowiseWidget widget = new FlowiseWidget(browser, version, flow);
    browser.await("document.querySelector('flowise-chatbot')?.shadowRoot.querySelector('button')");
    widget.click("button");
    widget.awaitReady();
    return widget;
  }

  String version() {
    return version;
  }

  void reload() {
    browser.refresh();
    awaitReady();
  }

  private void awaitReady() {
    browser.await("document.querySelector('flowise-fullchatbot, flowise-chatbot')?.shadowRoot");
    browser.await(
        "performance.getEntriesByType('resource')"
            + ".some(call => call.name.includes('/public-chatbotConfig/') && call.responseEnd)");
  }

  /** An expression of the page: the first element in the widget's shadow tree. */
  private static String element(String selector) {
    return ROOT + ".querySelector(\"" + selector + "\")";
  }

  private static String elements(String selector) {
    return "[..." + ROOT + ".querySelectorAll(\"" + selector + "\")]";
  }

  void ask(String question) {
    browser.await(INPUT);
    awaitIdle();
    browser.typeInto(INPUT, question + Browser.ENTER);
  }

  void awaitIdle() {
    browser.await(INPUT + ".disabled === false");
  }

  /** Waits until the newest answer has this text somewhere. */
  void awaitShown(String text) {
    browser.await(ANSWERS + ".at(-1)?.textContent.includes(" + quoted(text) + ")");
  }

  /** Waits until the newest message is kept with this text. */
  void awaitKept(String text) {
    Deadline.await(
        () -> newest().path("message").asString().equals(text), () -> newest().toString());
  }

  void await(String selector) {
    browser.await(element(selector));
  }

  void click(String selector) {
    browser.clickOn(element(selector));
  }

  /** Clicks the first of the elements whose text is this. */
  void clickText(String selector, String text) {
    browser.clickOn(
        elements(selector) + ".find(found => found.textContent === " + quoted(text) + ")");
  }

  /** The texts of all bubbles of the widget's side, its greeting included. */
  List<String> answers() {
    return strings(ANSWERS + ".map(answer => answer.textContent)");
  }

  /** The texts of all elements that the selector finds in the widget. */
  List<String> texts(String selector) {
    return strings(elements(selector) + ".map(found => found.textContent)");
  }

  private List<String> strings(String expression) {
    return browser
        .script("return " + expression)
        .valueStream()
        .map(text -> text.asString())
        .toList();
  }

  String chatId() {
    return stored().path("chatId").asString();
  }

  /** The texts of all messages of both sides, to the character, as the widget keeps them. */
  List<String> messages() {
    return history().stream().map(message -> message.path("message").asString()).toList();
  }

  private List<JsonNode> history() {
    return stored().path("chatHistory").valueStream().toList();
  }

  /** The newest message as the widget keeps it. */
  JsonNode newest() {
    List<JsonNode> history = history();
    return history.get(history.size() - 1);
  }

  private JsonNode stored() {
    String kept =
        browser.script("return localStorage.getItem(arguments[0])", flow + "_EXTERNAL").asString();
    return JsonMapper.shared().readTree(kept);
  }

  /** The addresses of all that the page has called since it was loaded, in readable form. */
  Set<String> calls() {
    return new TreeSet<>(
        strings("performance.getEntriesByType('resource').map(call => decodeURI(call.name))"));
  }

  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }
}
