"""A kept chat as a file: Markdown for people, JSON for programs. What was said is data: it cannot become a link."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from assistant.drafting.export.markdown import escaped
from assistant.drafting.export.texts import one_line
from assistant.views import Turn

_SPEAKERS = {"reviewer": "You", "assistant": "Assistant"}


class ChatFormat(StrEnum):
    """The kinds of file that a chat is exported as."""

    MARKDOWN = "md"
    JSON = "json"


def written_out(title: str, turns: Sequence[Turn], form: ChatFormat) -> str:
    """The chat under the title of its case, in the order of its turns, each with what it rests on."""
    if form is ChatFormat.JSON:
        told = {"case": title, "turns": [_as_mapping(turn) for turn in turns]}
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return "\n\n".join(_markdown(title, turns)) + "\n"


def _as_mapping(turn: Turn) -> Mapping[str, object]:
    return {
        "role": turn.role,
        "at": turn.at.isoformat() if turn.at else None,
        "text": turn.text,
        "stopped": turn.stopped,
        "superseded": turn.superseded,
        "changed": turn.changed,
        "notices": list(turn.notices),
        "blocks": [dict(block) for block in turn.blocks if block.get("kind") != "link"],
        "discarded": [dict(thrown) for thrown in turn.discarded],
        "model": turn.model,
    }


def _markdown(title: str, turns: Sequence[Turn]) -> Iterator[str]:
    yield f"# Chat: {escaped(one_line(title)) or 'a case'}"
    for turn in turns:
        yield f"**{_SPEAKERS.get(turn.role, 'Assistant')}**{_marks(turn)}"
        if turn.text.strip():
            yield escaped(turn.text)
        yield from (escaped(notice) for notice in turn.notices)
        quoted = [_block(block) for block in turn.blocks if block.get("kind") != "link"]
        if quoted:
            yield "\n".join(quoted)


def _marks(turn: Turn) -> str:
    said = [turn.at.strftime("%Y-%m-%d %H:%M UTC")] if turn.at else []
    said += [f"worded by {escaped(one_line(turn.model))}"] if turn.model else []
    said += ["stopped"] if turn.stopped else []
    said += ["put aside"] if turn.superseded else []
    return f" ({', '.join(said)})" if said else ""


def _block(block: Mapping[str, object]) -> str:
    label, text = one_line(str(block.get("label", ""))), one_line(str(block.get("text", "")))
    named = f"{escaped(label)}: " if label and label != text else ""
    return f"- {named}{escaped(text)}"
