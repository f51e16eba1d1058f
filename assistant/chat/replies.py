"""The answer to what asks for something to be shown; none of these changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.chat.answers import (
    Answer,
    Block,
    BlockKind,
    Link,
    case_block,
    decision_block,
    decision_label,
    finding_block,
    issue_name,
    listed,
    passage_block,
    sentence_case,
)
from assistant.chat.context import ChatContext, ChatTools
from assistant.chat.guideline_answers import answering, to_import
from assistant.chat.intents import (
    AskCase,
    AskGuideline,
    ExplainTerm,
    FindDecisions,
    NotDone,
    OtherWay,
    ShowDraft,
    Unclear,
    Why,
)
from assistant.chat.lookups import (
    decisive_findings,
    findings_about,
    missing_words,
    sentences_about,
    told_by,
)
from assistant.chat.wording import content_words, stem, stems
from assistant.domain import Draft, Finding, IssueDraft, Outcome, OutcomeFrom, Status, speaking_for

if TYPE_CHECKING:
    from assistant.library.retrieval import Found

_MOST_FINDINGS, _MOST_PASSAGES, _MOST_SENTENCES, _MOST_DECISIONS = 4, 3, 4, 3
_STATUS = {
    Status.SUPPORTED: "is met by the summary",
    Status.CONTRADICTED: "is contradicted",
    Status.NOT_FOUND: "was not found in the summary",
    Status.FOR_REVIEWER: "is left to you",
}
NO_DRAFT = Answer("There is no draft of this case yet.", links=(Link("draft it", "Draft it"),))
_NO_PRECEDENT = "Past decisions bind nobody and never move the lean."

_OTHER = Link("what speaks for the other outcome?", "What speaks for the other outcome?")
HELP = Answer(
    "You can ask why the draft says what it says, what speaks for the other outcome, what a guideline asks, what "
    "the summary says of "
    "something, for past decisions, or what a word means. You can also tell me to set an outcome, to shorten, to "
    "redraft or to undo; only a "
    "plain instruction changes anything. Editing and export are on the page.",
    links=(
        Link("why?", "Why?"),
        _OTHER,
        Link("find similar decisions", "Find similar decisions"),
        Link("what is functional improvement?", "Explain “functional improvement”"),
    ),
)
UNKNOWN = Answer("I do not know what to do with that. " + HELP.text, links=HELP.links)
REWORD = Answer(
    "I cannot word it anew without a chat model; I can leave out facts on which nothing depends. The text on the "
    "page can be edited, and every sentence is checked as you type.",
    links=(Link("shorten it", "Shorten it"),),
)


def which_issue(draft: Draft, say: str) -> Answer:
    """Asks which issue is meant; `say` has a place for its number."""
    names = [issue_name(draft, number) for number in range(len(draft.issues))]
    links = tuple(Link(say.format(number + 1), say.format(number + 1)) for number in range(len(draft.issues)))
    return Answer(f"Which one do you mean: {listed(names, 'or')}?", links=links)


def no_such_issue(context: ChatContext, number: int) -> Answer:
    """An issue that is not there."""
    count = len(context.services)
    if not count:
        return NO_DRAFT
    return Answer(
        f"There is no issue {number}; the draft has {count if count > 1 else 'only one'}. Nothing was changed."
    )


def why(intent: Why, draft: Draft, issue: int) -> Answer:
    """The criteria and findings that the draft of an issue turns on, or those that the question names."""
    about = draft.issues[issue]
    if not about.findings:
        return Answer(_without_criteria(about))
    named = stems(about.service.text)
    words = " ".join(word for word in intent.words.split() if stem(word) not in named)
    found = findings_about(words, about) if words else ()
    if words and not found:
        text = (
            f"I do not know which criterion you mean by “{words}”; none of those held against "
            f"{issue_name(draft, issue)} has these words. {_standing(about)}"
        )
        return Answer(text, tuple(finding_block(f) for f in about.findings[:_MOST_FINDINGS]))
    shown = (found or decisive_findings(about))[:_MOST_FINDINGS]
    text = " ".join(dict.fromkeys(_told(finding) for finding in shown)) if found else _standing(about)
    return Answer(text, _evidence(shown, draft), (_OTHER,))


def why_all(draft: Draft) -> Answer:
    """Where each issue stands, with the first of its findings."""
    standing = (
        f"{sentence_case(issue_name(draft, number))}: {(_standing if issue.findings else _without_criteria)(issue)}"
        for number, issue in enumerate(draft.issues)
    )
    first = [finding for issue in draft.issues for finding in decisive_findings(issue)[:1]]
    links = tuple(Link(f"why for issue {n + 1}?", f"Why for issue {n + 1}?") for n in range(len(draft.issues)))
    return Answer(" ".join(standing), _evidence(first, draft), links)


def other_way(intent: OtherWay, draft: Draft, issue: int) -> Answer:
    """What the findings say for an outcome and against it, and past decisions of that outcome."""
    about = draft.issues[issue]
    side = intent.outcome or (about.outcome or about.lean.outcome or Outcome.UPHELD).other
    for_it, against = speaking_for(about.findings, side), speaking_for(about.findings, side.other)
    name = issue_name(draft, issue)
    texts = [
        f"For {side}, on {name}: {_counted(for_it, side)}",
        f"Against it: {_counted(against, side.other)}",
    ]
    open_ones = [f for f in about.findings if f.status is Status.FOR_REVIEWER]
    if open_ones:
        texts.append(f"{len(open_ones)} more {'is' if len(open_ones) == 1 else 'are'} for you to judge.")
    if intent.outcome is not None and about.outcome is not intent.outcome:
        texts.append("The decision is yours; nothing was changed.")
    shown = [*for_it[:2], *against[:2], *(open_ones[:1] if not for_it else ())]
    decisions = tuple(decision_block(d) for d in about.similar if d.outcome is side)[:_MOST_DECISIONS]
    if decisions:
        texts.append(f"Under it are past decisions with that outcome. {_NO_PRECEDENT}")
    say = f"set issue {issue + 1} to {side.lower()}" if len(draft.issues) > 1 else f"make it {side.lower()}"
    links = (Link(say, f"“{say}”"),) if about.outcome is not side else ()
    return Answer(" ".join(texts), (*_evidence(shown, draft), *decisions), links)


def show_draft(intent: ShowDraft, draft: Draft) -> Answer:
    """The sentences as they stand; of one issue, or of all."""
    shown = range(len(draft.issues)) if intent.issue is None else (intent.issue,)
    blocks = []
    for number in shown:
        issue = draft.issues[number]
        for sentence in issue.sentences:
            label = (
                "For you to write"
                if sentence.slot
                else ""
                if sentence.verified
                else "Own words"
                if sentence.own
                else "Not supported"
            )
            blocks.append(Block(BlockKind.TEXT, sentence.text, label or sentence.text))
    names = listed([issue_name(draft, number) for number in shown])
    return Answer(
        f"The draft of {names}. {' '.join(_standing(draft.issues[number]) for number in shown)}", tuple(blocks)
    )


def ask_guideline(intent: AskGuideline, tools: ChatTools) -> Answer:
    """Passages in force that share the question's words, quoted; else what would be needed to answer."""
    near = tools.ask(intent.question)
    quoted = [
        (passage, text)
        for passage in answering(intent.question, near)[:_MOST_PASSAGES]
        for text in told_by(intent.question, passage)
    ]
    if not quoted:
        return _not_held(intent.question, to_import(near))
    text = (
        "These passages in force on the date of review come nearest. They are quoted; whether they "
        "answer the question "
        "is for you."
    )
    missing = missing_words(intent.question, (f"{passage.citation} {words}" for passage, words in quoted))
    if missing:
        text += f" None of what is quoted has the {'word' if len(missing) == 1 else 'words'} {listed(missing, 'or')}."
    if any(c.text == words and c.check_the_text for passage, words in quoted for c in passage.criteria):
        text += " Check the text: no source confirms some of this wording."
    return Answer(text, tuple(passage_block(passage, words) for passage, words in quoted))


def _not_held(question: str, place: str | None) -> Answer:
    """That the library holds no answer, and what would be needed."""
    words = listed(list(content_words(question)), "or") or "that"
    if place:
        return Answer(
            f"I do not know: the library knows that {place} is the place to look, but holds no text of it that was in "
            "force on the date of review. What I would need is that text, imported."
        )
    return Answer(
        f"I do not know: no passage of the library in force on the date of review answers on {words}. "
        "What I would need is the guideline's text, imported, or the name of the service or section."
    )


def ask_case(intent: AskCase, draft: Draft) -> Answer:
    """The sentences of the case summary that share the question's words. Finding none is no finding of absence."""
    found = sentences_about(intent.words, draft.case)
    if not found:
        words = listed(intent.words.split(), "or")
        return Answer(
            f"No sentence of the summary has the words {words}. That is a search for words only, so it does not "
            f"say that the summary is silent; "
            "what was searched by meaning stands with each criterion."
        )
    more = len(found) - _MOST_SENTENCES
    text = "The summary says:" if more <= 0 else f"The summary says this, and {more} more like it:"
    return Answer(text, tuple(case_block(span) for span in found[:_MOST_SENTENCES]))


def find_decisions(intent: FindDecisions, context: ChatContext, issue: int | None, tools: ChatTools) -> Answer:
    """Past decisions, from both sides unless one was asked for."""
    outcomes = (intent.outcome,) if intent.outcome else tuple(Outcome)
    draft = context.draft
    if not intent.words and draft is not None and issue is not None and draft.issues[issue].similar:
        similar = [
            d
            for outcome in outcomes
            for d in [s for s in draft.issues[issue].similar if s.outcome is outcome][: intent.limit]
        ]
        if len(similar) >= min(intent.limit, _MOST_DECISIONS) or (similar and intent.outcome is None):
            real = sum(not d.illustrative for d in similar)
            return Answer(
                f"Like {issue_name(draft, issue)}: {_kinds(len(similar), real)} {_NO_PRECEDENT}",
                tuple(decision_block(d) for d in similar),
            )
    words = intent.words or (draft.issues[issue].service.text if draft is not None and issue is not None else "")
    if not words:
        return Answer(
            "I need words to search past decisions by, such as the service.",
            links=(Link("find decisions on acupuncture", "Find decisions on acupuncture"),),
        )
    return _searched(words, [tools.search(words, outcome, intent.limit) for outcome in outcomes])


def explain_term(intent: ExplainTerm, context: ChatContext) -> Answer:
    """A term of the field in our words, with the place where its meaning is laid down."""
    term = context.terms.named(intent.term)
    if term is None:
        return Answer(f"I do not know the term “{intent.term}”.")
    return Answer(f"{term.names[0][:1].upper()}{term.names[0][1:]}: {term.text} (In our words; source: {term.source}.)")


def not_done(intent: NotDone) -> Answer:
    """Why nothing was changed, and what would change it."""
    reasons = {
        Unclear.NEGATED: "Nothing was changed.",
        Unclear.NOT_PLAIN: "Nothing was changed: an outcome is your own act, taken from a plain instruction only.",
        Unclear.TWO_OUTCOMES: "Nothing was changed: I read more than one outcome. One at a time, please.",
        Unclear.NO_OUTCOME: "Nothing was changed: I do not know to which outcome.",
        Unclear.QUESTION: "Nothing was changed.",
    }
    links = () if intent.why is Unclear.NEGATED else (Link(intent.say, f"“{intent.say}”"),)
    return Answer(reasons[intent.why], links=links)


# --- words ----------------------------------------------------------------------------------------------------


def _told(finding: Finding) -> str:
    text = f"“{finding.criterion.text}” {_STATUS[finding.status]}. {finding.statement}"
    if finding.status is Status.NOT_FOUND and finding.searched:
        text += f" Searched: {', '.join(finding.searched)}."
    return text


def _standing(issue: IssueDraft) -> str:
    lean = issue.lean
    if lean.outcome is None:
        leaning = "No criterion decides here, so there is no lean; the findings below are for you to judge."
    else:
        leaning = f"The criteria lean to {lean.outcome} ({lean.strength})."
    if issue.outcome is not None and issue.outcome_from is OutcomeFrom.REVIEWER:
        return f"You set the outcome to {issue.outcome}. {leaning}"
    return leaning


def _without_criteria(issue: IssueDraft) -> str:
    notices = " ".join(issue.notices)
    return f"No criterion was held against this request, so there is no lean. {notices}".strip()


def _counted(findings: Sequence[Finding], side: Outcome) -> str:
    if not findings:
        return "no criterion speaks for it." if side is Outcome.OVERTURNED else "no criterion fails."
    return f"{len(findings)} {'criterion' if len(findings) == 1 else 'criteria'}: " + " ".join(
        f.statement for f in findings[:2]
    )


def _evidence(findings: Sequence[Finding], draft: Draft) -> tuple[Block, ...]:
    """Each finding with the words of the case and of the passage that it rests on."""
    blocks: list[Block] = []
    for finding in findings:
        blocks.append(finding_block(finding))
        passage = draft.passages.get(finding.passage_id)
        if passage is not None and finding.criterion.text in passage.text:
            blocks.append(passage_block(passage, finding.criterion.text))
        blocks += [case_block(span) for span in finding.evidence]
    return tuple(dict.fromkeys(blocks))


def _kinds(count: int, real: int) -> str:
    decisions = "1 decision" if count == 1 else f"{count} decisions"
    if real == count:
        return f"{decisions}."
    if not real:
        return f"{decisions}, illustrative, written for this program; none counts."
    invented = count - real
    are, number = ("is", "counts") if invented == 1 else ("are", "count")
    return f"{decisions}, of which {invented} {are} illustrative and {number} for nothing."


def _searched(words: str, found: Sequence[Found]) -> Answer:
    results = [result for part in found for result in part.results]
    if not results:
        return Answer(
            f"No past decision was found for “{words}”. The library holds what was imported; more letters can be "
            f"imported."
        )
    real = sum(not result.illustrative for result in results)
    blocks = tuple(
        Block(
            BlockKind.DECISION,
            result.snippet,
            decision_label(result.service, result.outcome, result.case_number, illustrative=result.illustrative),
            result.decision_id,
        )
        for result in results
    )
    return Answer(f"For “{words}”: {_kinds(len(results), real)} {_NO_PRECEDENT}", blocks)
