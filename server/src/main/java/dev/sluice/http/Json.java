package dev.sluice.http;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The JSON library, set up once. */
final class Json {
  private static final int MAX_NESTING = 100;
  private static final int MAX_NAME_CHARS = 1000;

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** A factory of parsers that take no string longer than that. */
  static JsonFactory factory(int maxStringChars) {
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
