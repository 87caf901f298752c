package dev.sluice.loadtest.plan;

/**
 * What the rig demands of itself before it stands by its figures.
 *
 * @param minRatePercent the least share of the intended rate that it must have reached
 * @param maxLatenessMs the most by which the 99th percentile of its own events, sent or timed, may
 *     be late
 */
public record RigLimits(double minRatePercent, double maxLatenessMs) {}
