package dev.sluice.loadtest.plan;

import dev.sluice.loadtest.target.TargetAddress;

/**
 * Where requests of one kind go.
 *
 * @param address the server
 * @param path path and query, with slots
 */
public record Endpoint(TargetAddress address, Template path) {

  /**
   * Reads a path on {@code server}, or a whole URL of another port of this machine.
   *
   * @throws IllegalArgumentException if it is neither, with the reason
   */
  public static Endpoint parse(String url, TargetAddress server) {
    if (url.startsWith("/")) {
      return new Endpoint(server, Template.of(url));
    }
    int path = url.indexOf('/', "http://".length());
    if (!url.startsWith("http://") || path < 0) {
      throw new IllegalArgumentException(url + " is neither a path (/…) nor http://host:port/…");
    }
    TargetAddress address = TargetAddress.parse(url.substring(0, path));
    return new Endpoint(address, Template.of(url.substring(path)));
  }
}
