package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.plan.EventOrder;
import dev.sluice.loadtest.plan.RunSpec;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes the NDJSON line of an event, without building strings. */
final class PublishLine {
  private static final byte[] START = ascii("\",\"event\":\"start\",\"data\":\"\"}\n");
  private static final byte[] TOKEN = ascii("\",\"event\":\"token\",\"data\":\"");
  private static final byte[] TOKEN_REST = ascii("\",\"type\":\"finalResponse\"}\n");
  private static final byte[] END = ascii("\",\"event\":\"end\",\"data\":\"[DONE]\"}\n");

  private final byte[] chatPrefix;
  private final EventOrder order;
  private final TokenText text;

  PublishLine(RunSpec spec, TokenText text) {
    String chat = spec.chatId(0);
    this.chatPrefix = ascii("{\"chatId\":\"" + chat.substring(0, chat.length() - 1));
    this.order = spec.order();
    this.text = text;
  }

  void write(long sequence, ByteBuf out) {
    int stream = order.stream(sequence);
    int index = order.index(sequence);
    out.writeBytes(chatPrefix);
    TokenText.writeDecimal(stream, out);
    if (index < 0) {
      out.writeBytes(START);
    } else if (index == order.tokens()) {
      out.writeBytes(END);
    } else {
      out.writeBytes(TOKEN);
      text.writeJson(stream, index, out);
      out.writeBytes(TOKEN_REST);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
