package dev.sluice.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Quantiles;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Instant;

/** The process's own numbers, under the names that Prometheus' clients give them everywhere. */
final class ProcessMetrics {
  private static final double MS_PER_S = 1000;
  private static final double NANOS_PER_S = 1e9;

  private ProcessMetrics() {}

  static void register(PrometheusRegistry registry) {
    ProcessHandle process = ProcessHandle.current();
    CounterWithCallback.builder()
        .name("process_cpu_seconds_total")
        .help("CPU time that the process has used, in seconds.")
        .callback(
            counter ->
                process
                    .info()
                    .totalCpuDuration()
                    .ifPresent(used -> counter.call(used.toNanos() / NANOS_PER_S)))
        .register(registry);
    double startS = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L) / MS_PER_S;
    GaugeWithCallback.builder()
        .name("process_start_time_seconds")
        .help("When the process was started, in seconds since 1970.")
        .callback(gauge -> gauge.call(startS))
        .register(registry);
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    GaugeWithCallback.builder()
        .name("jvm_memory_used_bytes")
        .help("Memory of the JVM that is in use, in bytes.")
        .labelNames("area")
        .callback(
            gauge -> {
              gauge.call((double) memory.getHeapMemoryUsage().getUsed(), "heap");
              gauge.call((double) memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("jvm_memory_max_bytes")
        .help("Memory that the JVM may use, in bytes; -1 for no limit.")
        .labelNames("area")
        .callback(
            gauge -> {
              gauge.call((double) memory.getHeapMemoryUsage().getMax(), "heap");
              gauge.call((double) memory.getNonHeapMemoryUsage().getMax(), "nonheap");
            })
        .register(registry);
    SummaryWithCallback.builder()
        .name("jvm_gc_collection_seconds")
        .help("Time that garbage collectors have taken, in seconds.")
        .labelNames("gc")
        .callback(
            summary -> {
              for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
                summary.call(
                    each.getCollectionCount(),
                    each.getCollectionTime() / MS_PER_S,
                    Quantiles.EMPTY,
                    each.getName());
              }
            })
        .register(registry);
  }
}
