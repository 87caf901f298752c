/**
 * What Sluice promises, held over real sockets: each test is named after the promise. The HTTP and
 * server-sent-events client here is the tests' own, down to the single byte.
 */
@NullMarked
package dev.sluice.promises;

import org.jspecify.annotations.NullMarked;
