"""python3 client.py HOOKS.json CONTEXT.json: asks hookpool and exits with 2 for a block, 0 otherwise."""
import json
import os
import sys
import urllib.request

server = os.environ.get("HOOKPOOL_URL", "http://127.0.0.1:4665")
headers = {"Content-Type": "application/json"}
if "HOOKPOOL_TOKEN" in os.environ:
    headers["Authorization"] = "Bearer " + os.environ["HOOKPOOL_TOKEN"]

with open(sys.argv[1], encoding="utf-8") as hooks, open(sys.argv[2], encoding="utf-8", newline="") as context:
    # The context as a text: its numbers reach the hook as they are.
    body = {"hooks": json.load(hooks)["hooks"], "context": context.read(), "deadlineMs": 10_000}

request = urllib.request.Request(server + "/v1/evaluate", json.dumps(body).encode(), headers, method="POST")
with urllib.request.urlopen(request, timeout=15) as answer:
    decision = json.load(answer)
print(decision["decision"], decision.get("reason", ""))
sys.exit(2 if decision["decision"] == "block" else 0)
