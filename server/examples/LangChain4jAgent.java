import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.sluice.Sluice;
import dev.sluice.agent.EventPublisher;
import dev.sluice.agent.LangChain4jHandler;
import dev.sluice.agent.LlmNode;
import dev.sluice.agent.NodeOutput;

/** A LangChain4j model behind POST /api/v1/prediction/assistant. */
class LangChain4jAgent {
  public static void main(String[] args) throws Exception {
    StreamingChatModel model =
        OpenAiStreamingChatModel.builder()
            .baseUrl(args[0])
            .apiKey(args[1])
            .modelName(args[2])
            .build();
    try (Sluice sluice =
        Sluice.embed()
            .port(0)
            .flow(
                "assistant",
                (prompt, run) -> {
                  LlmNode node =
                      new LlmNode(EventPublisher.of(run), run.chatId(), NodeOutput.ANSWER);
                  LangChain4jHandler handler = new LangChain4jHandler(node);
                  model.chat(prompt.question(), handler);
                  handler.done().thenRun(run::end);
                })
            .start()) {
      System.out.println("listening on " + sluice.uri());
      System.in.read();
      sluice.drain();
    }
  }
}
