package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.ContractJudge;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.SseJudge;
import dev.sluice.loadtest.check.StreamCheck;
import dev.sluice.loadtest.check.StreamJudge;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.plan.Dialect;
import dev.sluice.loadtest.plan.Form;
import dev.sluice.loadtest.plan.Lanes;
import dev.sluice.loadtest.plan.LoadSpec;
import dev.sluice.loadtest.plan.MishapSpec;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Template;
import dev.sluice.loadtest.plan.Timetable;
import java.nio.charset.StandardCharsets;

/** Makes what each stream needs: the request it asks with, and the judge of what comes. */
final class StreamJudges {
  private final RunSpec spec;
  private final Timetable timetable;
  private final TokenText text;
  private final FaultLog faults;
  private final Lanes lanes;

  StreamJudges(RunSpec spec, Timetable timetable, TokenText text, FaultLog faults) {
    this.lanes = Lanes.of(spec.load(), spec.mishaps());
    this.spec = spec;
    this.timetable = timetable;
    this.text = text;
    this.faults = faults;
  }

  StreamJudge judge(String where, int chat, StreamJudge.Listener listener) {
    Dialect dialect = spec.dialect();
    boolean known = spec.load().publish().byRig();
    // A stream that is only held expects no token, and has to stay silent.
    int tokens = known ? timetable.tokens(chat) : 0;
    if (dialect.form() == Form.CONTRACT) {
      boolean own = spec.load().publish() == Publish.OWN;
      StreamCheck check = own ? StreamCheck.ofOwn(where, faults) : published(where, chat, tokens);
      return new ContractJudge(where, check, lanes.mayBeCut(chat), faults, listener);
    }
    return spec.load().publish() == Publish.OWN
        ? SseJudge.ofOwn(where, dialect.textKey(), faults, listener)
        : SseJudge.ofPublished(
            where, chat, tokens, text, dialect.textKey(), dialect.completes(), faults, listener);
  }

  private StreamCheck published(String where, int chat, int tokens) {
    LoadSpec load = spec.load();
    // Where nothing is done to anybody, nobody has to miss anything.
    boolean calm = spec.mishaps().equals(MishapSpec.NONE) && spec.readers().allBrisk();
    StreamCheck check =
        StreamCheck.of(where, calm ? null : faults.told(), faults)
            .expecting(load.runOf(chat), lanes.mayBeCut(chat), chat, tokens, text);
    if (load.runOf(chat) != null) {
      int second = load.chats() + chat;
      check.expecting(load.runOf(second), false, second, timetable.tokens(second), text);
    }
    return check;
  }

  /** The whole request, which resumes if the judge has seen an id. */
  String request(int chat, StreamJudge judge) {
    Dialect dialect = spec.dialect();
    String chatId = spec.chatId(chat);
    Template bodyTemplate = dialect.subscribeBody();
    String lastEventId = judge.lastEventId();
    StringBuilder request = new StringBuilder(bodyTemplate == null ? "GET " : "POST ");
    String path = dialect.subscribe().path().forChat(chatId);
    request.append(path);
    if (lanes.mayBeCut(chat)) {
      request.append(path.contains("?") ? '&' : '?').append("mode=follow");
    }
    request.append(" HTTP/1.1\r\nHost: ");
    request.append(dialect.subscribe().address().authority());
    request.append("\r\nAccept: text/event-stream\r\nUser-Agent: sluice-loadtest\r\n");
    if (lastEventId != null) {
      request.append("Last-Event-ID: ").append(lastEventId).append("\r\n");
    }
    if (bodyTemplate == null) {
      return request.append("\r\n").toString();
    }
    String body = bodyTemplate.forChat(chatId);
    request.append("Content-Type: application/json\r\nContent-Length: ");
    request.append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n\r\n");
    return request.append(body).toString();
  }
}
