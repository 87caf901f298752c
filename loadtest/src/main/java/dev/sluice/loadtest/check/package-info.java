/**
 * Judges one stream: is every token there, once, in its order, on its own stream, between one
 * {@code start} and one {@code end}?
 *
 * <p>Each token names its stream and its index, so a mismatch is not only seen but told apart:
 * lost, doubled, reordered, misrouted or altered.
 */
@NullMarked
package dev.sluice.loadtest.check;

import org.jspecify.annotations.NullMarked;
