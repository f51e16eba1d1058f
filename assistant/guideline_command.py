"""The part of `imr-assistant import` that takes the plain text of a guideline: its options, and what it prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.domain import PassageKind
from assistant.errors import AssistantError
from assistant.printing import guideline_as_json, guideline_as_text, imported_as_text, preview_as_json, progress_bar
from assistant.reading.folders import READABLE
from assistant.reading.guideline_metadata import Metadata

if TYPE_CHECKING:
    from assistant.library.importing import ImportReport
    from assistant.service import Service

IF_GUIDELINE = (
    "If a file named above is the text of a guideline, import it with --kind official; add --dry-run to see first what "
    "it would be cited by."
)


def unknown(report: ImportReport) -> bool:
    """Whether an import passed over a file that may be a guideline's text."""
    return any(Path(name).suffix.lower() in READABLE for name in report.neither)


def metadata_of(
    label: str | None,
    kind: PassageKind | None,
    edition: str | None,
    family: str | None,
    start: datetime | None,
    end: datetime | None,
    *,
    not_dated: bool,
) -> Metadata:
    """What the options say of a guideline's text."""
    return Metadata(
        label=label,
        family=family,
        edition=edition,
        in_force_from=start.date() if start else None,
        in_force_to=end.date() if end else None,
        not_dated=not_dated,
        kind=kind,
    )


def is_guideline(given: Metadata) -> bool:
    """Whether any option was given, so that the files are said to be a guideline's."""
    return given != Metadata()


@dataclass(frozen=True, slots=True)
class GuidelineCommand:
    """`import` with options that say what the files are: the text of one guideline, in one file or several."""

    service: Service
    given: Metadata
    replace: bool
    as_json: bool

    def run(self, paths: Sequence[Path], *, dry_run: bool) -> bool:
        """Show or import each file; what cannot be read is one sentence on standard error. False if none was read."""
        folder = next((path for path in paths if path.is_dir()), None)
        if folder is not None:
            raise AssistantError(f"{folder.name} is a folder; name the guideline’s files when you say what they are.")
        read = 0
        for path in paths:
            try:
                if dry_run:
                    self._show(path)
                else:
                    self._import(path, first=read == 0)
                read += 1
            except AssistantError as error:
                typer.echo(str(error), err=True)
        return read > 0

    def _show(self, path: Path) -> None:
        preview = self.service.preview_guideline(path, self.given)
        typer.echo(_json(preview_as_json(preview)) if self.as_json else guideline_as_text(preview))

    def _import(self, path: Path, *, first: bool) -> None:
        # of a guideline in several files only the first pushes earlier texts out
        imported = self.service.import_guideline(
            path, self.given, replacing=self.replace and first, progress=progress_bar()
        )
        if self.as_json:
            typer.echo(_json(guideline_as_json(imported)))
        typer.echo(imported_as_text(imported), err=True)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
