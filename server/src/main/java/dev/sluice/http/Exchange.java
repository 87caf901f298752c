package dev.sluice.http;

import dev.sluice.chat.EventRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. On the event loop of its connection, unless a method says otherwise;
 * exactly one of the answering methods is called, once.
 */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final RequestHandler handler;
  private final ChannelHandlerContext ctx;
  private final HttpRequest request;
  private final QueryStringDecoder query;
  private final long startNanos;
  private List<String> variables = List.of();
  private boolean addressKnown;
  private @Nullable InetAddress address;
  private @Nullable Runnable onGone;

  Exchange(RequestHandler handler, ChannelHandlerContext ctx, HttpRequest request) {
    this.handler = handler;
    this.ctx = ctx;
    this.request = request;
    this.query = new QueryStringDecoder(request.uri());
    this.startNanos = handler.loop().nowNanos();
  }

  /** Sets what the path has in the places of the route's variables, decoded. */
  void routed(List<String> routeVariables) {
    variables = routeVariables;
  }

  Edge edge() {
    return handler.edge();
  }

  StreamLoop loop() {
    return handler.loop();
  }

  /** When the request's head had been read, in the loop's time. */
  long startNanos() {
    return startNanos;
  }

  HttpHeaders headers() {
    return request.headers();
  }

  boolean isHttp10() {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** A request has to name its host once (RFC 9112, section 3.2); HTTP/1.0 need not name it. */
  void requireHost() throws ProblemException {
    int hosts = headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && !isHttp10())) {
      throw new ProblemException(
          Problem.badRequest("bad_request", "a request has to have one Host field"));
    }
  }

  /**
   * The address that the client's streams are counted under; null if they are not counted. Once
   * asked for it stays the same: a connection that is gone has none any more.
   */
  @Nullable InetAddress countedAddress() {
    if (!addressKnown) {
      addressKnown = true;
      if (edge().admission().countsAddresses()
          && ctx.channel().remoteAddress() instanceof InetSocketAddress inet) {
        address = inet.getAddress();
      }
    }
    return address;
  }

  /** What the path has in the place of the route's n-th variable, decoded. */
  String variable(int index) {
    return variables.get(index);
  }

  /** The path's n-th variable, which names a chat. */
  String chatId(int index) throws ProblemException {
    return requireChatId(variable(index));
  }

  static String requireChatId(String chatId) throws ProblemException {
    if (!EventRules.isId(chatId)) {
      throw new ProblemException(
          Problem.badRequest(
              "bad_chat_id", "a chatId is 1 to 200 characters without control characters or /"));
    }
    return chatId;
  }

  /** The value of a query parameter, or null. */
  @Nullable String parameter(String name) throws ProblemException {
    Map<String, List<String>> parameters;
    try {
      parameters = query.parameters();
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badRequest("bad_parameter", "the query is not percent-encoded as it should be"));
    }
    List<String> values = parameters.get(name);
    return values == null ? null : values.get(0);
  }

  /** The media type of the request's body in lower case, empty if it has none. */
  String contentType() {
    CharSequence type = HttpUtil.getMimeType(request);
    return type == null ? "" : type.toString().trim().toLowerCase(Locale.ROOT);
  }

  void requireContentType(String... allowed) throws ProblemException {
    if (!List.of(allowed).contains(contentType())) {
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
              "unsupported_media_type",
              "the Content-Type has to be " + String.join(" or ", allowed)));
    }
  }

  /**
   * Refuses what a page of another origin makes a browser send, unless that origin is allowed.
   * Reads are left to the browser, which keeps the answer from the page; what changes something
   * must not even be done.
   */
  void requireAllowedOrigin() throws ProblemException {
    String site = headers().get("sec-fetch-site");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    boolean safe = isHead() || request.method().equals(HttpMethod.GET);
    List<String> allowed = edge().settings().corsOrigins();
    String origin = headers().get(HttpHeaderNames.ORIGIN);
    boolean listed = allowed.contains("*") || (origin != null && allowed.contains(origin));
    if (foreign && !safe && !listed) {
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.FORBIDDEN,
              "origin_not_allowed",
              "pages of this origin may not call; see cors-origins"));
    }
  }

  /** Sets who is told when the client goes before it has its answer. */
  void onGone(Runnable listener) {
    onGone = listener;
  }

  void gone() {
    if (onGone != null) {
      onGone.run();
    }
  }

  /** Refuses what is still being worked at, if that may be: the server goes. */
  void leave() {
    if (onGone != null) {
      onGone.run();
      problem(Admission.draining().problem());
    }
  }

  /** The event loop; any thread may have it run something. */
  Executor executor() {
    return ctx.executor();
  }

  /**
   * Writes one line of the answer before the request is complete; it may be called often, before
   * the answering method. That one's JSON is the last line then, whatever its status would have
   * been.
   */
  void line(byte[] json) {
    handler.line(this, json);
  }

  /** Runs the command on the event loop, now if this is it. Any thread. */
  void onLoop(Runnable command) {
    if (ctx.executor().inEventLoop()) {
      command.run();
    } else {
      ctx.executor().execute(command);
    }
  }

  /** Answers that the server itself has failed; the cause is for the log alone. */
  void failed(RuntimeException cause) {
    LOG.error("request failed", cause);
    problem(
        new Problem(
            HttpResponseStatus.INTERNAL_SERVER_ERROR,
            "internal",
            "the server has failed; its log says why"));
  }

  void json(HttpResponseStatus status, Object document) {
    respond(status, "application/json", Json.MAPPER.writeValueAsBytes(document));
  }

  void problem(Problem problem) {
    edge().metrics().refused(problem.code());
    byte[] body = Json.MAPPER.writeValueAsBytes(problem.document());
    FullHttpResponse response = response(problem.status(), "application/problem+json", body);
    if (problem.status().equals(HttpResponseStatus.TOO_MANY_REQUESTS)
        || problem.status().equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    Object allow = problem.members().get("allow");
    if (allow != null) {
      response.headers().set(HttpHeaderNames.ALLOW, allow);
    }
    handler.answer(response);
  }

  void text(HttpResponseStatus status, String text) {
    respond(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  void respond(HttpResponseStatus status, String contentType, byte[] body) {
    handler.answer(response(status, contentType, body));
  }

  void respond(FullHttpResponse response) {
    handler.answer(response);
  }

  void noContent() {
    handler.answer(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER));
  }

  /** Answers with a stream: from here on the connection is the stream's. */
  void stream(SseStream stream) {
    handler.stream(stream);
  }

  /** Answers a HEAD request as if with a stream. */
  void streamHead() {
    handler.streamHead();
  }

  FullHttpResponse response(HttpResponseStatus status, String contentType, byte[] body) {
    ByteBuf content = ctx.alloc().buffer(body.length).writeBytes(body);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    return response;
  }
}
