"""What is done with past decisions beyond finding them: compared, listed as CSV, seen on their original pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import WrongInput
from assistant.library.choices import Choices, each_left_out
from assistant.library.comparing import Comparison, compared
from assistant.library.found import Loosened, Query
from assistant.library.sort import Sort
from assistant.service.opened import OpenFolder

if TYPE_CHECKING:
    from assistant.library.csv_list import CsvList
    from assistant.library.letter_files import OriginalPages


class DecisionActs(OpenFolder):
    """What is done with decisions that were found."""

    def compare_decisions(self, first: str, second: str) -> Comparison:
        """Two decisions side by side, by their ids, with what each case summary states; raises NotThere."""
        if first == second:
            raise WrongInput("A decision is compared with another one; choose two that differ.")
        one, other = self.library.determination_of(first), self.library.determination_of(second)
        return compared((first, *one), (second, *other), self._drafter.lexicon, self.library.taxonomy)

    def list_decisions(
        self,
        words: str,
        *,
        choices: Choices | None = None,
        sort: Sort = Sort.RELEVANCE,
        like: str | None = None,
        exact: bool = False,
    ) -> CsvList:
        """All decisions that a search finds, at most MOST_LISTED, as a list in CSV.

        Raises WrongInput where nothing is asked, or a choice names nothing that the library holds.
        """
        where = self.library.filter_of(choices or Choices())
        if not words.strip() and not like and not where.narrows:
            raise WrongInput("There is nothing to list; search for words or choose a filter first.")
        return self.library.listed(Query(words, where, sort=sort, like=like, exact=exact))

    def loosened(
        self, words: str, choices: Choices, *, like: str | None = None, exact: bool = False
    ) -> Loosened | None:
        """For a search that finds nothing, the filter that hides the most and what is found without it.

        None where no single filter is to blame.
        """
        found = []
        for name, left in each_left_out(choices).items():
            query = Query(words, self.library.filter_of(left), limit=0, like=like, exact=exact)
            if total := self.library.search(query).total:
                found.append(Loosened(name, left, total))
        return max(found, key=lambda one: one.total, default=None)

    def original_pages(self, decision_id: str) -> OriginalPages:
        """The pages of the PDF of a decision's letter, where it still lies where it was imported from, unchanged.

        Raises NotThere, with the reason, where only the text is kept.
        """
        return self.library.files.pages(decision_id)

    def page_image(self, decision_id: str, page: int) -> bytes:
        """A page of that PDF, from 1, as PNG; raises NotThere."""
        return self.library.files.image(decision_id, page)
