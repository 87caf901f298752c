package dev.sluice;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of a server's calls, for the commands that are its clients. */
final class ChatUrl {
  private ChatUrl() {}

  /** A chat's id as one segment of a path. */
  static String encode(String chatId) {
    return URLEncoder.encode(chatId, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A path below the server's address, whether that ends with a slash or not. */
  static URI resolve(URI server, String path) {
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
