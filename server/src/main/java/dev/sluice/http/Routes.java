package dev.sluice.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which endpoint a request goes to. Filled once, then only read; any thread. */
final class Routes {
  /** An endpoint and what the path has in the places of its variables, decoded. */
  record Match(Endpoint endpoint, List<String> variables) {}

  private record Route(HttpMethod method, List<String> segments, Endpoint endpoint) {
    boolean hasPath(List<String> path) {
      if (path.size() != segments.size()) {
        return false;
      }
      for (int i = 0; i < path.size(); i++) {
        if (!segments.get(i).equals(VARIABLE) && !segments.get(i).equals(path.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private static final String VARIABLE = "{}";
  private static final Pattern ENCODED_FFFD = Pattern.compile("(?i)%EF%BF%BD");

  private final List<Route> routes = new ArrayList<>();

  /** Adds a route; {@code {}} as a whole segment of the path stands for a variable. */
  Routes add(HttpMethod method, String path, Endpoint endpoint) {
    routes.add(new Route(method, segments(path), endpoint));
    return this;
  }

  /** Each route as its method and path, such as {@code GET /v1/chats/{}}. */
  List<String> names() {
    return routes.stream()
        .map(route -> route.method.name() + " " + String.join("/", route.segments))
        .toList();
  }

  Match match(HttpRequest request) throws ProblemException {
    List<String> path = segments(rawPath(request.uri()));
    HttpMethod method =
        request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      if (route.hasPath(path)) {
        if (route.method.equals(method)) {
          return new Match(route.endpoint, variables(route, path));
        }
        allowed.add(route.method.name());
      }
    }
    if (allowed.isEmpty()) {
      throw new ProblemException(Problem.notFound());
    }
    String allow = String.join(", ", allowed);
    throw new ProblemException(
        new Problem(
                HttpResponseStatus.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path takes " + allow)
            .with("allow", allow));
  }

  private static List<String> variables(Route route, List<String> path) throws ProblemException {
    List<String> variables = new ArrayList<>(2);
    for (int i = 0; i < path.size(); i++) {
      if (route.segments.get(i).equals(VARIABLE)) {
        variables.add(decode(path.get(i)));
      }
    }
    return variables;
  }

  private static String decode(String segment) throws ProblemException {
    try {
      // In a path a plus is a plus.
      String decoded = QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
      // The decoder puts U+FFFD where it finds no UTF-8; two paths must not become one.
      if (decoded.indexOf('\uFFFD') < 0 || ENCODED_FFFD.matcher(segment).find()) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Told like the other.
    }
    throw new ProblemException(
        Problem.badRequest("bad_path", "the path has to be percent-encoded UTF-8"));
  }

  private static String rawPath(String uri) {
    int end = uri.indexOf('?');
    String path = end < 0 ? uri : uri.substring(0, end);
    int scheme = path.indexOf("://");
    if (scheme > 0) {
      // The absolute form, which a server has to accept (RFC 9112, section 3.2.2).
      int slash = path.indexOf('/', scheme + 3);
      return slash < 0 ? "/" : path.substring(slash);
    }
    return path;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
