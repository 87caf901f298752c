package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventNames;
import dev.sluice.chat.EventRules;
import dev.sluice.chat.ProducerState;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunEnding;
import dev.sluice.chat.RunState;
import dev.sluice.frame.Utf8Buffer;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one publishing request has done so far, and its answer. On the request's event loop. */
final class Publication {
  private final Exchange exchange;
  private final @Nullable String pathChatId;
  private @Nullable String lastChatId;
  private long accepted;
  private long dropped;
  private @Nullable ProducerState lastNumbered;

  /**
   * @param pathChatId the chat that the path names, or null if every event names its own
   */
  Publication(Exchange exchange, @Nullable String pathChatId) {
    this.exchange = exchange;
    this.pathChatId = pathChatId;
    lastChatId = pathChatId;
  }

  /** The chat that an event is for. */
  String chatOf(@Nullable String named) throws ProblemException {
    if (pathChatId == null) {
      if (named == null) {
        throw new ProblemException(
            Problem.badRequest("chat_id_missing", "here every event needs the key \"chatId\""));
      }
      return Exchange.requireChatId(named);
    }
    if (named != null && !named.equals(pathChatId)) {
      throw new ProblemException(
          Problem.badRequest(
              "chat_id_mismatch", "the event's \"chatId\" is not the one of the path"));
    }
    return pathChatId;
  }

  PublishResult publish(String chatId, EventDraft draft) throws ProblemException {
    if (exchange.edge().admission().isDraining()
        && !EventNames.endsRun(draft.name())
        && beginsRun(chatId, draft)) {
      throw Admission.draining();
    }
    PublishResult result = exchange.edge().chats().publish(chatId, draft);
    if (result == PublishResult.ACCEPTED) {
      lastChatId = chatId;
      accepted++;
      note(draft);
    }
    return result;
  }

  /** An event was left out because its run was stopped, which has been told. */
  void drop(String chatId, EventDraft draft) {
    dropped++;
    Chat chat = exchange.edge().chats().find(chatId);
    if (chat != null) {
      chat.drop(draft);
    }
  }

  private void note(EventDraft draft) {
    String producerId = draft.producerId();
    if (producerId != null) {
      lastNumbered = new ProducerState(producerId, draft.producerEpoch(), draft.seq());
    }
  }

  /** Tells at once that a run was stopped. */
  void tellStopped(String chatId, String runId) {
    Utf8Buffer line = new Utf8Buffer(128).put((byte) '{');
    if (pathChatId == null) {
      line.putAscii("\"chatId\":").putQuoted(chatId).put((byte) ',');
    }
    exchange.line(line.putAscii("\"stop\":").putQuoted(runId).put((byte) '}').toByteArray());
  }

  /** Answers once everything that was published is in its log. */
  void answer() {
    Chat chat = lastChat();
    if (chat == null) {
      write(null);
    } else {
      chat.afterPublished(() -> exchange.onLoop(() -> answer(chat)));
    }
  }

  private void answer(Chat chat) {
    ProducerState last = lastNumbered;
    if (last != null && !chat.isGone() && lastSeq(chat, last) < last.lastSeq()) {
      // Taken while another thread was appending, and found to be one too many only then.
      exchange.problem(gap(chat, last).with("accepted", accepted));
    } else {
      write(chat);
    }
  }

  /** Why an event is not taken. */
  ProblemException refusal(PublishResult result, String chatId, EventDraft draft) {
    String producerId = draft.producerId();
    boolean numbered = result == PublishResult.SEQ_GAP || result == PublishResult.PRODUCER_FENCED;
    if (producerId == null || !numbered) {
      return new ProblemException(refusal(result));
    }
    Chat chat = exchange.edge().chats().find(chatId);
    ProducerState sent = new ProducerState(producerId, draft.producerEpoch(), draft.seq());
    if (result == PublishResult.SEQ_GAP) {
      return new ProblemException(gap(chat, sent));
    }
    ProducerState known = chat == null ? null : state(chat, producerId);
    Problem problem = refusal(result);
    return new ProblemException(known == null ? problem : problem.with("epoch", known.epoch()));
  }

  private static Problem gap(@Nullable Chat chat, ProducerState sent) {
    long expected = chat == null ? 1 : lastSeq(chat, sent) + 1;
    return refusal(PublishResult.SEQ_GAP)
        .with("expectedSeq", expected)
        .with("receivedSeq", sent.lastSeq());
  }

  /** The newest number that was taken of that epoch. */
  private static long lastSeq(Chat chat, ProducerState sent) {
    ProducerState known = state(chat, sent.producerId());
    return known == null || known.epoch() < sent.epoch() ? 0 : known.lastSeq();
  }

  private static @Nullable ProducerState state(Chat chat, String producerId) {
    for (ProducerState state : chat.producerStates()) {
      if (state.producerId().equals(producerId)) {
        return state;
      }
    }
    return null;
  }

  /** Says in a problem how far the request had come: what was accepted before stands. */
  ProblemException at(ProblemException e, String place, long number) {
    Problem problem = e.problem().with(place, number).with("accepted", accepted);
    Chat chat = lastChat();
    return new ProblemException(
        chat == null ? problem : problem.with("lastId", chat.lastId().toString()));
  }

  /** True for what belongs to no run that there is, nor to one that was just stopped. */
  private boolean beginsRun(String chatId, EventDraft draft) {
    Chat chat = exchange.edge().chats().find(chatId);
    String run = draft.run();
    if (chat == null) {
      return true;
    }
    if (run != null) {
      return !chat.hasRun(run);
    }
    List<RunState> runs = chat.runStates();
    RunEnding ending = runs.isEmpty() ? null : runs.get(runs.size() - 1).ending();
    boolean afterStop = ending == RunEnding.STOPPED && !EventRules.isStart(draft);
    return chat.openRunId(null) == null && !afterStop;
  }

  private @Nullable Chat lastChat() {
    return lastChatId == null ? null : exchange.edge().chats().find(lastChatId);
  }

  private void write(@Nullable Chat chat) {
    Utf8Buffer answer = new Utf8Buffer(128).put((byte) '{');
    if (lastChatId != null) {
      answer.putAscii("\"chatId\":").putQuoted(lastChatId).put((byte) ',');
    }
    answer.putAscii("\"accepted\":").putDecimal(accepted);
    if (dropped > 0) {
      answer.putAscii(",\"dropped\":").putDecimal(dropped);
    }
    answer.putAscii(",\"lastId\":");
    if (chat == null) {
      answer.putAscii("null}");
    } else {
      answer.putQuoted(chat.lastId().toString()).put((byte) '}');
    }
    exchange.respond(HttpResponseStatus.OK, "application/json", answer.toByteArray());
  }

  static Problem refusal(PublishResult result) {
    HttpResponseStatus status =
        switch (result) {
          case RUN_STOPPED, RUN_ENDED, SEQ_GAP -> HttpResponseStatus.CONFLICT;
          case PRODUCER_FENCED -> HttpResponseStatus.FORBIDDEN;
          case TOO_MANY_RUNS, OVER_BUDGET, PUSHED_BACK -> HttpResponseStatus.TOO_MANY_REQUESTS;
          case TOO_MANY_CHATS -> HttpResponseStatus.SERVICE_UNAVAILABLE;
          case CHAT_GONE -> HttpResponseStatus.GONE;
          case ACCEPTED -> throw new IllegalArgumentException("not a refusal");
        };
    return new Problem(status, result.code(), result.detail());
  }
}
