/**
 * The model servers that Sluice itself calls, each behind {@link dev.sluice.chat.Upstream}.
 *
 * <p>{@link dev.sluice.upstream.OpenAiUpstream} speaks the streaming dialect of OpenAI's chat
 * completions, which most model servers speak too; {@link dev.sluice.upstream.FlowiseUpstream}
 * hands on the predictions of a Flowise server; {@link dev.sluice.upstream.DemoUpstream} answers by
 * itself when no model server is configured.
 *
 * <pre>
 * HttpClientCodec ─▶ UpstreamCall ─▶ UpstreamResponse ─▶ SseParser ─▶ AnswerReader ─▶ AnswerPublisher ─▶ chat
 *                    deadlines,      stream, document     events       the dialect's:  until the chat
 *                    how it ends     or refusal                        chunks, events  takes no more
 * </pre>
 *
 * <p>What differs between the dialects is a {@code Dialect}: the request, the reader of the answer,
 * and what else is to be done when a call is given up. Short calls beside a question (Flowise is
 * told to abort, or asked how a widget is to look) are a {@code SideCall}: bounded in size and
 * time, and no answer is an answer.
 *
 * <p>Each chunk is parsed from the buffer it arrived in and its token published before the next
 * read: an answer is never collected. The bounds are in bytes, per event and per assembled tool
 * call; beyond them the call fails.
 *
 * <h2>Threads</h2>
 *
 * <p>A call belongs to one event loop from its begin to its end; all its state is changed there.
 * Names are resolved on threads of their own, because the JDK's resolver blocks.
 *
 * <h2>Ways to end</h2>
 *
 * <p>Every call ends its run: with {@code end}, or with an {@code error} whose detail carries one
 * of the codes of {@link dev.sluice.upstream.UpstreamFault}. When the run was ended from outside,
 * by a stop for instance, the connection is closed at once and nothing more is published. Each call
 * leaves one line in the log: without keys, without what users and models said.
 *
 * <p>This room knows the chats, but not who reads them: never {@code dev.sluice.http}.
 */
@NullMarked
package dev.sluice.upstream;

import org.jspecify.annotations.NullMarked;
