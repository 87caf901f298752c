package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each of our own benchmarks may allocate: a JSON object of bytes per operation by {@link
 * Measurement#key}, as it is committed.
 */
record Baseline(SortedMap<String, Double> bytesPerOp) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  Baseline {
    bytesPerOp = new TreeMap<>(bytesPerOp);
  }

  /**
   * @throws IllegalArgumentException if it is not an object of numbers that are not negative
   */
  static Baseline read(Path file) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!json.isObject()) {
      throw new IllegalArgumentException(file + " has to be an object of bytes per operation");
    }
    SortedMap<String, Double> bytes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!entry.getValue().isNumber() || entry.getValue().asDouble() < 0) {
        throw new IllegalArgumentException(
            file + ": \"" + entry.getKey() + "\" has to be a number that is not negative");
      }
      bytes.put(entry.getKey(), entry.getValue().asDouble());
    }
    return new Baseline(bytes);
  }

  /** What was just measured, in whole bytes: fractions are noise. */
  static Baseline of(Measurements measured) {
    SortedMap<String, Double> bytes = new TreeMap<>();
    for (Measurement own : measured.own()) {
      bytes.put(own.key(), (double) Math.round(own.bytesPerOp()));
    }
    return new Baseline(bytes);
  }

  void write(Path file) throws IOException {
    TreeMap<String, Long> whole = new TreeMap<>();
    bytesPerOp.forEach((key, bytes) -> whole.put(key, Math.round(bytes)));
    Files.writeString(file, JSON.writeValueAsString(whole) + "\n");
  }
}
