package dev.sluice.shell;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The addresses of one chat's calls, for the commands that are a server's clients.
 *
 * @param base that of the chat itself, without a slash at the end
 */
record ChatUrl(String base) {
  /** How the commands name themselves to the server. */
  static final String USER_AGENT = "sluice";

  /**
   * @param server with or without a path of its own, and with or without a slash at the end
   * @throws ParameterException if that is not the address of a server
   */
  static ChatUrl of(CommandLine command, URI server, String chatId) {
    boolean isWeb =
        "http".equalsIgnoreCase(server.getScheme()) || "https".equalsIgnoreCase(server.getScheme());
    if (!isWeb || server.getHost() == null) {
      throw new ParameterException(
          command, "URL has to be like http://127.0.0.1:8080 or https://example.org/path");
    }
    if (server.getRawQuery() != null
        || server.getRawFragment() != null
        || server.getRawUserInfo() != null) {
      throw new ParameterException(
          command, "URL has scheme, host, port and path only: no user, query or fragment");
    }
    if (chatId.isEmpty()) {
      throw new ParameterException(command, "CHAT must not be empty");
    }
    String text = server.toString();
    String root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    return new ChatUrl(root + "/v1/chats/" + encode(chatId));
  }

  /** Text as one segment of a path or one value of a query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  URI state() {
    return URI.create(base);
  }

  URI events() {
    return URI.create(base + "/events");
  }

  /**
   * @param query the parameters, encoded; may be empty
   */
  URI stream(String query) {
    return URI.create(base + "/stream" + (query.isEmpty() ? "" : "?" + query));
  }
}
