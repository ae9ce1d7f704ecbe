"""What an event says, in the words of every agent, and how a guard answers."""
import json
import sys


def read():
    """The JSON on stdin. What cannot be read is an error, and failMode decides."""
    event = json.load(sys.stdin)
    if not isinstance(event, dict):
        raise ValueError("the event is no mapping")
    return event


def tool_input(event):
    """The input of the tool: each agent has another name for it."""
    found = event.get("tool_input", event.get("toolArgs", event.get("tool_info")))
    before = event.get("preToolUse")
    if found is None and isinstance(before, dict):
        found = before.get("parameters")
    return found if isinstance(found, dict) else {}


def command(event):
    """The command of a shell tool, or an empty text."""
    given = tool_input(event)
    for value in (given.get("command"), given.get("cmd"), given.get("command_line"), event.get("command")):
        if isinstance(value, list):
            return " ".join(map(str, value))
        if isinstance(value, str):
            return value
    return ""


def paths(event):
    """The files that a tool reads or writes."""
    given = tool_input(event)
    names = ("file_path", "filePath", "path", "notebook_path", "absolute_path", "target_file")
    return [given[name] for name in names if isinstance(given.get(name), str)]


def texts(event):
    """The texts that a tool writes into a file."""
    given = tool_input(event)
    names = ("content", "new_string", "new_str", "file_text", "new_source", "text")
    found = [given[name] for name in names if isinstance(given.get(name), str)]
    edits = given.get("edits")
    for edit in edits if isinstance(edits, list) else []:
        if isinstance(edit, dict) and isinstance(edit.get("new_string"), str):
            found.append(edit["new_string"])
    return found


def block(reason):
    """Rejects the event: exit code 2 with the reason on stderr is a block in every dialect."""
    print(reason, file=sys.stderr)
    sys.exit(2)


def ask(reason):
    """Leaves the decision to a person."""
    output = {"hookEventName": "PreToolUse", "permissionDecision": "ask", "permissionDecisionReason": reason}
    print(json.dumps({"hookSpecificOutput": output}))
    sys.exit(0)
