package dev.sluice.loadtest.plan;

import dev.sluice.loadtest.target.TargetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one run.
 *
 * @param scenario the kind of load
 * @param target where to
 * @param runTag names the run; part of every chatId and the seed of all texts
 * @param streams how many streams, each on its own chat
 * @param warmUpTokens tokens of each stream that are checked but not measured, before the others
 * @param tokens tokens of each stream that are measured
 * @param rateEventsPerSecond how many events are due per second over all streams; {@code start} and
 *     {@code end} count
 * @param connections how many publish connections share the chats
 * @param connectsInFlight how many streams may be between connect and response head
 * @param loops how many event loops receive
 * @param transport the transport, or null for the best that is there
 * @param holdSeconds how long {@link Scenario#IDLE} holds the streams
 * @param timeoutSeconds after this the run stops, however far it came
 * @param settleSeconds after the last publish, so long without a byte received means that no more
 *     will come
 * @param pid the target's process, or null if it is not to be looked at
 * @param limits what the rig demands of itself
 */
public record RunSpec(
    Scenario scenario,
    TargetAddress target,
    String runTag,
    int streams,
    int warmUpTokens,
    int tokens,
    double rateEventsPerSecond,
    int connections,
    int connectsInFlight,
    int loops,
    @Nullable Transport transport,
    int holdSeconds,
    int timeoutSeconds,
    int settleSeconds,
    @Nullable Long pid,
    RigLimits limits) {

  /** The events in the order of their publishing. */
  public EventOrder order() {
    return new EventOrder(streams, warmUpTokens + tokens);
  }

  /** The first event whose lateness and latency count. */
  public long firstMeasured() {
    return order().sequence(0, warmUpTokens);
  }

  /** When they are due. */
  public ArrivalSchedule schedule() {
    return new ConstantRate(rateEventsPerSecond);
  }

  /**
   * The chat of a stream. Letters, digits and hyphens only, so that it needs no encoding anywhere.
   */
  public String chatId(int stream) {
    return "load-" + runTag + "-" + stream;
  }

  /** How long publishing takes if the rig keeps its schedule. */
  public double publishSeconds() {
    return scenario == Scenario.IDLE ? 0 : schedule().offsetNanos(order().size()) / 1e9;
  }
}
