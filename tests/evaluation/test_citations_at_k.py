"""Citations@k over invented letters: what counts, what does not, and how sure the figure is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import CitedGuideline
from assistant.errors import AssistantError
from assistant.evaluation.baselines import copied_from_ur
from assistant.evaluation.bootstrap import share
from assistant.evaluation.citations import Citations, Ranked, folded, measure
from assistant.evaluation.gold import GoldIssue, GoldLetter, read_facts, read_gold
from assistant.evaluation.misses import misses
from assistant.evaluation.split import Part, Split

LOW_BACK = "MTUS Low Back Complaints 2004"
KNEE = "MTUS Knee Complaints 2004"
PAIN = "MTUS Chronic Pain Medical Treatment 2016"
ACUPUNCTURE = "MTUS Acupuncture Treatment 2007"
NOTHING = Ranked((), known=False)


def value(measured: Citations, name: str) -> float | None:
    return measured.shares[name].value


def test_issues_are_counted_by_what_they_cite(letters: tuple[GoldLetter, ...]) -> None:
    measured = measure((letter, [NOTHING] * len(letter.issues)) for letter in letters)
    assert measured.counts == {"letters": 3, "n": 5, "unknown": 5, "mtus": 3, "odg": 1, "outside": 1}
    assert [measured.shares[name].n for name in ("doc@1", "sec@5", "odg@3")] == [3, 2, 1]
    assert {share.value for share in measured.shares.values()} == {0.0}


def test_k_counts_guidelines_for_documents_and_entries_for_sections(letters: tuple[GoldLetter, ...]) -> None:
    offered = {
        # the right section stands fourth, its guideline first
        "A": [
            Ranked(((LOW_BACK, "Summary"), (LOW_BACK, None), (PAIN, "x"), (LOW_BACK, "special study"))),
            # the right guideline is the second one named, third entry
            Ranked(((LOW_BACK, "a"), (LOW_BACK, "b"), (PAIN, "Physical Medicine Treatments"))),
        ],
        "B": [Ranked((("ODG", None), (PAIN, None), (KNEE, None), (ACUPUNCTURE, None)))],
        "C": [Ranked(((PAIN, None), ("ODG", None))), Ranked(((PAIN, None),), known=False)],
    }
    measured = measure((letter, offered[letter.case_number]) for letter in letters)
    assert [value(measured, f"doc@{k}") for k in (1, 3, 5)] == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert [value(measured, f"sec@{k}") for k in (1, 3, 5)] == pytest.approx([0.0, 0.5, 1.0])
    assert [value(measured, f"odg@{k}") for k in (1, 3, 5)] == pytest.approx([0.0, 1.0, 1.0])
    assert measured.counts["unknown"] == 1


def test_a_section_counts_only_with_its_own_guideline() -> None:
    letter = GoldLetter("A", "", None, (GoldIssue("MRI", (CitedGuideline(LOW_BACK, ("Special Studies",)),)),))
    measured = measure([(letter, [Ranked(((KNEE, "Special Studies"), (LOW_BACK, "Initial Care")))])])
    assert (value(measured, "doc@3"), value(measured, "sec@3")) == (1.0, 0.0)


def test_any_of_several_cited_guidelines_is_right() -> None:
    cited = (CitedGuideline(PAIN, ("x",)), CitedGuideline(KNEE, ("Initial Care", "Summary")))
    measured = measure([(GoldLetter("A", "", None, (GoldIssue("s", cited),)), [Ranked(((KNEE, "Summary"),))])])
    assert (value(measured, "doc@1"), value(measured, "sec@1")) == (1.0, 1.0)


def test_what_is_not_first_is_listed_with_its_places(letters: tuple[GoldLetter, ...]) -> None:
    offered = [
        (letters[0], [Ranked(((LOW_BACK, "Special Studies"),)), Ranked((("ODG", None), (PAIN, "x"), (PAIN, "y")))]),
        (letters[1], [NOTHING]),
        (letters[2], [NOTHING, NOTHING]),
    ]
    listed = [(row["case_number"], row["service"], row["guideline_at"], row["section_at"]) for row in misses(offered)]
    assert listed == [("A", "therapy", 2, None), ("B", "acupuncture", None, None)]
    assert [row["known_kind"] for row in misses(offered)] == [True, False]


def test_an_answer_for_each_issue_is_required(letters: tuple[GoldLetter, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        measure([(letters[0], [NOTHING])])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Special Studies", "special study", id="plural and case"),
        pytest.param("NSAIDs (non-steroidal drugs)", "NSAID", id="brackets"),
        pytest.param("Manual therapy & manipulation", "Manual Therapy and Manipulation", id="and"),
        pytest.param("Forearm, Wrist, and Hand", "Forearm Wrist Hand", id="commas"),
    ],
)
def test_names_that_are_one_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(PAIN, PAIN.replace("2016", "2009"), id="years"),
        pytest.param("Low Back (ACOEM May 1, 2016)", "Low Back (ACOEM May 1, 2020)", id="dates in brackets"),
        pytest.param("3.3.1 Opioids", "3.3.2 Opioids", id="section numbers"),
        pytest.param("Initial Care", "Initial", id="part of a name"),
    ],
)
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


# --- intervals ------------------------------------------------------------------------------------------------

answers = st.lists(st.lists(st.booleans(), max_size=4), max_size=12)


@settings(deadline=None)
@given(answers)
def test_the_interval_holds_the_share_and_is_the_same_each_time(hits: list[list[bool]]) -> None:
    first, second = share(hits, resamples=200), share(hits, resamples=200)
    assert first == second
    assert first.n == sum(map(len, hits))
    if first.n == 0:
        assert (first.value, first.as_dict()) == (None, {"n": 0})
        return
    assert first.value == pytest.approx(sum(map(sum, hits)) / first.n)
    assert first.low is not None
    assert first.high is not None
    assert 0 <= first.low <= first.high <= 1


def test_issues_of_one_letter_count_as_one_draw() -> None:
    together = share([[True] * 10, [False] * 10] * 3)
    apart = share([[True], [False]] * 30)
    assert together.value == apart.value == 0.5
    assert None not in (together.low, together.high, apart.low, apart.high)
    assert (together.high or 0) - (together.low or 0) > (apart.high or 0) - (apart.low or 0)


# --- files ----------------------------------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "case_number": "CM16-0999001",
    "case_summary": "A baker's wrist hurts.",
    "decision_date": "12/21/2016",
    "issues": [
        {
            "service": "a long heading",
            "service_short": "a splint",
            "reviewer_guideline": (
                "Decision based on MTUS Elbow Complaints 2007, Section(s): Summary, and Knee Complaints 2004."
            ),
            "claims_administrator_guideline": "Decision based on MTUS Elbow Complaints 2007.",
            "guidelines": ["MTUS Elbow Complaints 2007"],
            "sections": "Summary, and Knee Complaints 2004",
        },
        {"service": "a pill", "guidelines": ["ODG"], "sections": None},
    ],
}  # fmt: skip


def test_gold_is_read_by_its_printed_guideline_lines(gold_file: Callable[..., Path]) -> None:
    (letter,) = read_gold(gold_file(ROW))
    assert letter.decision_date == date(2016, 12, 21)
    assert letter.issues[0] == GoldIssue(
        "a splint",
        (CitedGuideline("MTUS Elbow Complaints 2007", ("Summary",)), CitedGuideline(KNEE)),
        (CitedGuideline("MTUS Elbow Complaints 2007"),),
        heading="a long heading",
        reviewer_guideline=ROW["issues"][0]["reviewer_guideline"],
        ur_guideline="Decision based on MTUS Elbow Complaints 2007.",
    )
    assert letter.issues[0].headings == ("a long heading", "a splint")
    assert letter.issues[1] == GoldIssue("a pill", (CitedGuideline("ODG"),), heading="a pill")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("{", "Line 1 of gold.jsonl is no JSON.", id="no json"),
        pytest.param("[1]", "Line 1 of gold.jsonl is no JSON object.", id="no object"),
        pytest.param('\n{"a": 1}', "Line 2 of gold.jsonl is no letter read by hand.", id="other fields"),
        pytest.param(
            '{"case_number": 1, "case_summary": "", "issues": 3}',
            "Line 1 of gold.jsonl is no letter read by hand.",
            id="issues are no list",
        ),
    ],
)
def test_a_file_of_another_form_is_named_with_its_line(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content)
    with pytest.raises(AssistantError) as refused:
        read_gold(path)
    assert str(refused.value) == sentence


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"^none.jsonl could not be read: no such file"):
        read_gold(tmp_path / "none.jsonl")
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AssistantError, match="no text"):
        read_gold(tmp_path / "odd.jsonl")
    (tmp_path / "facts.jsonl").write_text(json.dumps(ROW))
    with pytest.raises(AssistantError, match=r"^Line 1 of facts.jsonl holds no labels"):
        read_facts(tmp_path / "facts.jsonl")


@pytest.mark.letters
def test_the_baselines_of_the_real_letters_are_poor_guesses(letters_dir: Path) -> None:
    letters = Split(16, only=Part.REST).measured(read_gold(letters_dir / "gold.jsonl"))
    copied = measure(copied_from_ur(letters))
    assert copied.counts["n"] == sum(len(letter.issues) for letter in letters)
    assert copied.counts["mtus"] + copied.counts["odg"] + copied.counts["outside"] == copied.counts["n"]
    assert (value(copied, "doc@1") or 1.0) < 0.6
