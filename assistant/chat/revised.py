"""Does what the reviewer asks to be said otherwise, and says what was done; what fails is not saved and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.chat import imperatives
from assistant.chat.answers import Answer, Block, BlockKind, Link, issue_name, passage_block
from assistant.chat.context import ChatTools
from assistant.chat.intents import Act, AddPoint, ChangeCitation, DropPoint, KeepSentence, Lengthen, Plainer
from assistant.chat.lookups import findings_about, sentences_about
from assistant.chat.replies import which_issue
from assistant.chat.wording import stem, stems, word_set
from assistant.domain import Draft, IssueDraft, Move, Passage, Sentence, Span

_MOST_TRIED = 3  # points that are tried before it is said that none does
_UNDO = (Link("undo", "Undo"),)
_LEAST_SHARED = 0.5  # of the words that name a point, how many a fact or passage must have
_UNCITED = word_set("the of and section sections guideline guidelines chapter s in on instead for a")


def revise(intent: Act, draft: Draft, tools: ChatTools) -> Answer:
    """Do a revision. An AssistantError of the service is the caller's to tell."""
    issue = getattr(intent, "issue", None)
    if issue is None:
        return which_issue(draft, _asked_again(intent))
    match intent:
        case Lengthen():
            return _changed("Longer now", draft, tools.lengthen(issue), issue)
        case Plainer():
            return _changed("In plainer words now, as far as rules go", draft, tools.plainer(issue), issue)
        case AddPoint(words=words):
            points = list(islice(_points(words, draft, issue, tools), _MOST_TRIED))
            return _changed("Added", draft, tools.add_point(issue, points), issue)
        case DropPoint():
            return _drop(intent, draft, issue, tools)
        case KeepSentence():
            return _keep(intent, draft, issue, tools)
        case ChangeCitation(words=words):
            return _cite(words, draft, issue, tools)
    raise AssertionError(f"no answer to {intent}")


def _asked_again(intent: Act) -> str:
    match intent:
        case Lengthen():
            return "lengthen issue {}"
        case Plainer():
            return "make issue {} plainer"
        case AddPoint(words=words):
            return f"add {_safe(words)} to issue {{}}"
        case ChangeCitation(words=words):
            return f"cite {_safe(words)} in issue {{}}"
    verb = "keep" if isinstance(intent, KeepSentence) else "drop"
    sentence = getattr(intent, "sentence", None)
    words = _safe(getattr(intent, "words", ""))
    if sentence is not None:
        return f"{verb} {'the last sentence' if sentence < 0 else f'sentence {sentence + 1}'} of issue {{}}"
    return f"{verb} the sentence about {words} of issue {{}}" if words else f"{verb} the sentence of issue {{}}"


def _safe(words: str) -> str:
    return words.replace("{", "").replace("}", "")


def _changed(lead: str, before: Draft, after: Draft, issue: int) -> Answer:
    old = {sentence.text for sentence in before.issues[issue].sentences}
    new = [sentence for sentence in after.issues[issue].sentences if sentence.text not in old]
    blocks = tuple(Block(BlockKind.TEXT, sentence.text, sentence.text) for sentence in new)
    return Answer(f"{lead}: {issue_name(before, issue)}.", blocks, _UNDO, changed=True)


# --- points ---------------------------------------------------------------------------------------------------


def _points(words: str, draft: Draft, issue: int, tools: ChatTools) -> Iterator[object]:
    """What words may name, best first: a criterion by its id, findings, facts of the case, words of a passage."""
    about = draft.issues[issue]
    by_id = {finding.id.casefold(): finding for finding in about.findings}
    wanted = words.strip().casefold()
    if wanted in by_id:
        yield by_id[wanted]
        return
    asked = stems(words)
    if not asked:
        return
    yield from (f for f in findings_about(words, about) if _shares(asked, f"{f.criterion.text} {f.statement}"))
    yield from (span for span in sentences_about(words, draft.case) if _shares(asked, span.quote))
    for passage in _passages(words, draft, tools):
        for criterion in passage.criteria:
            if (criterion.id.casefold() == wanted or _shares(asked, criterion.text)) and criterion.text in passage.text:
                start = passage.text.index(criterion.text)
                yield passage, Span.of(passage.text, start, start + len(criterion.text.rstrip(". ")))


def _passages(words: str, draft: Draft, tools: ChatTools) -> Iterator[Passage]:
    """Those of the draft, then, asked for only when these do not do, those of the library."""
    yield from draft.passages.values()
    yield from (passage for passage, _ in tools.ask(words))


def _shares(asked: frozenset[str], text: str) -> bool:
    return len(asked & stems(text)) >= _LEAST_SHARED * len(asked)


# --- sentences ------------------------------------------------------------------------------------------------


def _named(intent: DropPoint | KeepSentence, issue: IssueDraft) -> tuple[int, ...]:
    """The positions of the sentences that are meant; by words, the reviewer's own are none to drop."""
    sentences = issue.sentences
    if intent.sentence is not None:
        at = intent.sentence if intent.sentence >= 0 else len(sentences) + intent.sentence
        return (at,) if 0 <= at < len(sentences) else ()
    asked = stems(intent.words)
    scored = {n: len(asked & stems(s.text)) for n, s in enumerate(sentences) if _may_be_named(s, intent)}
    best = max(scored.values(), default=0)
    if not asked or best < max(1, round(_LEAST_SHARED * len(asked))):
        return ()
    return tuple(n for n, score in scored.items() if score == best)


def _may_be_named(sentence: Sentence, intent: DropPoint | KeepSentence) -> bool:
    if isinstance(intent, KeepSentence):
        return not sentence.slot
    return not (sentence.slot or sentence.own or sentence.move is Move.CONCLUSION)


def _drop(intent: DropPoint, draft: Draft, issue: int, tools: ChatTools) -> Answer:
    positions = _named(intent, draft.issues[issue])
    if not positions:
        return _which_sentence(intent, draft, issue)
    texts = [draft.issues[issue].sentences[n].text for n in positions]
    tools.drop_sentences(issue, positions)
    blocks = tuple(Block(BlockKind.TEXT, text, text) for text in texts)
    count = "1 sentence" if len(texts) == 1 else f"{len(texts)} sentences"
    return Answer(f"Left out of {issue_name(draft, issue)}: {count}.", blocks, _UNDO, changed=True)


def _keep(intent: KeepSentence, draft: Draft, issue: int, tools: ChatTools) -> Answer:
    positions = _named(intent, draft.issues[issue])
    if not positions:
        return _which_sentence(intent, draft, issue)
    tools.own_sentences(issue, positions)
    blocks = tuple(Block(BlockKind.TEXT, s.text, s.text) for s in (draft.issues[issue].sentences[n] for n in positions))
    return Answer(
        f"Kept as your own in {issue_name(draft, issue)}; a new draft leaves it in.", blocks, _UNDO, changed=True
    )


def _which_sentence(intent: DropPoint | KeepSentence, draft: Draft, issue: int) -> Answer:
    worded = imperatives.keep_sentence if isinstance(intent, KeepSentence) else imperatives.drop_sentence
    numbered = list(enumerate(draft.issues[issue].sentences))
    links = tuple(
        Link(worded(issue, n), f"{n + 1}. {s.text}")
        for n, s in numbered
        if not s.slot and (isinstance(intent, KeepSentence) or s.move is not Move.CONCLUSION)
    )
    return Answer("Nothing was changed: I do not know which sentence you mean. These are the sentences.", links=links)


# --- citations ------------------------------------------------------------------------------------------------


def _cite(words: str, draft: Draft, issue: int, tools: ChatTools) -> Answer:
    held = tools.passages()
    passage = passage_named(words, draft.issues[issue], held)
    if passage is None:
        offered = [c for c in draft.issues[issue].guidelines if c.passage_id][:3]
        links = tuple(Link(s, f"“{s}”") for s in (imperatives.cite(issue, c.guideline, c.section) for c in offered))
        return Answer(
            "Nothing was changed: the library holds no guideline or section in force on "
            f"{draft.date_of_review} by the name “{words}”. What I would need is its text, imported, or one of these.",
            links=links,
        )
    tools.cite(issue, passage)
    service = draft.issues[issue].service
    ours = {service.kind, *service.also} & set(passage.service_kinds)
    other = "" if ours else " What it holds is about other services than the one requested."
    return Answer(
        f"The rule of {issue_name(draft, issue)} now rests on {passage.citation}.{other} The findings and the "
        "outcome are as they were.",
        (passage_block(passage, passage.criteria[0].text if passage.criteria else passage.text),),
        _UNDO,
        changed=True,
    )


def passage_named(words: str, issue: IssueDraft, held: Sequence[Passage]) -> Passage | None:
    """The passage whose guideline and section have all the words, of several the one that governs or is a candidate."""
    asked = {stem(word) for word in _citing_words(words)}
    if not asked:
        return None
    fitting = [p for p in held if not p.edition_note and asked <= {stem(w) for w in _citing_words(_names(p))}]
    candidates = {candidate.passage_id: -n for n, candidate in enumerate(issue.guidelines)}
    kinds = {issue.service.kind, issue.service.guess}

    def rank(passage: Passage) -> tuple[bool, bool, bool, int]:
        governs = bool(kinds & set(passage.service_kinds))
        return (governs, passage.id in candidates, bool(passage.criteria), candidates.get(passage.id, -99))

    return max(fitting, key=rank, default=None)


def _names(passage: Passage) -> str:
    kinds = " ".join(passage.service_kinds).replace("_", " ")
    return f"{passage.citation} {passage.family or ''} {kinds}"


def _citing_words(words: str) -> tuple[str, ...]:
    """The words of a citation, with those that a question would leave out."""
    found = re.findall(r"[a-z]+|\d{4}", words.casefold())
    return tuple(word for word in found if word not in _UNCITED)
