package dev.sluice.http;

import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The JSON library, set up once. */
final class Json {
  private static final int MAX_NESTING = 100;
  private static final int MAX_NAME_CHARS = 1000;

  // A server has one or two of them: the lengths are settings.
  private static final ConcurrentHashMap<Integer, JsonFactory> FACTORIES =
      new ConcurrentHashMap<>();

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** The factory of parsers that take no string longer than that; made once for each length. */
  static JsonFactory factory(int maxStringChars) {
    return FACTORIES.computeIfAbsent(maxStringChars, Json::create);
  }

  private static JsonFactory create(int maxStringChars) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNameLength(MAX_NAME_CHARS)
                .maxStringLength(maxStringChars)
                .build())
        .build();
  }
}
