package dev.sluice.promises;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One scrape of a server: every series and its value. */
record Numbers(Map<String, Double> bySeries) {
  private static final Pattern LINE =
      Pattern.compile("^([a-z_]+(?:\\{[^}]*})?) (\\S+)$", Pattern.MULTILINE);

  static Numbers of(TestServer server) {
    return of(server.uri());
  }

  static Numbers of(URI server) {
    Map<String, Double> series = new TreeMap<>();
    LINE.matcher(new Calls(server).get("/metrics").body())
        .results()
        .forEach(line -> series.put(line.group(1), value(line.group(2))));
    return new Numbers(series);
  }

  /** The value of that series; 0 if there is none. */
  double of(String series) {
    return bySeries.getOrDefault(series, 0.0);
  }

  private static double value(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }
}
