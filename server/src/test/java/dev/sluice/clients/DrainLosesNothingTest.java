package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A server with many readers is told to go, in the middle of answers, and another one takes its
 * address: every reader gets all of its answer, comes again, and gets all of the next one.
 *
 * <p>{@code -Dsluice.drain.readers=5000} makes it a measurement, which prints how evenly they come
 * again; time decides nothing otherwise.
 */
class DrainLosesNothingTest {
  private static final boolean MEASURED = System.getProperty("sluice.drain.readers") != null;
  private static final int READERS = Integer.getInteger("sluice.drain.readers", 300);
  private static final int CHATS = 50;
  private static final int BINS = 50;
  private static final int TOKENS = 40;

  @Test
  void everyReaderHasAllOfBothServersAnswers() throws Exception {
    String[] options = {"--drain-timeout-ms=3600000", "--threads=2"};
    try (ServerUnderTest first = ServerUnderTest.start(options)) {
      List<ChatOverHttp> chats =
          Stream.generate(() -> ChatOverHttp.fresh(first)).limit(CHATS).toList();
      try (FollowingReaders readers = FollowingReaders.open(first.uri(), chats, READERS)) {
        publish(chats, 0, TOKENS / 2);
        first.terminate();
        // Under load: the answers go on while nobody is let in any more.
        publish(chats, TOKENS / 2, TOKENS);
        chats.forEach(ChatOverHttp::publishEnd);
        awaitListensNoMore(first.uri());
        if (MEASURED) {
          // A JVM that starts takes the processor away from the readers.
          readers.await(reader -> reader.firstReturnMs >= 0);
        }
        List<String> again = new ArrayList<>(List.of("--port=" + first.uri().getPort()));
        again.addAll(List.of(options));
        try (ServerUnderTest second = ServerUnderTest.start(again.toArray(String[]::new))) {
          assertEquals(0, first.awaitExit(), first::log);
          List<ChatOverHttp> there =
              chats.stream().map(chat -> new ChatOverHttp(second, chat.chatId())).toList();
          publish(there, TOKENS, 2 * TOKENS);
          there.forEach(ChatOverHttp::publishEnd);
          readers.await(reader -> reader.text().length() >= text(0, 2 * TOKENS).length());
          for (FollowingReaders.Reader reader : readers.all()) {
            assertEquals(text(0, 2 * TOKENS), reader.text());
            assertEquals(0, reader.refusals.get(), "was refused by a server that drained");
          }
          if (MEASURED) {
            print(readers.all());
          }
        }
      }
    }
  }

  private static void publish(List<ChatOverHttp> chats, int from, int to) {
    for (int i = from; i < to; i++) {
      for (ChatOverHttp chat : chats) {
        chat.publishToken(token(i), "finalResponse");
      }
    }
  }

  private static String token(int index) {
    return " token" + index;
  }

  private static String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(token(i));
    }
    return text.toString();
  }

  private static void awaitListensNoMore(URI server) {
    Deadline.await(
        () -> {
          try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            return !socket.isConnected();
          } catch (IOException e) {
            return true;
          }
        },
        () -> "it listens");
  }

  private static void print(List<FollowingReaders.Reader> readers) {
    double[] returns = readers.stream().mapToDouble(reader -> reader.firstReturnMs).toArray();
    double first = Arrays.stream(returns).min().orElseThrow();
    double width = (Arrays.stream(returns).max().orElseThrow() - first) / BINS;
    int[] bins = new int[BINS];
    for (double time : returns) {
      bins[(int) Math.min(BINS - 1, (time - first) / width)]++;
    }
    System.out.printf(
        "drain: %d readers come again over %.0f ms, max/mean of %d bins %.2f: %s%n",
        readers.size(),
        width * BINS,
        BINS,
        Arrays.stream(bins).max().orElseThrow() * (double) BINS / readers.size(),
        Arrays.toString(bins));
  }
}
