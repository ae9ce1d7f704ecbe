"""Sends commit messages back that say nothing, or whose first line is too long."""
import re

import event
import shell

LONGEST = 72
EMPTY_WORDS = re.compile(r"(?:wip|fix(?:es|ed)?|update[ds]?|change[ds]?|stuff|misc|tmp|test|\.+|asdf)[.! ]*", re.IGNORECASE)


def messages(words):
    found = []
    for at, word in enumerate(words):
        if word in ("-m", "--message") or re.fullmatch(r"-[a-zA-Z]*m", word) and not word.startswith("--"):
            found += words[at + 1 : at + 2]
        elif word.startswith("--message="):
            found.append(word.split("=", 1)[1])
    return found


for command in shell.commands(event.command(event.read())):
    if command.name != "git" or "commit" not in command.operands():
        continue
    given = messages(command.given)
    # What a substitution or a variable says is not known here.
    if not given or "$" in given[0] or "`" in given[0]:
        continue
    title = given[0].strip().split("\n")[0]
    if not title or EMPTY_WORDS.fullmatch(title):
        event.block("The message says nothing: tell what is different, in a few words.")
    if len(title) > LONGEST:
        event.block(f"The first line of the message has {len(title)} characters; {LONGEST} are the most. Put the rest into the body.")
