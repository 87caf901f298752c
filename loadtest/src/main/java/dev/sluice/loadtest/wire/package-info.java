/**
 * Reads the bytes of the contract: an HTTP/1.1 response, its chunks, and the frames inside them.
 *
 * <p>The parsers are incremental (any split of the bytes gives the same result) and strict: they
 * accept what the contract writes, not everything that SSE allows. They hold no clock and start no
 * thread; one instance belongs to one connection and is called by one thread at a time.
 */
@NullMarked
package dev.sluice.loadtest.wire;

import org.jspecify.annotations.NullMarked;
