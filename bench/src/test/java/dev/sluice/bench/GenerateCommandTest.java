package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GenerateCommandTest {
  @ParameterizedTest
  @ValueSource(strings = {"auto", "nio"})
  void eachAnswerOfARoundGetsItsTokens(String transport) throws Exception {
    PipedReader pipe = new PipedReader(4096);
    try (BufferedReader out = new BufferedReader(pipe)) {
      CommandLine command = Main.commandLine().setOut(new PrintWriter(new PipedWriter(pipe), true));
      CompletableFuture<Integer> exitCode =
          CompletableFuture.supplyAsync(
              () ->
                  command.execute(
                      "generate",
                      "--port=0",
                      "--answers=2",
                      "--tokens=30",
                      "--rate=2000",
                      "--rounds=1",
                      "--transport=" + transport));
      String listening = out.readLine();
      assertTrue(listening.startsWith("listening on "), listening);
      URI call =
          URI.create(listening.substring("listening on ".length()))
              .resolve("/api/v1/prediction/generated");
      HttpRequest ask =
          HttpRequest.newBuilder(call)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"question\":\"?\",\"streaming\":true}"))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      List<CompletableFuture<HttpResponse<String>>> answers =
          Stream.of(ask, ask)
              .map(each -> client.sendAsync(each, HttpResponse.BodyHandlers.ofString()))
              .toList();
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        String body = answer.get(30, TimeUnit.SECONDS).body();
        assertEquals(30, body.split("@0123456789", -1).length - 1, body);
        assertTrue(body.contains("\"event\":\"end\""), body);
      }
      String told = out.readLine();
      assertTrue(told.matches("60 tokens, [0-9,]+ per second, [0-9,.]+ µs of CPU .*"), told);
      assertEquals(0, exitCode.get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void anUnknownTransportIsRefused() {
    assertEquals(
        2,
        Main.commandLine()
            .setErr(new PrintWriter(Writer.nullWriter()))
            .execute("generate", "--transport=x"));
  }
}
