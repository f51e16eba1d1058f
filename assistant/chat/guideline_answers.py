"""Which passages answer a question to the guidelines, and when none does: the nearest is not an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.chat.lookups import alike, naming
from assistant.chat.wording import content_words
from assistant.domain import Passage
from assistant.drafting.drug_names import DRUGS

# Chosen on questions of our own and on those of tests/chat/. An answer's score is how near the question comes to what
# the passage says, and its rank (library.ask), and the share of the question's words that the passage has.
_OF_SHARE = 0.4
_LEAST = 0.72
_OTHER_FAMILY = 0.2  # taken off where the question names the MTUS or ACOEM and the passage is ODG's
# What guidelines of treatment do not say of a service that they name: prices, suits, ratings, other states' rules.
_ELSEWHERE = re.compile(
    r"\b(?:fees?|prices?|costs?|billing|billed|bill|reimburse\w*|copays?|settlements?|dollars?|invoices?|salar\w+|paid|"
    r"sue[sd]?|suing|lawsuits?|malpractice|negligen\w+|liab\w+|whole person|impairment|ama guides|"
    r"permanent disability|half.?life|your(?:self| own)? (?:opinion|view|thoughts?)|"
    r"(?:do|would) you (?:yourself )?(?:think|believe|feel|prefer)|honestly|"
    r"alabama|alaska|arizona|colorado|connecticut|florida|georgia|illinois|massachusetts|michigan|nevada|"
    r"new (?:york|jersey|mexico)|ohio|oregon|pennsylvania|texas|utah|virginia|washington state|wisconsin|canad\w+|"
    r"medicare|medicaid)\b",
    re.IGNORECASE,
)
_DOSE = re.compile(r"\b(?:doses?|dosing|dosage|milligrams?|mg)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\b(?:doses?|dosing|dosage|mg|mme|med|grams?)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"\b(?:since|from|until|till|as of|on|by) (?:which|what|when)\b|\bin force\b|\b(?:which|what) edition\b|"
    r"\b(?:effective|adopted|replaced|superseded|valid|current|governs?|governed|applies|applied|counts?)\b",
    re.IGNORECASE,
)
# The endings of drugs' names: such a word that is no drug known here is one of which nothing is held.
_DRUG_LIKE = re.compile(
    r"(?:trigine|trexone|oxone|caine|mab|nib|pril|sartan|olol|azole|statin|gliptin|triptan|zolam|azepam|idone|oxetine|"
    r"tidine|prazole|profen|coxib|gabalin|barbital|codone|morphone|adol)$"
)
_KNOWN_DRUGS = frozenset(DRUGS.casefold().replace(":", " ").replace(",", " ").split())
_FAMILIES = ("odg",)


def answering(question: str, near: Sequence[tuple[Passage, float]]) -> tuple[Passage, ...]:
    """The passages that answer, best first; empty where the library holds none that does.

    A passage without criteria only says where to look, or since when it is in force.
    """
    asked = alike(question)
    if not near or not asked or _ELSEWHERE.search(question):
        return ()
    of_mtus = re.search(r"\b(?:mtus|acoem)\b", question, re.IGNORECASE) is not None
    scored = sorted(
        (
            (score + _OF_SHARE * _share(asked, p) - _OTHER_FAMILY * (of_mtus and "odg" in p.citation.casefold()), p)
            for p, score in near
        ),
        key=lambda pair: -pair[0],
    )
    fitting = [passage for score, passage in scored if score >= _LEAST]
    if not fitting or not _answers(question, fitting[0]):
        return ()
    return tuple(passage for passage in fitting if _answers(question, passage))


def _answers(question: str, passage: Passage) -> bool:
    """Whether a passage can answer such a question at all."""
    if not _holds_text(passage) and not (passage.edition_note and _WHEN.search(question)):
        return False
    plain = question.casefold()
    if any(re.search(rf"\b{family}\b", plain) and family not in passage.citation.casefold() for family in _FAMILIES):
        return False
    if _DOSE.search(question) and not _AMOUNT.search(passage.text):
        return False
    told = alike(f"{naming(passage)} {passage.text}")
    drugs = (word for word in content_words(question) if _DRUG_LIKE.search(word) and word not in _KNOWN_DRUGS)
    return all(alike(word) & told for word in drugs)


def to_import(near: Sequence[tuple[Passage, float]]) -> str | None:
    """The citation of the text that would answer, where the library knows its place only."""
    best = max(near, key=lambda pair: pair[1], default=None)
    return best[0].citation if best and not _holds_text(best[0]) else None


def _holds_text(passage: Passage) -> bool:
    return bool(passage.criteria) or passage.is_law


def _share(asked: frozenset[str], passage: Passage) -> float:
    return len(asked & alike(f"{naming(passage)} {passage.text}")) / len(asked)
