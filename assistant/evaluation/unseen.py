"""What the corpus would know of a letter that nobody had seen: no alias and no order that stands on it alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

from assistant.corpus import Taxonomy
from assistant.domain import ServiceKind
from assistant.evaluation.citations import Entry, folded
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.reading.request_kinds import aliases_in
from assistant.reading.services import read_request

_Place = tuple[str, str]  # guideline and section, folded


class Unseen:
    """Taxonomies as if one of the letters had never been read."""

    def __init__(self, taxonomy: Taxonomy, letters: Sequence[GoldLetter]) -> None:
        self._taxonomy, self._letters = taxonomy, letters

    @cached_property
    def _used(self) -> dict[str, frozenset[tuple[str, str]]]:
        return {
            letter.case_number: frozenset(
                alias
                for issue in letter.issues
                for heading in issue.headings
                for alias in aliases_in(heading, self._taxonomy)
            )
            for letter in self._letters
        }

    @cached_property
    def _times(self) -> Counter[tuple[str, str]]:
        return Counter(alias for used in self._used.values() for alias in used)

    def own_aliases(self, case_number: str) -> frozenset[tuple[str, str]]:
        """The (kind, alias) pairs that the headings of this letter use and those of no other letter."""
        return frozenset(alias for alias in self._used[case_number] if self._times[alias] == 1)

    def without_aliases(self, case_number: str) -> Taxonomy:
        """The taxonomy without the aliases that only this letter's headings use; a kind's display name stays.

        This takes away plain names too that any author would list, so figures err on the low side.
        """
        own = self.own_aliases(case_number)

        def kept(kind: ServiceKind) -> ServiceKind:
            left = tuple(alias for alias in kind.aliases if (kind.id, alias) not in own)
            return kind if left == kind.aliases else replace(kind, aliases=left)

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


def _places(issue: GoldIssue) -> Iterable[_Place]:
    return {_place((cited.guideline, section)) for cited in issue.cited for section in (cited.sections or (None,))}


def _place(entry: Entry) -> _Place:
    return folded(entry[0]), folded(entry[1] or "")


def _mapped(taxonomy: Taxonomy, change: Callable[[ServiceKind], ServiceKind]) -> Taxonomy:
    return Taxonomy(MappingProxyType({key: change(kind) for key, kind in taxonomy.kinds.items()}))
