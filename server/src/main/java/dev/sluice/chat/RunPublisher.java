package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import org.jspecify.annotations.Nullable;

/**
 * What a producer inside this process writes one run with. Never blocks. One thread at a time;
 * which one does not matter.
 */
public final class RunPublisher {
  private final Chat chat;
  private final Run run;
  private final EventDraft draft = new EventDraft();
  private volatile @Nullable String failure;
  private volatile @Nullable String chatMessageId;

  RunPublisher(Chat chat, Run run) {
    this.chat = chat;
    this.run = run;
  }

  public String chatId() {
    return chat.chatId();
  }

  /** The chats that this run's chat is one of. */
  public Chats chats() {
    return chat.chats();
  }

  public String runId() {
    return run.runId();
  }

  /**
   * Subscribes to this run alone, from its start. On the loop of {@code wakeups}.
   *
   * @return null if the chat is gone
   */
  public @Nullable Cursor subscribe(Wakeups wakeups, Cursor.Reader reader) {
    return subscribe(new StartAt.CurrentRun(), wakeups, reader);
  }

  /** As {@link #subscribe(Wakeups, Cursor.Reader)}, from elsewhere. */
  public @Nullable Cursor subscribe(StartAt startAt, Wakeups wakeups, Cursor.Reader reader) {
    return chat.join(startAt, run.runId(), wakeups, reader);
  }

  /** How the run ended, or null while it is open. */
  public @Nullable RunEnding ending() {
    return run.ending();
  }

  /** What {@link #error} was called with, or null. */
  public @Nullable String failure() {
    return failure;
  }

  /** What the producer itself calls this answer, or null if it leaves that to who asked. */
  public @Nullable String chatMessageId() {
    return chatMessageId;
  }

  /** Says what the producer itself calls this answer. */
  public void chatMessageId(String id) {
    chatMessageId = id;
  }

  /**
   * Says how its tokens are paced for readers that say nothing themselves; before its first token.
   *
   * @param batchMs as {@link Upstream#batchMs}
   */
  public void batchMs(int batchMs) {
    run.batchMs(batchMs);
  }

  /**
   * From now on everything that is published is taken, though there be no room for it: the producer
   * looks at {@link #hasRoom} before it reads on. For producers that can stop reading, but can not
   * give back what they have read.
   */
  public void looksForRoom() {
    run.patient();
  }

  /**
   * False if there is no room for more at the moment: the producer is to ask again in a little
   * while. Any thread.
   */
  public boolean hasRoom() {
    return !isOverBudget() && chat.hasRoom();
  }

  /** True if all logs together have no room, whatever this one has. Any thread. */
  public boolean isOverBudget() {
    return chats().budget().isExhausted();
  }

  /** Publishes a token; an empty one makes no event. */
  public PublishResult token(TokenType type, CharSequence text) {
    return publish(draft.token(type, text));
  }

  /** Publishes an event whose data is a string. */
  public PublishResult text(String name, CharSequence text) {
    return publish(draft.event(name).string(text));
  }

  /** Publishes an event whose data is finished JSON, on one line and not a string. */
  public PublishResult json(String name, CharSequence dataJson) {
    return publish(draft.event(name).json(dataJson));
  }

  /**
   * Publishes an event of any kind; the draft stays the caller's.
   *
   * @throws IllegalArgumentException if the draft breaks the rules of {@link EventRules}
   */
  public PublishResult event(EventDraft event) {
    return publish(event);
  }

  /**
   * Publishes an error; the run ends with it.
   *
   * @param message for people
   * @param detailJson for machines: a finished JSON object
   */
  public PublishResult error(CharSequence message, CharSequence detailJson) {
    failure = message.toString();
    return publish(draft.event(EventNames.ERROR).string(message).extra("detail", detailJson));
  }

  /** Ends the run. */
  public PublishResult end() {
    return publish(draft.event(EventNames.END));
  }

  /**
   * From now on a silence of the run idle timeout counts as the loss of the producer, as it does
   * for producers outside of this process. For producers that do not vouch for ending their runs.
   */
  public void watch() {
    run.watch();
  }

  /** Says what becomes of the run when its last reader goes; it goes on if nothing is said. */
  public void unreadPolicy(UnreadPolicy policy) {
    run.unreadPolicy(policy);
  }

  /**
   * Has a listener told what happens to the run; there may be several. If it has been ended from
   * outside already, the listener is called at once.
   */
  public void listen(RunListener listener) {
    chat.listen(run, listener);
  }

  private PublishResult publish(EventDraft event) {
    EventFault fault = EventRules.complete(event);
    if (fault != null) {
      throw new IllegalArgumentException(fault.detail());
    }
    return chat.publish(run, event, false);
  }
}
