#!/usr/bin/env python3
"""One agent run, published over one open request, with httpx and asyncio.

    python3 publish-httpx.py http://127.0.0.1:8080 CHAT
"""
import asyncio
import json
import sys
import uuid
from urllib.parse import quote

import httpx

URL, CHAT = sys.argv[1], sys.argv[2]
CHAT_URL = f"{URL}/v1/chats/{quote(CHAT, safe='')}"
RUN = f"run-{uuid.uuid4()}"
HEARTBEAT_S = 1


def event(name, data, **more):
    return json.dumps({"event": name, "data": data, "run": RUN, **more}).encode() + b"\n"


async def tokens(text, type):
    """Your model goes here: anything that hands out text piece by piece."""
    for word in text.split(" "):
        await asyncio.sleep(0.02)
        yield event("token", word + " ", type=type)


async def agent(client):
    yield event("start", "")
    async for token in tokens(
        "They ask for the version. The researcher can look it up.", "agentReasoning"
    ):
        yield token

    yield event("nextAgent", "researcher")
    call = {"tool": "server_info", "toolInput": {"path": "/v1/info"}}
    yield event("calledTools", [{**call, "toolOutput": ""}])
    # Your tool goes here: anything that takes its time.
    work = asyncio.create_task(client.get(f"{URL}/v1/info"))
    while not (await asyncio.wait({work}, timeout=HEARTBEAT_S))[0]:
        yield b"\n"  # a sign of life: the run is not idle, and nobody is sent anything
    info = work.result().json()
    found = f"{info['name']} {info['version']}"
    yield event("tool", {**call, "toolOutput": found})
    async for token in tokens("That is all I need.", "agentReasoning"):
        yield token

    yield event("sourceDocuments", [{"pageContent": found, "metadata": {"source": "/v1/info"}}])
    async for token in tokens(f"✓ This server is {found}.", "finalResponse"):
        yield token
    yield event("usageMetadata", {"input_tokens": 12, "output_tokens": 24, "total_tokens": 36})
    yield event("metadata", {"chatId": CHAT})
    yield event("end", "[DONE]")


async def main():
    async with httpx.AsyncClient(timeout=60) as client:
        try:
            answer = await client.post(
                f"{CHAT_URL}/events",
                content=agent(client),
                headers={"Content-Type": "application/x-ndjson"},
            )
        except httpx.TransportError:
            # httpx reads no answer before it has sent everything: a refusal in the middle of the
            # run closes the connection under it, and ends the agent where it is.
            runs = (await client.get(CHAT_URL)).json()["runs"]
            state = next(run["state"] for run in runs if run["runId"] == RUN)
            sys.exit(f"broken off: the run is {state}")
    print(answer.text)
    stopped = '{"stop":' in answer.text  # a reader pressed stop; what came after it was dropped
    sys.exit(0 if answer.is_success and not stopped else 1)


asyncio.run(main())
