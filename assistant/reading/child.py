"""The child process that reads files: bytes in, text and letter out as JSON. It may be killed at any moment."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from assistant.errors import UnreadableFile
from assistant.reading.bounded import Letter, read_frame, write_frame
from assistant.reading.files import ScannedFile, text_of
from assistant.reading.letter_records import as_record
from assistant.reading.letters import looks_like_letter, read_letter
from assistant.reading.page_images import page_image

MAX_MEMORY = 3 * 1024**3  # bytes of address space; a letter needs some ten million
MAX_LETTER = 2_000_000  # characters; the longest letters seen have some ten thousand


def main() -> None:
    """Answer questions until the parent closes the pipe.

    A question is a JSON frame (`name`, `max_pages`, `letter`) and a frame with the file's bytes; the answer is a JSON
    frame: `text`, `starts`, `media`, `warnings` and `record` (the letter, or null), or `reason` and perhaps `scanned`.
    A question with `page` asks for that page as an image instead (see page_images.py).
    """
    _limit_memory()
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    while (question := read_frame(questions)) is not None:
        data = read_frame(questions)
        if data is None:
            return
        write_frame(answers, json.dumps(answer_to(json.loads(question), data)).encode())


def answer_to(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The answer to one question."""
    try:
        if "page" in question:
            return page_image(question["name"], data, question["page"])
        found = text_of(question["name"], data, question["max_pages"])
    except ScannedFile as error:
        return {"reason": error.reason, "scanned": True}
    except UnreadableFile as error:
        return {"reason": error.reason}
    except (MemoryError, RecursionError):
        return {"reason": "reading it takes more memory than a document should"}
    answer = {"text": found.text, "starts": found.page_starts, "media": found.media, "warnings": found.warnings}
    return answer | _record_of(found.text, question["letter"])


def _record_of(text: str, letter: Letter) -> dict[str, Any]:
    if letter == "no" or (letter == "if" and not looks_like_letter(text)):
        return {"record": None}
    if len(text) > MAX_LETTER:
        return (
            {"record": None}
            if letter == "if"
            else {"reason": f"it has {len(text):,} characters, too many for a letter"}
        )
    return {"record": as_record(read_letter(text))}


def _limit_memory() -> None:
    """Where the system can, let the child die before the machine does."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MAX_MEMORY if hard == resource.RLIM_INFINITY else min(MAX_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
