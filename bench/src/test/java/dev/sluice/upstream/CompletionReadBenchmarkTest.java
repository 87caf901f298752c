package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class CompletionReadBenchmarkTest {
  @Test
  void everyEventIsReadAndPublished() {
    CompletionReadBenchmark completion = new CompletionReadBenchmark();
    assertTrue(completion.readAndPublish());
    assertTrue(completion.readAndPublish());
    assertEquals(2 * CompletionReadBenchmark.EVENTS, completion.tokenCount());
    assertTrue(completion.parseEvents() > CompletionReadBenchmark.EVENTS * 100);
    completion.tearDown();
  }
}
