package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that gets SIGTERM goes in good order; one that gets it twice goes. */
class SigtermDrainsTest {
  private static final int ENDED_BY_SIGTERM = 128 + 15;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void anAnswerThatIsUnderWayIsReadToItsEndAndTheExitCodeIsZero() {
    try (ServerUnderTest server = ServerUnderTest.start("--drain-timeout-ms", "3600000")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.publishToken("One", "finalResponse");
      try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
        server.terminate();
        awaitUnready(server);
        chat.publishToken(" two", "finalResponse");
        chat.publishEnd();
        reader.awaitLast("end");
        assertEquals("One two", Frame.text(reader.messages(), "finalResponse"));
      }
      assertEquals(0, server.awaitExit(), server::log);
    }
  }

  @Test
  void aRunThatNobodyReadsIsWaitedForToo() {
    try (ServerUnderTest server = ServerUnderTest.start("--drain-timeout-ms", "3600000")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.publishToken("One", "finalResponse");
      server.terminate();
      awaitUnready(server);
      assertTrue(server.isAlive());
      chat.publishEnd();
      assertEquals(0, server.awaitExit(), server::log);
    }
  }

  @Test
  void anAnswerThatDoesNotEndInTimeIsLeftInGoodOrderToo() {
    try (ServerUnderTest server = ServerUnderTest.start("--drain-timeout-ms", "500")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.publishToken("One", "finalResponse");
      try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
        server.terminate();
        reader.awaitEnd();
        assertTrue(reader.lastLine().matches("retry:\\d+"), reader::lastLine);
      }
      assertEquals(0, server.awaitExit(), server::log);
    }
  }

  @Test
  void aServerWithNothingToDoGoesAtOnce() {
    try (ServerUnderTest server = ServerUnderTest.start("--drain-timeout-ms", "3600000")) {
      server.terminate();
      assertEquals(0, server.awaitExit(), server::log);
    }
  }

  @Test
  void aSecondOneEndsItNow() {
    try (ServerUnderTest server = ServerUnderTest.start("--drain-timeout-ms", "3600000")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.publishToken("One", "finalResponse");
      try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
        server.terminate();
        awaitUnready(server);
        assertTrue(server.isAlive());
        server.terminate();
        assertEquals(ENDED_BY_SIGTERM, server.awaitExit(), server::log);
        reader.awaitEnd();
        assertEquals(List.of("start", "token"), Frame.events(reader.messages()));
      }
    }
  }

  @Test
  @Needs(Tool.BROWSER)
  void aBrowserComesBackToTheNextServer() {
    String[] options = {"--retry-ms=200", "--drain-timeout-ms=3600000"};
    try (ServerUnderTest first = ServerUnderTest.start(options);
        Browser browser = Browser.start()) {
      ChatOverHttp chat = ChatOverHttp.fresh(first);
      browser.open(first.uri() + "/");
      browser.script(
          """
          window.text = "";
          window.errors = 0;
          window.source = new EventSource(arguments[0]);
          source.onerror = () => errors++;
          source.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            if (message.event === "token") text += message.data;
          };
          """,
          chat.uri("/stream?mode=follow").toString());
      chat.publishToken("One", "finalResponse");
      chat.publishEnd();
      browser.await("text === 'One'");
      first.terminate();
      assertEquals(0, first.awaitExit(), first::log);
      // It has found nobody there, and goes on trying.
      browser.await("errors > 1");
      String port = "--port=" + first.uri().getPort();
      try (ServerUnderTest second = ServerUnderTest.start(port, options[0])) {
        ChatOverHttp there = new ChatOverHttp(second, chat.chatId());
        there.publishToken(" two", "finalResponse");
        browser.await("text === 'One two'");
      }
    }
  }

  private static void awaitUnready(ServerUnderTest server) {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(server.uri() + "/readyz"))
            .timeout(Deadline.PATIENCE)
            .build();
    Deadline.await(
        () -> {
          try {
            HttpResponse<String> answer = HTTP.send(ready, BodyHandlers.ofString());
            return answer.statusCode() == 503 && answer.body().equals("draining\n");
          } catch (IOException e) {
            throw new AssertionError("gone already\n" + server.log(), e);
          } catch (InterruptedException e) {
            throw Deadline.interrupted(e);
          }
        },
        server::log);
  }
}
