/**
 * Events to bytes, and nothing else: no clock, no thread, no socket.
 *
 * <p>{@link dev.sluice.frame.FrameFormat} is the one class that knows how a frame looks on the
 * wire. A token is stored as the escaped JSON text between its quotes. Escaping is a homomorphism,
 * {@code escape(a) + escape(b) = escape(a + b)}, so tokens are merged by laying their stored bytes
 * side by side between one prefix and one suffix; nothing is parsed or escaped again. The one spot
 * where this needs care is a surrogate pair that was split over two tokens: each half is stored as
 * its {@code \\uXXXX} escape, and the two escapes in a row read as the pair again.
 */
@NullMarked
package dev.sluice.frame;

import org.jspecify.annotations.NullMarked;
