import dev.sluice.Sluice;
import dev.sluice.agent.EventPublisher;
import dev.sluice.agent.LlmNode;
import dev.sluice.agent.NodeOutput;
import dev.sluice.agent.TokenSubscriber;
import java.time.Duration;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** Any reactive stream of tokens; Spring AI's chatClient.prompt(…).stream().content() is one. */
class FluxAgent {
  public static void main(String[] args) throws Exception {
    try (Sluice sluice = Sluice.embed().port(0).start()) {
      System.out.println("listening on " + sluice.uri());
      Flux<String> tokens = Flux.just("Re", "act", "ive.").delayElements(Duration.ofMillis(50));
      EventPublisher events = sluice.events();
      events.start("chat-1");
      LlmNode node = new LlmNode(events, "chat-1", NodeOutput.ANSWER);
      TokenSubscriber subscriber = new TokenSubscriber(node, 10_000);
      JdkFlowAdapter.publisherToFlowPublisher(tokens).subscribe(subscriber);
      subscriber.done().thenRun(() -> events.end("chat-1")).toCompletableFuture().join();
      System.in.read();
      sluice.drain();
    }
  }
}
