package dev.sluice.promises;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event as a reader gets it.
 *
 * @param id the last event id when it was dispatched
 * @param json the JSON of its data
 */
record Event(@Nullable String id, JsonNode json) {
  String name() {
    return json.path("event").asString("");
  }

  JsonNode data() {
    return json.path("data");
  }

  String text() {
    return data().asString("");
  }

  String type() {
    return json.path("type").asString("");
  }

  /** The name of its run, empty if the run was not named by its publisher. */
  String run() {
    return json.path("run").asString("");
  }

  boolean is(String name) {
    return name().equals(name);
  }

  long offset() {
    if (id == null) {
      throw new AssertionError("an event without an id: " + json);
    }
    return Long.parseLong(id.substring(id.indexOf('-') + 1));
  }
}
