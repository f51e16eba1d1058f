"""The disputed services: a request read into kind, region, side and quantity, and requests found in a case text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.corpus import Taxonomy
from assistant.domain import DisputedService, Side, Span
from assistant.reading.anatomy import one_side, regions, sides
from assistant.reading.certified import asked_part
from assistant.reading.quantities import quantity_of
from assistant.reading.request_kinds import NamedKind, kinds_named
from assistant.reading.reviewed import BY_REVIEW, in_dispute
from assistant.reading.sentences import sentences

_REFUSAL = (
    r"(?:non-?\s?certified|denied|modified|partially (?:approved|certified)|not certified|did not (?:certify"
    r"|approve)|not approved"
    r"|failed to (?:approve|certify)|deni(?:ed|al) of|non-?certification (?:for|of)|disputed)"
)
_FORM = r"(?:request for authorization|authorization request|RFA|request)"
_REVIEWED = (
    r"(?:non-?\s?certified|denied|modified|non-?approved|not (?:certified|approved|medically necessary)|partially)"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE | re.DOTALL) for source in sources)


# What is left for the review after a part was authorized; then what was refused, asked, planned.
_REMAINING = _patterns(
    r"\bremaining\b[^.]{0,80}?\b(?:portion|part)\b(?: of the original request)?\s*[,:]?\s+(?P<asked>.+)"
)
_REFUSED = _patterns(
    rf"\b{_REFUSAL}\s+(?:(?:certification|authorization|approval)\b[^;.]{{0,30}};?\s*)?(?:of\s+|for\s+)?"
    r"(?:the |a |an |retrospective |original )*requests?\s+for\s+(?P<asked>.+)",
    r"\b(?:retrospective\s+)?requests?\s+for\s+(?P<asked>.+?)\s+(?:to be|was|were|as|is|has been|have been)\s+"
    rf"(?:previously\s+|also\s+)?{_REVIEWED}",
    r"\bdenied certification\b[^;]{0,60};\s*(?:for\s+)?(?P<asked>.+)",
    r"\butilization review\b.{0,60}?\bdetermined\s+(?:that\s+)?(?:the\s+)?(?P<asked>.+?)\s+(?:was|were|is|are"
    r"|to be)\s+"
    r"(?:not medically necessary|non-?\w+|denied)",
    r"^(?P<asked>.+?)\s+(?:was|were)\s+the original requests?\b",
)
# Of a bare "denied ..." only a known service is taken: patients deny as well.
_REFUSED_BARE = _patterns(rf"\b{_REFUSAL}\s+(?:for\s+)?(?:the |a |an )?(?P<asked>.+)")
_REFUSING = re.compile(_REFUSAL, re.IGNORECASE)
_ASKED = _patterns(
    r"\brequest(?:s|ed|ing)?\s+(?:for\s+)?authori[sz]ation\s+(?:for|of)\s+(?P<asked>(?!dated|signed|received).+)",
    rf"\b{_FORM}\b[^.;:]{{0,40}}:\s*(?P<asked>.+)",
    rf"\b{_FORM}\b[^.;]{{0,60}}?\b(?:is for|was for|are for|requested|requests|includes?|included|for)\s+(?:a\s+"
    rf"|an\s+|the\s+)?"
    r"(?P<asked>(?!authorization\b|review\b).+)",
    r"\bfollowing\b[^.;:]{0,80}\b(?:was|were|is|are)\s+requested\s*[:;]?\s*(?P<asked>.+)",
    r"\b(?:provider|physician|surgeon|doctor|dr\.? \w+|chiropractor|appeal|is|are|has|have)\s+(?:is\s+|has\s+"
    r"|now\s+|also\s+)*"
    r"(?:request(?:s|ed|ing)|appeal(?:s|ed|ing)|seek(?:s|ing)|sought)\s+(?:authorization\s+for\s+)?(?P<asked>.+)",
    r"\b(?:request|requests)\s+for\s+(?P<asked>(?!authorization\b|review\b).+)",
    r"^(?P<asked>.+?)\s+(?:was|were|is|are)\s+(?:all\s+|also\s+|being\s+)?requested\b",
)
_PLANNED = _patterns(
    r"\b(?:treatment\s+)?plan(?: of care)?\b[^.;]{0,60}?\b(?:includ(?:es|ed)|was|is|consist(?:s|ed) of|for"
    r"|to)\s+(?:for\s+)?"
    r"(?:a request (?:for|of)\s+)?(?P<asked>.+)",
    r"\bplan\s*:\s*(?P<asked>.+)",
    r"\b(?:recommend(?:s|ed)|order(?:s|ed))\s+(?P<asked>.+)",
    r"^(?P<asked>.+?)\s+(?:was|were|is|are)\s+(?:all\s+|also\s+)?(?:ordered|recommended|sought)\b",
)
# Where the words of the request end: a reason, a date, what became of it.
_ENDS = re.compile(
    r"\s*\b(?:was|were|has been|have been|to be|is|are|be)\s+(?:previously\s+|all\s+"
    r"|also\s+)*(?:non-?\s?certif\w*|denied|modified"
    r"|approved|not|non|certified|authorized|deemed|requested|ordered|recommended|noted|partially)\b"
    r"|\s*,?\s*\b(?:due to|because|since|given|based on|citing|stating|in order|with the rationale|which (?:was|were)"
    r"|to (?:evaluate|rule out|assess|determine|help|reduce|assist (?:in|to))|on the grounds|as (?:an?|there|the"
    r"|it|she|he)\b|per the|noting)\b"
    rf"|\s+(?:dated|received on|on (?:\d|{_MONTHS}))\b|\s+by utili[sz]ation review|,?\s+of which\b"
    r"|\s+in (?:its|an?|the) (?:\w+ )?(?:determination|utilization|report|letter|decision)"
    r"|\.\s|\.$|;\s(?!.*\b(?:sessions|visits)\b)|\s+for the date of service|\s+and to follow|\s+with further",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:[\s,;:]|(?:and|for|an?|the|also|performing)\s|(?:(?:non-?\s?certified|denied|modified)\s+)?(?:the\s+"
    r"|an?\s+)?requests?\s+(?:for|or)\s)*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r";\s*(?:and\s+)?|,\s*(?:and\s+)?|\s+and\s+|\s+as well as\s+|\s+along with\s+", re.IGNORECASE)
_MODIFIED_TO = re.compile(r"\s+(?:was modified\s+)?to\s+(?=\w)", re.IGNORECASE)
_OF_WHICH = re.compile(r"\bof which\b[^.;]*\b(?:certified|authorized|approved)\b", re.IGNORECASE)
_COUNT_AHEAD = re.compile(
    r"(?:authorize\s+)?(?:\w+\s+)?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b", re.IGNORECASE
)
_THERAPY = re.compile(r"\btherapy\b", re.IGNORECASE)
_HAND = frozenset({"hand", "wrist", "finger", "thumb", "forearm"})
_LONGEST_UNKNOWN = 15  # words up to which a request of no known kind is kept
_NO_REQUEST = re.compile(
    r"^(?:the |a |an |all )?(?:treatments?|requests?|requested (?:treatment|services?)|same|following|services?"
    r"|certification"
    r"|authorization|requests below|(?:the )?above|it|this|that|them|records?|additional information|review"
    r"|appeal|by .*)\b[\s.]*$",
    re.IGNORECASE,
)


def read_request(text: str, taxonomy: Taxonomy, case_text: str | None = None) -> DisputedService:
    """Read one request, unsplit: kind, further kinds, body regions, side, quantity and what was certified.

    `case_text` helps only where a study names no region ("MRI"): then the case's region chooses. What the words leave
    open stays None. Raises ValueError for a text without words.
    """
    asked = asked_part(text)
    words = asked.span.quote
    named = kinds_named(words, taxonomy) or kinds_named(text, taxonomy)
    if not named and case_text:
        named = kinds_named(words, taxonomy, near=_regions_of_case(case_text))
    kind = named[0].kind if named else None
    quantity = quantity_of(words, kind.unit if kind else None, kind.category if kind else None)
    return DisputedService(
        text=text,
        kind=kind.id if kind else None,
        guess=None if kind else _guess(words, taxonomy),
        also=tuple(n.kind.id for n in named[1:] if n.kind.id != (kind.id if kind else None)),
        body_regions=_regions_of(words) or _regions_of(text),
        side=_side_of(words) or _side_of(text),
        quantity=quantity.low,
        quantity_max=quantity.high,
        unit=quantity.unit,
        per_week=quantity.per_week,
        weeks=quantity.weeks,
        certified=asked.certified,
    )


def _guess(words: str, taxonomy: Taxonomy) -> str | None:
    """ "Therapy sessions" without a name are most likely those of a physical or a hand therapist."""
    if not _THERAPY.search(words):
        return None
    likely = "occupational_hand_therapy" if _HAND & set(_regions_of(words)) else "physical_therapy"
    return likely if likely in taxonomy.kinds else None


def _regions_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(region.name for region in regions(text)))


def _side_of(text: str) -> Side | None:
    return one_side(sides(text))


def _regions_of_case(case_text: str) -> tuple[str, ...]:
    """The regions of a case, the one named most often first."""
    return tuple(name for name, _ in Counter(region.name for region in regions(case_text)).most_common())


# --- requests in a case text ----------------------------------------------------------------------------------


def requests_in(text: str, taxonomy: Taxonomy) -> tuple[DisputedService, ...]:
    """The requests that a case text words, each once, with the span of its words; () where it words none.

    What utilization review refused is in dispute; where it is said in short ("denied the MRI"), the words of the list
    that was asked; a text that names no refusal gives what was asked, then what was planned.
    """
    for patterns in (_REMAINING, _REFUSED):
        found = _distinct(_by_sentence(text, patterns, taxonomy))
        if found:
            return found
    asked = _distinct(_by_sentence(text, _ASKED, taxonomy))
    disputed = in_dispute(asked, sentences(text), taxonomy)
    if disputed:
        return disputed
    for patterns in (_REFUSED_BARE, _PLANNED):
        found = _distinct(_by_sentence(text, patterns, taxonomy))
        if found:
            return found
    return ()


def _by_sentence(
    text: str, patterns: Sequence[re.Pattern[str]], taxonomy: Taxonomy
) -> Iterator[tuple[DisputedService, ...]]:
    sure = patterns not in (_REFUSED_BARE, _PLANNED)
    for sentence in sentences(text):
        if patterns is _REFUSED_BARE and not BY_REVIEW.search(sentence.quote):
            continue
        told_of_review = patterns is _ASKED and BY_REVIEW.search(sentence.quote) and _REFUSING.search(sentence.quote)
        for pattern in patterns:
            read = tuple(_read_with(pattern, text, sentence, taxonomy, keep_unknown=sure and not told_of_review))
            if read:
                yield read
                break


def _read_with(
    pattern: re.Pattern[str], text: str, sentence: Span, taxonomy: Taxonomy, *, keep_unknown: bool
) -> Iterator[DisputedService]:
    match = pattern.search(sentence.quote)
    if not match:
        return
    start, end = (sentence.start + edge for edge in match.span("asked"))
    ending = _ENDS.search(text, start, end)
    end = ending.start() if ending else end
    partly = _OF_WHICH.search(sentence.quote)
    certified = partly[0].strip(" ,.") if partly else None
    if "modif" in sentence.quote.casefold():
        end, certified = _until_modified(text, start, end, taxonomy)
    spans = list(_split(text, start, end, taxonomy))
    for span in spans:
        service = read_request(span.quote, taxonomy, text)
        if service.kind is None and not (keep_unknown and _plausible(span.quote)):
            continue
        last = certified if span is spans[-1] else None
        yield replace(service, span=span, certified=service.certified or last)


def _until_modified(text: str, start: int, end: int, taxonomy: Taxonomy) -> tuple[int, str | None]:
    """ "the request for A to B": A is asked, "to B" was certified."""
    for cut in reversed(list(_MODIFIED_TO.finditer(text, start, end))):
        after = text[cut.end() : end]
        if (kinds_named(after, taxonomy) or _COUNT_AHEAD.match(after)) and kinds_named(
            text[start : cut.start()], taxonomy
        ):
            return cut.start(), text[cut.start() : end].strip(" .,")
    return end, None


def _plausible(words: str) -> bool:
    return len(words.split()) <= _LONGEST_UNKNOWN and not _NO_REQUEST.match(words) and len(words) > 3


def _split(text: str, start: int, end: int, taxonomy: Taxonomy) -> Iterator[Span]:
    """The services of a list, cut where both sides name one; regions and schedules stay with theirs."""
    pieces: list[tuple[int, int]] = []
    first, held = start, start
    for cut in _SPLIT.finditer(text, start, end):
        if held > cut.start() or _inside_brackets(text, start, cut.start()):
            continue
        before, after = text[first : cut.start()], _SPLIT.split(text[cut.end() : end])[0]
        named = kinds_named(before, taxonomy)
        if (
            named
            and _own_service(after, kinds_named(after, taxonomy))
            and not _same_surgery(named[-1], after, taxonomy)
        ):
            pieces.append((first, cut.start()))
            first = held = cut.end()
    pieces.append((first, end))
    for a, b in pieces:
        span = _trimmed(text, a, b)
        if span:
            yield span


def _own_service(words: str, named: Sequence[NamedKind]) -> bool:
    """Whether a piece names a service by itself: "treatment" after "evaluation and" does not."""
    return bool(named) and not re.match(r"\s*(?:treatment|treat|supplies|evaluation)\b", words, re.IGNORECASE)


def _same_surgery(before: NamedKind, after: str, taxonomy: Taxonomy) -> bool:
    """Whether a piece only goes on with the operation before it: "cuff repair and subacromial decompression"."""
    goes_on = before.kind.category == "surgery" and _side_of(after) is None
    return goes_on and any(named.kind is before.kind for named in kinds_named(after, taxonomy))


def _inside_brackets(text: str, start: int, at: int) -> bool:
    return text.count("(", start, at) > text.count(")", start, at)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    opening = _OPENING.match(text, start, end)
    start = opening.end() if opening else start
    while end > start and text[end - 1] in " \t\r\n\xa0.,;:":
        end -= 1
    return Span.of(text, start, end) if end - start > 1 else None


def _distinct(found: Iterator[tuple[DisputedService, ...]]) -> tuple[DisputedService, ...]:
    """Each service once: what another sentence repeats, perhaps more shortly, is the same request."""
    kept: list[DisputedService] = []
    for told in found:
        kept += [new for new in dict.fromkeys(told) if not any(_same(old, new) for old in kept)]
    return tuple(kept)


def _same(first: DisputedService, second: DisputedService) -> bool:
    if first.kind is None or second.kind is None:
        return first.text.casefold() == second.text.casefold()
    return (
        first.kind == second.kind
        and (not second.body_regions or set(second.body_regions) == set(first.body_regions))
        and (second.side is None or second.side == first.side)
        and (second.quantity is None or second.quantity == first.quantity)
    )
