package dev.sluice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A YAML configuration file: scalar options by their name, and a map of flows.
 *
 * @param options the value of each key as an option would have it
 * @param flows what each named flow says about its upstream
 */
record ConfigFile(Map<String, String> options, Map<String, JsonNode> flows) {
  static final String FLOWS = "flows";

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it cannot be read or is not a YAML map, with what is wrong
   */
  static ConfigFile read(Path path) {
    JsonNode root;
    try {
      root = YAMLMapper.builder().build().readTree(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new IllegalArgumentException("--config " + path + " cannot be read");
    } catch (JacksonException e) {
      // The parser's own words quote the line, which may hold a secret.
      TokenStreamLocation place = e.getLocation();
      throw new IllegalArgumentException(
          "--config "
              + path
              + " is not YAML"
              + (place == null ? "" : ", line " + place.getLineNr()));
    }
    Map<String, String> options = new LinkedHashMap<>();
    Map<String, JsonNode> flows = new LinkedHashMap<>();
    if (root.isMissingNode() || root.isNull()) {
      return new ConfigFile(options, flows);
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("--config " + path + " has to be a map of options");
    }
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (entry.getKey().equals(FLOWS)) {
        if (!entry.getValue().isObject()) {
          throw new IllegalArgumentException(
              "flows has to be a map from a flow's name to its keys");
        }
        entry.getValue().properties().forEach(flow -> flows.put(flow.getKey(), flow.getValue()));
      } else {
        options.put(entry.getKey(), text(entry.getKey(), entry.getValue()));
      }
    }
    return new ConfigFile(options, flows);
  }

  private static String text(String key, JsonNode value) {
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(item -> text(key, item))
          .collect(Collectors.joining(","));
    }
    if (value.isObject() || value.isNull()) {
      throw new IllegalArgumentException(key + " has to have one value, or a list of values");
    }
    return value.asString();
  }
}
