package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wherever a connection breaks, going on from the last event id gives the rest and no more. */
class ResumeLosesNothingTest {
  private static final String[] TOKENS = {"a", " ", "b\n", "", "\u00E4", " ", " ", "\uD83D", "c"};

  @Test
  void fromEveryEventOnTheRestComesExactly() throws IOException {
    try (TestServer server = TestServer.start()) {
      String text = publishRun(server, true);
      String epoch = firstId(server).replaceAll("-.*", "");
      for (int offset = 0; offset <= 11; offset++) {
        String id = epoch + "-" + offset;
        try (EventStream stream = resume(server, id, in -> in)) {
          if (offset == 11) {
            assertEquals(204, stream.head().status());
            break;
          }
          List<Event> rest = stream.all();
          assertTrue(rest.get(rest.size() - 1).is("end"));
          // Offset 1 is the start, each token that is not empty has one.
          String gone = String.join("", TOKENS).substring(0, charsUpTo(offset));
          assertEquals(text, gone + text(rest), "from " + id);
        }
      }
    }
  }

  @Test
  void aCutAfterEveryByteLosesNothing() throws IOException {
    try (TestServer server = TestServer.start()) {
      String text = publishRun(server, true);
      boolean whole = false;
      for (int bytes = 0; !whole; bytes++) {
        List<Event> events = new ArrayList<>();
        Cut cut = new Cut();
        String lastId = null;
        try (EventStream stream =
            resume(
                server,
                null,
                in -> {
                  cut.source(in);
                  return cut;
                })) {
          cut.left = bytes;
          for (Event event = stream.next(); event != null; event = stream.next()) {
            events.add(event);
            lastId = event.id();
          }
          whole = true;
        } catch (Cut.Reached e) {
          try (EventStream rest = resume(server, lastId, in -> in)) {
            events.addAll(rest.head().status() == 204 ? List.of() : rest.all());
          }
        }
        assertEquals(text, text(events), "cut after " + bytes);
        assertEquals(1, events.stream().filter(event -> event.is("start")).count());
        assertEquals(1, events.stream().filter(event -> event.is("end")).count());
      }
    }
  }

  @Test
  void aReaderThatComesBackInTheMiddleOfTheRunGetsTheLiveRest() throws IOException {
    try (TestServer server = TestServer.start()) {
      publishRun(server, false);
      String lastId;
      try (EventStream first = EventStream.open(server.uri(), "c")) {
        lastId = first.await("token").id();
      }
      try (EventStream second = resume(server, lastId, in -> in)) {
        Calls calls = new Calls(server.uri());
        calls.publish("c", "{\"event\":\"token\",\"data\":\"live\"}");
        assertEquals("live", second.await("token").text());
        calls.publish("c", "{\"event\":\"end\"}");
        assertTrue(second.await("end").is("end"));
        assertNull(second.next());
      }
    }
  }

  @Test
  void anIdOfAnotherLogIsToldAsAGapAndTheRunComesFromItsStart() throws IOException {
    try (TestServer server = TestServer.start()) {
      String text = publishRun(server, true);
      try (EventStream stream = resume(server, "12345-3", in -> in)) {
        Event gap = stream.next();
        assertTrue(gap != null && gap.is("gap"));
        assertEquals("12345-3", gap.data().path("from").asString());
        assertEquals(text, text(stream.all()));
      }
    }
  }

  private static String publishRun(TestServer server, boolean end) {
    Calls calls = new Calls(server.uri());
    RandomText texts = new RandomText(new java.util.Random(1));
    for (String token : TOKENS) {
      calls.publish("c", "{\"event\":\"token\",\"data\":" + texts.quoted(token) + "}");
    }
    calls.publish("c", "{\"event\":\"action\",\"data\":{}}");
    if (end) {
      calls.publish("c", "{\"event\":\"end\"}");
    }
    return String.join("", TOKENS);
  }

  private static int charsUpTo(int offset) {
    int chars = 0;
    int events = 1;
    for (String token : TOKENS) {
      events += token.isEmpty() ? 0 : 1;
      if (events <= offset) {
        chars += token.length();
      }
    }
    return chars;
  }

  private static String firstId(TestServer server) {
    return new Calls(server.uri()).get("/v1/chats/c").json().path("firstId").asString();
  }

  private static EventStream resume(
      TestServer server,
      @org.jspecify.annotations.Nullable String id,
      java.util.function.UnaryOperator<InputStream> pace) {
    return EventStream.open(RawConnection.open(server.uri()), "c", "", id, pace);
  }

  private static String text(List<Event> events) {
    return Readers.text(events, null, "agentReasoning");
  }

  /** Lets so many bytes through, and then none. */
  private static final class Cut extends FilterInputStream {
    private static final class Reached extends IOException {
      private static final long serialVersionUID = 1;
    }

    private int left = Integer.MAX_VALUE;

    Cut() {
      super(InputStream.nullInputStream());
    }

    void source(InputStream source) {
      in = source;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        throw new Reached();
      }
      left--;
      return super.read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      int b = read();
      if (b < 0) {
        return -1;
      }
      target[from] = (byte) b;
      return 1;
    }
  }
}
