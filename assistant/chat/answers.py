"""What the chat answers: a sentence or two of text, and typed blocks that quote what they rest on. Never HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain import Draft, Finding, Outcome, Passage, SimilarDecision, Span


class BlockKind(StrEnum):
    """What a block shows."""

    CASE = "case"  # words of the case summary, at their offsets
    PASSAGE = "passage"  # words of a guideline passage, with its citation
    FINDING = "finding"  # a criterion and what was found
    DECISION = "decision"  # a past decision
    TEXT = "text"  # a sentence of the draft, or a fact about the program


@dataclass(frozen=True, slots=True)
class Block:
    """A quotation or pointer under an answer. `start` and `end` are offsets in the case text, of a case block only.

    `id` is a passage's, a criterion's or a decision's; `label` names the source, `text` is verbatim.
    """

    kind: BlockKind
    text: str
    label: str = ""
    id: str = ""
    start: int | None = None
    end: int | None = None

    def as_mapping(self) -> Mapping[str, object]:
        """The block as a turn of the chat stores it."""
        shown: dict[str, object] = {"kind": self.kind.value, "id": self.id, "label": self.label, "text": self.text}
        if self.start is not None and self.end is not None:
            shown |= {"start": self.start, "end": self.end}
        return shown


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go on: a message that can be sent as it stands, and the words that offer it."""

    say: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a message. `changed` says that the case's draft has a new version."""

    text: str
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    changed: bool = False


def case_block(span: Span) -> Block:
    """Words of the case summary."""
    return Block(BlockKind.CASE, span.quote, "Case summary", "case", span.start, span.end)


def passage_block(passage: Passage, text: str) -> Block:
    """Words of a passage under its citation; the words must stand in it."""
    return Block(BlockKind.PASSAGE, text, passage.citation, passage.id)


def finding_block(finding: Finding) -> Block:
    """A criterion with what was found."""
    return Block(BlockKind.FINDING, finding.statement, finding.criterion.text, finding.id)


def decision_block(decision: SimilarDecision) -> Block:
    """A past decision; an illustrative one says so."""
    return Block(
        BlockKind.DECISION,
        decision.snippet,
        decision_label(decision.service, decision.outcome, decision.case_number, illustrative=decision.illustrative),
        decision.decision_id,
    )


def decision_label(service: str, outcome: Outcome, case_number: str | None, *, illustrative: bool) -> str:
    """A past decision in one line."""
    where = "illustrative, written for this program" if illustrative else (case_number or "without a case number")
    return f"{outcome}: {service} ({where})"


def issue_name(draft: Draft, issue: int) -> str:
    """An issue for people: numbered where the draft has several."""
    service = draft.issues[issue].service.text.strip().rstrip(".")
    return f"issue {issue + 1} ({service})" if len(draft.issues) > 1 else f"“{service}”"


def sentence_case(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(names: list[str] | tuple[str, ...], joint: str = "and") -> str:
    """Names as people list them."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" {joint} {names[-1]}" if names else ""
