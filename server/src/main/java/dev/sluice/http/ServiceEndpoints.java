package dev.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The calls of those who run the server. */
final class ServiceEndpoints {
  private static final int METRICS_BYTES = 16 * 1024;

  private ServiceEndpoints() {}

  /** {@code GET /healthz}: the process lives. */
  static void health(Exchange exchange) {
    exchange.text(HttpResponseStatus.OK, "ok\n");
  }

  /** {@code GET /readyz}: new streams are welcome. */
  static void ready(Exchange exchange) {
    boolean draining = exchange.edge().admission().isDraining();
    exchange.text(
        draining ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.OK,
        draining ? "draining\n" : "ready\n");
  }

  /** {@code GET /metrics}, in the format that the client accepts. */
  static void metrics(Exchange exchange) {
    String accept = exchange.headers().get(HttpHeaderNames.ACCEPT);
    ByteArrayOutputStream text = new ByteArrayOutputStream(METRICS_BYTES);
    try {
      exchange.edge().metrics().write(text, accept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    exchange.respond(
        HttpResponseStatus.OK, exchange.edge().metrics().contentType(accept), text.toByteArray());
  }

  /** {@code GET /v1/info}: what the page says about the server. */
  static void info(Exchange exchange) {
    exchange.json(
        HttpResponseStatus.OK,
        Json.MAPPER
            .createObjectNode()
            .put("name", "sluice")
            .put("version", exchange.edge().version())
            .put("demo", exchange.edge().demo()));
  }
}
