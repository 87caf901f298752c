package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static dev.sluice.chat.Drafts.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract's section on events and their order: what is published, and what a reader gets. */
class PublishRulesTest {
  private static final String START = "start \"\"";
  private static final String END = "end \"[DONE]\"";
  private static final String ABORT = "abort \"[DONE]\"";
  private static final String A = "token \"a\" finalResponse";

  static Stream<Arguments> oneRun() {
    return Stream.of(
        row("a start is made", List.of(token("a"), event("end")), START, A, END),
        row(
            "a start is kept",
            List.of(text("start", "s"), token("a"), event("end")),
            "start \"s\"",
            A,
            END),
        row(
            "a second start is swallowed",
            List.of(event("start"), token("a"), text("start", "s"), event("end")),
            START,
            A,
            END),
        row(
            "INPROGRESS plays the part of start",
            List.of(text("agentFlowEvent", "INPROGRESS"), event("start"), token("a"), event("end")),
            "agentFlowEvent \"INPROGRESS\"",
            A,
            END),
        row(
            "INPROGRESS later on does not",
            List.of(token("a"), text("agentFlowEvent", "INPROGRESS"), event("end")),
            START,
            A,
            "agentFlowEvent \"INPROGRESS\"",
            END),
        row(
            "any other flow event does not",
            List.of(text("agentFlowEvent", "FINISHED"), json("agentFlowEvent", "[1]")),
            START,
            "agentFlowEvent \"FINISHED\"",
            "agentFlowEvent [1]"),
        row(
            "a start is made in front of anything",
            List.of(json("usedTools", "[{\"tool\":1}]")),
            START,
            "usedTools [{\"tool\":1}]"),
        row(
            "metadata once",
            List.of(token("a"), json("metadata", "{\"n\":1}"), json("metadata", "{\"n\":2}")),
            START,
            A,
            "metadata {\"n\":1}"),
        row(
            "metadata first",
            List.of(json("metadata", "{}"), event("end")),
            START,
            "metadata {}",
            END),
        row("an error ends", List.of(token("a"), text("error", "e")), START, A, "error \"e\"", END),
        row("an error alone", List.of(text("error", "e")), START, "error \"e\"", END),
        row(
            "an error with detail",
            List.of(with("detail", "{\"code\":\"c\"}", text("error", "e"))),
            START,
            "error \"e\" detail={\"code\":\"c\"}",
            END),
        row(
            "the end after an error is swallowed",
            List.of(text("error", "e"), event("end"), event("abort")),
            START,
            "error \"e\"",
            END),
        row("an abort ends", List.of(token("a"), event("abort")), START, A, ABORT, END),
        row(
            "the end after an abort is swallowed",
            List.of(token("a"), event("abort"), event("end")),
            START,
            A,
            ABORT,
            END),
        row("an end without a run", List.of(event("end"), event("abort"))),
        row("a start and an end", List.of(event("start"), event("end")), START, END),
        row(
            "empty tokens make no run",
            List.of(token(""), new EventDraft().event("token").json("null").type(type()))),
        row(
            "empty tokens make no event",
            List.of(token("a"), token(""), nullToken(), token("b"), event("end")),
            START,
            "token \"ab\" finalResponse",
            END),
        row(
            "a tool has the type of a tool",
            List.of(json("tool", "{\"n\":1}")),
            START,
            "tool {\"n\":1} toolResponse"),
        row(
            "a type that was given is kept",
            List.of(text("thinking", "t").type(TokenType.AGENT_REASONING)),
            START,
            "thinking \"t\" agentReasoning"),
        row(
            "further keys are kept in order",
            List.of(with("z", "1", with("b", "[2]", json("x-y.z_1", "{\"k\":null}")))),
            START,
            "x-y.z_1 {\"k\":null} b=[2] z=1"),
        row(
            "a run after a run",
            List.of(token("a"), event("end"), token("a"), event("end")),
            START,
            A,
            END,
            START,
            A,
            END),
        row(
            "a named run carries its name",
            List.of(in("r1", token("a")), in("r1", json("metadata", "{}")), in("r1", event("end"))),
            "start \"\" run=\"r1\"",
            "token \"a\" finalResponse run=\"r1\"",
            "metadata {} run=\"r1\"",
            "end \"[DONE]\" run=\"r1\""),
        row(
            "an end of a run that never was",
            List.of(in("r1", event("end")), in("r1", event("abort")), in("r1", token("")))));
  }

  static Stream<Arguments> severalRuns() {
    return Stream.of(
        row(
            "an unnamed event goes to the run opened last",
            List.of(
                in("r1", event("start")),
                in("r2", event("start")),
                token("a"),
                in("r1", token("b")),
                token("c")),
            "start \"\" run=\"r1\"",
            "start \"\" run=\"r2\"",
            "token \"a\" finalResponse run=\"r2\"",
            "token \"b\" finalResponse run=\"r1\"",
            "token \"c\" finalResponse run=\"r2\""),
        row(
            "and to the one before when that is over",
            List.of(
                in("r1", event("start")),
                in("r2", event("start")),
                event("end"),
                token("a"),
                event("end")),
            "start \"\" run=\"r1\"",
            "start \"\" run=\"r2\"",
            "end \"[DONE]\" run=\"r2\"",
            "token \"a\" finalResponse run=\"r1\"",
            "end \"[DONE]\" run=\"r1\""),
        row(
            "an unnamed run beside a named one",
            List.of(token("a"), in("r1", token("b")), in("r1", event("end")), token("c")),
            START,
            A,
            "start \"\" run=\"r1\"",
            "token \"b\" finalResponse run=\"r1\"",
            "end \"[DONE]\" run=\"r1\"",
            "token \"c\" finalResponse"),
        row(
            "each run has one start and one metadata",
            List.of(
                in("r1", token("a")),
                in("r2", token("b")),
                in("r1", event("start")),
                in("r1", json("metadata", "{}")),
                in("r2", json("metadata", "{}")),
                in("r1", json("metadata", "{}")),
                in("r2", text("error", "e")),
                in("r1", event("end"))),
            "start \"\" run=\"r1\"",
            "token \"a\" finalResponse run=\"r1\"",
            "start \"\" run=\"r2\"",
            "token \"b\" finalResponse run=\"r2\"",
            "metadata {} run=\"r1\"",
            "metadata {} run=\"r2\"",
            "error \"e\" run=\"r2\"",
            "end \"[DONE]\" run=\"r2\"",
            "end \"[DONE]\" run=\"r1\""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"oneRun", "severalRuns"})
  void whatAReaderGets(String name, List<EventDraft> published, List<String> expected) {
    assertNotNull(name);
    Room room = new Room();
    room.publishAll(published);
    if (expected.isEmpty()) {
      assertNull(room.chats.find(Room.CHAT), "nothing happened, so there is no chat");
    } else {
      assertEquals(expected, room.all());
    }
  }

  /** The order of arrival does not matter to a reader that was there all the time. */
  @ParameterizedTest(name = "{0}")
  @MethodSource({"oneRun", "severalRuns"})
  void whatALiveReaderGets(String name, List<EventDraft> published, List<String> expected) {
    assertNotNull(name);
    Room room = new Room();
    Reading reading = room.read(new StartAt.Live());
    for (EventDraft draft : published) {
      room.publishAll(draft);
      reading.read();
    }
    assertEquals(Folded.of(expected), Folded.of(Frame.briefs(reading.frames)));
  }

  @Test
  void aNamedRunIsNotUsedAgain() {
    Room room = new Room();
    room.publishAll(in("r1", token("a")), in("r1", event("end")));
    assertEquals(PublishResult.RUN_ENDED, room.publish(in("r1", token("b"))));
    assertEquals(PublishResult.RUN_ENDED, room.publish(in("r1", event("start"))));
    assertEquals(PublishResult.ACCEPTED, room.publish(in("r1", event("end"))));
    assertEquals(3, room.chat().lastId().offset());
  }

  @Test
  void theEndingOfARunIsKnown() {
    Room room = new Room();
    room.publishAll(in("r1", token("a")), in("r1", event("end")));
    room.publishAll(in("r2", text("error", "e")), in("r3", event("start")));
    room.publishAll(in("r3", event("abort")), in("r4", token("a")));
    assertEquals(
        List.of(
            new RunState("r1", RunEnding.COMPLETED, 1, 3),
            new RunState("r2", RunEnding.FAILED, 4, 6),
            new RunState("r3", RunEnding.ABORTED, 7, 9),
            new RunState("r4", null, 10, 0)),
        room.chat().runStates());
  }

  @Test
  void stoppingEndsAllOpenRuns() {
    Room room = new Room();
    room.publishAll(in("r1", token("a")), in("r2", token("b")));
    room.chat().stop();
    assertEquals(
        List.of(
            "start \"\" run=\"r1\"",
            "token \"a\" finalResponse run=\"r1\"",
            "start \"\" run=\"r2\"",
            "token \"b\" finalResponse run=\"r2\"",
            "abort \"[DONE]\" run=\"r1\"",
            "end \"[DONE]\" run=\"r1\"",
            "abort \"[DONE]\" run=\"r2\"",
            "end \"[DONE]\" run=\"r2\""),
        room.all());
    room.chat().stop();
    assertEquals(8, room.chat().lastId().offset());
    assertEquals(RunEnding.STOPPED, room.chat().runStates().get(0).ending());
  }

  @Test
  void aStoppedRunTakesNothingMoreAndStartBeginsTheNext() {
    Room room = new Room();
    room.publishAll(token("a"));
    room.chat().stop();
    assertEquals(PublishResult.RUN_STOPPED, room.publish(token("b")));
    assertEquals(PublishResult.RUN_STOPPED, room.publish(json("metadata", "{}")));
    assertEquals(PublishResult.RUN_STOPPED, room.publish(text("error", "e")));
    assertEquals(PublishResult.ACCEPTED, room.publish(event("end")));
    assertEquals(PublishResult.ACCEPTED, room.publish(in("r9", token("c"))));
    assertEquals(PublishResult.ACCEPTED, room.publish(in("r9", event("end"))));
    room.publishAll(event("start"), token("d"), event("end"), token("e"));
    room.chat().stop();
    room.publishAll(text("agentFlowEvent", "INPROGRESS"), token("f"));
  }

  @Test
  void aStoppedNamedRunSaysSo() {
    Room room = new Room();
    room.publishAll(in("r1", token("a")));
    room.chat().stop();
    assertEquals(PublishResult.RUN_STOPPED, room.publish(in("r1", token("b"))));
    assertEquals(PublishResult.RUN_STOPPED, room.publish(in("r1", event("start"))));
    assertEquals(PublishResult.ACCEPTED, room.publish(in("r2", token("b"))));
  }

  @Test
  void asManyRunsAsMayBeOpen() {
    Room room = new Room();
    int max = Room.limits().maxOpenRunsPerChat();
    for (int i = 0; i < max; i++) {
      room.publishAll(in("r" + i, event("start")));
    }
    assertEquals(PublishResult.TOO_MANY_RUNS, room.publish(in("more", token("a"))));
    long before = room.chat().lastId().offset();
    room.publishAll(token("a"), in("r0", event("end")));
    assertEquals(before + 2, room.chat().lastId().offset());
    room.publishAll(in("more", token("a")));
  }

  @Test
  void stoppingAChatWithoutARunDoesNothing() {
    Room room = new Room();
    room.publishAll(event("start"), event("end"));
    room.chat().stop();
    assertEquals(2, room.chat().lastId().offset());
  }

  private static TokenType type() {
    return TokenType.FINAL_RESPONSE;
  }

  private static EventDraft nullToken() {
    return new EventDraft().event("token").json("null").type(type());
  }

  private static Arguments row(String name, List<EventDraft> published, String... expected) {
    return arguments(name, published, List.of(expected));
  }
}
