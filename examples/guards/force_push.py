"""Blocks pushes that rewrite or delete what others have: git push --force, +branch, --mirror, --delete main.

--force-with-lease passes: it stops where somebody else has pushed since.
"""
import re

import event
import shell

TRUNK = re.compile(r":?(?:refs/heads/)?(?:main|master|trunk|production|release(?:/.*)?)")
# Options of git before its command that take a value.
VALUED = ("-C", "-c", "--git-dir", "--work-tree", "--namespace")


def push_of(words):
    """What follows `git push`; None for other commands."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in VALUED else 1
    return words[at + 1 :] if words[at : at + 1] == ["push"] else None


for command in shell.commands(event.command(event.read())):
    given = push_of(command.given) if command.name == "git" else None
    if given is None:
        continue
    push = shell.Command(["push", *given])
    flags, refs = push.flags(), push.operands()
    if flags & {"f", "--force", "--mirror"} or any(ref.startswith("+") for ref in refs):
        event.block("A forced push rewrites what others have. Use git push --force-with-lease, or open a pull request.")
    if ("d" in flags or "--delete" in flags) and any(map(TRUNK.fullmatch, refs)):
        event.block("This deletes a branch that others work on.")
    if any(ref.startswith(":") and TRUNK.fullmatch(ref) for ref in refs):
        event.block("This deletes a branch that others work on.")
