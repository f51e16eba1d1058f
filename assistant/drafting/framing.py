"""What a sentence claims by its frame: quotations, citations, the worker's sex, whether a criterion is met, and who is
said to be silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.domain import SupportKind
from assistant.drafting.analysis import Analysis, View, analyse
from assistant.drafting.contexts import Context, denies
from assistant.drafting.vocabulary import PLAIN
from assistant.drafting.wording import stem

_I = re.IGNORECASE

# --- quotations -----------------------------------------------------------------------------------------------

_CURLY = re.compile(r"“([^”]+)”")
_STRAIGHT = re.compile(r"(?<![\d\w])\"([^\"“”]+)\"(?!\w)")
_SINGLE = re.compile(r"(?<!\w)‘([^‘’]*\s[^‘]*?)’(?!\w)")


def quotations(text: str) -> tuple[str, ...]:
    """The words between quotation marks, straight or curly."""
    found = [match.group(1) for match in _CURLY.finditer(text)]
    rest = _CURLY.sub(" ", text)
    return tuple(q for q in (*found, *_STRAIGHT.findall(rest), *_SINGLE.findall(rest)) if q.strip())


def stands_verbatim(quote: str, text: str) -> bool:
    """Whether a quotation stands word for word in a text; blanks and a mark that closes the quotation aside."""
    wanted, held = " ".join(quote.split()), " ".join(text.split())
    for words in (wanted, wanted.rstrip(".,;: ")):
        at = held.find(words) if words else -1
        while at >= 0:
            end = at + len(words)
            cut = (at > 0 and held[at - 1].isalnum() and words[0].isalnum()) or (
                end < len(held) and held[end].isalnum() and words[-1].isalnum()
            )
            if not cut:
                return True
            at = held.find(words, at + 1)
    return False


# --- citations ------------------------------------------------------------------------------------------------

_BODIES = r"MTUS|ODG|ACOEM|Official Disability Guidelines|AHRQ|AAOS|CDC|FDA|AMA|NASS|ACR"
_WHOLE_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b")  # its year is no edition's
_LABEL = re.compile(
    rf"\b(?P<body>{_BODIES})\b"
    r"(?P<title>(?:,?\s+(?:\(?(?-i:[A-Z])[\w&'’/-]*\)?|and|of|for|the|in|&|\(?\d{4}\)?(?![\d/-])))*)",
    _I,
)
_LOWER_LABEL = re.compile(
    rf"\b(?P<body>{_BODIES})(?:['’]s?)?\s+(?P<title>(?:[a-z][\w-]*\s+){{1,6}}?)(?=guidelines?\b|chapter\b|section\b|edition\b)"
)
_SECTION = re.compile(r"\bSections?(?:\(s\))?:\s*(?P<title>[^.;\n”]+)|\b[Ss]ection (?:on |called )?“(?P<quoted>[^”]+)”")
_FILLER = """
the of and for in on a its guideline chapter section edition treatment medical topic schedule utilization current under
by to with this that such as case general
"""
_LABEL_FILLER = frozenset(_FILLER.split())


def cited_labels(text: str, views: Sequence[View]) -> Iterator[str]:
    """Guidelines and sections that a sentence names and no one support holds, each in one sentence."""
    held = [_keys(_citation(view)) for view in views]
    quoted = [" ".join(view.quote.split()).casefold() for view in views]
    for label in _labels(text):
        wanted, words = _keys(label) - _LABEL_FILLER, " ".join(label.split()).casefold()
        if wanted and not any(wanted <= keys for keys in held) and not any(words in quote for quote in quoted):
            yield f"The sentence cites “{label}”; no support holds that citation."


def _citation(view: View) -> str:
    """What a view cites: a passage its own guideline and section, any other view the guidelines that it names."""
    if view.kind is SupportKind.PASSAGE and view.label:
        return f"{view.label} {view.id}"
    return " ".join(_labels(view.quote)) if view.label or view.kind is not SupportKind.PASSAGE else view.quote


def _labels(text: str) -> Iterator[str]:
    for match in _LABEL.finditer(text):
        yield _ended(f"{match['body']}{match['title']}").strip(" ,(")
    for match in _LOWER_LABEL.finditer(text):
        yield f"{match['body']} {match['title']}".strip()
    for match in _SECTION.finditer(text):
        yield (match["title"] or match["quoted"]).strip()


def _ended(label: str) -> str:
    """A label up to its year, else to its first comma: "ODG, Carisoprodol is not recommended" cites ODG."""
    year = re.search(r"\b\d{4}\b\)?", label)
    return label[: year.end()] if year else label.partition(",")[0]


def _keys(text: str) -> set[str]:
    return {stem(word.lower) for word in analyse(_WHOLE_DATE.sub(" ", text)).words} - {"s"}


# --- the worker's sex -----------------------------------------------------------------------------------------

_AGED = r"\b\d{1,3}[\s-]?(?:y/?o|yrs?|years?)(?:[\s-]old)?[\s-]"  # "47 y/o F"
_NOUNS = {
    "male": re.compile(rf"\b(?:male|man|gentleman)\b|{_AGED}M\b", _I),
    "female": re.compile(rf"\b(?:female|woman|lady)\b|{_AGED}F\b", _I),
}
_PRONOUNS = {
    "male": re.compile(r"\b(?:he|him|his|himself)\b", _I),
    "female": re.compile(r"\b(?:she|her|hers|herself)\b", _I),
}
_SAID = {"male": "a man", "female": "a woman"}


def sex_of(case: str) -> str | None:
    """The sex that a case gives its worker: by the first noun, else by the pronoun that prevails, else None."""
    first = {sex: match.start() for sex, pattern in _NOUNS.items() if (match := pattern.search(case))}
    if first:
        return min(first, key=lambda sex: first[sex])
    counts = {sex: len(pattern.findall(case)) for sex, pattern in _PRONOUNS.items()}
    if counts["male"] == counts["female"]:
        return None
    return max(counts, key=lambda sex: counts[sex])


def _sex_problem(sentence: Analysis, views: Sequence[View], case: str) -> Iterator[str]:
    told = " ".join(view.quote for view in views)
    worker = sex_of(case)
    for sex in ("male", "female"):
        for forms in (_NOUNS[sex], _PRONOUNS[sex]):
            if not forms.search(sentence.text) or sex == worker:
                continue
            if forms.search(told) and not _wrong_of(worker, forms, told):
                continue
            known = f"the summary says {_SAID[worker]}" if worker else "the summary does not say the worker's sex"
            yield f"The sentence speaks of {_SAID[sex]}; {known}."
            return


def _wrong_of(worker: str | None, forms: re.Pattern[str], told: str) -> bool:
    """Whether the supports use the worker's own noun or pronoun too, so that the sentence's other one is a slip."""
    if worker is None:
        return False
    own = _NOUNS[worker] if forms in _NOUNS.values() else _PRONOUNS[worker]
    return bool(own.search(told))


# --- met or not, silent or not --------------------------------------------------------------------------------

_MET = re.compile(
    r"\b(?:is|are|was|were|has been|have been|be)\s+(?P<not>not\s+|n['’]t\s+)?(?:\w+ly\s+)?(?:shown to be\s+|been\s+)?"
    r"(?:met|satisfied|fulfilled)\b"
    r"|\b(?P<fails>does not|do not|fails? to)?\s*\bmeets?\b(?=[^.;]*\b(?:criteri|condition|requirement))",
    _I,
)
_RECORD = re.compile(
    r"\b(?:medical\s+)?(?:records?|chart|documentation|file|notes?|progress reports?|provider|physicians?|doctor)\b", _I
)
_AGAINST = frozenset({"contradicted", "not_found"})
_SPEAKS_AGAINST = re.compile(
    r"\bdoes not\b|\bnot found\b|\bnot shown\b|\bspeaks against\b|\bnot met\b|\bunchanged\b|\bnothing\b|\bnames no\b",
    _I,
)


def frame_problems(sentence: Analysis, views: Sequence[View], case: str, statuses: Mapping[str, str]) -> Iterator[str]:
    """What the frame of a sentence claims and nothing backs, each in one sentence."""
    yield from _sex_problem(sentence, views, case)
    yield from _met_problem(sentence.text, views, statuses)
    yield from _silence_problem(sentence, views)
    if denies(sentence.text) and not any(_denies_around(view) for view in views):
        yield "The sentence denies something; its supports deny nothing."


_NEGATIVE = re.compile(r"\bnegative\b", _I)


def _denies_around(view: View) -> bool:
    """Whether what a view opens, or the sentence in which it opens it, denies anything."""
    around = [span for span in view.source.sentences if span.start < view.end and view.start < span.end]
    if _NEGATIVE.search(view.quote):
        return True
    if not around:
        return denies(view.source.text)
    return denies(view.source.text, min(view.start, around[0].start), max(view.end, around[-1].end))


def _met_problem(text: str, views: Sequence[View], statuses: Mapping[str, str]) -> Iterator[str]:
    match = _MET.search(text)
    if match is None or (match.group().lower().strip().startswith("meet") and not match["fails"] and not views):
        return
    told = [own for view in views if view.kind is not SupportKind.FINDING and (own := _MET.search(view.quote))]
    met = not (match["not"] or match["fails"])
    if any(met == (not (own["not"] or own["fails"])) for own in told):
        return
    findings = [view for view in views if view.kind is SupportKind.FINDING]
    if not findings:
        yield "The sentence says whether a criterion is met; it rests on no finding."
        return
    if not any(_agrees(view, statuses.get(view.id), met=met) for view in findings):
        yield f"The sentence says that the criterion is {'met' if met else 'not met'}; its finding does not."


def _agrees(view: View, status: str | None, *, met: bool) -> bool:
    own = _MET.search(view.quote)
    if own is not None:
        return met == (not (own["not"] or own["fails"]))
    if status is not None:
        return status != "supported" if not met else status not in _AGAINST
    return not met or not _SPEAKS_AGAINST.search(view.quote)


def _silence_problem(sentence: Analysis, views: Sequence[View]) -> Iterator[str]:
    """The silent one must be the summary, and the silence must rest on a finding or on the case's own words."""
    missing = [at for at, context in enumerate(sentence.contexts) if Context.MISSING in context]
    told = [view for view in views if any(Context.MISSING in view.source.contexts[at] for at in view.range)]
    backed = [view for view in told if view.kind in {SupportKind.FINDING, SupportKind.CASE}]
    if missing and not backed and not any(view.kind is SupportKind.PASSAGE for view in told):
        yield "The sentence says that something is not stated; it rests on no finding that says so."
    elif missing:
        clause = sentence.clause_of(missing[0])
        words = sentence.text[sentence.words[clause[0]].start : sentence.words[clause[-1]].end]
        who = _RECORD.search(words)
        if who and "summary" not in words.lower() and not any(_RECORD.search(view.quote) for view in told):
            yield f"The sentence speaks of the “{who.group()}”; what was searched is the summary."


_CONCLUDES = re.compile(r"\bmedically (?:necessary|appropriate)\b|\bmedical necessity\b", _I)


def concludes(text: str) -> bool:
    """Whether a sentence decides on the request."""
    return bool(_CONCLUDES.search(text))


# --- rule or fact ---------------------------------------------------------------------------------------------

_RULE = re.compile(
    r"\b(?:guidelines?|MTUS|ODG|ACOEM|chapter|criteri(?:on|a)|regulation|edition|should|may|must|shall|requires?|recommend(?:s|ed)?"
    r"|calls? for|asks?|adds?|sets?|needs?|allows?|only if|unless|limits?|in force|supports|rules?|treatments?"
    r"|condition)\b"
    r"|\b8 CCR\b|\bLabor Code\b",
    _I,
)
# "The guideline also says that", "the chapter reads:": what follows is the guideline's, whomever it speaks of.
_RULE_SAYS = re.compile(
    r"\b(?:guideline|chapter|section|regulation|MTUS|ODG|ACOEM)\b[^.;:“]{0,60}?\b(?:also |further )?"
    r"(?:says|reads|states|asks|adds|requires|expects)(?: that\b|:)",
    _I,
)
_TOLD_OF_WORKER = re.compile(
    r"\b(?:he|she|(?:this|the) (?:worker|patient|claimant|applicant)|injured worker|provider|physician|doctor)\b"
    r"[^.;,]*?\b(?:has|had|was|is|did|does|reports?|reported|shows|showed|received|completed|underwent|failed|documented)\b",
    _I,
)
_PAST = re.compile(r"\b(?:was|were|has|had|did)\b", _I)
_MODAL = re.compile(
    r"\b(?:should|may|must|shall|if|when|where|only|unless|requires?|recommended|asks?|whose|who)\b", _I
)


def names_rule(sentence: Analysis, clause: range) -> bool:
    """Whether a clause speaks of what a guideline says, and tells nothing of this worker."""
    text = sentence.text[sentence.words[clause[0]].start : sentence.words[clause[-1]].end]
    return bool(_RULE.search(text)) and not _TOLD_OF_WORKER.search(text)


def rests_on_rule(sentence: Analysis, clause: range) -> bool:
    """Whether a clause may rest on what a guideline says: it names the guideline or its asking, and tells nothing of
    this worker; or it is in the present and of nobody."""
    text = sentence.text[sentence.words[clause[0]].start : sentence.words[clause[-1]].end]
    if _RULE_SAYS.search(text):
        return True
    if _TOLD_OF_WORKER.search(text) and not _MODAL.search(text):
        return False
    if sentence.words[clause[0]].lower == "or" and clause[0] > 0:  # one more of the ways that a rule names
        return rests_on_rule(sentence, sentence.clause_of(clause[0] - 1))
    return bool(_RULE.search(text)) or not _PAST.search(text)


_OPINION = re.compile(r"\b(?:I|my|me|we|our|reviewer(?:'s|’s)?|in my opinion)\b")
_PERSON = re.compile(
    r"\b(?:worker|patient|claimant|applicant|he|she|his|her|provider|physician|doctor|surgeon|examination|summary|records?)\b",
    _I,
)


def speaks_of_case(sentence: Analysis) -> bool:
    """Whether a sentence without numbers or quotations states something that a support could back or fail."""
    if sentence.things:
        return True
    carrying = [word for word in sentence.words if word.lower not in PLAIN]
    return bool(carrying and _PERSON.search(sentence.text) and not _OPINION.search(sentence.text))
