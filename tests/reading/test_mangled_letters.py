"""Letters that scanners, converters and copyists have mangled: no crash, and nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Determination
from assistant.reading.letter_records import as_record, letter_of
from assistant.reading.letters import looks_like_letter, read_letter

_FOLDER = Path(__file__).parents[2] / "corpus" / "determinations"
LETTERS = [path.read_text("utf-8").split("---", 2)[2] for path in sorted(_FOLDER.glob("*.md"))]
_HEADING = re.compile(r"^(?P<service>[A-Z0-9][^\n]{2,150}?): (?:Upheld|Overturned)$", re.M)
_SAYS_A_LOSS = (
    "looks like the heading of a decision",
    "rationales stand within the text",
    "No decision was found",
    "the service was not found",
    "the outcome is neither",
    "Text before the first decision",
    "the text between its heading",
)
SERVICES = (
    "Splint: left wrist: custom",
    "MRI: lumbar spine (CPT: 72148)",
    "Brace, size: L",
    "Drug X 5 mg: #60: refill 1",
)


def headings(text: str) -> list[str]:
    """The services of a letter's decision headings, as its own layout shows them."""
    return [match["service"] for match in _HEADING.finditer(text)]


def folded(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def with_services(text: str) -> str:
    """The letter with colons in its services."""
    numbers = count(1)

    def named(match: re.Match[str]) -> str:
        number = next(numbers)
        return match.group().replace(match["service"], f"{SERVICES[number % len(SERVICES)]} ({number})")

    return _HEADING.sub(named, text)


def with_many_issues(text: str) -> str:
    """The letter with its decisions repeated until there are 21, each under a name of its own."""
    first = _HEADING.search(text)
    if first is None:
        return text
    head, body = text[: first.start()], text[first.start() :].rstrip()
    times = 21 // len(headings(body)) + 1
    copies = [
        _HEADING.sub(lambda m, n=n: m.group().replace(m["service"], f"{m['service']} ({n})"), body)
        for n in range(times)
    ]
    return head + "\n\n".join(copies) + "\n"


def swapped(text: str) -> str:
    """The decisions before the case summary."""
    summary, decisions = text.find("CLINICAL CASE SUMMARY"), text.find("IMR ISSUES")
    if min(summary, decisions) < 0 or decisions < summary:
        return text
    return text[:summary] + text[decisions:].rstrip() + "\n\n" + text[summary:decisions]


WHOLE: dict[str, Callable[[str], str]] = {
    "lines wrapped anew": lambda t: re.sub(r"(?<=[a-z,]) (?=[a-z]{4})", "\n", t),
    "line breaks doubled": lambda t: t.replace("\n", "\n\n"),
    "Windows line ends": lambda t: t.replace("\n", "\r\n"),
    "hyphens at line ends": lambda t: re.sub(r"(?<=[a-z]{4})(?=[a-z]{5}\b)", "-\n", t, count=12),
    "page footers": lambda t: t.replace("Decision rationale", "Page 2 of 5\n\f\nDecision rationale"),
    "running heads": lambda t: t.replace(
        "MAXIMUS guideline", "Final Determination Letter for IMR Case Number CM16-0999001 3\n\f\nMAXIMUS guideline"
    ),
    "colons in services": with_services,
    "21 issues": with_many_issues,
    "swapped order": swapped,
    "no summary heading": lambda t: t.replace("CLINICAL CASE SUMMARY", ""),
    "no decisions heading": lambda t: re.sub(r"IMR ISSUES, DECISIONS AND RATIONALES\n", "", t),
    "no guideline lines": lambda t: re.sub(r"(?:MAXIMUS|Claims Administrator) guideline:[^\n]*\n", "", t),
    "no rationale labels": lambda t: t.replace("Decision rationale: ", ""),
    "outcome on its own line": lambda t: re.sub(r": (Upheld|Overturned)$", r":\n\1", t, flags=re.M),
    "outcomes by a scanner": lambda t: t.replace("Upheld", "Uphe1d").replace("Overturned", "0verturned"),
    "labels by a scanner": lambda t: t.replace("Decision rationale", "Decis1on ratlonale"),
    "guideline labels by a scanner": lambda t: t.replace("guideline:", "guide1ine:"),
    "indented": lambda t: "\n".join(f"   {line}" for line in t.split("\n")),
    "all lines in one": lambda t: re.sub(r"\s+", " ", t),
}
mangling = st.lists(st.sampled_from(sorted(WHOLE)), max_size=4, unique=True)


def mangled(text: str, ways: list[str]) -> str:
    for way in ways:
        text = WHOLE[way](text)
    return text


def lost_in_silence(letter: Determination, services: list[str]) -> list[str]:
    """The services of which no decision was read, where no warning says that something of the kind is missing."""
    read = [folded(decision.service) for decision in letter.decisions]
    lost = [service for service in services if not any(folded(service) in name for name in read)]
    said = any(sign in warning for warning in letter.warnings for sign in _SAYS_A_LOSS)
    return [] if said else lost


def test_the_letters_are_read_whole_before_they_are_mangled() -> None:
    assert len(LETTERS) >= 20
    assert sum(len(headings(text)) for text in LETTERS) >= len(LETTERS)
    for text in LETTERS:
        letter = read_letter(text)
        read = [folded(decision.service) for decision in letter.decisions]
        assert [name for name in map(folded, headings(text)) if not any(name in found for found in read)] == []


@pytest.mark.parametrize("way", sorted(WHOLE))
def test_every_decision_of_a_mangled_letter_is_read_or_missed_aloud(way: str) -> None:
    for text in LETTERS:
        changed = WHOLE[way](text)
        services = headings(changed) or headings(text)
        assert lost_in_silence(read_letter(changed), services) == []


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LETTERS), mangling)
def test_several_kinds_of_damage_together(text: str, ways: list[str]) -> None:
    base = [way for way in ways if way in ("colons in services", "21 issues")]
    text = mangled(text, base)
    services = headings(text)
    letter = read_letter(mangled(text, [way for way in ways if way not in base]))
    assert lost_in_silence(letter, services) == []


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LETTERS), st.lists(st.tuples(st.floats(0, 1), st.text(max_size=3)), max_size=30))
def test_noise_anywhere_is_no_fault_and_a_letter_survives_as_json(text: str, noise: list[tuple[float, str]]) -> None:
    for place, piece in noise:
        at = int(place * len(text))
        text = text[:at] + piece + text[at + 1 :]
    letter = read_letter(text)
    assert letter_of(as_record(letter)) == letter
    looks_like_letter(text)


SCANNER = ["outcomes by a scanner", "guideline labels by a scanner", "labels by a scanner", "no guideline lines"]


@pytest.mark.parametrize("ways", [SCANNER[:3], SCANNER[:2], [SCANNER[0], SCANNER[3]], SCANNER])
def test_a_decision_that_runs_into_the_one_before_it_is_missed_aloud(ways: list[str]) -> None:
    several = [text for text in LETTERS if len(headings(text)) > 1]
    assert several
    for text in several:
        second = list(_HEADING.finditer(text))[1].start()
        letter = read_letter(text[:second] + mangled(text[second:], ways))
        assert len(letter.decisions) >= 1
        assert lost_in_silence(letter, headings(text)) == []


def test_twenty_one_issues_are_all_read() -> None:
    text = with_many_issues(next(text for text in LETTERS if len(headings(text)) == 1))
    assert len(read_letter(text).decisions) == len(headings(text)) >= 21
