"""Blocks commands that delete what runs: kubectl, helm, terraform, az, aws and gcloud."""
import re

import event
import shell


def problem(one):
    words = one.operands()
    dry = any(word.startswith("--dry-run") and word != "--dry-run=none" or word == "--dryrun" for word in one.given)
    if one.name in ("kubectl", "oc"):
        return not dry and next((True for word in words[:3] if word in ("delete", "drain")), False)
    if one.name == "helm":
        return not dry and bool({"uninstall", "delete"} & set(words[:2]))
    if one.name in ("terraform", "tofu", "terragrunt"):
        destroys = "destroy" in words[:1] or "apply" in words[:1] and {"-destroy", "--destroy"} & set(one.given)
        return bool(destroys)
    if one.name == "az":
        return any(re.fullmatch(r"delete|purge", word) for word in words)
    if one.name == "aws":
        return not dry and any(re.match(r"(?:delete|terminate|remove|purge)-", word) for word in words[:2]) or words[:2] == ["s3", "rb"] or words[:2] == ["s3", "rm"] and "--recursive" in one.given
    if one.name == "gcloud":
        return "delete" in words
    return False


for command in shell.commands(event.command(event.read())):
    if problem(command):
        event.block(f"{command.name} would delete what runs. Show the plan, and let a person delete it.")
