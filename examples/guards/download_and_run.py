"""Blocks a download that goes straight into an interpreter: curl URL | sh, bash <(curl URL), sh -c "$(curl URL)"."""
import re

import event
import shell

FETCHES = ("curl", "wget", "fetch", "http")
RUNS = re.compile(r"(?:ba|da|k|z)?sh|python[\d.]*|node|perl|ruby|php")
REASON = "A download must not go straight into an interpreter: save it, read it, then run it."


def fetches(text):
    return any(command.name in FETCHES for command in shell.commands(text))


def reads_stdin(command):
    """Whether it runs its stdin: without a script or a text, or a shell with -s."""
    return not command.operands() or command.name in shell.SHELLS and "s" in command.flags()


for pipe in shell.pipelines(event.command(event.read())):
    names = [command.name for command in pipe]
    for at, name in enumerate(names):
        if RUNS.fullmatch(name) and any(one in FETCHES for one in names[:at]) and reads_stdin(pipe[at]):
            event.block(REASON)
        runs_words = RUNS.fullmatch(name) or name in ("eval", "source", ".")
        for word in pipe[at].given if runs_words else []:
            inner = re.findall(r"<\((.*)\)|\$\((.*)\)|`(.*)`", word, re.DOTALL)
            if any(fetches(text) for parts in inner for text in parts):
                event.block(REASON)
