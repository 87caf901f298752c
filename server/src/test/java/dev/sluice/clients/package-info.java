/**
 * The published clients of the contract, unmodified, against a server in a process of its own. Each
 * of them proves what no test inside the server's process can: that a program which has never heard
 * of Sluice reads its streams.
 *
 * <p>The server is in this process only where the test has to write the answers itself (see {@link
 * dev.sluice.clients.HandAnsweredServer}).
 *
 * <p>The node packages are installed with {@code npm ci} in {@code server/src/test/clients}.
 * flowise-embed is one bundle with all it needs, so the packages that it was built from are
 * overridden there by an empty one. Python's packages and nginx come from the distribution. Where a
 * tool is missing its tests are reported as skipped, with the reason (see {@link
 * dev.sluice.clients.Needs}). All waiting is for a thing to happen, with a deadline that only a
 * failure reaches.
 */
@NullMarked
package dev.sluice.clients;

import org.jspecify.annotations.NullMarked;
