"""The page with accounts on over a data folder, in a process of its own: `python serve_people.py DATA_DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from assistant.rights import Role  # noqa: E402 - the path comes first
from assistant.service import Service  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from assistant.web.app import serve  # noqa: E402

PASSWORD = "Sieben-Raben-im-Schnee"  # noqa: S105
PEOPLE = {"rita": Role.REVIEWER, "ruth": Role.REVIEWER, "anna": Role.AUDITOR, "adam": Role.ADMIN}
if __name__ == "__main__":
    settings = Settings(data_dir=Path(sys.argv[1]), port=0, accounts="on")
    service = Service.open(settings)
    for name, role in PEOPLE.items():
        service.accounts.add(name, role, PASSWORD)
    serve(service, settings)
