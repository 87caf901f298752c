package dev.sluice.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A small YAML file of keys with one value each: one that is shipped, by its name, or any other, by
 * its path.
 *
 * @param name the name or path, for messages
 * @param values the values as an option would have them
 */
record YamlKeys(String name, Map<String, String> values) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads a file.
   *
   * @param kind what the file describes, and the folder of those that are shipped
   * @throws IllegalArgumentException if there is none or it is not a map, with the reason
   */
  static YamlKeys load(String kind, List<String> shipped, String nameOrPath) {
    byte[] bytes;
    if (shipped.contains(nameOrPath)) {
      bytes = resource(kind + "/" + nameOrPath + ".yaml");
    } else if (nameOrPath.endsWith(".yaml") || nameOrPath.endsWith(".yml")) {
      bytes = file(kind, Path.of(nameOrPath));
    } else {
      throw new IllegalArgumentException(
          "no %s '%s': it is one of %s, or the path of a .yaml file"
              .formatted(kind, nameOrPath, String.join(", ", shipped)));
    }
    return new YamlKeys(nameOrPath, parse(kind + " " + nameOrPath, bytes));
  }

  private static Map<String, String> parse(String what, byte[] bytes) {
    JsonNode root;
    try {
      root = YAML.readTree(bytes);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(what + " is not YAML: " + e.getOriginalMessage(), e);
    }
    Map<String, String> values = new LinkedHashMap<>();
    if (root.isMissingNode() || root.isNull()) {
      return values;
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException(what + " has to be a map of keys, 'streams: 100'");
    }
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
        throw new IllegalArgumentException(
            "%s: %s has to have one value".formatted(what, entry.getKey()));
      }
      values.put(entry.getKey(), entry.getValue().asString());
    }
    return values;
  }

  private static byte[] file(String kind, Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("%s %s: no such file".formatted(kind, path), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("%s %s: %s".formatted(kind, path, e.getMessage()), e);
    }
  }

  private static byte[] resource(String path) {
    try (InputStream in = YamlKeys.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(path, e);
    }
  }
}
