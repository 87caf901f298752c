/**
 * What clients talk to: HTTP/1.1 calls in, server-sent events out.
 *
 * <p>A connection begins with the HTTP codec and a {@link dev.sluice.http.RequestHandler}. A call
 * that answers with a stream gives the connection away: the response head is written, the codec and
 * the handler leave the pipeline, and an {@link dev.sluice.http.SseStream} stays alone in it and
 * writes ready-made chunks. So an idle stream owns a handler and a cursor: no buffer, no timer, no
 * codec.
 *
 * <p>Everything of a connection happens on its event loop. Each loop has one {@link
 * dev.sluice.http.StreamLoop}: its wake-ups, its scratch memory and its only timer.
 *
 * <p>Specifications: RFC 9110 and 9112 (HTTP), RFC 9457 (problem documents), the WHATWG
 * specifications of server-sent events and CORS.
 */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
