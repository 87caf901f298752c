package dev.sluice.loadtest.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private static final String TEXT =
      """
      # HELP gc_count how often } it ran
      # TYPE gc_count counter
      gc_count{gc="young } old"} 3.0
      gc_count{gc="old"} 4 1795372876652
      gc_count_total 100
      cpu_seconds 1.25e1
      odd many
      """;

  @Test
  void samplesOfANameAreSummedUp() {
    assertEquals(7, PrometheusText.sum(TEXT, "gc_count"));
    assertEquals(4, PrometheusText.sum(TEXT, "gc_count{gc=\"old\"}"));
    assertEquals(12.5, PrometheusText.sum(TEXT, "cpu_seconds"));
  }

  @Test
  void whatIsNotThereIsUnknown() {
    assertEquals(-1, PrometheusText.sum(TEXT, "gc"));
    assertEquals(-1, PrometheusText.sum(TEXT, "odd"));
    assertEquals(-1, PrometheusText.sum(TEXT, "gc_count{gc=\"none\"}"));
    assertEquals(-1, PrometheusText.sum("", "gc_count"));
  }
}
