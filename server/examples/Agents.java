import dev.sluice.Sluice;
import dev.sluice.agent.AgentNode;
import dev.sluice.agent.AgentRun;
import dev.sluice.agent.EventPublisher;
import dev.sluice.agent.LlmNode;
import dev.sluice.agent.NodeOutput;
import dev.sluice.agent.ToolCall;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Two agents behind POST /api/v1/prediction/research: one looks things up, one writes. */
class Agents {
  private static final ExecutorService WORKERS = Executors.newCachedThreadPool();

  public static void main(String[] args) throws Exception {
    try (Sluice sluice = Sluice.embed().port(0).flow("research", Agents::answer).start()) {
      System.out.println("listening on " + sluice.uri());
      System.in.read();
      sluice.drain();
    }
    WORKERS.shutdown();
  }

  /** Called on an event loop: the work goes elsewhere. */
  private static void answer(Prompt prompt, RunPublisher run) {
    WORKERS.execute(() -> work(prompt, run));
  }

  private static void work(Prompt prompt, RunPublisher run) {
    AgentRun agents = new AgentRun(EventPublisher.of(run), run.chatId());
    AgentNode researcher = agents.agent("Researcher", "node-1");
    AgentNode writer = agents.agent("Writer", "node-2");

    researcher.beginStep();
    ToolCall search = researcher.callTool("search", Map.of("query", prompt.question()));
    search.result("a gate that controls water");
    researcher.message("One source is enough.");
    researcher.handOver(writer);
    researcher.endStep();

    writer.beginStep();
    LlmNode model = agents.llm(NodeOutput.ANSWER);
    for (String token : "A sluice is a gate that controls water.".split("(?<= )")) {
      model.onToken(token);
    }
    model.onComplete(null, Map.of("output_tokens", 8));
    writer.endStep();
    agents.end(Map.of("question", prompt.question()));
  }
}
