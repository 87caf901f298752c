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
 * <p>A server that goes is drained by {@link dev.sluice.http.Drain}: nothing new is let in, open
 * runs come to their end, and only then is the listening socket closed and who is left sent away,
 * evenly, as {@link dev.sluice.http.DrainPlan} has it.
 *
 * <p>The page that {@code GET /} answers with is a few ES modules without a build step. It turns
 * Markdown into elements from the tokens of one library, markdown-it, and never has text parsed as
 * HTML; so its policy can forbid that altogether, and no sanitizer is needed. The library's file is
 * taken out of its Maven package when the server is built.
 *
 * <p>A copy of the page may live on another origin: the file {@code index.html}, and all files
 * beside it in a directory {@code page}. Opened as {@code ?edge=https://sluice.example}, it calls
 * that server, which has to list the copy's origin in {@code cors-origins}. The policy in the
 * copy's own {@code index.html} lets it call any http or https address: whoever hosts one sends a
 * {@code Content-Security-Policy} with {@code connect-src} and that one server, so that a link with
 * another {@code edge} cannot make the copy talk to a stranger. The page that this server sends
 * calls nobody else, whatever its address says.
 *
 * <p>Specifications: RFC 9110 and 9112 (HTTP), RFC 9457 (problem documents), the WHATWG
 * specifications of server-sent events and CORS; for the page Content Security Policy, level 3, and
 * Trusted Types.
 */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
