/**
 * Does the run over real sockets.
 *
 * <p>Threads: the caller of {@link dev.sluice.loadtest.rig.LoadRun#run} leads through the phases
 * and waits; the receiving loops own the subscribers, one loop each; one publishing loop owns all
 * publish connections. What crosses threads is either a recorder or a counter of {@code measure},
 * the fault log, or volatile.
 *
 * <p>What goes wrong on purpose is planned before the run, by its seed: the leading thread lets it
 * happen when it is due, the subscriber or publish connection that it is about carries it out on
 * its own loop and comes back. A stream that something happened to is checked like all others, and
 * not measured.
 *
 * <p>The load is open: an event is due at its time whatever the target does. The rig never slows
 * down to spare the target, and when it could not keep its own times it says so instead of
 * reporting kind figures.
 */
@NullMarked
package dev.sluice.loadtest.rig;

import org.jspecify.annotations.NullMarked;
