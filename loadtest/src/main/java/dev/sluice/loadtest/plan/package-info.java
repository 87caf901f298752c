/**
 * What a run is to do, fixed before it begins: the settings, the order of the events and the time
 * at which each one is due. Everything here is a value or a pure function.
 */
@NullMarked
package dev.sluice.loadtest.plan;

import org.jspecify.annotations.NullMarked;
