"""A second checker of a draft's grounding: it reads the contract's JSON and shares no code with the program.

Coarser than the program's own verification and made of other parts: words are split by hand, values are compared as
sets, and nothing is known of grammar. What it reports is wrong; what it passes need not be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SPELLED = {word: str(n) for n, word in enumerate([*_ONES, *_TEENS])} | {word: str(n) for word, n in _TENS.items()}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SIDES = {"left": "left", "right": "right", "bilateral": "bilateral", "bilaterally": "bilateral"}
_REGIONS = "CTLS"


def faults(draft: Mapping[str, Any], case: str) -> list[str]:
    """What is wrong with a draft, one line a fault; `draft` is one line of `draft --json`, `case` its text as given."""
    found: list[str] = []
    for number, issue in enumerate(draft["issues"]):
        sources = _sources(draft, issue, case)
        for evidence in (e for finding in issue["findings"] for e in finding["evidence"]):
            if case[evidence["start"] : evidence["end"]] != evidence["quote"]:
                found.append(f"issue {number}: evidence stands elsewhere: {evidence['quote']!r}")
        for finding in issue["findings"]:
            if finding["status"] == "not_found" and (finding["evidence"] or not finding["searched"]):
                found.append(
                    f"issue {number}: {finding['criterion_id']} is not found with evidence, or without a search"
                )
        for sentence in issue["sentences"]:
            found += [f"issue {number}: {fault}: {sentence['text']}" for fault in _of_sentence(sentence, sources)]
        told = " ".join(s["text"] for s in issue["sentences"] if not s.get("slot"))
        if " ".join(told.split()) != " ".join(issue["rationale"].split()):
            found.append(f"issue {number}: the rationale is not its sentences")
    return found


def _sources(draft: Mapping[str, Any], issue: Mapping[str, Any], case: str) -> dict[tuple[str, str], str]:
    sources = {("case", "case"): case, ("request", "request"): issue["service"]}
    sources |= {("passage", key): passage["text"] for key, passage in draft["passages"].items()}
    sources |= {("citation", key): passage["citation"] for key, passage in draft["passages"].items()}
    return sources | {("finding", f["criterion_id"]): f["statement"] for f in issue["findings"]}


def _of_sentence(sentence: Mapping[str, Any], sources: Mapping[tuple[str, str], str]) -> Iterator[str]:
    supports = sentence["supports"]
    if sentence.get("slot"):
        if sentence["verified"] or supports:
            yield "a slot that is verified or has supports"
        return
    if sentence["verified"] and not supports:
        yield "verified without support"
    for support in supports:
        text = sources.get((support["kind"], support["id"]))
        if text is None or not support["quote"] or text[support["start"] : support["end"]] != support["quote"]:
            yield f"a support that stands elsewhere: {support['quote']!r}"
    if sentence["verified"]:
        yield from _unbacked(sentence["text"], supports, sources)


def _unbacked(
    text: str, supports: Sequence[Mapping[str, Any]], sources: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    pool = [support["quote"] for support in supports]
    pool += [sources.get(("citation", support["id"]), "") for support in supports if support["kind"] == "passage"]
    for quote in _quotations(text):
        if not any(_squeezed(quote).rstrip(".,;") in _squeezed(held) for held in pool):
            yield f"a quotation that no support holds: {quote!r}"
    held_numbers = set().union(*(numbers(held) for held in pool)) if pool else set()
    for name, read in (("number", numbers), ("level", levels), ("side", sides)):
        held = held_numbers if read is numbers else set().union(*(read(one) for one in pool)) if pool else set()
        said = read(text) - ({"1"} if read is numbers and not _counts_one(text) else set())
        for value in sorted(said - held):
            yield f"a {name} that no support holds: {value}"


def _counts_one(text: str) -> bool:
    return any(token == "1" for token in _tokens(text))


# --- words, split by hand -------------------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    """Runs of letters and runs of digits, in small letters; a decimal stays one."""
    tokens: list[str] = []
    run = ""
    for at, mark in enumerate(text + " "):
        after = text[at + 1 : at + 2]
        decimal = mark == "." and run.isdigit() and after.isdigit()
        fits = mark.isalnum() and (not run or (run[-1].isdigit() or run[-1] == ".") == mark.isdigit())
        if decimal or fits:
            run += mark
            continue
        if run:
            tokens.append(run.casefold())
        run = mark if mark.isalnum() else ""
    return tokens


def numbers(text: str) -> set[str]:
    """Every number of a text in digits: words and months read as numbers, "03" as "3", of "2003" also the "3"."""
    found: set[str] = set()
    for token in _tokens(text):
        if token[0].isdigit():
            whole, _, part = token.partition(".")
            whole = whole.lstrip("0") or "0"
            part = part.rstrip("0")
            found.add(f"{whole}.{part}" if part else whole)
            if len(whole) == 4 and not part:
                found.add(whole[2:].lstrip("0") or "0")
        elif token in _SPELLED:
            found.add(_SPELLED[token])
        elif len(token) >= 3 and token[:3] in _MONTHS and token != "may":
            found.add(str(_MONTHS.index(token[:3]) + 1))
    return found


def levels(text: str) -> set[str]:
    """Every vertebra that a text names as "L4": both of "L4-5"."""
    found: set[str] = set()
    at = 0
    while at < len(text):
        letter, before = text[at], text[at - 1 : at]
        if letter in _REGIONS and not before.isalnum() and text[at + 1 : at + 2].isdigit():
            at, first = _digits(text, at + 1)
            if len(first) <= 2 and not text[at : at + 1].isalnum():
                found.add(letter + first)
                if text[at : at + 1] in {"-", "/"} and text[at + 1 : at + 2].isdigit():
                    at, second = _digits(text, at + 1)
                    found.add(letter + second)
        else:
            at += 1
    return found


def _digits(text: str, at: int) -> tuple[int, str]:
    end = at
    while end < len(text) and text[end].isdigit():
        end += 1
    return end, text[at:end]


def sides(text: str) -> set[str]:
    """Every body side that a text names."""
    return {_SIDES[token] for token in _tokens(text) if token in _SIDES}


def _quotations(text: str) -> list[str]:
    found: list[str] = []
    for part in text.split("“")[1:]:
        quote, closed, _ = part.partition("”")
        if closed and quote.strip():
            found.append(quote)
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.split())
