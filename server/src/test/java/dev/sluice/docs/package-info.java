/**
 * The documents of {@code server/docs}, read for the tests that hold them: each test stands where
 * what it needs is at hand, and reads its page through this.
 */
@NullMarked
package dev.sluice.docs;

import org.jspecify.annotations.NullMarked;
