package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.ContractJudge;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.SseJudge;
import dev.sluice.loadtest.check.StreamCheck;
import dev.sluice.loadtest.check.StreamJudge;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.plan.Dialect;
import dev.sluice.loadtest.plan.Form;
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

  StreamJudges(RunSpec spec, Timetable timetable, TokenText text, FaultLog faults) {
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
      StreamCheck check =
          spec.load().publish() == Publish.OWN
              ? StreamCheck.ofOwn(where, faults)
              : StreamCheck.ofPublished(where, chat, tokens, text, faults);
      return new ContractJudge(where, check, faults, listener);
    }
    return spec.load().publish() == Publish.OWN
        ? SseJudge.ofOwn(where, dialect.textKey(), faults, listener)
        : SseJudge.ofPublished(
            where, chat, tokens, text, dialect.textKey(), dialect.completes(), faults, listener);
  }

  /** The whole request, which resumes if the judge has seen an id. */
  String request(int chat, StreamJudge judge) {
    Dialect dialect = spec.dialect();
    String chatId = spec.chatId(chat);
    Template bodyTemplate = dialect.subscribeBody();
    String lastEventId = judge.lastEventId();
    StringBuilder request = new StringBuilder(bodyTemplate == null ? "GET " : "POST ");
    request.append(dialect.subscribe().path().forChat(chatId)).append(" HTTP/1.1\r\nHost: ");
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
