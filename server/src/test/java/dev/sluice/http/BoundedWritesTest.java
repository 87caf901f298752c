package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft;
import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A large backlog leaves in writes that are bounded, and stays in the log until it can leave.
 * Counted in bytes and turns of the loop; no clock has a say in it.
 */
class BoundedWritesTest {
  private static final int KIB = 1024;
  private static final int BACKLOG_KIB = 10 * KIB;

  /** A write has up to so much, the frame that reaches it included, and chunk and frame around. */
  private static final int MAX_FIRST_WRITE_BYTES = (32 + 256 + 2) * KIB;

  private static final int MAX_WRITE_BYTES = (32 + 32 + 2) * KIB;
  private static final int MAX_TURN_BYTES = 256 * KIB + MAX_WRITE_BYTES;

  private final EdgeFixture edge = EdgeFixture.maxLagBytes(0);
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void whoIsFarBehindHoldsTheLoopForOneWriteATurn() {
    publish("c", BACKLOG_KIB);
    List<Integer> taken = new ArrayList<>();
    eachTurn(connection::takenBytes, turn -> taken.add(connection.takenBytes()));
    connection.subscribe("/v1/chats/c/stream?ids=off");
    int before = 0;
    for (int now : taken) {
      int most = before == 0 ? MAX_FIRST_WRITE_BYTES : MAX_WRITE_BYTES;
      assertTrue(now - before <= most, (now - before) + " bytes in one turn");
      before = now;
    }
    assertTrue(before > BACKLOG_KIB * KIB, "only " + before + " bytes came");
  }

  @Test
  void manyThatAreFarBehindShareTheTurnsWithEverybodyElse() {
    // Not the connection itself: an embedded channel runs its loop's tasks within its own flush.
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      all.add(edge.connectBeside(connection));
    }
    Connection other = edge.connectBeside(connection);
    other.subscribe("/v1/chats/other/stream?ids=off");
    for (Connection one : all) {
      one.subscribe("/v1/chats/c/stream?ids=off");
    }
    publish("c", 1);
    connection.runPendingTasks();
    all.forEach(Connection::sent);
    int[] told = {-1, -1};
    List<Integer> taken = new ArrayList<>();
    publish("c", 512);
    IntSupplier sum = () -> all.stream().mapToInt(Connection::takenBytes).sum();
    eachTurn(
        sum,
        turn -> {
          taken.add(sum.getAsInt());
          if (turn == 4) {
            told[0] = turn;
            edge.token("other", "x");
          }
          if (told[1] < 0 && other.takenBytes() > 0) {
            told[1] = turn;
          }
        });
    connection.runPendingTasks();
    int before = taken.get(0);
    for (int now : taken) {
      assertTrue(now - before <= MAX_TURN_BYTES, (now - before) + " bytes in one turn");
      before = now;
    }
    assertTrue(before > all.size() * 512 * KIB, "only " + before + " bytes came");
    assertTrue(told[1] >= 0 && told[1] - told[0] <= 2, "waited " + (told[1] - told[0]) + " turns");
    assertTrue(other.sent().contains("\"x\""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 400})
  void whatAStalledReaderLacksStaysInTheLog(int kibAtOnce) {
    connection.subscribe("/v1/chats/c/stream?ids=off");
    connection.take(0);
    for (int kib = 0; kib < 5 * KIB; kib += kibAtOnce) {
      publish("c", kibAtOnce);
      connection.runPendingTasks();
      long pending = connection.pendingBytes();
      assertTrue(pending <= MAX_FIRST_WRITE_BYTES, pending + " bytes wait outside of the log");
    }
    // It takes a little and stops again, and again: no more waits than the low mark and one write.
    for (int takenBytes = 0; takenBytes < 2 * 1024 * KIB; takenBytes += 50_000) {
      connection.take(50_000);
      long pending = takenBytes < MAX_FIRST_WRITE_BYTES ? 0 : connection.pendingBytes();
      assertTrue(pending <= 8 * KIB + MAX_WRITE_BYTES, pending + " bytes wait outside of the log");
    }
    assertTrue(edge.chats.find("c") != null);
  }

  @Test
  void whoJoinsAndReadsNothingGetsOneWrite() {
    publish("c", 5 * KIB);
    connection.take(0);
    connection.subscribe("/v1/chats/c/stream?ids=off");
    connection.runPendingTasks();
    assertTrue(connection.pendingBytes() <= MAX_FIRST_WRITE_BYTES);
  }

  /** The answer so far is one frame, if it is not very long; who is behind gets smaller ones. */
  @Test
  void theFirstFrameMayBeLarge() {
    publish("c", 200);
    String sent = connection.subscribe("/v1/chats/c/stream?ids=off");
    assertEquals(2, sent.split("data:\\{", -1).length - 1, "start and one frame");
    connection.take(0);
    publish("c", 200);
    connection.takeAll();
    assertEquals(6, connection.sent().split("data:\\{", -1).length - 1);
  }

  /** Runs the command after each turn of the loop, until nothing has moved for some. */
  private void eachTurn(IntSupplier progress, IntConsumer command) {
    new Runnable() {
      private int turn;
      private int idle;
      private int takenBytes;

      @Override
      public void run() {
        command.accept(turn++);
        int now = progress.getAsInt();
        idle = now == takenBytes ? idle + 1 : 0;
        takenBytes = now;
        if (idle < 20) {
          connection.eventLoop().execute(this);
        }
      }
    }.run();
  }

  private void publish(String chat, int kib) {
    for (int i = 0; i < kib; i++) {
      edge.publish(chat, new EventDraft().token(TokenType.FINAL_RESPONSE, "x".repeat(KIB)));
    }
  }
}
