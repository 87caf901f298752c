package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Needs(Tool.CURL)
class CurlTest {
  private static final String RETRY = "retry:\\d+\n";

  @TempDir Path directory;

  @Test
  void readsAFinishedRunAsMergedFramesByteForByte() {
    try (ServerUnderTest server = ServerUnderTest.start()) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.publishToken("I ", "agentReasoning");
      chat.publishToken("think.", "agentReasoning");
      chat.publishToken(" Zürich,\n", "finalResponse");
      chat.publishToken("\"漢字\" \\ ", "finalResponse");
      chat.publish("{\"event\":\"usageMetadata\",\"data\":{\"output_tokens\":4}}");
      chat.publishToken("🙂 done", "finalResponse");
      chat.publish("{\"event\":\"metadata\",\"data\":{\"chatId\":\"" + chat.chatId() + "\"}}");
      chat.publishEnd();
      String epoch = chat.state().path("epoch").asString();

      String body = get(chat, "from=start");

      String expected =
          """
          id:E-1
          retry:
          message:
          data:{"event":"start","data":""}

          id:E-3
          message:
          data:{"event":"token","data":"I think.","type":"agentReasoning"}

          id:E-5
          message:
          data:{"event":"token","data":" Zürich,\\n\\"漢字\\" \\\\ ","type":"finalResponse"}

          id:E-6
          message:
          data:{"event":"usageMetadata","data":{"output_tokens":4}}

          id:E-7
          message:
          data:{"event":"token","data":"🙂 done","type":"finalResponse"}

          id:E-8
          message:
          data:{"event":"metadata","data":{"chatId":"CHAT"}}

          id:E-9
          message:
          data:{"event":"end","data":"[DONE]"}

          """
              .replace("id:E-", "id:" + epoch + "-")
              .replace("CHAT", chat.chatId());
      assertEquals(expected, body.replaceFirst(RETRY, "retry:\n"));
      assertEquals(
          expected.replaceAll("id:.*\n", "").replace("retry:\n", ""),
          get(chat, "from=start&ids=off").replaceFirst(RETRY, ""));
    }
  }

  @Test
  void getsEachTokenWhileTheRunIsOpen() {
    try (ServerUnderTest server = ServerUnderTest.start()) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      try (Curl curl = start(chat, "ids=off", "live")) {
        StringBuilder expected = new StringBuilder(message("{\"event\":\"start\",\"data\":\"\"}"));
        for (String token : List.of("one", "_two", "_three")) {
          chat.publishToken(token, "finalResponse");
          expected.append(
              message(
                  "{\"event\":\"token\",\"data\":\"" + token + "\",\"type\":\"finalResponse\"}"));
          Deadline.await(
              () -> curl.frames().equals(expected.toString()),
              () -> curl.frames() + "\nand not\n" + expected);
        }
        chat.publishEnd();
        assertEquals(0, curl.awaitExit());
        expected.append(message("{\"event\":\"end\",\"data\":\"[DONE]\"}"));
        assertEquals(expected.toString(), curl.frames());
      }
    }
  }

  private static String message(String json) {
    return "message:\ndata:" + json + "\n\n";
  }

  private String get(ChatOverHttp chat, String query) {
    try (Curl curl = start(chat, query, "body")) {
      assertEquals(0, curl.awaitExit());
      return curl.body();
    }
  }

  private Curl start(ChatOverHttp chat, String query, String file) {
    return Curl.start(directory.resolve(file), chat.uri("/stream?" + query).toString());
  }
}
