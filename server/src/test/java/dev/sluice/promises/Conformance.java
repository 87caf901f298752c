package dev.sluice.promises;

import dev.sluice.docs.OpenApiDocument;
import dev.sluice.docs.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests, holds every answer against the document, and keeps which ones there were. */
final class Conformance {
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]+) (/[^ ?]*)(?:\\?[^ ]*)? HTTP/1\\.[01]\r\n.*", Pattern.DOTALL);

  /** What a request may get whose path, or whose method, is not documented. */
  private static final Set<String> BESIDE_THE_CALLS =
      Set.of(
          "400 bad_request",
          "404 not_found",
          "405 method_not_allowed",
          "408 head_timeout",
          "414 uri_too_long",
          "431 header_too_large");

  private final OpenApiDocument document;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> codes = new TreeSet<>();

  Conformance(OpenApiDocument document) {
    this.document = document;
  }

  /** Where an answer differed from the document. */
  List<String> faults() {
    return faults;
  }

  /** The calls with their answers: {@code GET /v1/chats/{chatId} 404 chat_not_found}. */
  Set<String> seen() {
    return seen;
  }

  /** The codes of all problems. */
  Set<String> codes() {
    return codes;
  }

  /** Sends a request over a connection of its own. */
  Response send(TestServer server, String request) {
    return send(server, request, () -> {});
  }

  /**
   * Sends a request over a connection of its own. A stream is read to its first end.
   *
   * @param onHead what happens once the head of the answer is there
   */
  Response send(TestServer server, String request, Runnable onHead) {
    try (RawConnection connection = RawConnection.open(server.uri())) {
      connection.send(request.getBytes(StandardCharsets.UTF_8));
      return take(request, connection, onHead);
    } catch (IOException e) {
      throw new AssertionError(request, e);
    }
  }

  /** Reads the answer to a request that was sent. */
  Response take(String request, RawConnection connection, Runnable onHead) throws IOException {
    Head head = Head.read(connection.in());
    onHead.run();
    boolean stream = "text/event-stream".equals(head.field("content-type"));
    Response response =
        new Response(
            head, stream ? toFirstEnd(head.body(connection.in())) : head.text(connection.in()));
    look(request, response);
    return response;
  }

  private void look(String request, Response response) {
    Matcher line = REQUEST_LINE.matcher(request);
    Operation call = line.matches() ? document.find(line.group(1), line.group(2)) : null;
    String mediaType = mediaType(response);
    String code = response.code();
    String answer =
        response.status()
            + (!code.isEmpty() ? " " + code : mediaType == null ? "" : " " + mediaType);
    if (!code.isEmpty()) {
      codes.add(code);
    }
    if (call == null) {
      if (!BESIDE_THE_CALLS.contains(answer)) {
        faults.add(shown(request) + " is not documented and gets " + answer);
      }
      return;
    }
    seen.add(call + " " + answer);
    List<String> wrong =
        call.faultsOf(response.status(), mediaType, response.head().fields(), response.body());
    if (!code.isEmpty()) {
      expectField(response, "cache-control", "no-store");
    }
    response
        .body()
        .lines()
        .filter(data -> data.startsWith("data:"))
        .map(data -> JsonMapper.shared().readTree(data.substring(5)))
        .forEach(event -> faults.addAll(document.faultsOf(event, "#/components/schemas/Event")));
    wrong.forEach(fault -> faults.add(shown(request) + " gets " + answer + ": " + fault));
  }

  private void expectField(Response response, String name, String value) {
    if (!value.equals(response.head().field(name))) {
      faults.add("not " + name + ": " + value + " but " + response);
    }
  }

  private static @Nullable String mediaType(Response response) {
    String contentType = response.head().field("content-type");
    return contentType == null ? null : contentType.split(";", -1)[0];
  }

  /** Line by line, so that no byte of a later frame is waited for. */
  private static String toFirstEnd(InputStream body) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    StringBuilder line = new StringBuilder();
    boolean inEnd = false;
    for (int b = body.read(); b >= 0; b = body.read()) {
      read.write(b);
      if (b != '\n') {
        line.append((char) b);
        continue;
      }
      if (inEnd) {
        break;
      }
      inEnd = line.toString().startsWith("data:{\"event\":\"end\"");
      line.setLength(0);
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  private static String shown(String request) {
    String head = request.lines().findFirst().orElse("");
    return head.length() > 120 ? head.substring(0, 120) + "..." : head;
  }
}
