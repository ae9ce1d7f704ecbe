"""What is checked before a tool runs, and noted when it has run."""

from typing import Any

from .texts import named_in


def validate_tool(tool_name: str, tool_input: dict, forbidden: list[str], **event) -> dict | bool:
    command = named_in(tool_input["command"], forbidden)
    if command is None:
        return True
    return {"decision": "deny", "reason": f"{tool_name} may not use {command}."}


def log_tool_usage(
    tool_name: str, tool_output: Any, duration_ms: float, log_file: str, **event
) -> str:
    line = f"{tool_name}: {duration_ms:.1f} ms"
    with open(log_file, "a") as file:
        file.write(f"{line}\n")
    return line
