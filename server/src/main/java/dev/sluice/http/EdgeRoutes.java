package dev.sluice.http;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;

/** Every call there is. */
final class EdgeRoutes {
  private EdgeRoutes() {}

  static Routes create() {
    Page page = new Page();
    return new Routes()
        .add(POST, "/v1/chats/{}/events", PublishEndpoints::toChat)
        .add(POST, "/v1/events", PublishEndpoints::toMany)
        .add(GET, "/v1/chats/{}/stream", Endpoint.bodyless(SubscribeEndpoint::subscribe))
        .add(POST, "/v1/chats/{}/runs", JsonBody.endpoint(RunEndpoints::run))
        .add(POST, "/v1/chats/{}/stop", Endpoint.bodyless(ChatEndpoints::stop))
        .add(GET, "/v1/chats/{}", Endpoint.bodyless(ChatEndpoints::state))
        .add(DELETE, "/v1/chats/{}", Endpoint.bodyless(ChatEndpoints::delete))
        .add(GET, "/v1/info", Endpoint.bodyless(ServiceEndpoints::info))
        .add(
            POST,
            "/api/v1/prediction/{}",
            JsonBody.endpoint(RunEndpoints.prediction(ClientType.EXTERNAL)))
        .add(
            POST,
            "/api/v1/internal-prediction/{}",
            JsonBody.endpoint(RunEndpoints.prediction(ClientType.INTERNAL)))
        .add(
            GET, "/api/v1/chatflows-streaming/{}", Endpoint.bodyless(FlowiseEndpoints::isStreaming))
        .add(
            GET,
            "/api/v1/public-chatbotConfig/{}",
            Endpoint.bodyless(FlowiseEndpoints::chatbotConfig))
        .add(PUT, "/api/v1/chatmessage/abort/{}/{}", Endpoint.bodyless(FlowiseEndpoints::abort))
        .add(GET, "/api/v1/ping", Endpoint.bodyless(FlowiseEndpoints::ping))
        .add(GET, "/healthz", Endpoint.bodyless(ServiceEndpoints::health))
        .add(GET, "/readyz", Endpoint.bodyless(ServiceEndpoints::ready))
        .add(GET, "/metrics", Endpoint.bodyless(ServiceEndpoints::metrics))
        .add(GET, "/v1/histograms", Endpoint.bodyless(HistogramEndpoints::list))
        .add(GET, "/v1/histograms/{}", Endpoint.bodyless(HistogramEndpoints::file))
        .add(GET, "/", Endpoint.bodyless(page::index))
        .add(GET, "/page/{}", Endpoint.bodyless(page::file));
  }
}
