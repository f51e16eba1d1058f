"""Both ways: what is hidden comes back exactly, also out of a model's rewording, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import Dates, Deidentifier

NewCase = Callable[..., Deidentifier]
PIECES = st.sampled_from(
    [
        "Chidi Okonkwo", "Dr. Okonkwo", "OKONKWO", "Ngozi", "03/14/2015", "3/4/15", "12/4/2015", "12/04/2015",
        "March 2015", "on 3/14", "March 14, 2015", "2015-03-14", "02/30/2015", "[PERSON-1]", "PERSON-1",
        "[DATE-1, 2015]", "[date - 2]", "[", "]", "-", "\n", "İ", "ﬁ", "92-year-old", "Claim #: 123-456",
        "(213) 555-0142", "L5-S1", "MTUS (ACOEM May 15, 2017)", "1 March 14 2015", "[TEXT-1]", "Maria",
        "Patient:", ",", "'s", "1", "/", "13/14/2015", "9/9/1899", "May 0001",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=12).map(lambda parts: " ".join(parts)) | st.lists(PIECES).map(
    "".join
)


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), dates=st.sampled_from(Dates))
def test_what_was_hidden_comes_back_exactly(new_case: NewCase, texts: list[str], dates: Dates) -> None:
    case = new_case(b"any", dates)
    for text in texts:
        hidden = case.hide(text)
        assert case.restore(hidden.text) == text
        for one in hidden.replacements:
            assert text[one.start : one.end] == one.original


@given(text=TEXTS)
def test_a_second_look_changes_nothing(new_case: NewCase, text: str) -> None:
    case = new_case()
    assert case.hide(text) == case.hide(text)


NOTE = "Mr. Okonkwo was seen by Dr. Adeyemi on 03/14/2015 and on March 20, 2015. He turned 93."


def test_one_original_has_one_stand_in_over_several_texts(new_case: NewCase) -> None:
    case = new_case()
    first, second = case.hide(NOTE), case.hide("On 03/14/2015 Okonkwo fell.")
    stand_ins = {one.original: one.stand_in for one in first.replacements}
    assert [stand_ins[one.original] for one in second.replacements] == [one.stand_in for one in second.replacements]
    assert len(second.replacements) == 2


def test_wordings_of_one_person_share_a_number(new_case: NewCase) -> None:
    hidden = new_case().hide("Patient: Okonkwo, Chidi\nMr. Okonkwo came. CHIDI OKONKWO SIGNED. Dr. Adeyemi did not.")
    assert [one.stand_in for one in hidden.replacements] == ["[PERSON-1]", "[PERSON-1B]", "[PERSON-1C]", "[PERSON-2]"]


@given(
    days=st.lists(st.dates(date(1990, 1, 1), date(2020, 1, 1)), min_size=2, max_size=5), secret=st.binary(max_size=8)
)
def test_intervals_stay_exact(new_case: NewCase, days: list[date], secret: bytes) -> None:
    hidden = new_case(secret).hide("; ".join(f"visit {day:%m/%d/%Y}" for day in days))
    moved = [date(int(w[6:]), int(w[:2]), int(w[3:5])) for w in (one.stand_in for one in hidden.replacements)]
    assert [b - a for a, b in zip(moved, moved[1:], strict=False)] == [
        b - a for a, b in zip(days, days[1:], strict=False)
    ]
    assert 30 <= (days[0] - moved[0]).days <= 364


def test_another_secret_moves_dates_by_other_days(new_case: NewCase) -> None:
    shifted = {new_case(bytes([n])).hide("03/14/2015").text for n in range(20)}
    assert len(shifted) > 10


def test_year_only_leaves_the_year(new_case: NewCase) -> None:
    hidden = new_case(dates=Dates.YEAR).hide("Seen 03/14/2015, March 2016, on 4/1.")
    assert hidden.text == "Seen [DATE-1, 2015], [DATE-2, 2016], on [DATE-3]."


@pytest.mark.parametrize("dates", Dates)
def test_a_birth_year_that_tells_a_high_age_goes_too(new_case: NewCase, dates: Dates) -> None:
    hidden = new_case(dates=dates).hide("DOB: 03/14/1921, seen 05/01/2015.")
    assert hidden.replacements[0].stand_in == "[DATE-1]"


def test_an_age_over_89_becomes_90_or_older(new_case: NewCase) -> None:
    assert (
        new_case().hide("A 93-year-old and an 89-year-old.").text
        == "A [AGE-1, 90 or older]-year-old and an 89-year-old."
    )


@pytest.mark.parametrize(
    ("answer", "restored"),
    [
        pytest.param("[person-1] returned", "Okonkwo returned", id="small letters"),
        pytest.param("[PERSON-1]'s back", "Okonkwo's back", id="possessive"),
        pytest.param("seen by [PERSON-\n2].", "seen by Adeyemi.", id="broken over a line"),
        pytest.param("seen by [ Person 2 ].", "seen by Adeyemi.", id="blanks"),
        pytest.param("Person-1 and PERSON‑2", "Okonkwo and Adeyemi", id="without brackets, another hyphen"),
        pytest.param("**[PERSON-1]**", "**Okonkwo**", id="in Markdown"),
        pytest.param("aged [AGE-1]", "aged 93", id="age without its words"),
        pytest.param("[PERSON-7] and person 1", "[PERSON-7] and person 1", id="what was never made stays"),
        pytest.param("He fell on May 5, 2001.", "He fell on May 5, 2001.", id="a date that was never made stays"),
    ],
)
def test_restoring_bears_what_a_model_does_to_stand_ins(new_case: NewCase, answer: str, restored: str) -> None:
    case = new_case()
    case.hide(NOTE)
    assert case.restore(answer) == restored


def test_a_moved_date_comes_back_in_another_form(new_case: NewCase) -> None:
    case = new_case()
    moved = case.hide(NOTE).replacements[2].stand_in
    day = date(int(moved[6:]), int(moved[:2]), int(moved[3:5]))
    assert (
        case.restore(f"On {day:%B} {day.day}, {day.year} he came; {day.isoformat()}.")
        == "On March 14, 2015 he came; 2015-03-14."
    )


def test_names_that_the_caller_knows_are_hidden(new_case: NewCase) -> None:
    hidden = new_case().hide("the patient seen today, will baker, knows Baker from work.", names=["Will Baker"])
    assert [one.original for one in hidden.replacements] == ["will baker", "Baker"]


class _Result:
    def __init__(self, start: int, end: int, entity_type: str, score: float) -> None:
        self.start, self.end, self.entity_type, self.score = start, end, entity_type, score


class _Analyzer:
    """Stands in for presidio: it finds what it is told to."""

    def __init__(self, *found: tuple[str, str, float]) -> None:
        self._found = found

    def analyze(self, text: str, language: str, entities: list[str]) -> list[_Result]:
        assert language == "en"
        return [
            _Result(text.index(words), text.index(words) + len(words), kind, score)
            for words, kind, score in self._found
            if kind in entities
        ]


def test_what_presidio_finds_is_hidden_beside_our_own() -> None:
    analyzer = _Analyzer(
        ("grace", "PERSON", 0.8), ("smalltown", "LOCATION", 0.9), ("lumbar", "PERSON", 0.9), ("pain", "PERSON", 0.1)
    )
    from assistant.privacy import Allowed

    case = Deidentifier(b"x", Allowed(frozenset({"lumbar"})), analyzer=analyzer)
    hidden = case.hide("grace of smalltown has lumbar pain")
    assert [(one.kind, one.original) for one in hidden.replacements] == [("PERSON", "grace"), ("PLACE", "smalltown")]
    assert case.restore(hidden.text) == "grace of smalltown has lumbar pain"
