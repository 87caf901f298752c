package dev.sluice.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pipeline of a new connection. */
final class EdgePipeline extends ChannelInitializer<Channel> {
  private static final long PREFLIGHT_MAX_AGE_S = 600;

  private final Edge edge;
  private final StreamLoops loops;
  private final Routes routes = EdgeRoutes.create();
  private final HttpDecoderConfig decoderConfig;
  private final @Nullable CorsConfig cors;

  EdgePipeline(Edge edge, StreamLoops loops) {
    this.edge = edge;
    this.loops = loops;
    HttpSettings settings = edge.settings();
    decoderConfig =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(settings.maxUriBytes())
            .setMaxHeaderSize(settings.maxHeaderBytes());
    cors = cors(settings.corsOrigins());
  }

  /** Keeps preflights to itself, so that the handler behind it has to be told of them. */
  private static final class Cors extends CorsHandler {
    private final RequestHandler requests;

    Cors(CorsConfig config, RequestHandler requests) {
      super(config);
      this.requests = requests;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      boolean last = message instanceof LastHttpContent;
      super.channelRead(context, message);
      if (last) {
        requests.requestEnded();
      }
    }
  }

  @Override
  protected void initChannel(Channel channel) {
    addHttp(channel.pipeline(), loops.of(channel.eventLoop()));
  }

  /** Has the connection take requests. */
  RequestHandler addHttp(ChannelPipeline pipeline, StreamLoop loop) {
    pipeline.addLast(new HttpServerCodec(decoderConfig));
    RequestHandler requests = new RequestHandler(edge, routes, loop, this);
    if (cors != null) {
      pipeline.addLast(new Cors(cors, requests));
    }
    pipeline.addLast(requests);
    return requests;
  }

  /** Has the connection of a stream that has ended take requests again. */
  void takeBack(ChannelPipeline pipeline, SseStream stream, StreamLoop loop) {
    pipeline.remove(stream);
    addHttp(pipeline, loop).awaitRequest();
  }

  /** Leaves only what was added after a request was answered with a stream. */
  static void removeHttp(ChannelPipeline pipeline) {
    // From the back, so that what the codec still held goes to whoever stays.
    pipeline.remove(RequestHandler.class);
    if (pipeline.get(CorsHandler.class) != null) {
      pipeline.remove(CorsHandler.class);
    }
    pipeline.remove(HttpServerCodec.class);
  }

  private static @Nullable CorsConfig cors(List<String> origins) {
    if (origins.isEmpty()) {
      return null;
    }
    CorsConfigBuilder builder =
        origins.contains("*")
            ? CorsConfigBuilder.forAnyOrigin()
            : CorsConfigBuilder.forOrigins(origins.toArray(String[]::new));
    return builder
        .allowedRequestMethods(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)
        .allowedRequestHeaders(
            HttpHeaderNames.CONTENT_TYPE.toString(),
            HttpHeaderNames.AUTHORIZATION.toString(),
            "last-event-id",
            ProducerFields.ID,
            ProducerFields.EPOCH)
        .maxAge(PREFLIGHT_MAX_AGE_S)
        .build();
  }
}
