package dev.sluice.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's numbers. What happens for each token is counted by each event loop for itself, in
 * its {@link LoopMetrics}, and summed up at the scrape. Everything else may be counted from any
 * thread and costs an uncontended add. Gauges are read at the scrape.
 */
public final class Metrics {
  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final LoopTotals loops;
  private final LongAdder events = new LongAdder();
  private final LongAdder postedEvents = new LongAdder();
  private final LongAdder runsWaiting = new LongAdder();
  private final LongAdder runsAnswering = new LongAdder();
  private final Counter runs =
      labelled("sluice_runs_ended_total", "Runs that ended, by how they ended.", "ending");
  private final Gauge streams =
      Gauge.builder()
          .name("sluice_streams")
          .help("Streams that are open.")
          .labelNames("client")
          .withoutExemplars()
          .register(registry);
  private final Counter closes =
      labelled("sluice_streams_closed_total", "Streams that ended, by reason.", "reason");
  private final Counter refusals =
      labelled("sluice_refusals_total", "Requests answered with a problem, by code.", "code");
  private final Counter upstreamErrors =
      labelled("sluice_upstream_errors_total", "Upstream calls that failed, by code.", "code");

  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  public Metrics() {
    this(InstantSource.system());
  }

  /**
   * @param clock for the time stamps of interval logs
   */
  public Metrics(InstantSource clock) {
    loops = new LoopTotals(clock);
    registry.register(loops);
    CounterWithCallback.builder()
        .name("sluice_events_total")
        .help("Events appended to logs, tokens included.")
        .callback(counter -> counter.call((double) events.sum()))
        .register(registry);
    CounterWithCallback.builder()
        .name("sluice_events_posted_total")
        .help("Those of them that came as JSON bodies, whose publishers wait for the answer.")
        .callback(counter -> counter.call((double) postedEvents.sum()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sluice_runs")
        .help("Runs that are open: those that wait for their first token, and the others.")
        .labelNames("state")
        .callback(
            gauge -> {
              gauge.call((double) runsWaiting.sum(), "waiting");
              gauge.call((double) runsAnswering.sum(), "answering");
            })
        .register(registry);
    ProcessMetrics.register(registry);
  }

  /** What one more event loop counts with. Any thread, once for each loop. */
  public LoopMetrics newLoop() {
    return loops.newLoop();
  }

  public void eventAppended() {
    events.increment();
  }

  /** An appended event came as a JSON body: its publisher waits for the answer. */
  public void eventPosted() {
    postedEvents.increment();
  }

  /** Events so far that came as JSON bodies. */
  public long postedEventCount() {
    return postedEvents.sum();
  }

  /** Events so far that came by lines, from upstreams and from agents: nobody waits for each. */
  public long streamedEventCount() {
    return events.sum() - postedEvents.sum();
  }

  public void runOpened() {
    runsWaiting.increment();
  }

  /** An open run has had its first token. */
  public void runAnswers() {
    runsWaiting.decrement();
    runsAnswering.increment();
  }

  /**
   * An open run is over.
   *
   * @param answered whether there was a first token
   */
  public void runEnded(String ending, boolean answered) {
    (answered ? runsAnswering : runsWaiting).decrement();
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

  public void upstreamFailed(String code) {
    upstreamErrors.labelValues(code).inc();
  }

  /** Says where a number is to be read when somebody asks. Once for each. */
  public void gauge(GaugeName name, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name.metricName())
        .help(name.help())
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /**
   * The media type of what {@link #write(OutputStream, String)} writes.
   *
   * @param accept the client's Accept field, or null
   */
  public String contentType(@Nullable String accept) {
    return writer(accept).getContentType();
  }

  /** Writes all numbers in Prometheus' text format. */
  public void write(OutputStream out) throws IOException {
    write(out, null);
  }

  /**
   * Writes all numbers: as OpenMetrics text for a client that accepts it, else in Prometheus' text
   * format.
   */
  public void write(OutputStream out, @Nullable String accept) throws IOException {
    writer(accept).write(out, registry.scrape());
  }

  /** How many values of that distribution there are. */
  public long valueCount(Distribution what) {
    return loops.count(what);
  }

  /**
   * The percentiles of that distribution since the start, as HdrHistogram's tools write and read
   * them ({@code .hgrm}).
   */
  public String percentiles(Distribution what) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8)) {
      loops.all(what).outputPercentileDistribution(print, what.fileScale());
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * That distribution interval by interval, as HdrHistogram's tools write and read it ({@code
   * .hlog}). The last ones are kept apart, the earlier ones are one.
   */
  public String intervalLog(Distribution what) {
    return loops.log(what);
  }

  /** Ends an interval of the interval logs and begins the next one. Any thread. */
  public void cutInterval() {
    loops.cut();
  }

  private ExpositionFormatWriter writer(@Nullable String accept) {
    return accept != null && accept.contains(OPEN_METRICS) ? openMetrics : text;
  }

  private Counter labelled(String name, String help, String label) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .withoutExemplars()
        .register(registry);
  }
}
