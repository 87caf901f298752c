package dev.sluice.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A web site of the tests' own, with an origin of its own: pages that a test has put there, and
 * beside them the {@code node_modules} that their authors would have installed.
 */
final class PageSite implements AutoCloseable {
  private static final String MODULES = "/node_modules/";

  private final StaticSite site = StaticSite.start(this::find);
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Map<String, String> aliases;

  private PageSite(Map<String, String> aliases) {
    this.aliases = aliases;
  }

  /**
   * Starts a site.
   *
   * @param aliases packages that are installed here under another name
   */
  static PageSite start(Map<String, String> aliases) {
    return new PageSite(aliases);
  }

  String origin() {
    return site.origin();
  }

  /** Adds a page and returns where it is. */
  String put(String path, String content) {
    pages.put(path, content);
    return origin() + path;
  }

  private StaticSite.@Nullable Content find(String path) throws IOException {
    String page = pages.get(path);
    String text = page == null ? module(path) : page;
    return text == null ? null : new StaticSite.Content(text, null);
  }

  private @Nullable String module(String path) throws IOException {
    if (!path.startsWith(MODULES)) {
      return null;
    }
    String name = path.substring(MODULES.length());
    for (Map.Entry<String, String> alias : aliases.entrySet()) {
      if (name.startsWith(alias.getKey() + "/")) {
        name = alias.getValue() + name.substring(alias.getKey().length());
      }
    }
    Path modules = Tool.SCRIPTS.resolve("node_modules");
    Path file = modules.resolve(name).normalize();
    return file.startsWith(modules) && Files.isRegularFile(file) ? Files.readString(file) : null;
  }

  @Override
  public void close() {
    site.close();
  }
}
