package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the events of the contract that are neither start, token nor end. */
final class OtherEvent {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode root;

  private OtherEvent(JsonNode root) {
    this.root = root;
  }

  /** The event in a frame, or null if its JSON is damaged. */
  static @Nullable OtherEvent of(Frame frame) {
    try {
      return new OtherEvent(
          JSON.readTree(frame.bytes(), frame.textFrom(), frame.textTo() - frame.textFrom()));
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Whether it says that the run's publisher is lost. */
  boolean isProducerLost() {
    return root.path("event").asString("").equals("error")
        && root.at("/detail/code").asString("").equals("producer_lost");
  }

  /** Whether it says that events up to this id were shed before they could be sent. */
  boolean isLappedUpTo(long epoch, long offset) {
    return root.path("event").asString("").equals("gap")
        && root.at("/data/reason").asString("").equals("lapped")
        && root.at("/data/to").asString("").equals(epoch + "-" + offset);
  }

  /** The run that it is about, or null. */
  @Nullable String run() {
    JsonNode run = root.path("run");
    return run.isString() ? run.stringValue() : null;
  }
}
