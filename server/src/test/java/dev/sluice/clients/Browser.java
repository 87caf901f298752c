package dev.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
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

  private Browser(Consumer<ObjectNode> screen) {
    try {
      Path profile = Files.createTempDirectory("sluice-browser-");
      started.add(() -> deleteRecursively(profile));
      ChildProcess process =
          ChildProcess.start("chromedriver", List.of(Tool.BROWSER.path(), "--port=0"));
      started.add(process);
      int port = Integer.parseInt(process.awaitLine(STARTED));
      driver = WebDriver.open(port, capabilities(profile, screen));
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
    return new Browser(
        options ->
            options
                .putObject("mobileEmulation")
                .putObject("deviceMetrics")
                .put("width", 360)
                .put("height", 740)
                .put("pixelRatio", 2)
                .put("touch", true));
  }

  private static ObjectNode capabilities(Path profile, Consumer<ObjectNode> screen) {
    ObjectNode capabilities = JSON.createObjectNode();
    ObjectNode always = capabilities.putObject("capabilities").putObject("alwaysMatch");
    always.putObject("goog:loggingPrefs").put("browser", "ALL");
    ObjectNode options = always.putObject("goog:chromeOptions");
    options.put("binary", Tool.path("chromium"));
    ArrayNode flags = options.putArray("args");
    FLAGS.forEach(flags::add);
    flags.add("--user-data-dir=" + profile);
    screen.accept(options);
    return capabilities;
  }

  public void open(String url) {
    driver.post("/url", JSON.createObjectNode().put("url", url));
  }

  public void refresh() {
    driver.post("/refresh", JSON.createObjectNode());
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

  /**
   * What the page has written to its console since the last call, and what the browser had to say
   * about it: uncaught errors and rejections, requests that failed or were forbidden.
   */
  public List<String> console() {
    ObjectNode browserLog = JSON.createObjectNode().put("type", "browser");
    return driver
        .post("/se/log", browserLog)
        .valueStream()
        .map(entry -> entry.path("level").asString() + " " + entry.path("message").asString())
        .toList();
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
