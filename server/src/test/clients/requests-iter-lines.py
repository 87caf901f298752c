# python3 requests-iter-lines.py <streamUrl> [decoded]
# Prints the JSON of every data line that requests' iter_lines hands out, one line each. With
# "decoded" iter_lines is asked for text, for which requests has to be told the encoding.
import json
import sys

import requests

url, *rest = sys.argv[1:]
decoded = rest == ["decoded"]
with requests.get(url, stream=True, timeout=60) as response:
    response.raise_for_status()
    if decoded:
        response.encoding = "utf-8"
    for line in response.iter_lines(decode_unicode=decoded):
        text = line if decoded else line.decode()
        if text.startswith("data:"):
            print(json.dumps(json.loads(text[len("data:") :])), flush=True)
