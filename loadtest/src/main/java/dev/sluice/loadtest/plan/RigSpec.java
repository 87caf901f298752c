package dev.sluice.loadtest.plan;

import org.jspecify.annotations.Nullable;

/**
 * How the rig goes about it.
 *
 * @param connectsInFlight how many streams may be between connect and response head
 * @param loops how many event loops receive
 * @param transport the transport, or null for the best that is there
 * @param timeoutSeconds after this the run stops, however far it came
 * @param settleSeconds after the last publish, so long without a frame received means that no more
 *     will come
 * @param pid the target's process, or null if it is not to be looked at
 * @param limits what the rig demands of itself
 * @param maxIdleBytes the most live heap that the target may take for an idle stream; 0 for any
 * @param maxGrowthBytes the most that its resident memory may grow by in a run with stalled
 *     readers; 0 for any
 */
public record RigSpec(
    int connectsInFlight,
    int loops,
    @Nullable Transport transport,
    int timeoutSeconds,
    int settleSeconds,
    @Nullable Long pid,
    RigLimits limits,
    long maxIdleBytes,
    long maxGrowthBytes) {}
