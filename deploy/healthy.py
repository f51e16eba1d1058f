"""Asks the program on this machine whether it lives (`/healthz`) or is ready (`/readyz`); exit 0 for yes, 1 for no."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main(path: str) -> int:
    """One request, five seconds at most, under the name by which the page knows itself."""
    address = f"127.0.0.1:{os.environ.get('IMR_PORT') or '7860'}"
    name = urlsplit(os.environ.get("IMR_PUBLIC_URL", "")).netloc or address
    request = urllib.request.Request(f"http://{address}{path}", headers={"Host": name})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by way of a proxy
    try:
        with opener.open(request, timeout=5) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "/healthz"))
