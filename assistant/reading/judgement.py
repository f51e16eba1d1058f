"""The polarity of one mention within its sentence: how far each "no", plan or supposition around it reaches.

The cues are data (corpus/concepts.yaml, `cues`). Source of the reach rules: the habits of clinical prose ("denies
numbness, tingling or weakness", "no prior chiropractic care and medication").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import Polarity, Span
from assistant.reading.afterthoughts import left_open, not_taken_up, questioned, said_none, supposed
from assistant.reading.lexicon import Concept
from assistant.reading.results import result_of
from assistant.reading.voices import told_by_review
from assistant.reading.wordbook import Hit

# What happens or is given, as against what is found, felt or judged: it can be ordered; a preposition ends its "no".
EVENTS = frozenset({"treatment", "medication", "study", "other"})
FELT_OR_FOUND = frozenset({"complaint", "examination", "risk", "response", "diagnosis"})

_WORD = re.compile(r"[^\s,;:]+")
_HARD_BREAK = re.compile(
    r";|:\s|\b(?:but|however|although|though|while|whereas|except|aside from|other than|yet|which|who|until"
    r"|apart from)\b"
    r"|,?\sand (?=(?:he|she|they|it|there|his|her|is|was|were|are|has|had|have|the (?:patient|worker|injured"
    r"|applicant"
    r"|provider|physician)|reports?|reported|complain\w*|denie[sd]|states?|stated|continues?|underwent|received"
    r"|showed"
    r"|revealed)\b)|,\s(?:with|he|she|there)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:due to|because|secondary to|despite|in spite of|after|since|until|following)\b", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"\b(?:on|in|with|without|from|after|for|by|to|despite|since|following|during|upon|per|at|between|over)\b",
    re.IGNORECASE,
)
# "No restriction with guarding" leaves the guarding; "no problems with nausea" does not leave the nausea.
_WITH = re.compile(
    r"(?<!problems)(?<!issues)(?<!difficulty)(?<!trouble)(?<!symptoms)\s(?:with|despite|from)\s", re.IGNORECASE
)
_UNABLE = re.compile(r"\b(?:unable|cannot|can't|not|never|difficulty)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|was|were|are|has|had|have|did|does|reports?|reported|complains?|helped|improved|noted|shows?|showed"
    r"|revealed|remains?|continues?|includes?|included|received|underwent|attended|completed|positive)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r",\s*(?:and/or|and|or|nor)?\s*|\s(?:and/or|and|or|nor)\s", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:and|but|then|which|later)\b", re.IGNORECASE)
_AND = re.compile(r"(?<![,/])\sand\s", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
# "X is contraindicated and was not given": the second predicate has the same subject.
_SAME_SUBJECT = re.compile(r"\s(?:is|are|was|were|(?:has|have) been)\s[^,;:]{1,40}?\s(?:and|but)\s*\Z", re.IGNORECASE)
# "Pain does not go into the arms": a negation within what a wording spans.
_NO_WITHIN = re.compile(r"\b(?:not(?! only)|no(?! longer)|never|nothing|neither)\b|n['’]t\b", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:authori[sz]ation|approval|certification|request|order|referral|prescription|consent)s?\b", re.IGNORECASE
)
_RECEIVED = re.compile(
    r"[^.;:]{0,60}?\s(?:was|were|has been|have been|had been) (?:received|obtained|given|granted|submitted|sent"
    r"|signed|made)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\band\b", re.IGNORECASE)  # "was discussed and signed"
_HEADING = re.compile(r"\A\s?:")
_PLAN_VERB = re.compile(
    r"(?:recommend|request|order|suggest|plan|propos|advis|schedul|authori|approv|certif|sought|ask)", re.IGNORECASE
)
_RELATIVE = re.compile(r"\A,?\s(?:who|that)\b")
_IN_PLACE_OF = re.compile(r"(?:instead|in place|rather|in lieu)\b", re.IGNORECASE)
_FAR, _NEAR, _ITEM = 24, 8, 4  # words: the longest list under one negation, a phrase, an item of a list
_ORDERS = 70  # words of the longest list of orders before "were ordered"


@dataclass(frozen=True, slots=True)
class Mention:
    """A wording of a concept in a text."""

    concept: Concept
    role: str  # wordings, denied or unclear
    start: int
    end: int
    says_no: bool = False  # its wording holds a negation of its own


class Judgement:
    """One mention with the cues of its sentence."""

    def __init__(self, text: str, sentence: Span, cues: Mapping[str, list[Hit[str]]], mention: Mention) -> None:
        self._text, self._sentence, self._cues, self._it = text, sentence, cues, mention
        self._kind = mention.concept.kind

    def polarity(self, context: str | None) -> Polarity:
        if self._of_review() or self._of_another():
            return Polarity.OTHER
        if self._it.role == "denied":
            return Polarity.DENIED
        if self._questioned():
            return Polarity.UNCLEAR
        if self._it.concept.by_result:
            return self._planned() or result_of(
                self._text, self._sentence, self._it.start, self._it.end, self._results()
            )
        return self._turned() or self._said(context)

    def _turned(self) -> Polarity | None:
        """What a negation, a warning or an open question makes of the mention."""
        if self._not_known():
            return Polarity.UNCLEAR
        if not self._it.concept.whole and self._denied():
            return Polarity.DENIED
        if self._kind in FELT_OR_FOUND and self._warned():
            return Polarity.HYPOTHETICAL
        if left_open(self._text, self._it.end, self._sentence.end):
            return Polarity.UNCLEAR
        return Polarity.UNCLEAR if self._kind == "medication" and self._avoided() else None

    def _said(self, context: str | None) -> Polarity:
        said = self._planned() or self._supposed() or self._past() or Polarity.PRESENT
        if said in {Polarity.PRESENT, Polarity.HISTORICAL} and (
            self._it.role == "unclear" or context in self._it.concept.unclear_in
        ):
            return Polarity.UNCLEAR
        return said

    # --- cues around the mention ---

    def _before(self, *names: str) -> Iterator[Hit[str]]:
        """Cues that end before the mention, nearest first."""
        hits = [hit for name in names for hit in self._cues.get(name, ()) if hit.end <= self._it.start]
        return iter(sorted(hits, key=lambda hit: -hit.end))

    def _after(self, *names: str) -> Iterator[Hit[str]]:
        hits = [hit for name in names for hit in self._cues.get(name, ()) if hit.start >= self._it.end]
        return iter(sorted(hits, key=lambda hit: hit.start))

    def _to(self, hit: Hit[str]) -> str:
        """The words between a cue before the mention and the mention."""
        return self._text[hit.end : self._it.start]

    def _from(self, hit: Hit[str]) -> str:
        """The words between the mention and a cue after it; a colon that makes a heading of the mention is left out."""
        return _HEADING.sub("", self._text[self._it.end : hit.start], count=1)

    def _results(self) -> list[Hit[str]]:
        return [hit for name in ("positive", "negative", "equivocal") for hit in self._cues.get(name, ())]

    def _of_review(self) -> bool:
        reviews = self._cues.get("review")
        return bool(reviews) and told_by_review(self._text, self._sentence, reviews or (), self._it.start)

    def _of_another(self) -> bool:
        """ "Her mother has diabetes", "warned her husband, who is on Percocet"."""
        gaps = (_RELATIVE.sub(" ", self._to(hit)) for hit in self._before("other_person"))
        return any(_words(gap) <= _NEAR and not _HARD_BREAK.search(gap) for gap in gaps)

    def _questioned(self) -> bool:
        return not self._it.concept.whole and questioned(self._text, self._it.start, self._it.end)

    def _not_known(self) -> bool:
        """ "It was not clear whether therapy was had" leaves it open."""
        return any(
            _words(self._to(hit)) <= _FAR and not _HARD_BREAK.search(self._to(hit)) for hit in self._before("open")
        )

    def _warned(self) -> bool:
        """ "Risks such as infection were explained" tells of no infection."""
        return any(
            _words(self._to(hit)) <= _FAR and not _HARD_BREAK.search(self._to(hit)) for hit in self._before("warned")
        ) or any(_words(self._from(hit)) <= _NEAR for hit in self._after("warned_after"))

    def _avoided(self) -> bool:
        """ "Allergic to ibuprofen", "NSAIDs are contraindicated" do not say whether it was taken."""
        named = any(
            _words(self._to(hit)) <= _NEAR and not _HARD_BREAK.search(self._to(hit)) for hit in self._before("avoided")
        )
        return named or any(
            _words(self._from(hit)) <= 2 and "," not in self._from(hit) for hit in self._after("avoided")
        )

    # --- denied ---

    def _denied(self) -> bool:
        it = self._it
        if not it.says_no and it.role == "wordings" and _NO_WITHIN.search(self._text, it.start, it.end):
            return True
        return any(self._under(hit) for hit in self._before("denies", "no_", "not")) or self._denied_after()

    def _under(self, hit: Hit[str]) -> bool:
        """Whether a negation before the mention reaches it."""
        gap = self._to(hit)
        if _words(gap) > _FAR or _HARD_BREAK.search(gap) or _CAUSE.search(gap) or self._affirmed(hit):
            return False
        if self._twice_negated(hit) or self._not_planned(hit):
            return False
        if _IN_PLACE_OF.match(self._text, hit.start):
            return _words(gap) < _ITEM and not _JOINT.search(gap)  # "instead of surgery", and no more than that
        parts = _JOINT.split(gap)
        if (_PREPOSITION if self._kind in EVENTS else _WITH).search(parts[-1]):
            return False
        if len(parts) == 1:
            return _words(gap) <= _NEAR and not (hit.payload == "not" and _PREPOSITION.search(gap))
        return self._listed_under(hit, gap, parts)

    def _twice_negated(self, hit: Hit[str]) -> bool:
        """ "Unable to walk without a cane" says that there is a cane."""
        if self._text[hit.start : hit.end].casefold() != "without":
            return False
        before = self._text[self._sentence.start : hit.start]
        cut = [m.end() for m in _HARD_BREAK.finditer(before)]
        return bool(_UNABLE.search(before[cut[-1] if cut else 0 :]))

    def _not_planned(self, hit: Hit[str]) -> bool:
        """ "Does not recommend an operation" denies the plan, not that one was had."""
        return any(
            hit.end <= other.start < self._it.start and _PLAN_VERB.match(self._text, other.start)
            for other in self._cues.get("planned", ())
        )

    def _affirmed(self, hit: Hit[str]) -> bool:
        return any(hit.end <= other.start < self._it.start for other in self._cues.get("positive", ()))

    def _listed_under(self, hit: Hit[str], gap: str, parts: list[str]) -> bool:
        """Whether the mention is a further item of the list that the negation opens."""
        if any(_VERB.search(part) for part in parts[1:]):
            return False
        if hit.payload == "denies":
            return True
        rest = self._rest_of_clause()
        if "," not in gap and not _AND.search(gap):
            return True  # "no numbness or tingling"
        if _AND.search(gap) and "," not in gap:
            # "no redness and swelling" is one denial of two findings; "no prior therapy and medication" is not.
            return self._kind not in EVENTS and _words(rest) <= _ITEM and not _VERB.search(rest)
        closed = _OR.search(gap) or _OR.search(" ".join(_WORD.findall(rest)[:_NEAR]))
        short = all(_words(part) <= _ITEM and not _DIGIT.search(part) for part in parts[:-1])
        return bool(closed) or (short and self._kind not in EVENTS and not _VERB.search(rest))

    def _rest_of_clause(self) -> str:
        rest = self._text[self._it.end : self._sentence.end]
        cut = _HARD_BREAK.search(rest)
        return rest[: cut.start()] if cut else rest.rstrip(".!? ")

    def _denied_after(self) -> bool:
        if said_none(self._text, self._it.end, self._sentence.end):
            return True
        if self._kind in EVENTS and not_taken_up(self._text, self._it.end, self._sentence.end):
            return True
        name = "not_had_after" if self._kind in EVENTS else "not_found_after"
        return any(self._closes(hit) for hit in self._after(name))

    def _closes(self, hit: Hit[str]) -> bool:
        """Whether a statement after the mention ("was not done", "were absent") has it as its subject."""
        gap = _SAME_SUBJECT.sub("", self._from(hit))
        said = self._text[hit.start : hit.end].casefold()
        if said in {"none", "negative"}:
            return _words(gap) <= 2 and "," not in gap
        if _HARD_BREAK.search(gap) or _VERB.search(gap):
            return False
        if "," in gap:
            plural = said.startswith(("were", "are", "have"))
            return plural and all(_words(part) <= _ITEM for part in _JOINT.split(gap))
        return _words(gap) <= _NEAR

    # --- planned ---

    def _planned(self) -> Polarity | None:
        if self._it.concept.timeless or self._kind not in EVENTS and not self._it.concept.by_result:
            return None
        if self._asked_within():
            return Polarity.PLANNED
        if not (self._asked_before() or self._asked_after()):
            return None
        if self._it.concept.id == "prior_visit_count":
            return Polarity.PLANNED
        if self._continued():
            # What is to go on was begun: a drug to be continued is taken; of "additional therapy" only that is sure.
            return Polarity.PRESENT if self._kind == "medication" else Polarity.UNCLEAR
        return Polarity.PLANNED

    def _asked_within(self) -> bool:
        """ "Physical therapy was certified for six visits" counts visits that were granted."""
        asked = [h for h in self._cues.get("planned_after", ()) if self._it.start <= h.start < self._it.end]
        return any(not _SIGNED.search(self._text, hit.start, self._it.end) for hit in asked)

    def _continued(self) -> bool:
        for hit in self._before("continued"):
            gap = self._to(hit)
            if _words(gap) <= 3 and "," not in gap:
                return True
            if self._kind == "medication" and _words(gap) <= _NEAR and not _HARD_BREAK.search(gap):
                return True
        return False

    def _asked_before(self) -> bool:
        asked = [hit for hit in self._before("planned") if self._reaches(hit)]
        return bool(asked) and (self._granted(asked) or not self._done_after())

    def _granted(self, asked: Sequence[Hit[str]]) -> bool:
        """ "Authorization for an arthroplasty was received": what was received is the authorization."""
        papers = any(_PAPER.match(self._text, hit.start) for hit in asked)
        received = _RECEIVED.match(self._text, self._it.end, self._sentence.end)
        return papers and received is not None

    def _reaches(self, hit: Hit[str]) -> bool:
        gap = self._to(hit)
        if _PLAN_ENDS.search(gap):
            return False
        return not any(hit.end <= done.start < self._it.start for done in self._cues.get("done_between", ()))

    def _done_after(self) -> bool:
        for hit in self._after("done_after"):
            gap = self._from(hit)
            if ";" in gap or _words(gap) > _FAR:
                return False
            if not any(self._it.end <= asked.start < hit.start for asked in self._cues.get("planned", ())):
                return True
        return False

    def _asked_after(self) -> bool:
        for hit in self._after("planned_after"):
            gap = self._from(hit)
            if not _HARD_BREAK.search(gap) and not _VERB.search(gap) and _words(gap) <= _ORDERS:
                return not self._done_before() and not self._done_then(hit)
        return any(_words(self._from(hit)) == 0 for hit in self._after("planned_bare"))

    def _done_then(self, asked: Hit[str]) -> bool:
        """ "was ordered in June and was performed in July"."""
        for hit in self._after("done_after"):
            gap = self._text[asked.end : hit.start]
            if hit.start >= asked.end and _words(gap) <= _NEAR and _THEN.search(gap) and ";" not in gap:
                return True
        return False

    def _done_before(self) -> bool:
        return any(
            not _HARD_BREAK.search(self._to(hit)) and _words(self._to(hit)) <= _NEAR
            for hit in self._before("done_between")
        )

    # --- supposed and past ---

    def _supposed(self) -> Polarity | None:
        if self._it.concept.whole:
            return None
        if _IF.search(self._text, self._it.start + 1, self._it.end):
            return Polarity.HYPOTHETICAL
        sure = self._it.concept.suspected
        for hit in self._before("rule_out", "hypothetical"):
            gap = self._to(hit)
            if _words(gap) > _NEAR or _HARD_BREAK.search(gap) or ("," in gap and not _OR.search(gap)):
                continue
            if sure and hit.payload == "hypothetical" and not self._ruling_out(hit):
                return Polarity.PRESENT
            return Polarity.UNCLEAR if sure else Polarity.HYPOTHETICAL
        if self._kind in {"treatment", "study"} and supposed(self._text, self._it.end, self._sentence.end):
            return Polarity.HYPOTHETICAL
        for hit in self._after("hypothetical_after"):
            if _words(self._from(hit)) <= _ITEM and not _VERB.search(self._from(hit)):
                return Polarity.PRESENT if sure else Polarity.HYPOTHETICAL
        return None

    def _ruling_out(self, hit: Hit[str]) -> bool:
        return any(hit.start == other.start for other in self._cues.get("rule_out", ()))

    def _past(self) -> Polarity | None:
        if self._it.concept.timeless:
            return None
        for hit in self._before("historical"):
            gap = self._to(hit)
            if _words(gap) <= _NEAR and not _HARD_BREAK.search(gap) and not gap.lstrip().startswith("to "):
                return Polarity.HISTORICAL
        return None


_PLAN_ENDS = re.compile(
    r"\b(?:but|however|although|though|while|whereas|which|until|because|due to)\b|;\s*(?!and\b)(?=[^;]*\b(?:was"
    r"|were|has|had)\b)"
    r"|,?\sand (?=(?:he|she|they|it|there|is|was|were|are|has|had|have|the (?:patient|worker|injured|applicant))\b)"
    r"|,\s(?:he|she|there)\b",
    re.IGNORECASE,
)


def _words(text: str) -> int:
    return len(_WORD.findall(text))
