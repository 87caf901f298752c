package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RatioTableTest {
  @Test
  void ourOwnHaveTheirRatioToEveryRival() {
    Measurements measured =
        new JmhJson()
            .add("a.OneBenchmark.copy", 5, "ns/op", 0, "n=1")
            .add("a.OneBenchmark.generator", 400, "ns/op", 432, "n=1")
            .add("a.OneBenchmark.sluice", 20, "ns/op", 0.0004, "n=1")
            .add("a.TwoBenchmark.x", 1_234_567, "ops/s", 24)
            .read();
    assertEquals(
        """
        Some VM 17, JMH 1.37

        | benchmark | parameters | score | B/op | as fast as |
        |---|---|---:|---:|---|
        | a.One.copy | n=1 | 5.0 ns/op | 0.0 |  |
        | a.One.generator | n=1 | 400 ns/op | 432.0 |  |
        | a.One.sluice | n=1 | 20.0 ns/op | 0.0 | 0.25 × copy, 20.0 × generator |
        | a.Two.x |  | 1,234,567 ops/s | 24.0 |  |
        """,
        RatioTable.of(measured));
  }
}
