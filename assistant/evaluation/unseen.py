"""What the corpus would know of a letter that nobody had seen: no alias and no order that stands on it alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

from assistant.corpus import Taxonomy
from assistant.domain import ServiceKind
from assistant.evaluation.citations import Entry, folded
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.reading.request_kinds import aliases_in
from assistant.reading.reviewed import BY_REVIEW
from assistant.reading.sentences import sentences
from assistant.reading.services import read_request

_Place = tuple[str, str]  # guideline and section, folded
_ACT = re.compile(
    r"\b(?:denied|denial|modified|approve[ds]?|authorized|medically necessary)\b|certif",
    re.IGNORECASE,
)


class Unseen:
    """Taxonomies as if one of the letters had never been read."""

    def __init__(self, taxonomy: Taxonomy, letters: Sequence[GoldLetter]) -> None:
        self._taxonomy, self._letters = taxonomy, letters

    @cached_property
    def _used(self) -> dict[str, frozenset[tuple[str, str]]]:
        return {
            letter.case_number: frozenset(
                alias for text in texts_on_services(letter) for alias in aliases_in(text, self._taxonomy)
            )
            for letter in self._letters
        }

    @cached_property
    def _times(self) -> Counter[tuple[str, str]]:
        return Counter(alias for used in self._used.values() for alias in used)

    def own_aliases(self, case_number: str) -> frozenset[tuple[str, str]]:
        """The (kind, alias) pairs that stand in this letter's texts on services and in those of no other letter."""
        return frozenset(alias for alias in self._used[case_number] if self._times[alias] == 1)

    def without_aliases(self, case_number: str) -> Taxonomy:
        """The taxonomy without the aliases that stand in this letter only; a kind's display name stays.

        An alias that stands in no letter stays too: it cannot come from them. Plain names that any author would list
        are taken away where one letter alone uses them, so figures err on the low side.
        """
        own = self.own_aliases(case_number)

        def kept(kind: ServiceKind) -> ServiceKind:
            plain = tuple(alias for alias in kind.aliases if (kind.id, alias) not in own)
            shared = tuple(alias for alias in kind.shared_aliases if (kind.id, alias.alias) not in own)
            if (plain, shared) == (kind.aliases, kind.shared_aliases):
                return kind
            return replace(kind, aliases=plain, shared_aliases=shared)

        return _mapped(self._taxonomy, kept)

    def without_order(self, case_number: str) -> Taxonomy:
        """`without_aliases`, and each kind's guidelines in an order that this letter had no part in.

        By how often the other letters cite the section for the kind, then for any kind, then by name. The corpus'
        order may owe more to general knowledge than that, so figures err on the low side.
        """
        cited, cited_at_all = self._cited(case_number)

        def ordered(kind: ServiceKind) -> ServiceKind:
            def rank(entry: Entry) -> tuple[int, int, str, str]:
                place = _place(entry)
                return (-cited[kind.id, place], -cited_at_all[place], *place)

            return replace(kind, governed_by=tuple(sorted(kind.governed_by, key=rank)))

        return _mapped(self.without_aliases(case_number), ordered)

    def _cited(self, but: str) -> tuple[Counter[tuple[str, _Place]], Counter[_Place]]:
        by_kind: Counter[tuple[str, _Place]] = Counter()
        for letter in self._letters:
            if letter.case_number != but:
                by_kind.update(self._citations[letter.case_number])
        at_all: Counter[_Place] = Counter()
        for (_, place), times in by_kind.items():
            at_all[place] += times
        return by_kind, at_all

    @cached_property
    def _citations(self) -> dict[str, list[tuple[str, _Place]]]:
        return {
            letter.case_number: [
                (kind, place)
                for issue in letter.issues
                for kind in [read_request(issue.service, self._taxonomy, letter.case_summary).kind]
                for place in _places(issue)
                if kind
            ]
            for letter in self._letters
        }


def texts_on_services(letter: GoldLetter) -> Iterator[str]:
    """What a letter says of services: headings, UR's guideline line, the summary's sentences on what UR decided.

    The rest of the summary is left aside: a treatment of the past named there is no request that was answered.
    """
    for issue in letter.issues:
        yield from issue.headings
        if issue.ur_guideline:
            yield issue.ur_guideline
    for sentence in sentences(letter.case_summary):
        if BY_REVIEW.search(sentence.quote) and _ACT.search(sentence.quote):
            yield sentence.quote


def _places(issue: GoldIssue) -> Iterable[_Place]:
    return {_place((cited.guideline, section)) for cited in issue.cited for section in (cited.sections or (None,))}


def _place(entry: Entry) -> _Place:
    return folded(entry[0]), folded(entry[1] or "")


def _mapped(taxonomy: Taxonomy, change: Callable[[ServiceKind], ServiceKind]) -> Taxonomy:
    return Taxonomy(MappingProxyType({key: change(kind) for key, kind in taxonomy.kinds.items()}))
