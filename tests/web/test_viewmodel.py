"""The values that the case view is drawn from: texts cut without loss, numbers that resolve."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from fake_service import ACUPUNCTURE, FakeService
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Lean, Move, Sentence, Span, Strength, Support, SupportKind, Verdict
from assistant.settings import Settings
from assistant.web.viewmodel import case_model, lean_model, numbered, pieces

texts = st.text(max_size=60) | st.sampled_from(["İstanbul \U0001f9b4 knee", "L4-5\r\nL5-S1", "<b>\u202e"])
marks = st.lists(
    st.tuples(st.integers(-2, 70), st.integers(-2, 70), st.sampled_from(["request", "diagnosis-not"]), st.just("t"))
)


@given(texts, marks, st.lists(st.integers(-5, 70)))
def test_the_pieces_join_to_the_text(text: str, given_marks: list, edges: list[int]) -> None:
    made = pieces(text, given_marks, edges)
    assert "".join(piece["t"] for piece in made) == text
    for piece in made:
        assert text[piece["s"] : piece["e"]] == piece["t"] != ""
    for start, end, _, _ in given_marks:
        if 0 <= start < end <= len(text):
            covered = [piece for piece in made if start <= piece["s"] and piece["e"] <= end]
            assert "".join(piece["t"] for piece in covered) == text[start:end]
            assert all("g" in piece for piece in covered)


supports = st.builds(
    lambda kind, name, start: Support(kind, name, Span(start, start + 1, "x")),
    st.sampled_from(SupportKind), st.sampled_from(["case", "p1"]), st.integers(0, 3),
)  # fmt: skip
sentences = st.lists(
    st.builds(lambda s: Sentence("Words.", Move.FACTS, tuple(s), Verdict.PASSED), st.lists(supports, max_size=4))
)


@given(sentences)
def test_every_number_shown_resolves_to_its_own_support(drafted: list[Sentence]) -> None:
    shown, listed = numbered(drafted)
    by_number = {entry["n"]: entry for entry in listed}
    assert sorted(by_number) == list(range(1, len(listed) + 1))
    for sentence, model in zip(drafted, shown, strict=True):
        resolved = {(by_number[n]["kind"], by_number[n]["id"], by_number[n]["s"]) for n in model["n"]}
        assert resolved == {(s.kind, s.id, s.span.start) for s in sentence.supports}


def test_the_whole_model_is_json(tmp_path: Path) -> None:
    service = FakeService(Settings(data_dir=tmp_path))
    case = service.create_case("reviewer", ACUPUNCTURE)
    model = case_model(service.draft_case("reviewer", case.id), (), 0)
    assert json.loads(json.dumps(model)) == model
    issue = model["issues"][0]
    assert [s["n"] for s in issue["sentences"]] == [[1], [2], [3], [4]]
    assert [f["word"] for f in issue["findings"]] == ["for you", "not found", "supported"]
    assert {p["g"] for p in model["pieces"] if "g" in p} == {
        "other",
        "diagnosis",
        "complaint-not",
        "treatment",
        "complaint",
        "request",
    }
    for finding in issue["findings"]:
        for evidence in finding["evidence"]:
            assert ACUPUNCTURE[evidence["s"] : evidence["e"]] == evidence["q"]


def test_what_is_odd_about_the_text_is_shown(tmp_path: Path) -> None:
    service = FakeService(Settings(data_dir=tmp_path))
    view = service.draft_case("reviewer", service.create_case("reviewer", ACUPUNCTURE).id)
    assert view.draft is not None
    odd = replace(view.draft, case=replace(view.draft.case, notices=("The summary is in capitals.",)))
    assert case_model(replace(view, draft=odd), (), 0)["notices"] == ["The summary is in capitals."]


def test_a_lean_is_a_sentence_and_none_is_said_as_none() -> None:
    assert lean_model(Lean(None, Strength.NONE), ())["word"] == "the finding is yours"
