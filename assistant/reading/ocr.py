"""Recognises the text of scanned PDFs by the program ocrmypdf, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from assistant.errors import UnreadableFile
from assistant.hardening import private_folder

OCR_WARNING = "Its pages are scanned; the text was recognised by OCR and may hold slips, so compare it with the letter."
OCR_SECONDS = 900.0  # for one file
_COMMAND = "ocrmypdf"
_HOW_TO = "docs/importing-determinations.md says how"


def ocr_available() -> bool:
    """Whether the command `ocrmypdf` is on this machine."""
    return shutil.which(_COMMAND) is not None


def recognise(name: str, data: bytes, *, seconds: float = OCR_SECONDS) -> bytes:
    """A scanned PDF with a text layer added; raises UnreadableFile when that cannot be had.

    The file lies in a private temporary folder while `ocrmypdf` works on it, and is deleted with it.
    """
    command = shutil.which(_COMMAND)
    if command is None:
        raise UnreadableFile(
            name,
            "its pages are scanned pictures without a text layer; install ocrmypdf to have them read by OCR "
            f"({_HOW_TO}), then import it again",
        )
    with private_folder() as folder:
        scanned, readable = Path(folder) / "scanned.pdf", Path(folder) / "readable.pdf"
        scanned.write_bytes(data)
        _run([command, "--quiet", "--skip-text", "--output-type", "pdf", str(scanned), str(readable)], name, seconds)
        try:
            return readable.read_bytes()
        except OSError:
            raise UnreadableFile(name, "its pages are scanned pictures, and ocrmypdf gave nothing back") from None


def _run(command: list[str], name: str, seconds: float) -> None:
    # A session of its own, so that the programs that ocrmypdf starts end with it.
    with subprocess.Popen(  # noqa: S603 - the command was found on the path, its arguments are ours
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise UnreadableFile(
                name, f"recognising its text took longer than {seconds:g} seconds and was stopped"
            ) from None
        finally:
            _end(process)
    if code:
        raise UnreadableFile(name, f"its pages are scanned pictures, and ocrmypdf could not read them (exit {code})")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs, with all that it started."""
    import os
    import signal

    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
