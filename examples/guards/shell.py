"""The commands of a shell text: words without their quotes, what is piped where, what is redirected.

Text in quotes, comments and here-documents is no command, but what `$(…)`, backquotes, `bash -c`,
`bash <<EOF` and `eval` contain is. Variables are not known: a word keeps its `$NAME`.
"""
import re

SHELLS = {"sh", "bash", "dash", "zsh", "ksh"}
# Programs that start the command after them, with their options that take a value.
WRAPPERS = {
    "sudo": "ugpCrtT", "doas": "uC", "env": "uC", "nohup": "", "time": "fo", "nice": "n", "command": "",
    "exec": "a", "builtin": "", "timeout": "ks", "xargs": "adEILnPs", "stdbuf": "ioe", "ionice": "cn", "setsid": "",
}
KEYWORDS = {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done", "time"}
DEEPEST = 8


class Command:
    """A simple command: `words` after wrappers such as sudo, `writes` the files that it redirects to, `stdin` its here-documents."""

    def __init__(self, words, writes=(), stdin=""):
        self.words, self.writes, self.stdin = words, writes, stdin
        self.name = words[0].rsplit("/", 1)[-1] if words else ""
        self.given = words[1:]

    def flags(self):
        """The letters of its short options, and its long options without values."""
        found = set()
        for word in self.given:
            if word == "--":
                break
            if word.startswith("--"):
                found.add(word.split("=", 1)[0])
            elif word.startswith("-"):
                found.update(word[1:])
        return found

    def operands(self):
        """Its words that are no options."""
        options = True
        found = []
        for word in self.given:
            if options and word == "--":
                options = False
            elif not options or not word.startswith("-"):
                found.append(word)
        return found


def commands(text):
    """All simple commands of a text."""
    return [command for pipe in pipelines(text) for command in pipe]


def pipelines(text, depth=0):
    """The pipelines of a text, with those inside of its commands: lists of commands."""
    if depth > DEEPEST:
        return []
    found, inner = [], []
    pipe, words, writes, stdin = [], [], [], []

    def end_command():
        nonlocal words, writes, stdin
        rest = unwrapped(words)
        if rest or writes:
            command = Command(rest, writes, "".join(stdin))
            pipe.append(command)
            inner.extend(texts_in(rest))
            if command.name in SHELLS and not command.operands():
                inner.append(command.stdin)
        words, writes, stdin = [], [], []

    def end_pipe():
        nonlocal pipe
        end_command()
        if pipe:
            found.append(pipe)
        pipe = []

    for kind, value, nested in tokens(text):
        inner.extend(nested)
        if kind == "word":
            words.append(value)
        elif kind == "write":
            writes.append(value)
        elif kind == "stdin":
            stdin.append(value)
        elif kind == "pipe":
            end_command()
        else:
            end_pipe()
    end_pipe()
    for one in inner:
        found.extend(pipelines(one, depth + 1))
    return found


def unwrapped(words):
    at = 0
    while at < len(words):
        name = words[at].rsplit("/", 1)[-1]
        if words[at] in KEYWORDS or re.match(r"\w+\+?=", words[at]):
            at += 1
        elif name in WRAPPERS:
            at += 1
            while at < len(words) and (words[at].startswith("-") or re.match(r"\w+=", words[at])):
                option = words[at]
                takes = len(option) == 2 and option[1] in WRAPPERS[name]
                at += 2 if takes else 1
            if name == "timeout":
                at += 1
        else:
            break
    return words[at:]


def texts_in(words):
    """The texts that a command runs as shell: `bash -c TEXT`, `eval TEXT`."""
    if not words:
        return []
    name = words[0].rsplit("/", 1)[-1]
    if name == "eval":
        return [" ".join(words[1:])]
    if name in SHELLS:
        for at, word in enumerate(words[1:], 1):
            if re.fullmatch(r"-\w*c\w*", word) and at + 1 < len(words):
                return [words[at + 1]]
    return []


def tokens(text):
    """Pairs of kind and value, with the texts of substitutions: word, write, stdin, pipe, end."""
    text = text.replace("\\\n", "")
    at, size = 0, len(text)
    bodies_end = None  # of the here-documents of this line
    while at < size:
        char = text[at]
        if char == "\n":
            at, bodies_end = bodies_end or at + 1, None
            yield "end", char, []
        elif char in " \t\r":
            at += 1
        elif char == "#":
            at = behind(text, "\n", at) - 1 if "\n" in text[at:] else size
        elif text.startswith("<<<", at):
            at += 3
        elif text.startswith("<<", at):
            strip = text.startswith("<<-", at)
            mark, at, _ = word_at(text, skip_blanks(text, at + (3 if strip else 2)))
            start = bodies_end or behind(text, "\n", at)
            bodies_end = behind_heredoc(text, start, mark, strip)
            yield "stdin", text[start:bodies_end], []
        elif char in "<>" and not text.startswith(("<(", ">("), at):
            at, value, nested = redirection(text, at)
            if value is not None:
                yield "write", value, nested
        elif char == "|" and not text.startswith("||", at):
            at += 2 if text.startswith("|&", at) else 1
            yield "pipe", char, []
        elif char in ";&|()":
            if char == "&" and re.match(r"&>>?", text[at:]):
                at, value, nested = redirection(text, at + 1)
                yield "write", value, nested
                continue
            at += 1
            yield "end", char, []
        else:
            value, end, nested = word_at(text, at)
            at = end
            # `2>file` is a redirection of a number.
            if not (value.isdigit() and text[at : at + 1] in ("<", ">")):
                yield "word", value, nested


def redirection(text, at):
    writes = text[at] == ">"
    sign = re.match(r"[<>][>&|]?", text[at:]).group()
    target, end, nested = word_at(text, skip_blanks(text, at + len(sign)))
    is_file = writes and not (sign.endswith("&") and (target.isdigit() or target == "-"))
    return max(end, at + len(sign)), (target if is_file else None), nested


def skip_blanks(text, at):
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def behind(text, what, at):
    found = text.find(what, at)
    return len(text) if found == -1 else found + len(what)


def behind_heredoc(text, at, mark, strip):
    while at < len(text):
        end = behind(text, "\n", at)
        line = text[at:end].rstrip("\n")
        at = end
        if (line.lstrip("\t") if strip else line) == mark:
            break
    return at


def word_at(text, at):
    """The word that begins here, where it ends, and the texts of its substitutions."""
    parts, nested = [], []
    while at < len(text) and text[at] not in " \t\r\n;&|()<>":
        char = text[at]
        if char == "\\":
            parts.append(text[at + 1 : at + 2])
            at += 2
        elif char == "'":
            end = behind(text, "'", at + 1)
            parts.append(text[at + 1 : end].removesuffix("'"))
            at = end
        elif char == '"':
            at = in_double_quotes(text, at + 1, parts, nested)
        else:
            at = plain_or_substitution(text, at, parts, nested)
    if text.startswith(("<(", ">("), at):
        end = behind_brackets(text, at + 2)
        nested.append(text[at + 2 : end - 1])
        return "".join(parts) + text[at:end], end, nested
    return "".join(parts), at, nested


def in_double_quotes(text, at, parts, nested):
    while at < len(text) and text[at] != '"':
        if text[at] == "\\":
            parts.append(text[at + 1 : at + 2] if text[at + 1 : at + 2] in '"\\$`' else text[at : at + 2])
            at += 2
        else:
            at = plain_or_substitution(text, at, parts, nested)
    return at + 1


def plain_or_substitution(text, at, parts, nested):
    if text.startswith("$(", at):
        end = behind_brackets(text, at + 2)
        nested.append(text[at + 2 : end - 1])
    elif text[at] == "`":
        end = behind(text, "`", at + 1)
        nested.append(text[at + 1 : end].removesuffix("`"))
    else:
        end = at + 1
    parts.append(text[at:end])
    return end


def behind_brackets(text, at):
    """The end of what a bracket opens, over quotes and brackets inside."""
    depth = 1
    while at < len(text) and depth > 0:
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "'":
            at = behind(text, "'", at + 1) - 1
        elif char == '"':
            at = in_double_quotes(text, at + 1, [], []) - 1
        elif char in "()":
            depth += 1 if char == "(" else -1
        at += 1
    return at
