package dev.sluice.http;

import dev.sluice.metrics.Distribution;
import dev.sluice.metrics.Metrics;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server has measured, in the files of HdrHistogram's tools. */
final class HistogramEndpoints {
  private static final String PATH = "/v1/histograms/";
  private static final String PERCENTILES = ".hgrm";
  private static final String INTERVALS = ".hlog";

  private HistogramEndpoints() {}

  /** {@code GET /v1/histograms}: which there are. */
  static void list(Exchange exchange) {
    Metrics metrics = exchange.edge().metrics();
    ObjectNode document = Json.MAPPER.createObjectNode();
    ArrayNode histograms = document.putArray("histograms");
    for (Distribution each : Distribution.values()) {
      histograms
          .addObject()
          .put("name", each.pathName())
          .put("help", each.help())
          .put("unit", each.unit())
          .put("metric", each.metricName())
          .put("count", metrics.valueCount(each))
          .put("percentiles", PATH + each.pathName() + PERCENTILES)
          .put("intervals", PATH + each.pathName() + INTERVALS);
    }
    exchange.json(HttpResponseStatus.OK, document);
  }

  /** {@code GET /v1/histograms/{name}}: percentiles, or with the suffix .hlog the intervals. */
  static void file(Exchange exchange) throws ProblemException {
    String name = exchange.variable(0);
    boolean intervals = name.endsWith(INTERVALS);
    boolean suffixed = intervals || name.endsWith(PERCENTILES);
    Distribution asked =
        Distribution.of(suffixed ? name.substring(0, name.length() - INTERVALS.length()) : name);
    if (asked == null) {
      String known =
          Arrays.stream(Distribution.values())
              .map(Distribution::pathName)
              .collect(Collectors.joining(", "));
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.NOT_FOUND,
              "histogram_not_found",
              "there is no histogram of this name; there are " + known));
    }
    Metrics metrics = exchange.edge().metrics();
    exchange.text(
        HttpResponseStatus.OK, intervals ? metrics.intervalLog(asked) : metrics.percentiles(asked));
  }
}
