package dev.sluice.promises;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that is wrong, and the answer that it has to get.
 *
 * @param request the bytes of the request, one character each
 * @param code the machine-readable name of the problem
 */
record BadCall(String request, int status, String code) {
  static final int MAX_URI_BYTES = 1024;
  static final int MAX_HEADER_BYTES = 2048;
  static final int MAX_BODY_BYTES = 4096;
  static final int MAX_LINE_BYTES = 2048;
  static final int MAX_EVENT_BYTES = 1024;

  private static final String EVENTS = "/v1/chats/bad/events";
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";

  byte[] bytes() {
    return request.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    String shown = request.length() > 160 ? request.substring(0, 160) + "..." : request;
    return shown.replace("\r", "\\r").replace("\n", "\\n") + " -> " + status + " " + code;
  }

  static List<BadCall> all() {
    List<BadCall> all = new ArrayList<>();
    all.addAll(notHttp());
    all.addAll(paths());
    all.addAll(subscriptions());
    all.addAll(events());
    all.addAll(lines());
    all.addAll(questions());
    return all;
  }

  private static List<BadCall> notHttp() {
    String get = "GET /healthz HTTP/1.1\r\n";
    String post = "POST " + EVENTS + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + JSON + "\r\n";
    return List.of(
        new BadCall("GARBAGE\r\n\r\n", 400, "bad_request"),
        new BadCall("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400, "bad_request"),
        new BadCall("GET /healthz\r\nHost: x\r\n\r\n", 400, "bad_request"),
        new BadCall(get + "\r\n", 400, "bad_request"),
        new BadCall(get + "Host: x\r\nHost: y\r\n\r\n", 400, "bad_request"),
        new BadCall(get + "Host: x\r\nno colon\r\n\r\n", 400, "bad_request"),
        new BadCall(get + "Host: x\r\nbad name: 1\r\n\r\n", 400, "bad_request"),
        new BadCall(
            "GET /" + "a".repeat(MAX_URI_BYTES) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            414,
            "uri_too_long"),
        new BadCall(
            get + "Host: x\r\nX-Much: " + "a".repeat(MAX_HEADER_BYTES) + "\r\n\r\n",
            431,
            "header_too_large"),
        new BadCall(post + "Content-Length: -1\r\n\r\n", 400, "bad_request"),
        new BadCall(post + "Content-Length: x\r\n\r\n", 400, "bad_request"),
        new BadCall(post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400, "bad_request"),
        new BadCall(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", 400, "bad_request"),
        new BadCall(post + "Content-Length: 1000000\r\n\r\n{", 413, "body_too_large"),
        new BadCall(
            post
                + "Transfer-Encoding: chunked\r\n\r\n1fff\r\n"
                + " ".repeat(0x1fff)
                + "\r\n1fff\r\n",
            413,
            "body_too_large"));
  }

  private static List<BadCall> paths() {
    List<BadCall> all = new ArrayList<>();
    for (String path : List.of("/x", "//", "/v1", "/v1/chats", "/v1/chats/a/b", "/page/..%2Fx")) {
      all.add(get(path, 404, "not_found"));
    }
    for (String chatId : List.of("", "a%2Fb", "%00", "%0A", "%C2%85", "a".repeat(201))) {
      all.add(get("/v1/chats/" + chatId, 400, "bad_chat_id"));
      all.add(get("/v1/chats/" + chatId + "/stream", 400, "bad_chat_id"));
      all.add(call("DELETE", "/v1/chats/" + chatId, "", "", 400, "bad_chat_id"));
      all.add(call("POST", "/v1/chats/" + chatId + "/stop", "", "", 400, "bad_chat_id"));
      all.add(post("/v1/chats/" + chatId + "/events", JSON, "[]", 400, "bad_chat_id"));
      all.add(
          post("/v1/chats/" + chatId + "/runs", JSON, "{\"question\":\"q\"}", 400, "bad_chat_id"));
      String abort = "/api/v1/chatmessage/abort/flow/" + chatId;
      all.add(call("PUT", abort, "", "", 400, "bad_chat_id"));
    }
    all.add(get("/v1/chats/%zz/stream", 400, "bad_path"));
    all.add(get("/v1/chats/unknown", 404, "chat_not_found"));
    all.add(call("DELETE", "/v1/chats/unknown", "", "", 404, "chat_not_found"));
    all.add(call("POST", "/v1/chats/unknown/stop", "", "", 404, "chat_not_found"));
    String[][] wrongMethods = {
      {"POST", "/v1/chats/c/stream"},
      {"GET", "/v1/chats/c/events"},
      {"PUT", "/v1/events"},
      {"GET", "/v1/chats/c/runs"},
      {"GET", "/v1/chats/c/stop"},
      {"POST", "/v1/chats/c"},
      {"GET", "/api/v1/prediction/f"},
      {"DELETE", "/api/v1/internal-prediction/f"},
      {"POST", "/api/v1/chatflows-streaming/f"},
      {"PUT", "/api/v1/public-chatbotConfig/f"},
      {"GET", "/api/v1/chatmessage/abort/f/c"},
      {"POST", "/api/v1/ping"},
      {"POST", "/healthz"},
      {"DELETE", "/readyz"},
      {"PUT", "/metrics"},
      {"POST", "/"},
      {"BREW", "/v1/info"}
    };
    for (String[] wrong : wrongMethods) {
      all.add(call(wrong[0], wrong[1], "", "", 405, "method_not_allowed"));
    }
    return all;
  }

  private static List<BadCall> subscriptions() {
    List<BadCall> all = new ArrayList<>();
    String stream = "/v1/chats/none/stream?";
    for (String id :
        List.of("x", "1", "1-", "-1", "1-2-3", "1-x", "%201-1", "9".repeat(19) + "-1")) {
      all.add(get(stream + "lastEventId=" + id, 400, "bad_event_id"));
      all.add(get(stream + "from=" + id, 400, "bad_event_id"));
    }
    all.add(
        new BadCall(
            "GET " + stream + " HTTP/1.1\r\nHost: x\r\nLast-Event-ID: nonsense\r\n\r\n",
            400,
            "bad_event_id"));
    for (String parameter :
        List.of(
            "mode=x",
            "mode=",
            "ids=no",
            "wait=0",
            "batch=-1",
            "batch=x",
            "batch=",
            "batch=10001",
            "batch=99999999999",
            "run=",
            "run=a/b",
            "run=%0A",
            "run=" + "r".repeat(201))) {
      all.add(get(stream + parameter, 400, "bad_parameter"));
    }
    all.add(get(stream + "wait=false", 404, "chat_not_found"));
    all.add(get(stream + "from=%zz", 400, "bad_parameter"));
    all.add(get("/v1/chats/witness/stream?wait=false&run=none", 404, "run_not_found"));
    return all;
  }

  private static List<BadCall> events() {
    List<BadCall> all = new ArrayList<>();
    String ok = "{\"event\":\"tts_start\",\"data\":1}";
    all.add(post(EVENTS, "", ok, 415, "unsupported_media_type"));
    all.add(post(EVENTS, "text/plain", ok, 415, "unsupported_media_type"));
    for (String body :
        List.of("", " ", "{", "[", "[" + ok, ok + ok, "[]x", "nul", "{\"a\":}", "\u00FF")) {
      all.add(post(EVENTS, JSON, body, 400, "malformed_json"));
    }
    for (String body : List.of("5", "\"x\"", "null", "[5]", "[" + ok + ",[]]")) {
      all.add(post(EVENTS, JSON, body, 400, "malformed_event"));
    }
    wrongEvents().forEach(e -> all.add(post(EVENTS, JSON, e[0], statusOf(e[1]), e[1])));
    wrongEvents()
        .forEach(
            e -> all.add(post(EVENTS, JSON, "[" + ok + "," + e[0] + "]", statusOf(e[1]), e[1])));
    return all;
  }

  private static List<BadCall> lines() {
    List<BadCall> all = new ArrayList<>();
    String many = "/v1/events";
    for (String line :
        List.of("{", "x", "{}{}", "{\"event\":\"end\"} 5", "{\"event\":\n\"end\"}", "\"a\nb\"")) {
      String code = line.startsWith("{}") ? "event_missing" : "malformed_line";
      all.add(post(EVENTS, NDJSON, line, 400, code));
      all.add(post(many, NDJSON, "\n" + line, 400, code));
    }
    all.add(post(EVENTS, NDJSON, "5", 400, "malformed_event"));
    all.add(post(EVENTS, NDJSON, "[]", 400, "malformed_event"));
    wrongEvents().forEach(e -> all.add(post(EVENTS, NDJSON, e[0], statusOf(e[1]), e[1])));
    all.add(post(many, JSON, "[]", 415, "unsupported_media_type"));
    all.add(post(many, NDJSON, "{\"event\":\"end\"}", 400, "chat_id_missing"));
    all.add(post(many, NDJSON, "{\"event\":\"end\",\"chatId\":\"a/b\"}", 400, "bad_chat_id"));
    all.add(post(many, NDJSON, "{\"event\":\"end\",\"chatId\":5}", 400, "bad_chat_id"));
    all.add(post(EVENTS, NDJSON, " ".repeat(MAX_LINE_BYTES + 1), 413, "line_too_large"));
    all.add(post(many, NDJSON, "\n" + " ".repeat(MAX_LINE_BYTES + 1), 413, "line_too_large"));
    return all;
  }

  private static List<BadCall> questions() {
    List<BadCall> all = new ArrayList<>();
    for (String path :
        List.of("/v1/chats/bad/runs", "/api/v1/prediction/f", "/api/v1/internal-prediction/f")) {
      all.add(post(path, "", "{\"question\":\"q\"}", 415, "unsupported_media_type"));
      for (String body : List.of("", "{", "[]", "5", "{}{}", "{\"question\":\"\u00FF\"}")) {
        all.add(post(path, JSON, body, 400, "malformed_json"));
      }
      for (String question : List.of("{}", "{\"question\":5}", "{\"question\":\"\"}")) {
        all.add(post(path, JSON, question, 400, "question_missing"));
      }
      all.add(
          post(path, JSON, "{\"question\":\"" + "q".repeat(5000) + "\"}", 413, "body_too_large"));
    }
    for (String messages : List.of("5", "[]", "[5]", "[{}]", "[{\"role\":5}]")) {
      all.add(
          post("/v1/chats/bad/runs", JSON, "{\"messages\":" + messages + "}", 400, "bad_messages"));
    }
    all.add(post("/v1/chats/bad/runs", JSON, "{\"flow\":5,\"question\":\"q\"}", 400, "bad_flow"));
    String predict = "/api/v1/prediction/f";
    all.add(post(predict, JSON, "{\"question\":\"q\",\"chatId\":\"a/b\"}", 400, "bad_chat_id"));
    all.add(post(predict, JSON, "{\"question\":\"q\",\"chatId\":5}", 400, "bad_chat_id"));
    return all;
  }

  /** Events that are JSON and still wrong, with their codes. */
  private static List<String[]> wrongEvents() {
    String tooMuch = "x".repeat(MAX_EVENT_BYTES + 1);
    String[][] wrong = {
      {"{}", "event_missing"},
      {"{\"data\":1}", "event_missing"},
      {"{\"event\":null,\"data\":1}", "event_missing"},
      {"{\"event\":\"\",\"data\":1}", "event_missing"},
      {"{\"event\":\"no name\",\"data\":1}", "event_name"},
      {"{\"event\":\"1a\",\"data\":1}", "event_name"},
      {"{\"event\":\"" + "a".repeat(65) + "\",\"data\":1}", "event_name"},
      {"{\"event\":\"gap\",\"data\":{}}", "event_reserved"},
      {"{\"event\":\"token\"}", "data_missing"},
      {"{\"event\":\"tool\"}", "data_missing"},
      {"{\"event\":\"anything\"}", "data_missing"},
      {"{\"event\":\"token\",\"data\":5}", "token_data"},
      {"{\"event\":\"token\",\"data\":{}}", "token_data"},
      {"{\"event\":\"error\",\"data\":{}}", "error_data"},
      {"{\"event\":\"agentReasoning\",\"data\":\"x\"}", "agent_reasoning_data"},
      {"{\"event\":\"metadata\",\"data\":[]}", "metadata_data"},
      {"{\"event\":\"token\",\"data\":\"x\",\"type\":\"other\"}", "type"},
      {"{\"event\":\"token\",\"data\":\"x\",\"type\":1}", "type"},
      {"{\"event\":\"token\",\"data\":\"x\",\"run\":1}", "run_id"},
      {"{\"event\":\"token\",\"data\":\"x\",\"run\":\"\"}", "run_id"},
      {"{\"event\":\"token\",\"data\":\"x\",\"run\":\"a/b\"}", "run_id"},
      {"{\"event\":\"token\",\"data\":\"" + tooMuch + "\"}", "event_too_large"},
      {"{\"event\":\"x\",\"data\":[\"" + tooMuch + "\"]}", "event_too_large"},
      {"{\"event\":\"x\",\"data\":1,\"extra\":\"" + tooMuch + "\"}", "event_too_large"}
    };
    return List.of(wrong);
  }

  private static int statusOf(String code) {
    return code.equals("event_too_large") ? 413 : 400;
  }

  private static BadCall get(String path, int status, String code) {
    return call("GET", path, "", "", status, code);
  }

  private static BadCall post(
      String path, String contentType, String body, int status, String code) {
    return call("POST", path, contentType, body, status, code);
  }

  private static BadCall call(
      String method, String path, String contentType, String body, int status, String code) {
    String type = contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n";
    String length = "Content-Length: " + body.length() + "\r\n";
    return new BadCall(
        method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + type + length + "\r\n" + body,
        status,
        code);
  }
}
