package dev.sluice.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The same frames in the two ways that the JSON library offers, each used as well as it can be. */
@NullMarked
final class JacksonFrames {
  /** An event as an object to be bound. */
  record Message(String event, Object data, @Nullable String type) {}

  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final JsonFactory factory = new JsonFactory();
  private final ObjectWriter writer =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              now ->
                  now.withValueInclusion(
                      com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
          .build()
          .writerFor(Message.class);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);

  /**
   * By the streaming generator.
   *
   * @param isText whether {@code data} is the text of a string or finished JSON
   */
  ByteArrayOutputStream generated(
      long offset, String event, String data, boolean isText, @Nullable String type) {
    head(offset);
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      generator.writeStartObject();
      generator.writeStringProperty("event", event);
      generator.writeName("data");
      if (isText) {
        generator.writeString(data);
      } else {
        generator.writeRawValue(data);
      }
      if (type != null) {
        generator.writeStringProperty("type", type);
      }
      generator.writeEndObject();
    }
    out.writeBytes(END);
    return out;
  }

  /** By databind, from an object to the bytes. */
  ByteArrayOutputStream bound(long offset, Message message) {
    head(offset);
    out.writeBytes(writer.writeValueAsBytes(message));
    out.writeBytes(END);
    return out;
  }

  private void head(long offset) {
    out.reset();
    out.writeBytes(
        ("id:1700000000000-" + offset + "\nmessage:\ndata:").getBytes(StandardCharsets.US_ASCII));
  }
}
