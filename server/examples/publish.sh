#!/usr/bin/env bash
# One agent run, published over one open request, with curl.
#
#     bash publish.sh http://127.0.0.1:8080 CHAT
set -euo pipefail

url=$1
chat=$2
run="run-$(date +%s)-$$"
heartbeat_s=1

quote() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "${text//$'\n'/\\n}"
}

# event NAME DATA-AS-JSON [FURTHER-KEYS-AS-JSON]
event() {
  printf '{"event":"%s","data":%s,"run":"%s"%s}\n' "$1" "$2" "$run" "${3:+,$3}"
}

# Your model goes here: anything that hands out text piece by piece.
tokens() {
  local type=$1 word
  shift
  for word in "$@"; do
    sleep 0.02
    event token "$(quote "$word ")" "\"type\":\"$type\""
  done
}

# Your tool goes here: anything that takes its time.
server_info() {
  local info
  info=$(curl -sS --fail "$url/v1/info")
  sed 's/.*"name":"\([^"]*\)".*"version":"\([^"]*\)".*/\1 \2/' <<<"$info"
}

agent() {
  event start '""'
  tokens agentReasoning They ask for the version. The researcher can look it up.

  event nextAgent '"researcher"'
  local found call='"tool":"server_info","toolInput":{"path":"/v1/info"}'
  event calledTools "[{$call,\"toolOutput\":\"\"}]"
  exec {tool}< <(server_info)
  # A blank line is a sign of life: the run is not idle, and nobody is sent anything.
  while read -r -t "$heartbeat_s" found <&"$tool"; (($? > 128)); do echo; done
  if [[ -z $found ]]; then
    event error '"The tool failed."' # the server adds the end
    return
  fi
  event tool "{$call,\"toolOutput\":$(quote "$found")}"
  tokens agentReasoning That is all I need.

  event sourceDocuments "[{\"pageContent\":$(quote "$found"),\"metadata\":{\"source\":\"/v1/info\"}}]"
  # shellcheck disable=SC2086 # word by word
  tokens finalResponse ✓ This server is $found.
  event usageMetadata '{"input_tokens":12,"output_tokens":24,"total_tokens":36}'
  event metadata "{\"chatId\":$(quote "$chat")}"
  event end '"[DONE]"'
}

path="/v1/chats/$(printf %s "$chat" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)/events"
# curl prints the answer as it comes. {"stop":RUN} in it says that a reader pressed stop: that ends the
# agent at once. A refusal ends curl, and with it the agent in the pipe.
coproc AGENT { agent; }
exec {lines}<&"${AGENT[0]}"
curl -sSN --fail-with-body -w '\n' -X POST -T - \
  -H 'Content-Type: application/x-ndjson' "$url$path" <&"$lines" |
  while read -r line; do
    echo "$line"
    if [[ $line == '{"stop":'* ]]; then
      kill "$AGENT_PID"
      exit 1
    fi
  done
