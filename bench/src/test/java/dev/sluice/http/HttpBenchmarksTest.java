package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What is measured is what is said to be. */
@NullMarked
class HttpBenchmarksTest {
  @Test
  void everyTokenIsWrittenBeforeTheNext() {
    StreamWriteBenchmark stream = new StreamWriteBenchmark();
    stream.setUp();
    long before = stream.publishToWritten();
    long after = stream.publishToWritten();
    assertTrue(after - before > "message:\ndata:\" answer\"\n\n".length(), () -> "" + after);
    assertEquals(after - before, stream.publishToWritten() - after);
    stream.tearDown();
  }

  @Test
  void everyLineIsPublished() {
    NdjsonBenchmark lines = new NdjsonBenchmark();
    NdjsonBenchmark.Volume volume = new NdjsonBenchmark.Volume();
    lines.setUp();
    lines.sluice(volume);
    // A start comes first.
    assertEquals(NdjsonBenchmark.LINES + 1, lines.lastOffset("chat"));
    lines.sluiceManyChats(volume);
    lines.sluiceManyChats(volume);
    assertEquals(2 * NdjsonBenchmark.LINES + 1, lines.lastOffset("chat-1"));
    assertTrue(volume.bytes > 3 * NdjsonBenchmark.LINES * 50, () -> volume.bytes + " bytes");
    lines.tearDown();
  }
}
