package dev.sluice.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.DoubleSupplier;

/**
 * The server's numbers, in Prometheus' text format. Counters may be raised from any thread and cost
 * an uncontended add; gauges are read at the scrape.
 */
public final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter events =
      counter("sluice_events_total", "Events appended to logs, tokens included.");
  private final Counter runs =
      labelled("sluice_runs_ended_total", "Runs that ended, by how they ended.", "ending");
  private final Gauge streams =
      Gauge.builder()
          .name("sluice_streams")
          .help("Streams that are open.")
          .labelNames("client")
          .register(registry);
  private final Counter closes =
      labelled("sluice_streams_closed_total", "Streams that ended, by reason.", "reason");
  private final Counter refusals =
      labelled("sluice_refusals_total", "Requests answered with a problem, by code.", "code");
  private final Counter sentBytes =
      counter("sluice_stream_bytes_total", "Bytes handed to the channels of streams.");
  private final Counter upstreamErrors =
      labelled("sluice_upstream_errors_total", "Upstream calls that failed, by code.", "code");

  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  public void eventAppended() {
    events.inc();
  }

  public void runEnded(String ending) {
    runs.labelValues(ending).inc();
  }

  public void streamOpened(String client) {
    streams.labelValues(client).inc();
  }

  public void streamClosed(String client, String reason) {
    streams.labelValues(client).dec();
    closes.labelValues(reason).inc();
  }

  public void refused(String code) {
    refusals.labelValues(code).inc();
  }

  public void streamBytes(int byteCount) {
    sentBytes.inc(byteCount);
  }

  public void upstreamFailed(String code) {
    upstreamErrors.labelValues(code).inc();
  }

  /** Publishes a number that is read when somebody asks. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** The media type of {@link #write}. */
  public String contentType() {
    return writer.getContentType();
  }

  /** Writes all numbers. */
  public void write(OutputStream out) throws IOException {
    writer.write(out, registry.scrape());
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name(name).help(help).register(registry);
  }

  private Counter labelled(String name, String help, String label) {
    return Counter.builder().name(name).help(help).labelNames(label).register(registry);
  }
}
