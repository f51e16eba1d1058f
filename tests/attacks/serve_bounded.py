"""The page over the service without models, with short bounds, as a process: `python serve_bounded.py DATA_DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "web"), str(Path(__file__).parents[2])]

from fake_service import FakeService  # noqa: E402 - the path comes first

from assistant.settings import Settings  # noqa: E402
from assistant.web import bodies, connections  # noqa: E402
from assistant.web.app import serve  # noqa: E402

connections.Bounds.__init__.__defaults__ = (0.6, 0.6, 64 * 1024, 12)  # type: ignore[misc]
bodies.BODY_SECONDS, bodies.LEAST_RATE = 0.8, 64 * 1024
settings = Settings(data_dir=Path(sys.argv[1]), port=0)
serve(FakeService(settings), settings)
