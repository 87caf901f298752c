package dev.sluice.bench;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results as JMH writes them, in few words. */
final class JmhJson {
  private final ArrayNode runs = JsonNodeFactory.instance.arrayNode();

  /** Adds a benchmark of {@code dev.sluice.}, measured in iterations of 300 ms. */
  JmhJson add(String benchmark, double score, String unit, double bytesPerOp, String... params) {
    ObjectNode run = runs.addObject();
    run.put("jmhVersion", "1.37").put("benchmark", "dev.sluice." + benchmark);
    run.put("vmName", "Some VM").put("vmVersion", "17").put("threads", 1);
    run.put("measurementTime", "300 ms");
    for (String param : params) {
      String[] parts = param.split("=", -1);
      run.withObjectProperty("params").put(parts[0], parts[1]);
    }
    run.putObject("primaryMetric").put("score", score).put("scoreUnit", unit);
    run.putObject("secondaryMetrics")
        .putObject("gc.alloc.rate.norm")
        .put("score", bytesPerOp)
        .put("scoreUnit", "B/op");
    return this;
  }

  /** As {@link #add}, so fast that an iteration has millions of operations. */
  JmhJson fast(String benchmark, double bytesPerOp, String... params) {
    return add(benchmark, 10, "ns/op", bytesPerOp, params);
  }

  ArrayNode json() {
    return runs;
  }

  Measurements read() {
    return Measurements.parse(runs);
  }
}
