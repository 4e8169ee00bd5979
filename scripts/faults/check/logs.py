"""I9: no log contains a secret."""

import re

TOKENS = re.compile(r"dw[rvpid]_[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{16,}")


def check_logs(logs, canary):
    """Checks logs, given as names and texts. The users' passwords start with the canary and a space."""
    violations = []
    for name, text in logs.items():
        for line in text.splitlines():
            if f"{canary} " in line or TOKENS.search(line):
                violations.append(("I9", f"{name} contains a secret: {line[:200]}"))
    return violations
