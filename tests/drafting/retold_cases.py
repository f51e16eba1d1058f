"""Clauses of a case told again with another subject, as a writer or a reviewer would: right sentences to verify."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mutations import Origin

from assistant.domain import (
    NO_LEAN,
    DisputedService,
    IssueDraft,
    Move,
    Sentence,
    Span,
    Support,
    SupportKind,
    Verdict,
)

_SUBJECT = re.compile(
    r"^(?:(?:the|this) )?(?:injured worker|worker|patient|applicant|claimant|employee)(?='s\b|’s\b| )|^(?:he|she)(?= )",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\s.][^\n]*?(?:\.(?=\s+[A-Z])|\.?\s*(?=\n|$))")
_WOMAN = re.compile(r"\b(?:female|woman|she|her)\b", re.IGNORECASE)
_MAN = re.compile(r"\b(?:male|man|he|his)\b", re.IGNORECASE)


def retold(case: str, service: str = "") -> Iterator[Origin]:
    """The sentences of a case as right sentences on themselves: a pronoun for the worker, a frame before the rest."""
    woman, man = _WOMAN.search(case), _MAN.search(case)
    he = "She" if woman and not man else "He" if man and not woman else "The worker"
    issue = IssueDraft(DisputedService(service, None), None, None, NO_LEAN, (), (), ())
    for match in _SENTENCE.finditer(case):
        quote = match.group().strip()
        if len(quote.split()) < 4 or "“" in quote or '"' in quote:
            continue
        start = case.index(quote, match.start())
        support = Support(SupportKind.CASE, "case", Span.of(case, start, start + len(quote)))
        text = _told_again(quote.rstrip(". "), he)
        yield Origin(Sentence(f"{text}.", Move.FACTS, (support,), Verdict.PASSED), issue, case, {})


def _told_again(quote: str, he: str) -> str:
    subject = _SUBJECT.match(quote)
    if subject is None:
        return f"The summary states: {quote}"
    after = quote[subject.end() :]
    if re.match(r"['’]s\b", after):
        return f"{ {'He': 'His', 'She': 'Her'}.get(he, he + after[:2]) }{after[2:]}"
    return he + after
