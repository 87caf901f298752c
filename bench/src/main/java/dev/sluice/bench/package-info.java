/**
 * What is done with the benchmarks: the gate that keeps allocation from creeping in, and the table
 * of the full set. The benchmarks themselves stand in the packages that they measure.
 *
 * <h2>Why allocation is gated and time is not</h2>
 *
 * <p>Bytes allocated per operation hardly depend on the machine or on what else it does; a time
 * does. So {@link dev.sluice.bench.Gate} compares the bytes with those of {@code
 * bench/baseline.json}, and times are written down and shown as ratios to what else was measured in
 * the same run.
 *
 * <h2>Rivals</h2>
 *
 * <p>In a class whose benchmarks compare, the name of our own way begins with {@code sluice}; the
 * others are rivals, which are measured and never gated. In any other class all are our own.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
