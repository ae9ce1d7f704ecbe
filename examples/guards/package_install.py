"""Asks a person before a package is added; what a lock file or a requirements file lists is free."""
import event
import shell

MANAGERS = {
    "npm": ("install", "i", "add"), "pnpm": ("add", "install", "i"), "yarn": ("add",), "bun": ("add", "install", "i"),
    "pip": ("install",), "pip3": ("install",), "uv": ("add",), "poetry": ("add",), "pipx": ("install",),
    "cargo": ("add", "install"), "gem": ("install",), "go": ("install", "get"), "brew": ("install",),
    "apt": ("install",), "apt-get": ("install",), "dnf": ("install",), "yum": ("install",), "apk": ("add",),
}
# Options whose value is no package.
VALUED = ("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "--prefix", "-i", "--index-url", "--registry", "-t", "--target")


def packages(one):
    words = list(one.given)
    if one.name in ("python", "python3") and words[:2] == ["-m", "pip"]:
        return packages(shell.Command(["pip", *words[2:]]))
    if one.name == "uv" and words[:1] == ["pip"]:
        return packages(shell.Command(["pip", *words[1:]]))
    verbs = MANAGERS.get(one.name, ())
    at = next((at for at, word in enumerate(words) if not word.startswith("-")), len(words))
    if words[at : at + 1] and words[at] in verbs:
        rest, found = words[at + 1 :], []
        while rest:
            word = rest.pop(0)
            if word in VALUED:
                rest = rest[1:]
            elif not word.startswith("-") and not word.startswith((".", "/")):
                found.append(word)
        return found
    return []


names = [name for command in shell.commands(event.command(event.read())) for name in packages(command)]
if names:
    event.ask(f"This adds {', '.join(names[:5])}. May it be installed?")
