"""This case beside one past decision: outcome, guideline, and the words of both. Never a vote, never a reason."""

from __future__ import annotations

from assistant.chat.answers import (
    Answer,
    Block,
    BlockKind,
    Link,
    decision_label,
    finding_block,
    issue_name,
    passage_block,
)
from assistant.chat.context import ChatContext, ChatTools
from assistant.chat.intents import CompareDecision
from assistant.chat.lookups import decisive_findings
from assistant.chat.replies import which_issue
from assistant.chat.wording import stems
from assistant.domain import Decision, Draft, IssueDraft
from assistant.reading.sentences import sentences as sentences_of

_MOST_QUOTED, _MOST_FINDINGS = 3, 3


def compare(intent: CompareDecision, context: ChatContext, draft: Draft, tools: ChatTools) -> Answer:
    """What the decision's rationale says on the criteria that ours turns on, beside what the summary says of them."""
    decision_id = _id_of(intent.which, context, draft, intent.issue)
    if decision_id is None:
        return Answer(
            "I do not know which decision you mean: none was shown by that number yet. Find decisions first, or give a "
            "case number.",
            links=(Link("find similar decisions", "Find similar decisions"),),
        )
    if intent.issue is None:
        return which_issue(draft, f"compare issue {{}} with decision {decision_id}")
    letter, place = tools.decision(decision_id)
    decision, issue = letter.decisions[place], draft.issues[intent.issue]
    theirs = decision.outcome.value if decision.outcome else "not read"
    ours = issue.outcome.value if issue.outcome else "open"
    text = (
        f"{issue_name(draft, intent.issue)[:1].upper()}{issue_name(draft, intent.issue)[1:]} beside "
        f"“{decision.service}”. Outcome: theirs {theirs}, ours {ours}. "
        f"Guideline: theirs {_their_guideline(decision)}; ours "
        f"{_our_guideline(issue, draft)}. Below are the words of their rationale that speak of our criteria, "
        "then what the summary says of these. Another decision binds nobody and is no vote."
    )
    return Answer(
        text,
        (
            *_theirs(decision, letter.case_number, decision_id, issue, illustrative=letter.illustrative),
            *_ours(issue, draft),
        ),
    )


def _id_of(which: str, context: ChatContext, draft: Draft, issue: int | None) -> str | None:
    shown = context.shown
    if not shown and issue is not None:
        shown = tuple(decision.decision_id for decision in draft.issues[issue].similar)
    if which == "last":
        return shown[-1] if shown else None
    if which.isdecimal():
        return shown[int(which) - 1] if 1 <= int(which) <= len(shown) else None
    return next((one for one in shown if one == which or one.startswith(f"{which}:")), which)


def _their_guideline(decision: Decision) -> str:
    return decision.reviewer_guideline or "not read"


def _our_guideline(issue: IssueDraft, draft: Draft) -> str:
    cited = [draft.passages[f.passage_id].citation for f in decisive_findings(issue) if f.passage_id in draft.passages]
    return cited[0] if cited else (issue.guidelines[0].guideline if issue.guidelines else "none")


def _theirs(
    decision: Decision, number: str | None, decision_id: str, issue: IssueDraft, *, illustrative: bool
) -> tuple[Block, ...]:
    rationale = decision.rationale or ""
    asked = frozenset(w for f in decisive_findings(issue) for w in stems(f"{f.criterion.text} {f.statement}"))
    quoted = sorted(sentences_of(rationale), key=lambda span: (-len(asked & stems(span.quote)), span.start))
    best = sorted(quoted[:_MOST_QUOTED], key=lambda span: span.start)
    if decision.outcome is None:
        return ()
    label = decision_label(decision.service, decision.outcome, number, illustrative=illustrative)
    return tuple(Block(BlockKind.DECISION, span.quote, label, decision_id) for span in best)


def _ours(issue: IssueDraft, draft: Draft) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for finding in decisive_findings(issue)[:_MOST_FINDINGS]:
        blocks.append(finding_block(finding))
        passage = draft.passages.get(finding.passage_id)
        if passage is not None and finding.criterion.text in passage.text:
            blocks.append(passage_block(passage, finding.criterion.text))
    return tuple(blocks)
