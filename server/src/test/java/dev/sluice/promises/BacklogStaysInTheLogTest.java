package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Transport;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What readers that never read have not taken is in the log, once, and neither in the server's
 * network buffers nor in the kernel's.
 */
class BacklogStaysInTheLogTest {
  private static final int READERS = 20;
  private static final int KIB = 1024;
  private static final int PUBLISHED_KIB = 5 * KIB;
  private static final String TOKEN = "0123456789abcdef".repeat(8);

  /** A write, and what was under way before it. */
  private static final int MAX_DIRECT_BYTES_EACH = 128 * KIB;

  /** What the pool takes from the system at once, and keeps. */
  private static final int POOL_BYTES = 4096 * KIB;

  /** The low mark for what was not sent, and what the smallest of receive buffers lets be sent. */
  private static final int MAX_KERNEL_BYTES_EACH = 64 * KIB;

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aReaderThatNeverReadsHoldsNoMoreThanAWriteOutsideOfTheLog(Transport transport)
      throws IOException {
    if (!transport.isAvailable()) {
      return;
    }
    List<EventStream> asleep = new ArrayList<>();
    List<RunPublisher> runs = new ArrayList<>();
    try (TestServer server = TestServer.wish().transport(transport).start()) {
      try {
        for (int i = 0; i < READERS; i++) {
          runs.add(Objects.requireNonNull(server.chats().startRun("c" + i)));
          RawConnection small = RawConnection.open(server.uri(), 2048);
          asleep.add(EventStream.open(small, "c" + i, "", null, in -> in));
        }
        long before = directBytes();
        long most = 0;
        for (int kib = 0; kib < PUBLISHED_KIB; kib += 64) {
          for (RunPublisher run : runs) {
            for (int token = 0; token < 64 * KIB / TOKEN.length(); token++) {
              run.token(TokenType.FINAL_RESPONSE, TOKEN);
            }
          }
          most = Math.max(most, directBytes() - before);
        }
        assertTrue(
            most <= (long) READERS * MAX_DIRECT_BYTES_EACH + POOL_BYTES, "direct memory: " + most);
        if (transport != Transport.NIO) {
          // With NIO the kernel takes what it likes: the JDK cannot tell it otherwise.
          long kernel = unsentBytes(server.uri().getPort());
          assertTrue(kernel <= (long) READERS * MAX_KERNEL_BYTES_EACH, "in the kernel: " + kernel);
        }
        runs.forEach(RunPublisher::end);
        List<Event> late = asleep.get(0).all();
        int chars = 0;
        for (Event event : late) {
          chars += event.is("token") ? event.text().length() : 0;
        }
        assertEquals(PUBLISHED_KIB * KIB, chars);
      } finally {
        asleep.forEach(EventStream::close);
      }
    }
  }

  private static long directBytes() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  /** What the kernel holds for the connections of that port, where Linux tells it; else 0. */
  private static long unsentBytes(int port) throws IOException {
    long sum = 0;
    String local = String.format(Locale.ROOT, ":%04X", port);
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      if (!Files.exists(Path.of(table))) {
        continue;
      }
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.trim().split("\\s+", -1);
        if (fields[1].endsWith(local)) {
          sum += Long.parseLong(fields[4].substring(0, fields[4].indexOf(':')), 16);
        }
      }
    }
    return sum;
  }
}
