/**
 * The chats: for each one log of events, the runs that write to it and the cursors that read it.
 *
 * <p>There is one path for reading. A live reader, one that fell behind, one that resumes and one
 * that joins late are all a {@link dev.sluice.chat.Cursor}: a position in the log. Whatever lies
 * between the position and the tail leaves in one write, adjacent tokens of one run and type
 * merged. Nothing is queued per reader, so a reader that stalls costs nothing but its place.
 *
 * <h2>Memory</h2>
 *
 * <p>A token is stored once, as the text that is sent. While a log's newest segment is written, a
 * token costs {@value dev.sluice.chat.OpenSegment#ENTRY_BYTES} bytes beside its text, and the part
 * of the segment that is still empty. When segments are full, and when the last open run ends, they
 * are folded: neighbouring tokens of one run and type become one entry, which knows the length of
 * each of them. Then a token costs its text and one byte, and a reader that joins copies whole
 * folds; one that resumes in the middle of a fold still gets exactly the rest. See {@link
 * dev.sluice.chat.Log} for why no reader notices.
 *
 * <p>There are three bounds on the heap, all in bytes. An event that is larger than its bound is
 * refused before it gets here. A log at its own bound sheds its oldest events; where a run pushes
 * back, not those that a connected reader still needs: then publishers are refused until it has
 * them ({@link dev.sluice.chat.PushBack}), here and when memory is short. All logs together, with
 * their chats and runs, have a budget; when seven eighths of it are used, the sweeper is woken and
 * makes room until a quarter is free, in this order:
 *
 * <ol>
 *   <li>chats that nobody uses (no run is open, nobody reads), those longest unused first;
 *   <li>the oldest events of the largest logs, until none is larger than a size that all can have;
 *       the newest segment of a log stays.
 * </ol>
 *
 * <p>Only while that is not enough, publishing is refused, except for what ends a run. Whoever
 * still needed what was shed gets a {@code gap} that names it, once: nothing is skipped in silence.
 * What is not counted: a reader, which has a place here and no memory, and events that wait for
 * their turn in a {@link dev.sluice.chat.Combiner}.
 *
 * <p>A chat is forgotten when it was not used for its time to live. At once, without waiting for
 * that, goes a chat whose log is still empty when its last reader leaves or its first event is
 * refused: nobody has an id of it, so nobody can come back and miss something. A chat with events
 * is kept even if all of its readers have seen its end: another tab, or a page that is loaded anew,
 * may want it.
 *
 * <h2>Threads</h2>
 *
 * <p>Anything may publish from any thread. One thread at a time appends to a chat: the one that
 * enters its {@link dev.sluice.chat.Combiner}; a thread that comes meanwhile leaves a copy of its
 * event there and goes on, and the one inside applies it. Nobody waits and no lock is held.
 *
 * <p>A cursor belongs to one event loop, and only that loop moves it. After an append the writer
 * marks each {@link dev.sluice.chat.Audience} (the cursors of one chat on one loop) dirty; the
 * first mark puts it on the loop's {@link dev.sluice.chat.Wakeups}, so a burst of appends costs one
 * wake.
 *
 * <p>Why no event is missed: the writer publishes the tail, then (full fence) looks at the mark;
 * the loop clears the mark (volatile), then looks at the tail. One of the two sees the other. The
 * benchmarks' module races both orders under jcstress: {@code WakeMarkStress}, and for the tail and
 * its folds {@code TailStress} and {@code FoldStress}.
 *
 * <p>This room knows no channel and no HTTP.
 */
@NullMarked
package dev.sluice.chat;

import org.jspecify.annotations.NullMarked;
