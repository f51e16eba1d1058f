"""How many messages the rules read right: a set written with them, and one written without a look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from drafted_case import two_issues

from assistant.chat import intents as i
from assistant.chat.context import ChatContext
from assistant.chat.router import route
from assistant.chat.terms import Terms
from assistant.domain import DisputedService

_HERE = Path(__file__).parent
_NAMES: dict[type[i.Intent], str] = {
    i.SetOutcome: "set_outcome",
    i.Shorten: "shorten",
    i.Lengthen: "lengthen",
    i.Plainer: "plainer",
    i.AddPoint: "add_point",
    i.DropPoint: "drop_point",
    i.ChangeCitation: "change_citation",
    i.KeepSentence: "keep_sentence",
    i.Redraft: "redraft",
    i.Undo: "undo",
    i.Why: "why",
    i.OtherWay: "other_way",
    i.AskGuideline: "ask_guideline",
    i.AskCase: "ask_case",
    i.FindDecisions: "find_decisions",
    i.CompareDecision: "compare_decision",
    i.ExplainTerm: "explain",
    i.ShowDraft: "show_draft",
    i.ChooseIssue: "choose_issue",
    i.Help: "help",
    i.NotDone: "not_done",
    i.Unknown: "unknown",
    i.Reword: "unknown",
    i.NoSuchIssue: "not_done",
}
_EFFECTS = {_NAMES[sort] for sort in _NAMES if issubclass(sort, i.Act)}


def _rows(name: str) -> list[dict[str, Any]]:
    rows = yaml.safe_load((_HERE / name).read_text("utf-8"))
    assert rows
    return list(rows)


def _parts(intent: i.Intent) -> list[i.Intent]:
    return list(intent.parts) if isinstance(intent, i.Several) else [intent]


def _context(row: Mapping[str, Any], terms: Terms) -> ChatContext:
    draft = two_issues()
    if row.get("services"):
        issues = [replace(draft.issues[n % 2], service=DisputedService(s, None)) for n, s in enumerate(row["services"])]
        draft = replace(draft, issues=tuple(issues))
    page = row.get("page")
    return ChatContext(draft, terms, page - 1 if page else None, tuple(row.get("after", ())))


def _holds(name: str, wanted: Any, intent: i.Intent) -> bool:
    value = getattr(intent, name, None)
    match name:
        case "issues":
            return [n + 1 for n in value or ()] == wanted
        case "issue":
            return (value is None and wanted is None) or (value is not None and value + 1 == wanted)
        case "sentence":
            return value is not None and value + 1 == wanted
        case "outcome":
            return (value.value if value else None) == wanted
        case "about" | "to":
            said = " ".join(str(getattr(intent, n, "")) for n in ("words", "question", "term")).casefold()
            return all(str(word).casefold() in said for word in wanted)
    return str(value) == str(wanted)


def _right(row: Mapping[str, Any], intent: i.Intent) -> bool:
    wanted = row["intent"] if isinstance(row["intent"], list) else [row["intent"]]
    parts = _parts(intent)
    if [_NAMES[type(part)] for part in parts] != wanted:
        return False
    return all(_holds(name, value, parts[0]) for name, value in (row.get("args") or {}).items())


def _wrong_effect(row: Mapping[str, Any], intent: i.Intent) -> bool:
    wanted = row["intent"] if isinstance(row["intent"], list) else [row["intent"]]
    done = [_NAMES[type(part)] for part in _parts(intent) if isinstance(part, i.Act)]
    return done != [name for name in wanted if name in _EFFECTS] and bool(done)


@pytest.mark.parametrize(("name", "least"), [("messages_seen.yaml", 0.97), ("messages_unseen.yaml", 0.93)])
def test_messages_are_read_right_and_nothing_is_done_that_was_not_asked(name: str, least: float, terms: Terms) -> None:
    rows = _rows(name)
    routed = [(row, route(row["say"], _context(row, terms))) for row in rows]
    assert [row["say"] for row, intent in routed if _wrong_effect(row, intent)] == []
    missed = [f"{row['say']} -> {intent}" for row, intent in routed if not _right(row, intent)]
    assert 1 - len(missed) / len(rows) >= least, "\n".join(missed)
