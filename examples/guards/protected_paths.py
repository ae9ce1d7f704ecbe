"""Blocks tools and commands that touch files of credentials, or write into .git and .ssh."""
import re

import event
import shell

# Neither read nor written; examples and public keys are free.
SECRET = re.compile(
    r"(?:.*/)?(?:\.env(?:\.(?!example$|sample$|template$|dist$)[\w.-]+)?|\.netrc|\.pgpass|\.npmrc|\.pypirc|id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|[\w.-]+\.(?:pem|p12|pfx|keystore|jks)|\.aws/credentials|\.kube/config|\.docker/config\.json)"
)
# Not written.
KEPT = re.compile(r"(?:.*/)?(?:\.git|\.ssh|\.gnupg)(?:/.*)?")
WRITERS = ("tee", "cp", "mv", "rm", "truncate", "install", "ln", "chmod", "chown", "touch", "sed")
READERS = ("cat", "less", "more", "head", "tail", "grep", "rg", "awk", "sed", "source", ".", "base64", "xxd", "strings", "cp", "mv", "scp", "curl", "bat", "nl", "sort")
READ_TOOLS = re.compile(r"read|view|grep|glob|list|search|fs_read|cat", re.IGNORECASE)

said = event.read()
tool = str(said.get("tool_name", said.get("toolName", "")))
for path in event.paths(said):
    if SECRET.fullmatch(path):
        event.block(f"{path} holds credentials: it is not for an agent.")
    if KEPT.fullmatch(path) and not READ_TOOLS.search(tool):
        event.block(f"{path} is not edited by hand: use git, or ask the person.")
for command in shell.commands(event.command(said)):
    files = [word.lstrip("@") for word in command.operands()]
    touched = [*command.writes, *(files if command.name in (*READERS, *WRITERS) else [])]
    for path in touched:
        if SECRET.fullmatch(path):
            event.block(f"{path} holds credentials: it is not for an agent.")
    writes = [*command.writes, *(files if command.name in WRITERS and (command.name != "sed" or "i" in command.flags()) else [])]
    for path in writes:
        if KEPT.fullmatch(path):
            event.block(f"{path} is not edited by hand: use git, or ask the person.")
