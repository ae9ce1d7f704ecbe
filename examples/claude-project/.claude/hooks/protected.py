"""Refuses to change files whose names are in protected.json."""
import argparse
import json
import pathlib
import sys

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--strict", action="store_true", help="in all folders, not only at the top")
options = parser.parse_args()

patterns = json.loads(pathlib.Path(__file__).with_name("protected.json").read_text())
context = json.load(sys.stdin)
path = pathlib.PurePath(context["tool_input"]["file_path"])
if any(path.match(pattern) for pattern in patterns) and (options.strict or len(path.parts) == 1):
    print(f"{path.name} is not written by hand.", file=sys.stderr)
    sys.exit(2)
