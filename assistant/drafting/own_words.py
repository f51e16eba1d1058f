"""What a reviewer types, held against the whole case, the request, the findings and the passages.

The reviewer saw the file and may know more than the summary says; so a difference is stated and nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.domain import IssueDraft, Move, Passage, Sentence, Span, Support, SupportKind, Verdict
from assistant.drafting.absences import stated_after_all
from assistant.drafting.analysis import Analysis, View, analyse
from assistant.drafting.binding import bound_alike, contradicts, same_value
from assistant.drafting.claims import Kind
from assistant.drafting.framing import names_rule, quotations, stands_verbatim
from assistant.drafting.grounding import Checked, Sources, verify_sentence
from assistant.drafting.sayings import carries_fact

_QUOTED = 4  # words from which on a quotation is of the case; fewer may be a manner of speaking
_MOST = 4  # supports that one sentence is given
_AGE = re.compile(r"\b(\d{1,3})[- ]?years?[- ]old\b|\bage(?:d| of)? (\d{1,3})\b", re.IGNORECASE)


def check_own_words(
    text: str,
    case_text: str,
    issue: IssueDraft,
    passages: Mapping[str, Passage],
    move: Move = Move.FACTS,
) -> Sentence:
    """The reviewer's sentence with the supports that were found for it and a verdict.

    Passed: all that it says stands in the case, the request, a finding or a passage. Failed: one of them says
    otherwise. Not checkable: it says something that none of them speaks of.
    """
    sources = sources_of(case_text, issue, passages)
    own = Sentence(text, move, own=True)
    sentence = analyse(text)
    if not sentence.words:
        return own
    views = _everything(sources)
    chosen = _supports_for(sentence, views)
    supports = tuple(Support(v.kind, v.id, Span.of(v.source.text, v.start, v.end)) for v in chosen)
    checked = verify_sentence(text, supports, sources)
    if checked.verdict is not Verdict.FAILED:
        return replace(own, supports=supports, verdict=checked.verdict)
    missed = list(stated_after_all(sentence, case_text))
    if missed:
        said = tuple(f"The sentence says that “{w}” is not stated; the case says “{span.quote}”." for w, span in missed)
        shown = tuple(Support(SupportKind.CASE, "case", span) for _, span in missed)
        return replace(own, supports=shown, verdict=Verdict.FAILED, problems=said)
    if _another_age(text, case_text) or _differs(sentence, views):
        return replace(own, supports=supports, verdict=Verdict.FAILED, problems=_told(checked))
    return replace(own, supports=supports, problems=_told(checked)) if supports or sentence.claims else own


def sources_of(case_text: str, issue: IssueDraft, passages: Mapping[str, Passage]) -> Sources:
    """The texts that the sentences of an issue may rest on."""
    return Sources(
        case=case_text,
        passages={key: passage.text for key, passage in passages.items()},
        findings={finding.id: finding.statement for finding in issue.findings},
        request=issue.service.text,
        citations={key: passage.citation for key, passage in passages.items()},
        statuses={finding.id: finding.status.value for finding in issue.findings},
        judged=frozenset(finding.passage_id for finding in issue.findings),
    )


def _everything(sources: Sources) -> tuple[View, ...]:
    """Every sentence that a reviewer's sentence may rest on, the case's first."""
    texts = (("finding", sources.findings), ("passage", sources.passages))
    held = tuple((kind, key, text) for kind, some in texts for key, text in some.items())
    return _views(sources.case, sources.request, held)


@lru_cache(maxsize=8)
def _views(case: str, request: str, held: tuple[tuple[str, str, str], ...]) -> tuple[View, ...]:
    """The sentences of some texts as views; those of the issue at hand are kept, since a reviewer types on it."""
    read = analyse(case)
    views = [View(SupportKind.CASE, "case", read, span.start, span.end) for span in read.sentences]
    if request:
        views.append(View(SupportKind.REQUEST, "request", analyse(request), 0, len(request)))
    for kind, key, text in held:
        source = analyse(text)
        views.extend(View(SupportKind(kind), key, source, span.start, span.end) for span in source.sentences)
    return tuple(views)


def _supports_for(sentence: Analysis, views: Sequence[View]) -> tuple[View, ...]:
    """The few views that together say most of the sentence, each adding something that the earlier ones lack."""
    quotes = quotations(sentence.text)
    wanted, chosen = _tokens(sentence, quotes), list[View]()
    held = [(view, _held(sentence, quotes, view, wanted)) for view in views]
    while wanted and len(chosen) < _MOST:
        view, gives = max(held, key=lambda pair: sum(weight for _, weight in pair[1] & wanted), default=(None, set()))
        gain = gives & wanted
        if view is None or sum(weight for _, weight in gain) < 2:
            break
        chosen.append(view)
        wanted -= gain
    return tuple(chosen)


def _tokens(sentence: Analysis, quotes: Sequence[str]) -> set[tuple[str, int]]:
    """What must be found for a sentence, with its weight: claims and things count more than words."""
    tokens = {(f"claim {number}", 4) for number, _ in enumerate(sentence.claims)}
    tokens |= {(f"thing {thing.name}", 3) for thing in sentence.things}
    tokens |= {(f"quote {quote}", 6) for quote in quotes}
    free = (w for at, w in enumerate(sentence.words) if at not in sentence.thing_at and carries_fact(w))
    return tokens | {(f"word {word.key}", 1) for word in free}


def _held(sentence: Analysis, quotes: Sequence[str], view: View, wanted: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """What of the wanted a view holds."""
    held = {(token, weight) for token, weight in wanted if weight in {1, 3} and _names(view, token)}
    held |= {(f"quote {quote}", 6) for quote in quotes if stands_verbatim(quote, view.quote)}
    for number, placed in enumerate(sentence.claims if view.claims else ()):
        alike = (other for other in view.claims if same_value(placed.claim, other.claim))
        if any(bound_alike(sentence, placed, view, other) for other in alike):
            held.add((f"claim {number}", 4))
    return held


def _names(view: View, token: str) -> bool:
    sort, _, name = token.partition(" ")
    return name in (view.by_name if sort == "thing" else view.by_key)


def _differs(sentence: Analysis, views: Sequence[View]) -> bool:
    """Whether a source says otherwise: another value of the same thing, or a quotation of the case that is none.

    What a guideline says is held against passages only, and many guidelines are not held here.
    """
    for placed in sentence.claims:
        alike = [(v, o) for v in views for o in v.claims if same_value(placed.claim, o.claim)]
        year_alone = placed.claim.kind is Kind.DATE and placed.claim.value.endswith("--")  # "(Author, 2002)"
        if year_alone or any(bound_alike(sentence, placed, view, other) for view, other in alike):
            continue
        ruled = names_rule(sentence, sentence.clause_of(placed.first))
        asked = [view for view in views if (view.kind is SupportKind.PASSAGE) is ruled and not _retells_case(view)]
        if contradicts(sentence, placed, asked):
            return True
    quotes = [quote for quote in quotations(sentence.text) if len(quote.split()) >= _QUOTED]
    quoted = any(not any(stands_verbatim(quote, v.quote) for v in views) for quote in quotes)
    return quoted and not any(names_rule(sentence, clause) for clause in sentence.clauses)


def _retells_case(view: View) -> bool:
    """Whether a finding only quotes the case, whose own sentences are asked."""
    return view.kind is SupportKind.FINDING and "“" in view.source.text


def _another_age(text: str, case_text: str) -> bool:
    """Whether a sentence gives an age that the case, which states one, does not."""
    stated = {match[1] or match[2] for match in _AGE.finditer(case_text)}
    return bool(stated) and any((match[1] or match[2]) not in stated for match in _AGE.finditer(text))


def _told(checked: Checked) -> tuple[str, ...]:
    """The differences, in words that fit a sentence whose supports the reviewer never named."""
    return tuple(
        problem.replace("its supports say", "the case says")
        .replace("its supports do not say that", "the case, the request and the findings do not say that")
        .replace("its supports do not", "the case, the request and the findings do not")
        for problem in checked.problems
    )
