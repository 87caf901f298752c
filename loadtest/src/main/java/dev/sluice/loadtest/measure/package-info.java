/** The histograms and counters of a run. All are safe to write from any thread. */
@NullMarked
package dev.sluice.loadtest.measure;

import org.jspecify.annotations.NullMarked;
