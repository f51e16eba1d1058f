"""The page over the service without models, in a process of its own: `python serve_fake.py DATA_DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "web"), str(Path(__file__).parents[2])]

from fake_service import FakeService  # noqa: E402 - the path comes first

from assistant.settings import Settings  # noqa: E402
from assistant.web.app import serve  # noqa: E402

settings = Settings(data_dir=Path(sys.argv[1]), port=0)
serve(FakeService(settings), settings)
