package dev.sluice.agent;

import dev.sluice.chat.Chat;
import dev.sluice.chat.Chats;
import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventFault;
import dev.sluice.chat.EventNames;
import dev.sluice.chat.EventRules;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunListener;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes the events of chats from inside this process. Any thread; no call waits for a reader,
 * for another publisher or for the network.
 *
 * <p>{@link #start} begins a run, and the chat with it if there is none; what follows goes to the
 * run of that chat that was opened last. A run that is silent for the run idle timeout counts as
 * lost and is ended: {@link #touch} it while a long piece of work goes on.
 *
 * <p>What became of an event is the value of the call. {@link PublishResult#CHAT_GONE} and {@link
 * PublishResult#RUN_STOPPED} ask the producer to stop; what {@linkplain PublishResult#isForNow is
 * for now} means that the event was not taken, and may be later. Data is a string, a map, a list, a
 * number, a record: whatever Jackson writes as JSON; what it cannot write, and what the rules of
 * events do not allow, is an {@link IllegalArgumentException}, and nothing is published.
 */
public final class EventPublisher {
  private final Chats chats;
  private final @Nullable String runId;

  /** A publisher to the runs that were opened last. */
  public EventPublisher(Chats chats) {
    this(chats, null);
  }

  /** A publisher to the run that an {@link dev.sluice.chat.Upstream} was handed. */
  public static EventPublisher of(RunPublisher run) {
    return new EventPublisher(run.chats(), run.runId());
  }

  private EventPublisher(Chats chats, @Nullable String runId) {
    this.chats = chats;
    this.runId = runId;
  }

  /**
   * A publisher to one run by its name, for chats with several runs at once.
   *
   * @param run 1 to 200 characters without control characters and slashes; not used again in its
   *     chat once it has ended
   */
  public EventPublisher inRun(String run) {
    if (!EventRules.isId(run)) {
      throw new IllegalArgumentException(EventFault.RUN_ID.detail());
    }
    return new EventPublisher(chats, run);
  }

  /** Begins a run. A second {@code start} of the same run makes no event. */
  public PublishResult start(String chatId) {
    return publish(chatId, new EventDraft().event(EventNames.START));
  }

  /** Publishes a token that is a step on the way to the answer; null and empty make no event. */
  public PublishResult token(String chatId, @Nullable CharSequence text) {
    return token(chatId, TokenType.AGENT_REASONING, text);
  }

  /** Publishes a token; null and empty make no event. */
  public PublishResult token(String chatId, TokenType type, @Nullable CharSequence text) {
    return publish(chatId, new EventDraft().token(type, text == null ? "" : text));
  }

  /** Publishes what a model says to itself. */
  public PublishResult thinking(String chatId, CharSequence text) {
    return publish(chatId, new EventDraft().event("thinking").string(text));
  }

  /** Publishes what a tool has given; the event's type is {@code toolResponse}. */
  public PublishResult tool(String chatId, Object data) {
    return event(chatId, EventNames.TOOL, data);
  }

  /** Publishes which tools the model has asked for. */
  public PublishResult calledTools(String chatId, List<?> calls) {
    return event(chatId, EventNames.CALLED_TOOLS, calls);
  }

  /** Publishes all tools that were used up to now, with what went in and what came out. */
  public PublishResult usedTools(String chatId, List<?> tools) {
    return event(chatId, "usedTools", tools);
  }

  /** Publishes the agents' steps, all up to now. Not the token type of the same name. */
  public PublishResult agentReasoning(String chatId, List<?> steps) {
    return event(chatId, EventNames.AGENT_REASONING, steps);
  }

  /** Publishes who works next. */
  public PublishResult nextAgent(String chatId, String agentName) {
    return event(chatId, "nextAgent", agentName);
  }

  /** Publishes the documents that the answer rests on. */
  public PublishResult sourceDocuments(String chatId, List<?> documents) {
    return event(chatId, "sourceDocuments", documents);
  }

  /** Publishes pictures, files and the like that were made. */
  public PublishResult artifacts(String chatId, List<?> artifacts) {
    return event(chatId, "artifacts", artifacts);
  }

  /** Publishes what the answer has cost. */
  public PublishResult usage(String chatId, Object usage) {
    return event(chatId, EventNames.USAGE_METADATA, usage);
  }

  /**
   * Publishes what is to be known of the finished answer; {@code chatId} is put in. A second one of
   * the same run makes no event.
   */
  public PublishResult metadata(String chatId, Map<String, ?> metadata) {
    Map<String, @Nullable Object> complete = new LinkedHashMap<>();
    complete.put("chatId", chatId);
    complete.putAll(metadata);
    complete.put("chatId", chatId);
    return event(chatId, EventNames.METADATA, complete);
  }

  /**
   * Publishes an event of any name.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 _ . -}, a letter first
   */
  public PublishResult custom(String chatId, String name, @Nullable Object data) {
    return event(chatId, name, data);
  }

  /**
   * Publishes an error; the run ends with it.
   *
   * @param message for people
   */
  public PublishResult error(String chatId, CharSequence message) {
    return publish(chatId, new EventDraft().event(EventNames.ERROR).string(message));
  }

  /**
   * Publishes an error; the run ends with it.
   *
   * @param message for people
   * @param detail for machines, {@code code} first of all
   */
  public PublishResult error(String chatId, CharSequence message, Map<String, ?> detail) {
    EventDraft draft = new EventDraft().event(EventNames.ERROR).string(message);
    return publish(chatId, draft.extra("detail", json(detail)));
  }

  /** Gives the run up in the middle: it ends, with what was published so far. */
  public PublishResult abort(String chatId) {
    return publish(chatId, new EventDraft().event(EventNames.ABORT));
  }

  /** Ends the run. */
  public PublishResult end(String chatId) {
    return publish(chatId, new EventDraft().event(EventNames.END));
  }

  /** A sign of life, while there is nothing to publish; false if no such run is open. */
  public boolean touch(String chatId) {
    Chat chat = chats.find(chatId);
    String open = chat == null ? null : chat.openRunId(runId);
    if (chat == null || open == null) {
      return false;
    }
    chat.touch(open);
    return true;
  }

  /**
   * Has a listener told that the run was ended from outside, or that nobody reads any more; a run
   * may have several listeners. To be called after {@link #start}. If the chat is gone, or the run
   * was ended from outside already, the listener is told at once.
   */
  public void listen(String chatId, RunListener listener) {
    chats.listen(chatId, runId, listener);
  }

  private PublishResult event(String chatId, String name, @Nullable Object data) {
    EventDraft draft = new EventDraft().event(name);
    if (data instanceof CharSequence text) {
      return publish(chatId, draft.string(text));
    }
    String json = json(data);
    if (json.startsWith("\"")) {
      // An enum, a date: a string after all.
      return publish(chatId, draft.string(JsonMapper.shared().readValue(json, String.class)));
    }
    return publish(chatId, draft.json(json));
  }

  /** Publishes an event; only with the start of a run may a chat begin. */
  private PublishResult publish(String chatId, EventDraft draft) {
    if (!EventRules.isId(chatId)) {
      throw new IllegalArgumentException(
          "a chat id is 1 to 200 characters without control characters or /");
    }
    EventFault fault = EventRules.complete(draft.run(runId));
    if (fault != null) {
      throw new IllegalArgumentException(fault.detail());
    }
    return EventRules.isStart(draft)
        ? chats.publish(chatId, draft)
        : chats.publishToExisting(chatId, draft);
  }

  private static String json(@Nullable Object data) {
    try {
      String json = JsonMapper.shared().writeValueAsString(data);
      boolean oneLine = json.indexOf('\n') < 0 && json.indexOf('\r') < 0;
      // More than one line comes only of raw JSON, which Jackson hands on unread.
      return oneLine ? json : JsonMapper.shared().readTree(json).toString();
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the data cannot be written as JSON", e);
    }
  }
}
