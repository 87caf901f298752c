package dev.sluice.loadtest.target;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where the target listens. Always on this machine: a load tool that can be pointed at others is a
 * weapon.
 *
 * @param address the resolved loopback address
 * @param authority host and port as the {@code Host} header has them
 */
public record TargetAddress(InetSocketAddress address, String authority) {
  private static final int HTTP_PORT = 80;

  /**
   * Reads {@code http://host[:port]}.
   *
   * @throws IllegalArgumentException if that is another kind of URL, or the host is not loopback;
   *     the message says which
   */
  public static TargetAddress parse(String url) {
    URI uri = uri(url);
    String host = uri.getHost();
    if (!"http".equals(uri.getScheme()) || host == null || hasMore(uri)) {
      throw new IllegalArgumentException(url + " is not of the form http://host:port");
    }
    int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
    InetAddress[] addresses = resolve(host);
    for (InetAddress address : addresses) {
      if (!address.isLoopbackAddress()) {
        throw new IllegalArgumentException(
            host
                + " is "
                + address.getHostAddress()
                + ", which is not loopback: this tool puts load on this machine only");
      }
    }
    return new TargetAddress(new InetSocketAddress(addresses[0], port), host + ":" + port);
  }

  @Override
  public String toString() {
    return "http://" + authority;
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(url + " is no URL", e);
    }
  }

  private static boolean hasMore(URI uri) {
    return notEmpty(uri.getQuery())
        || notEmpty(uri.getFragment())
        || notEmpty(uri.getUserInfo())
        || (notEmpty(uri.getPath()) && !"/".equals(uri.getPath()));
  }

  private static boolean notEmpty(@Nullable String part) {
    return part != null && !part.isEmpty();
  }

  private static InetAddress[] resolve(String host) {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(host + " is not known here", e);
    }
  }
}
