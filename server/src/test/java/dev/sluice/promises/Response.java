package dev.sluice.promises;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A response that has been read to its end. */
record Response(Head head, String body) {
  int status() {
    return head.status();
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }

  /** The machine-readable name of a problem, empty if this is none. */
  String code() {
    return "application/problem+json".equals(head.field("content-type"))
        ? json().path("code").asString("")
        : "";
  }
}
