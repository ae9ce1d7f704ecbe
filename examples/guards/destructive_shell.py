"""Blocks commands that delete or overwrite what cannot be got back: system and home folders, whole disks."""
import re

import event
import shell

SYSTEM = "bin boot dev etc home lib lib64 opt proc root sbin srv sys usr var".split()
HOME = r"~[a-z]*|\$\{?HOME\}?|/home/[^/]+|/root|/Users/[^/]+"
ROOTS = re.compile(rf"(?:/+|/+(?:{'|'.join(SYSTEM)})|{HOME}|\.|\.\.|\*|\.git)(?:/+|/+\*|/\.\*)?")
DISK = re.compile(r"/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper/)\S*")


def deletes_everything(path):
    return ROOTS.fullmatch(re.sub(r"(?<=.)/\.(?=/|$)", "", path)) is not None


def problem(one):
    flags, paths = one.flags(), one.operands()
    if one.name == "rm" and flags & {"r", "R", "--recursive"} and any(map(deletes_everything, paths)):
        return "This removes a whole system, home or project folder. Name the files that have to go."
    if one.name == "find" and paths and deletes_everything(paths[0]) and paths[0] not in (".", "./"):
        if "-delete" in one.given or ("-exec" in one.given and "rm" in one.given):
            return "This removes files of a whole system or home folder. Name the folder that has to go."
    if one.name in ("chmod", "chown") and flags & {"R", "--recursive"} and any(
        deletes_everything(path) and not path.startswith(".") for path in paths[1:]
    ):
        return "This changes the rights of a whole system or home folder. Name the files."
    if one.name.startswith("mkfs") or one.name in ("wipefs", "shred") and any(map(DISK.match, paths)):
        return "This overwrites a disk."
    if one.name == "dd" and any(DISK.match(word[3:]) for word in one.given if word.startswith("of=")):
        return "This overwrites a disk."
    if any(DISK.match(path) for path in one.writes):
        return "This overwrites a disk."
    return None


text = event.command(event.read())
if re.search(r":\s*\(\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;\s*:", text):
    event.block("This starts processes without end.")
for command in shell.commands(text):
    reason = problem(command)
    if reason:
        event.block(reason)
