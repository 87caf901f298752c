package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each flow says what becomes of an answer that nobody reads any more. */
@SuppressWarnings("NullAway.Init")
class LastReaderGoneTest {
  private static final String CONFIG =
      """
      flows:
        continue: {url: URL}
        cancel: {url: URL, on-last-reader-gone: cancel}
        soon: {url: URL, on-last-reader-gone: cancel-after, last-reader-grace-ms: 200}
        patient: {url: URL, on-last-reader-gone: cancel-after, last-reader-grace-ms: 3600000}
        other: {url: OTHER, on-last-reader-gone: cancel}
      """;

  @TempDir private Path directory;

  private SteppedModel model;
  private SteppedModel other;
  private ServerUnderTest server;
  private ChatOverHttp chat;

  @BeforeEach
  void start() throws IOException {
    model = SteppedModel.start();
    other = SteppedModel.start();
    Path config = directory.resolve("sluice.yaml");
    Files.writeString(
        config, CONFIG.replace("URL", model.uri() + "/v1").replace("OTHER", other.uri() + "/v1"));
    server = ServerUnderTest.start("--config", config.toString());
    chat = ChatOverHttp.fresh(server);
  }

  @AfterEach
  void stop() {
    server.close();
    model.close();
    other.close();
  }

  @Test
  void ordinarilyTheAnswerGoesOn() {
    readAndLeave("continue");
    model.say(" on");
    model.finish();
    awaitRun("completed");
    assertEquals("said on", Frame.text(chat.messages("from=start"), "finalResponse"));
  }

  @Test
  void withCancelItIsStoppedAtOnce() {
    readAndLeave("cancel");
    awaitRun("stopped");
    assertStopped();
  }

  @Test
  void withCancelAnAnswerThatNobodyHasReadGoesOn() {
    chat.ask("q", "cancel");
    model.say("said");
    model.finish();
    awaitRun("completed");
  }

  @Test
  void withCancelAfterItIsStoppedWhenNobodyCameBack() {
    readAndLeave("soon");
    awaitRun("stopped");
    assertStopped();
  }

  @Test
  void whoReloadsWithinTheGraceReadsOn() {
    readAndLeave("patient");
    model.say(" on");
    try (OpenStream again = OpenStream.get(chat.uri("/stream"))) {
      model.finish();
      again.awaitLast("end");
      assertEquals("said on", Frame.text(again.messages(), "finalResponse"));
    }
    awaitRun("completed");
  }

  @Test
  void aPredictionIsReadByItsOwnAnswer() {
    try (OpenStream asked = predict("cancel", true)) {
      model.say("said");
      asked.awaitLast("token");
    }
    awaitRun("stopped");
    assertStopped();
  }

  @Test
  void whoReadsAlongKeepsItAlive() {
    try (OpenStream along = OpenStream.get(chat.uri("/stream"))) {
      try (OpenStream asked = predict("cancel", true)) {
        model.say("said");
        asked.awaitLast("token");
      }
      Deadline.await(() -> chat.subscribers() == 1, () -> chat.state().toString());
      model.say(" on");
      model.finish();
      along.awaitLast("end");
      assertEquals("said on", Frame.text(along.messages(), "finalResponse"));
    }
    awaitRun("completed");
  }

  @Test
  void ofTwoPredictionsInOneChatOnlyTheOneThatIsLeftIsStopped() {
    try (OpenStream staying = predict("other", true)) {
      other.say("stays");
      staying.awaitLast("token");
      try (OpenStream leaving = predict("cancel", true)) {
        model.say("said");
        leaving.awaitLast("token");
      }
      awaitRuns("open", "stopped");
      other.finish();
      staying.awaitLast("end");
    }
    awaitRuns("completed", "stopped");
  }

  @Test
  @SuppressWarnings("try")
  void whoWaitsForAnAnswerInOnePieceReadsIt() {
    try (OpenRequest asked = OpenRequest.asking(predictionUri("cancel"), question(false))) {
      Deadline.await(chat::exists, () -> "no chat");
      model.say("said");
      Deadline.await(() -> chat.lastId().endsWith("-2"), () -> chat.state().toString());
    }
    awaitRun("stopped");
    assertStopped();
  }

  private void readAndLeave(String flow) {
    chat.ask("q", flow);
    try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
      model.say("said");
      reader.awaitLast("token");
    }
    Deadline.await(() -> chat.subscribers() == 0, () -> chat.state().toString());
  }

  private void assertStopped() {
    List<JsonNode> messages = chat.messages("from=start");
    assertEquals(List.of("start", "token", "abort", "end"), Frame.events(messages));
    assertEquals("said", Frame.text(messages, "finalResponse"));
    model.awaitHangUp();
  }

  private OpenStream predict(String flow, boolean streaming) {
    return OpenStream.post(predictionUri(flow), question(streaming));
  }

  private URI predictionUri(String flow) {
    return URI.create(server.uri() + "/api/v1/prediction/" + flow);
  }

  private String question(boolean streaming) {
    return "{\"question\":\"q\",\"chatId\":\""
        + chat.chatId()
        + "\",\"streaming\":"
        + streaming
        + "}";
  }

  private void awaitRun(String state) {
    awaitRuns(state);
  }

  private void awaitRuns(String... states) {
    Deadline.await(
        () -> {
          List<String> now =
              chat.state()
                  .path("runs")
                  .valueStream()
                  .map(run -> run.path("state").asString())
                  .toList();
          return now.equals(List.of(states));
        },
        () -> chat.state().toString());
  }
}
