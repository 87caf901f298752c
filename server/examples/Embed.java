import dev.sluice.Sluice;
import dev.sluice.agent.EventPublisher;
import dev.sluice.chat.PublishResult;
import dev.sluice.frame.TokenType;
import java.util.Map;

/** The edge inside a program: GET /v1/chats/chat-1/stream shows what this publishes. */
class Embed {
  public static void main(String[] args) throws Exception {
    try (Sluice sluice = Sluice.embed().port(0).start()) {
      System.out.println("listening on " + sluice.uri());
      EventPublisher events = sluice.events();
      events.start("chat-1");
      for (String word : "Water goes where the gate lets it.".split("(?<= )")) {
        PublishResult result = events.token("chat-1", TokenType.FINAL_RESPONSE, word);
        if (result != PublishResult.ACCEPTED) {
          System.err.println("nobody wants the rest: " + result.detail());
          break;
        }
        Thread.sleep(50);
      }
      events.metadata("chat-1", Map.of("question", "What is a sluice?"));
      events.end("chat-1");
      System.in.read();
      sluice.drain();
    }
  }
}
