"""Blocks secrets in files and commands: private keys, and tokens of known shapes."""
import re

import event

SHAPES = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/]{40}",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[opsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20}\b",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{20,}",
    "a Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{20,}\b",
    "a key of a model": r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}",
    "an Azure storage key": r"AccountKey=[A-Za-z0-9+/]{80,}==",
}
# Keys of documents and tests, which open nothing.
EXAMPLES = re.compile(r"EXAMPLE|x{8,}|0{8,}", re.IGNORECASE)

said = event.read()
for text in [*event.texts(said), event.command(said)]:
    for what, shape in SHAPES.items():
        for found in re.finditer(shape, text):
            if not EXAMPLES.search(found.group()):
                event.block(f"This contains {what}. Read it from the environment or a secret store instead.")
