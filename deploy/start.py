"""Takes the secrets that are mounted as files into the environment of this process, then becomes the program.

A mounted secret is seldom a file of mode 0600 of the program's own user, and never belongs into a container's settings.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

SECRETS = Path("/run/secrets")
NAMES = (
    "IMR_KEY",
    "IMR_AUDIT_KEY",
    "IMR_API_TOKEN",
    "IMR_CHAT_KEY",
    "IMR_CHROMA_TOKEN",
    "IMR_OIDC_CLIENT_SECRET",
    "PGPASSWORD",
)


def environment(given: Mapping[str, str], folder: Path) -> dict[str, str]:
    """`given` and the secrets of `folder`: one file a name of NAMES, its lines joined by commas.

    Raises SystemExit with a sentence for a secret that is empty or cannot be read.
    """
    found = dict(given)
    for name in NAMES:
        file = folder / name
        try:
            text = file.read_text("utf-8") if file.is_file() else None
        except (OSError, UnicodeDecodeError):
            raise SystemExit(f"The secret {file} cannot be read by this user; nothing was started.") from None
        if text is None:
            continue
        found[name] = ",".join(line.strip() for line in text.splitlines() if line.strip())
        if not found[name]:
            raise SystemExit(f"The secret {file} is empty; nothing was started.")
    return found


if __name__ == "__main__":
    program = [sys.executable, "-m", "assistant", *sys.argv[1:]]
    os.execve(program[0], program, environment(os.environ, Path(os.environ.get("SECRETS", SECRETS))))
