/**
 * The load tool of Sluice: opens streams, publishes on an open-loop schedule, checks every byte
 * that comes back and measures how late each token was.
 *
 * <p>The command line is here; {@code plan} says what a run is to do, {@code rig} does it over
 * sockets, {@code wire} reads what comes back, {@code check} judges it, {@code measure} counts it,
 * {@code target} looks at the process under load, {@code report} writes the result down, {@code
 * rival} holds servers to compare with.
 *
 * <p>Nothing here uses the server's classes. A second, independent reading of the contract is what
 * makes a pass evidence.
 */
@NullMarked
package dev.sluice.loadtest;

import org.jspecify.annotations.NullMarked;
