package dev.sluice.loadtest.target;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads memory and CPU time from the target's own {@code /metrics}, by the names that Prometheus'
 * clients give them. Garbage is in the heap that is told there: how much is reachable only a look
 * at the process can tell.
 */
public final class TargetMetrics implements TargetUse {
  private static final int TIMEOUT_MS = 2_000;
  private static final int MAX_BYTES = 16 << 20;
  private static final String CPU = "process_cpu_seconds_total";
  private static final String RESIDENT = "process_resident_memory_bytes";
  private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"}";
  private static final String COLLECTIONS = "jvm_gc_collection_seconds_count";

  private final String url;
  private final List<String> notes = new ArrayList<>();
  private double collections = -1;

  private TargetMetrics(String url) {
    this.url = url;
  }

  /** The metrics of a target, or null if it has none that tell its CPU time. */
  public static @Nullable TargetMetrics find(TargetAddress target) {
    TargetMetrics metrics = new TargetMetrics(target + "/metrics");
    String text = metrics.scrape();
    return PrometheusText.sum(text, CPU) < 0 ? null : metrics;
  }

  @Override
  public String source() {
    return url;
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public MemoryReading readMemory() {
    String text = scrape();
    double now = PrometheusText.sum(text, COLLECTIONS);
    if (collections >= 0 && now > collections) {
      notes.add(
          "the target collected garbage between two readings of its heap: --pid tells live heap");
    }
    collections = now;
    return new MemoryReading(
        MemoryReading.UNKNOWN,
        (long) PrometheusText.sum(text, HEAP),
        (long) PrometheusText.sum(text, RESIDENT));
  }

  @Override
  public long readRssBytes() {
    return (long) PrometheusText.sum(scrape(), RESIDENT);
  }

  @Override
  public long readCpuNanos() {
    double seconds = PrometheusText.sum(scrape(), CPU);
    return seconds < 0 ? MemoryReading.UNKNOWN : Math.round(seconds * 1e9);
  }

  /** The page, or nothing: whoever has none is a target without these figures. */
  private String scrape() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      connection.setInstanceFollowRedirects(false);
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        return "";
      }
      try (InputStream in = connection.getInputStream()) {
        return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return "";
    }
  }
}
