# python3 httpx-iter-lines.py <streamUrl>
# Prints the JSON of every data line that httpx' iter_lines hands out, one line each.
import json
import sys

import httpx

with httpx.stream("GET", sys.argv[1], timeout=60) as response:
    response.raise_for_status()
    for line in response.iter_lines():
        if line.startswith("data:"):
            print(json.dumps(json.loads(line[len("data:") :])), flush=True)
