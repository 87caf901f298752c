package dev.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A headless Chromium with a profile of its own, driven over the WebDriver protocol. */
public final class Browser implements AutoCloseable {
  /** The Enter key in the text that {@link #type} types. */
  public static final String ENTER = "\uE007";

  /** The Shift key, held from here on. */
  public static final String SHIFT = "\uE008";

  /** Lets go of all keys that are held. */
  public static final String RELEASE = "\uE000";

  /** The Control key, for {@link #press}. */
  public static final String CONTROL = "\uE009";

  /** The Tab key. */
  public static final String TAB = "\uE004";

  /** The Escape key. */
  public static final String ESCAPE = "\uE00C";

  private static final int PHONE_WIDTH_PX = 360;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final List<AutoCloseable> started = new ArrayList<>();
  private final WebDriver driver;

  private Browser(Consumer<ObjectNode> options) {
    try {
      Path profile = Files.createTempDirectory("sluice-browser-");
      started.add(() -> deleteRecursively(profile));
      ChildProcess process =
          ChildProcess.start("chromedriver", List.of(Tool.BROWSER.path(), "--port=0"));
      started.add(process);
      int port = Integer.parseInt(process.awaitLine(STARTED));
      driver = WebDriver.open(port, capabilities(profile, options));
      started.add(driver);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (AssertionError | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A browser with a window of a desktop's size. */
  public static Browser start() {
    return new Browser(options -> options.withArray("args").add("--window-size=1000,800"));
  }

  /** A browser with a phone's screen, which is narrower than a window can be. */
  public static Browser startPhone() {
    return startPhone(PHONE_WIDTH_PX);
  }

  /** A browser with the screen of a phone of that width in CSS pixels. */
  public static Browser startPhone(int widthPx) {
    return new Browser(
        options ->
            options
                .putObject("mobileEmulation")
                .putObject("deviceMetrics")
                .put("width", widthPx)
                .put("height", 740)
                .put("pixelRatio", 2)
                .put("touch", true));
  }

  private static ObjectNode capabilities(Path profile, Consumer<ObjectNode> given) {
    ObjectNode capabilities = JSON.createObjectNode();
    ObjectNode all = capabilities.putObject("capabilities").putObject("alwaysMatch");
    all.putObject("goog:loggingPrefs").put("browser", "ALL").put("performance", "ALL");
    ObjectNode options = all.putObject("goog:chromeOptions");
    options.put("binary", Tool.path("chromium"));
    ArrayNode flags = options.putArray("args");
    FLAGS.forEach(flags::add);
    flags.add("--user-data-dir=" + profile);
    given.accept(options);
    return capabilities;
  }

  public void open(String url) {
    driver.post("/url", JSON.createObjectNode().put("url", url));
  }

  public void refresh() {
    driver.post("/refresh", JSON.createObjectNode());
  }

  /** Opens a further tab, which is the one that is looked at from here on. */
  public void openTab(String url) {
    JsonNode tab = driver.post("/window/new", JSON.createObjectNode().put("type", "tab"));
    switchTo(tab.path("handle").asString());
    open(url);
  }

  /** The tab that is looked at. */
  public String tab() {
    return driver.get("/window").asString();
  }

  /** Looks at another tab. */
  public void switchTo(String tab) {
    driver.post("/window", JSON.createObjectNode().put("handle", tab));
  }

  /** Makes the browser say that its user prefers this, as in {@code prefers-color-scheme}. */
  public void prefer(String feature, String value) {
    ObjectNode command = JSON.createObjectNode().put("cmd", "Emulation.setEmulatedMedia");
    command
        .putObject("params")
        .putArray("features")
        .addObject()
        .put("name", feature)
        .put("value", value);
    driver.post("/goog/cdp/execute", command);
  }

  /**
   * What the page has written to its console since the last call, and what the browser had to say
   * about it: uncaught errors and rejections, requests that failed or were forbidden.
   */
  public List<String> console() {
    return log("browser")
        .valueStream()
        .map(line -> line.path("level").asString() + " " + line.path("message").asString())
        .toList();
  }

  /** The addresses of all requests over the network since the last call. */
  public List<URI> requests() {
    List<URI> addresses = new ArrayList<>();
    for (JsonNode line : log("performance")) {
      JsonNode message = JSON.readTree(line.path("message").asString()).path("message");
      if (message.path("method").asString().equals("Network.requestWillBeSent")) {
        String url = message.at("/params/request/url").asString();
        if (url.startsWith("http")) {
          addresses.add(URI.create(url));
        }
      }
    }
    return addresses;
  }

  private JsonNode log(String kind) {
    return driver.post("/se/log", JSON.createObjectNode().put("type", kind));
  }

  /** Runs the body of a function in the page and returns what it returns. */
  public JsonNode script(String body, String... arguments) {
    ObjectNode call = JSON.createObjectNode().put("script", body);
    ArrayNode handedOver = call.putArray("args");
    for (String argument : arguments) {
      handedOver.add(argument);
    }
    return driver.post("/execute/sync", call);
  }

  /** Waits until an expression of the page is true. */
  public void await(String expression) {
    Deadline.await(
        () -> script("return Boolean(" + expression + ")").asBoolean(),
        () -> expression + " is false in\n" + script("return document.body.innerText").asString());
  }

  /** The text content of the one element that the selector finds. */
  public String text(String selector) {
    return script("return document.querySelector(arguments[0]).textContent", selector).asString();
  }

  public void click(String selector) {
    driver.post("/element/" + element(selector) + "/click", JSON.createObjectNode());
  }

  /** Types as on a keyboard, {@link #ENTER} and {@link #SHIFT} included. */
  public void type(String selector, String text) {
    ObjectNode keys = JSON.createObjectNode().put("text", text);
    driver.post("/element/" + element(selector) + "/value", keys);
  }

  /** Clicks the element that an expression of the page yields, inside a shadow tree as well. */
  public void clickOn(String expression) {
    driver.post("/element/" + elementOf(expression) + "/click", JSON.createObjectNode());
  }

  /** Types into the element that an expression of the page yields. */
  public void typeInto(String expression, String text) {
    ObjectNode keys = JSON.createObjectNode().put("text", text);
    driver.post("/element/" + elementOf(expression) + "/value", keys);
  }

  /** Presses keys together, wherever the focus is, and lets go of them. */
  public void press(String... keys) {
    ObjectNode sequence = JSON.createObjectNode();
    ObjectNode keyboard = sequence.putArray("actions").addObject();
    ArrayNode actions = keyboard.put("type", "key").put("id", "keyboard").putArray("actions");
    for (String key : keys) {
      actions.addObject().put("type", "keyDown").put("value", key);
    }
    for (int i = keys.length - 1; i >= 0; i--) {
      actions.addObject().put("type", "keyUp").put("value", keys[i]);
    }
    driver.post("/actions", sequence);
  }

  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getMimeDecoder().decode(driver.get("/screenshot").asString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String element(String selector) {
    ObjectNode search = JSON.createObjectNode().put("using", "css selector").put("value", selector);
    return driver.post("/element", search).iterator().next().asString();
  }

  private String elementOf(String expression) {
    return script("return " + expression).iterator().next().asString();
  }

  private static void deleteRecursively(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Ends what was started, the last first: one that cannot be ended does not keep the others. */
  @Override
  public void close() {
    for (int i = started.size() - 1; i >= 0; i--) {
      try {
        started.get(i).close();
      } catch (Exception e) {
        System.err.println("the browser did not close in full: " + e);
      }
    }
  }
}
