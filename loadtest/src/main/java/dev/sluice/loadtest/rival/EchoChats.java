package dev.sluice.loadtest.rival;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who reads which chat. Belongs to the one loop. */
final class EchoChats {
  private static final byte[] PREFIX = "{\"chatId\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"event\":\"end\"".getBytes(StandardCharsets.US_ASCII);
  private static final String DATA = "\nmessage:\ndata:{";
  private static final String LAST_CHUNK = "0\r\n\r\n";

  private final Map<String, Chat> chats = new HashMap<>();
  private final Set<Channel> unflushed = new HashSet<>();

  void subscribe(String name, Channel reader) {
    Chat chat = chats.computeIfAbsent(name, n -> new Chat());
    chat.readers.add(reader);
    for (ByteBuf early : chat.early) {
      reader.write(early);
    }
    chat.early.clear();
    reader.flush();
  }

  /** Passes on a line; it begins with its chatId, as the rig writes it. */
  void publish(ByteBuf line) {
    line.skipBytes(PREFIX.length);
    String name =
        line.readCharSequence(line.bytesBefore((byte) '"'), StandardCharsets.UTF_8).toString();
    line.skipBytes(2);
    Chat chat = chats.computeIfAbsent(name, n -> new Chat());
    boolean end = startsWithEnd(line);
    ByteBuf frame = frame(++chat.offset, line, end);
    if (chat.readers.isEmpty()) {
      chat.early.add(frame);
      return;
    }
    for (Channel reader : chat.readers) {
      reader.write(frame.retainedDuplicate(), reader.voidPromise());
      unflushed.add(reader);
    }
    frame.release();
    if (end) {
      chats.remove(name);
    }
  }

  /** Sends what has been written since the last call. */
  void flush() {
    unflushed.forEach(Channel::flush);
    unflushed.clear();
  }

  void forget(@Nullable String name, Channel reader) {
    Chat chat = name == null ? null : chats.get(name);
    if (chat != null && chat.readers.remove(reader) && chat.readers.isEmpty()) {
      chats.remove(name);
    }
  }

  /** Drops what nobody came to read. */
  void release() {
    chats.values().forEach(chat -> chat.early.forEach(ByteBuf::release));
    chats.clear();
  }

  private static boolean startsWithEnd(ByteBuf rest) {
    if (rest.readableBytes() < END.length) {
      return false;
    }
    for (int i = 0; i < END.length; i++) {
      if (rest.getByte(rest.readerIndex() + i) != END[i]) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuf frame(long offset, ByteBuf rest, boolean end) {
    String head = "id:1-" + offset + DATA;
    int size = head.length() + rest.readableBytes() + 2;
    String chunk = Integer.toHexString(size) + "\r\n" + head;
    ByteBuf out = rest.alloc().directBuffer(chunk.length() + rest.readableBytes() + 16);
    out.writeCharSequence(chunk, StandardCharsets.US_ASCII);
    out.writeBytes(rest);
    out.writeCharSequence("\n\n\r\n" + (end ? LAST_CHUNK : ""), StandardCharsets.US_ASCII);
    return out;
  }

  private static final class Chat {
    final List<Channel> readers = new ArrayList<>();
    final List<ByteBuf> early = new ArrayList<>();
    long offset;
  }
}
