"""Words of a case as sentences of a rationale: told by themselves where they can be, quoted where they cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import CaseSummary, Span
from assistant.drafting.retelling import MOST_WORDS, calmed, retold
from assistant.reading.sentences import sentences as sentences_of


def case_of(text: str) -> CaseSummary:
    return CaseSummary(text, None, None, None, (), (), tuple(sentences_of(text)))


def tell(text: str, quote: str | None = None, worker: str = "She") -> str | None:
    case = case_of(text)
    at = text.index(quote) if quote else 0
    found = retold(case, Span.of(text, at, at + len(quote or text)), worker)
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The patient has had 5 visits of therapy.", "She has had 5 visits of therapy."),
        ("Currently, the injured worker complains of wrist pain.", "Currently, she complains of wrist pain."),
        ("However, the claimant's grip was weaker.", "The worker's grip was weaker."),
        ("The physician noted that the patient sleeps poorly.", "The physician noted that the worker sleeps poorly."),
        ("Sensation was reduced over the left thumb.", "Sensation was reduced over the left thumb."),
        ("There was no swelling", "There was no swelling."),
        ("and Tinel's sign was positive on the right.", "Tinel's sign was positive on the right."),
    ],
)
def test_a_sentence_is_retold_with_the_worker_as_its_subject(text: str, said: str) -> None:
    assert tell(text) == said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Positive straight leg raise on the left.", id="no verb"),
        pytest.param("This has not changed.", id="points outside"),
        pytest.param("If the pain stays, she may need an operation.", id="condition"),
        pytest.param("Which was read as normal.", id="relative"),
        pytest.param('He said "I cannot lift" and left.', id="quotation"),
        pytest.param("I saw the patient today.", id="first person"),
        pytest.param("The MRI (done in May was normal.", id="open bracket"),
        pytest.param("Exam: the knee is swollen.", id="label"),
        pytest.param("Was seen in May.", id="no subject"),
    ],
)
def test_what_cannot_stand_alone_is_not_retold(text: str) -> None:
    assert tell(text) is None


def test_a_piece_of_a_long_sentence_keeps_its_condition() -> None:
    long = (
        "If the worker would take up the exercises that were shown to him in the spring and in the summer by two "
        "therapists, one of them of the same clinic, and would do them for an hour a day, he had less pain; he had no "
        "pain at night"
    )
    assert tell(long, "he had less pain") is None


def test_a_short_sentence_is_told_whole() -> None:
    text = "Therapy helped at first, but the pain came back after a month."
    assert tell(text, "Therapy helped at first") == text


def test_a_pronoun_is_small_after_an_opening() -> None:
    assert tell("Today the patient walks with a cane.", worker="The worker") == "Today, the worker walks with a cane."


_WORDS = st.lists(
    st.sampled_from("the patient has had pain no left, (right) walks if that it “so” 5 L4-5 ; and was".split()),  # noqa: SIM905
    min_size=1,
    max_size=50,
)


@given(_WORDS, st.sampled_from(["He", "She", "The worker"]))
def test_whatever_is_retold_stands_in_the_case(words: list[str], worker: str) -> None:
    case = case_of(" ".join(words) + ".")
    for sentence in case.sentences:
        found = retold(case, sentence, worker)
        if found is not None:
            assert found.span.stands_in(case.text)
            assert found.text.endswith(".")
            assert len(found.text.split()) <= MOST_WORDS + 1
            kept = [w for w in found.span.quote.strip(" .").split() if w not in {"the", "patient", "and"}]
            told = found.text.rstrip(".").casefold()
            assert all(word.strip(".,;").casefold() in told for word in kept)


def test_the_same_words_are_told_the_same(make_case: Callable[..., CaseSummary]) -> None:
    case = make_case("The patient has had 5 visits of therapy.")
    span = Span.of(case.text, 0, len(case.text))
    assert retold(case, span, "He") == retold(case, span, "He")


@pytest.mark.parametrize(
    ("shouted", "said"),
    [
        ("SHE HAS HAD NSAIDS AND PT", "she has had NSAIDs and PT"),
        ("DISC PROTRUSION AT L4-5", "disc protrusion at L4-5"),
        ("MRI", "MRI"),
        ("Right carpal tunnel", "Right carpal tunnel"),
    ],
)
def test_a_text_in_capitals_is_calmed(shouted: str, said: str) -> None:
    assert calmed(shouted) == said
