#!/usr/bin/env python3
"""One agent run, published over one open request, with requests.

    python3 publish-requests.py http://127.0.0.1:8080 CHAT
"""
import json
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from urllib.parse import quote

import requests

URL, CHAT = sys.argv[1], sys.argv[2]
CHAT_URL = f"{URL}/v1/chats/{quote(CHAT, safe='')}"
RUN = f"run-{uuid.uuid4()}"
HEARTBEAT_S = 1


def event(name, data, **more):
    return json.dumps({"event": name, "data": data, "run": RUN, **more}).encode() + b"\n"


def tokens(text, type):
    """Your model goes here: anything that hands out text piece by piece."""
    for word in text.split(" "):
        time.sleep(0.02)
        yield event("token", word + " ", type=type)


def server_info():
    """Your tool goes here: anything that takes its time."""
    return requests.get(f"{URL}/v1/info", timeout=60).json()


def agent():
    yield event("start", "")
    yield from tokens("They ask for the version. The researcher can look it up.", "agentReasoning")

    yield event("nextAgent", "researcher")
    call = {"tool": "server_info", "toolInput": {"path": "/v1/info"}}
    yield event("calledTools", [{**call, "toolOutput": ""}])
    with ThreadPoolExecutor() as pool:
        work = pool.submit(server_info)
        while not wait([work], HEARTBEAT_S).done:
            yield b"\n"  # a sign of life: the run is not idle, and nobody is sent anything
    info = work.result()
    found = f"{info['name']} {info['version']}"
    yield event("tool", {**call, "toolOutput": found})
    yield from tokens("That is all I need.", "agentReasoning")

    yield event("sourceDocuments", [{"pageContent": found, "metadata": {"source": "/v1/info"}}])
    yield from tokens(f"✓ This server is {found}.", "finalResponse")
    yield event("usageMetadata", {"input_tokens": 12, "output_tokens": 24, "total_tokens": 36})
    yield event("metadata", {"chatId": CHAT})
    yield event("end", "[DONE]")


def run_state():
    runs = requests.get(CHAT_URL, timeout=60).json()["runs"]
    return next(run["state"] for run in runs if run["runId"] == RUN)


try:
    answer = requests.post(
        f"{CHAT_URL}/events", data=agent(), headers={"Content-Type": "application/x-ndjson"}
    )
except requests.ConnectionError:
    # requests reads no answer before it has sent everything: a refusal in the middle of the run
    # closes the connection under it, and ends the agent where it is.
    sys.exit(f"broken off: the run is {run_state()}")
print(answer.text)
stopped = '{"stop":' in answer.text  # a reader pressed stop; what came after it was dropped
sys.exit(0 if answer.ok and not stopped else 1)
