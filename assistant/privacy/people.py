"""Names of people: behind titles, before degrees, after labels, roles and verbs, by their looks, and wherever they recur."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.privacy.dates import MONTHS
from assistant.privacy.tokens import Token, Words
from assistant.privacy.values import Found, Kind
from assistant.privacy.vocabulary import Vocabulary

_TITLES = frozenset("dr drs doctor mr mrs ms miss mx prof professor judge attorney officer nurse messrs señor señora".split())
_PARTICLES = frozenset("de la las los del da das do dos di du le van von der den ter ten bin ibn al el y e zu und af av st".split())
# Words that never begin a name, though they are written large or follow a title.
_NEVER = frozenset(
    "the a an and or of in on at to for from with by he she they his her their it is was were has had who this that these"
    " those not no yes none unknown male female date dob doi age sex re cc all each any per as if when while during after"
    " before since until patient claimant applicant employee worker name phone fax address employer claim number case"
    " signed dear mr mrs ms dr md do dc rn pt np pa".split()
)
_DEGREE = re.compile(
    r",?\s*(?:\(?(?:M\.\s?D\.?|MD|D\.\s?O\.|D\.\s?C\.|DC|D\.\s?P\.\s?M\.?|DPM|Ph\.\s?D\.?|PhD|Psy\.\s?D\.?|PsyD|Ed\.\s?D\.?|L\.?\s?Ac\.?|LAc|D\.?A\.?O\.?M\.?|D?\.?P\.\s?T\.|DPT|MPT|MSPT"
    r"|OTR(?:/L)?|CHT|R\.\s?N\.|RN|BSN|N\.\s?P\.|FNP(?:-B?C)?|PA-?C|P\.\s?A\.?-?\s?C?\.?|Pharm\.?\s?D\.?|DDS|DMD|D\.D\.S\.|Esq\.?|Q\.?M\.?E\.?|A\.?M\.?E\.?|FA\w{2,4}|M\.?B\.?B\.?S\.?|LCSW|LMFT|MFT|LVN|CNP|APRN"
    r"|O\.\s?D\.|J\.\s?D\.)(?![\w])|,\s*(?:DO|PT|OT|NP|PA|AP|OD|JD|MA|MS|Jr|Sr|III|II)\b)"
)
_LABEL = re.compile(
    r"(?i)(?<![\w-])(?P<label>(?:(?:patient|claimant|applicant|employee|injured (?:worker|employee)|member|insured|subscriber|worker|examinee|client|full|first|last|middle|maiden|legal)(?:'s)?\s)?(?:name|names|surname)"
    r"|patient|claimant|applicant|employee|injured worker|injured employee|worker|member|insured|subscriber|examinee|evaluee|client"
    r"|(?:primary |secondary |treating |referring |requesting |attending |ordering |evaluating |examining |supervising |consulting |prescribing |interpreting |reading |family )*(?:physician|provider|doctor|surgeon|clinician|prescriber|radiologist|psychologist|chiropractor|acupuncturist|therapist|practitioner|examiner|evaluator)s?"
    r"|ptp|pcp|qme|ame|anesthesiologist|assistant(?: surgeon)?|co-?surgeon|reviewer|(?:applicant's |defense |patient's )?attorney|claims? (?:adjuster|examiner|representative|manager)|adjuster|examiner|interpreter|(?:nurse )?case manager"
    r"|spouse|husband|wife|mother|father|son|daughter|sister|brother|(?:emergency )?contact(?: person)?|next of kin|guardian|guarantor|witness(?:es)?|supervisor|manager|employer contact|re|cc|dear|attn|attention|from|to|by|signed|signature|author|dictated|transcribed"
    r"|(?:electronically )?(?:signed|dictated|prepared|reviewed|transcribed|completed|submitted|authored|requested|ordered|examined|seen|treated|performed) by|prepared for|copy to)"
    r"(?:\(s\))?(?:\s(?:for|of)\s(?:the\s)?[^\W\d_]+|\s?\([^()\n]{1,40}\))?\s{0,3}(?:[:#=]|-(?=\s))\s{0,4}(?:\n\s{0,4})?"
)
_STRICT_LABELS = re.compile(r"(?i)name|patient|claimant|applicant|employee|worker|examinee|evaluee|insured|member|spouse|^re$|^dear$")
_GREETING = re.compile(r"(?m)^\s*(?:Dear|DEAR|Attn|ATTN|Attention|Hi|Hello)\s+(?=[^\W\d_])")
_ROLES = frozenset(
    "patient claimant applicant employee worker gentleman lady woman man wife husband son daughter mother father brother sister"
    " spouse partner fiance fiancé girlfriend boyfriend friend friends neighbor supervisor coworker co-worker colleague boss foreman"
    " attorney lawyer adjuster interpreter nurse therapist surgeon physician doctor provider acupuncturist chiropractor"
    " psychologist psychiatrist examiner evaluator manager reviewer assistant podiatrist neurologist radiologist orthopedist"
    " physiatrist anesthesiologist specialist caregiver aide aunt uncle niece nephew cousin grandson granddaughter grandmother"
    " grandfather stepson stepdaughter child children sons daughters roommate named called owner pharmacist dentist internist"
    " internists practitioner counselor claimant's representative secretary receptionist owner investigator sergeant captain".split()
)
_FAMILY = frozenset(
    "wife husband son daughter mother father brother sister spouse partner girlfriend boyfriend friend neighbor aunt uncle"
    " niece nephew cousin grandson granddaughter grandmother grandfather supervisor coworker foreman boss caregiver".split()
)
_BEFORE = frozenset(
    "by per with to from for and or told tells asked advised informed called contacted referred saw sees met via dear that when"
    " as because while where since which but about cc attn re though although of is was".split()
)
_PERSONAL_VERBS = frozenset(
    "reports reported states stated denies denied says said notes noted recalls recalled describes described complains complained"
    " feels felt returned returns was is has had will would can cannot could did does presents presented attended attends sees saw"
    " recommended recommends opined opines wrote writes performed requested requests prescribed evaluated examined diagnosed"
    " believes believed thinks told asked asks underwent received takes took lives lived works worked tried tolerated completed"
    " continues continued explained agreed agrees declined needs wants wishes drives helps remains signed suggested found felt"
    " rates rated hopes shouted gave called also then currently now last who walks sleeps uses fell slipped became began".split()
)
_MEDICAL_NOUNS = frozenset(
    "test tests testing sign signs maneuver maneuvers cyst fracture contracture disease syndrome neuroma lesion deformity scale"
    " inventory questionnaire index score classification procedure angle node nodes nerve phenomenon reflex palsy tendon canal"
    " criteria grade splint brace catheter technique osteotomy tubercle ligament stage type compression distraction view views"
    " tape arthritis tenosynovitis disorder positive negative equivocal collar boot walker bandage stockings gel cream patch patches"
    " tablets capsules tabs injection injections mg mcg guideline guidelines guide chapter protocol method program exercises".split()
)
_MONTHS = frozenset(month.casefold() for month in MONTHS)
_CITED = re.compile(r",?\s(?:\(?(?:19|20)\d{2}[a-z]?[);]|et\sal\b)")
_FIELD_OPENS = re.compile(r"(?:^|[:|\n\t*•-]|[^\S\n]{3})[^\S\n]{0,3}\Z")
_FIELD_CLOSES = re.compile(r"[^\S\n]*(?:\n|$|[^\S\n]{3}|\||[(;])")
_LONGEST = 5
_INITIALS = re.compile(
    r"(?<![\w.])(?:(?:[A-Z]\.\s?){2,3}|[A-Z]{2}(?=\sis\san?\s\d))(?=,?\s+(?:is|was)\s+(?:an?|the)\b|,?\s+(?:an?\s+)?\d{2}[-\s]+(?:years?|y))"
    r"|(?<=[Pp]atient )(?:[A-Z]\.\s?){2,3}|(?<=[Ww]orker )(?:[A-Z]\.\s?){2,3}|(?<=[Aa]pplicant )(?:[A-Z]\.\s?){2,3}"
    r"|(?<=[Ii]nitials )[A-Z]\.?[A-Z]\.?|(?<=[Ii]nitials: )[A-Z]\.?\s?[A-Z]\.?"
)
_BETWEEN = re.compile(r"[^\S\n]{1,3}|[^\S\n]{0,2}\n[^\S\n]{0,2}|\.[^\S\n]{0,2}(?:\n[^\S\n]{0,2})?")


class People:
    """Finds the names of people in one text."""

    def __init__(self, words: Words, vocabulary: Vocabulary, names: Iterable[str] = ()) -> None:
        self._words, self._vocabulary = words, vocabulary
        self._tokens = words.tokens
        self._given = [name for name in names if name.strip()]
        self._sure: set[str] = set()  # keys of words that a title, label or degree showed to be names

    def found(self) -> list[Found]:
        """Every name, the surest first; pieces may overlap."""
        sure = [run for way in (self._titled, self._with_degree, self._labelled) for run in way()]
        for first, last in sure:
            self._sure.update(self._telling(first, last))
        told = [*sure, *self._after_roles(), *self._by_looks(), *self._alone()]
        found = [Found(self._tokens[first].start, self._end(last), Kind.PERSON) for first, last in told]
        found += [Found(match.start(), match.start() + len(match[0].rstrip()), Kind.PERSON) for match in _INITIALS.finditer(self._words.text)]
        return [*found, *self._recurring(told), *self._given_names()]

    # --- what is a name's word -------------------------------------------------------------------------------

    def _strong(self, token: Token) -> bool:
        """A capitalised word that is in no vocabulary, or in the lists of names only."""
        if not token.capital or token.initial or len(token.key) < 2 or token.key in _NEVER:
            return False
        return not self._vocabulary.known(token.key) and not (token.shouted and not token.loud_line and len(token.key) < 5)

    def _weak(self, token: Token) -> bool:
        """A capitalised word of the language that is a name too: Young, Rose, Grant."""
        return token.capital and self._vocabulary.is_name(token.key) and token.key not in _NEVER

    def _joins(self, index: int) -> bool:
        """May the next word belong to the same name: blanks, a line's break, the dot of an initial or of "St."?"""
        gap = self._words.gap(index)
        if not _BETWEEN.fullmatch(gap):
            return False
        return "." not in gap or self._tokens[index].initial or self._tokens[index].key in {"st", "jr"}

    def _run(self, first: int, *, any_first: bool = False, comma: bool = False) -> int | None:
        """The last word of the name that begins at word `first`; None where none does."""
        last: int | None = None
        index = first
        while index < len(self._tokens) and index - first < _LONGEST:
            if index > first and not self._joins(index - 1) and not (comma and self._comma(index, first)):
                break
            token = self._tokens[index]
            if self._names(token) or (any_first and self._opens(first, index) and self._plausible(token)):
                last = index
            elif not (token.initial or (token.key in _PARTICLES and index + 1 < len(self._tokens))):
                break
            index += 1
        return None if last is None else self._with_number(self._widened(first, last, sure=any_first))

    def _opens(self, first: int, index: int) -> bool:
        """Is it the first word of a name, but for a particle: "De Wit"?"""
        return index == first or (index == first + 1 and self._tokens[first].key in _PARTICLES)

    def _with_number(self, last: int) -> int:
        """ "Okafor Jr.", "Koch II" """
        after = last + 1
        follows = after < len(self._tokens) and re.fullmatch(r",?[^\S\n]{1,2}", self._words.gap(last))
        return after if follows and self._tokens[after].key in {"jr", "sr", "ii", "iii", "iv"} else last

    def _widened(self, first: int, last: int, *, sure: bool) -> int:
        """A first name alone takes the initial and the capitalised word after it: "Aishani M. Green"."""
        after = last + 1
        if after >= len(self._tokens) or not self._joins(last):
            return last
        if self._tokens[after].initial and self._part_of_name(after):
            last = after
        parts = sum(not token.initial and token.key not in _PARTICLES for token in self._tokens[first:after])
        if self._tokens[after].initial and after + 1 < len(self._tokens) and self._joins(after):
            after += 1
        return after if parts == 1 and self._rest_of_name(after, sure=sure or self._tokens[after - 1].initial) else last

    def _rest_of_name(self, index: int, *, sure: bool = False) -> bool:
        """A capitalised word inside a line of small letters that the field does not know.

        Where it is `sure` that a name stands, eponyms and words in a line of capitals count too.
        """
        token = self._tokens[index]
        loud = token.shouted or token.loud_line
        if not token.capital or (loud and not sure) or token.initial or token.key in _NEVER:
            return False
        if index and self._tokens[index - 1].initial:
            return True  # "K. Cousin": behind an initial stands a surname, whatever else the word may mean
        if token.key in _ROLES:
            return False
        if "\n" in self._words.gap(index - 1) or self._words.gap(index).startswith(":"):
            return False
        return not self._vocabulary.of_the_field(token.key) or (sure and self._vocabulary.clinical(token.key))

    def _comma(self, index: int, first: int) -> bool:
        """ "Last, First" of headers."""
        return index - first <= 2 and re.fullmatch(r",[^\S\n]{0,2}", self._words.gap(index - 1)) is not None

    def _part_of_name(self, index: int) -> bool:
        """ "Okafor J." ends in an initial; "Okafor A plan" does not."""
        return self._words.gap(index)[:1] in {".", ",", "\n", ""}

    def _names(self, token: Token) -> bool:
        return self._strong(token) or self._weak(token)

    def _plausible(self, token: Token) -> bool:
        return (token.capital or not self._vocabulary.known(token.key)) and token.key not in _NEVER

    def _telling(self, first: int, last: int) -> Iterator[str]:
        for token in self._tokens[first : last + 1]:
            if not token.initial and token.key not in _PARTICLES and len(token.key) > 1:
                yield token.key

    def _end(self, last: int) -> int:
        token = self._tokens[last]
        dotted = token.initial and self._words.text[token.end : token.end + 1] == "."
        return token.end + dotted

    # --- the ways to find one --------------------------------------------------------------------------------

    def _titled(self) -> Iterator[tuple[int, int]]:
        for index, token in enumerate(self._tokens[:-1]):
            if token.key not in _TITLES or not re.fullmatch(r"\.?\s{1,3}|\.", self._words.gap(index)):
                continue
            if token.key in {"ms", "dr", "nurse", "officer", "attorney", "doctor", "judge"} and not self._title(index):
                continue
            last = index
            at = index + 1
            while (run := self._run(at, any_first=True)) is not None or self._tokens[at].initial:
                last = at if run is None else run
                yield at, last
                if token.key not in {"drs", "messrs", "dr"} or last + 2 >= len(self._tokens):
                    break
                if self._tokens[last + 1].key != "and" or not self._strong(self._tokens[last + 2]):
                    break
                at = last + 2

    def _title(self, index: int) -> bool:
        """ "MS Contin" and "multiple sclerosis (MS) Clinic" are no Ms.; "nurse visit" is no nurse called Visit."""
        token, after = self._tokens[index], self._tokens[index + 1]
        if token.key == "ms":
            return not (token.shouted and not token.loud_line) and not self._vocabulary.clinical(after.key)
        if token.key == "dr":
            return after.capital or after.key in _PARTICLES or not self._vocabulary.known(after.key)
        return self._names(after) and "." not in self._words.gap(index)

    def _with_degree(self) -> Iterator[tuple[int, int]]:
        for match in _DEGREE.finditer(self._words.text):
            last = self._words.at(match.start()) - 1
            if last < 0 or match.start() - self._end(last) > 1 or not self._could_end(last):
                continue
            first = last
            while first > 0 and last - first < _LONGEST - 1 and self._joins(first - 1) and self._part(first - 1):
                first -= 1
            while first < last and self._tokens[first].key in _PARTICLES and not self._tokens[first].capital:
                first += 1
            if first == last and first > 0 and self._joins(first - 1) and self._rest_of_name(first - 1):
                first -= 1
            if any(self._names(token) for token in self._tokens[first : last + 1]):
                yield self._comma_first(first), last

    def _could_end(self, last: int) -> bool:
        token = self._tokens[last]
        if self._names(token) or token.initial or self._rest_of_name(last):
            return True
        before = self._tokens[last - 1]
        return token.capital and last > 0 and (self._strong(before) or before.initial) and self._joins(last - 1)

    def _part(self, index: int) -> bool:
        token = self._tokens[index]
        return self._names(token) or token.initial or token.key in _PARTICLES

    def _comma_first(self, first: int) -> int:
        """ "Okafor, Ngozi, M.D." """
        before = first - 1
        if before >= 0 and re.fullmatch(r",[^\S\n]", self._words.gap(before)) and self._strong(self._tokens[before]):
            return before
        return first

    def _labelled(self) -> Iterator[tuple[int, int]]:
        ends = [(match.end(), match["label"]) for match in _LABEL.finditer(self._words.text)]
        ends += [(match.end(), "dear") for match in _GREETING.finditer(self._words.text)]
        for end, label in ends:
            index = self._words.at(end)
            if index >= len(self._tokens) or self._tokens[index].start - end > 1:
                continue
            while self._tokens[index].key in _TITLES and index + 1 < len(self._tokens):
                index += 1
            strict = _STRICT_LABELS.search(label) is not None
            sure = strict and self._value(index)
            run = self._run(index, any_first=sure, comma=True)
            if run is not None:
                yield index, run
                yield from self._further(run)

    def _value(self, index: int) -> bool:
        """Does what a label says look like a name: a word or two, then a name, a comma or the line's end?"""
        token, gap = self._tokens[index], self._words.gap(index)
        following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        if self._vocabulary.of_the_field(token.key):
            return gap.startswith(",") and bool(following and self._strong(following)) and "\n" not in gap
        if not self._vocabulary.known(token.key):
            return True
        return token.capital and ("," in gap or "\n" in gap or bool(following and self._names(following)))

    def _further(self, last: int) -> Iterator[tuple[int, int]]:
        """ "Witnesses: A. Okafor; B. Silva and C. Novak" """
        while last + 1 < len(self._tokens):
            gap, after = self._words.gap(last), last + 1
            if self._tokens[after].key in {"and"} and self._joins(last):
                after += 1
            elif not re.fullmatch(r"[,;/&]\s{0,2}|\s&\s", gap):
                return
            run = self._run(after) if after < len(self._tokens) else None
            if run is None:
                return
            yield after, run
            last = run

    def _after_roles(self) -> Iterator[tuple[int, int]]:
        for index, token in enumerate(self._tokens[:-1]):
            if token.key not in _ROLES or not re.fullmatch(r"(?:,|:| \(| -| –)?\s{1,2}|'s\s", self._words.gap(index)):
                continue
            after = index + 1
            if self._tokens[after].key in {"is", "named", "called", "was"} and after + 1 < len(self._tokens):
                after += 1
            if self._tokens[after].loud_line and not self._strong(self._tokens[after]):
                continue
            if token.key in _FAMILY and self._apposition(after):
                yield after, after
            run = self._run(after)
            if run is not None and (self._names(self._tokens[after]) or run > after):
                yield after, run
                yield from self._further_names(run)

    def _apposition(self, index: int) -> bool:
        """ "his brother, Made, who": whatever word it is, written large between commas."""
        token = self._tokens[index]
        between = self._words.gap(index - 1).startswith((",", " (")) and self._words.gap(index)[:1] in {",", ")"}
        return between and token.capital and not token.shouted and not token.loud_line and token.key not in _NEVER

    def _further_names(self, last: int) -> Iterator[tuple[int, int]]:
        """ "two sons, Emeka and Tobenna" """
        return ((first, end) for first, end in self._further(last) if self._strong(self._tokens[first]))

    def _by_looks(self) -> Iterator[tuple[int, int]]:
        """Two words or more that are in no vocabulary or names of the lists: "Chidi Okonkwo", "Maria Stone"."""
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            run = self._run(index) if self._names(token) or token.initial else None
            if run == index and self._surname_first(index):
                yield index, self._run(index, comma=True) or index
            if run is None:
                index += 1
                continue
            if self._looks_like_one(index, run):
                yield index, run
            elif run == index and self._after_odd_first_name(index):
                yield index - 1, run
            index = run + 1

    def _surname_first(self, index: int) -> bool:
        """ "Okafor, Ngozi" alone in its line or field."""
        text, after = self._words.text, index + 1
        if after >= len(self._tokens) or not self._comma(after, index) or not self._names(self._tokens[after]):
            return False
        last = self._run(after)
        opens = _FIELD_OPENS.search(text, 0, self._tokens[index].start) is not None
        closes = last is not None and _FIELD_CLOSES.match(text, self._end(last)) is not None
        return opens and closes and self._strong(self._tokens[index])

    def _after_odd_first_name(self, index: int) -> bool:
        """ "Nova Wacana": a word of the language, not of the field, before one that is in no vocabulary."""
        before_it = index > 0 and self._joins(index - 1) and "\n" not in self._words.gap(index - 1)
        usual = self._eponymous(index) or not self._strong(self._tokens[index]) or self._tokens[index].loud_line
        return before_it and not usual and self._rest_of_name(index - 1)

    def _looks_like_one(self, first: int, last: int) -> bool:
        parts = [token for token in self._tokens[first : last + 1] if not token.initial and token.key not in _PARTICLES]
        strong = [token for token in parts if self._strong(token)]
        initials = sum(token.initial for token in self._tokens[first : last + 1])
        if self._words.following(last) in _MEDICAL_NOUNS:
            return len(strong) > 1 and any(self._vocabulary.is_name(token.key) for token in parts)
        if len(parts) >= 2 and strong:
            return True
        if strong and initials and self._tokens[first].initial:
            return True
        acting = self._words.following(last) in _PERSONAL_VERBS
        in_prose = not self._tokens[first].loud_line and (acting or not self._words.opens_sentence(first))
        eponyms = sum(self._vocabulary.clinical(token.key) for token in parts)
        first_name = bool(parts) and self._vocabulary.first_name(parts[0].key)
        return len(parts) >= 2 and in_prose and first_name and eponyms < len(parts)

    def _alone(self) -> Iterator[tuple[int, int]]:
        """One word that is in no vocabulary: a name of the lists, or beside words that speak of a person."""
        for index, token in enumerate(self._tokens):
            if not self._strong(token) or (token.shouted and not token.loud_line and len(token.key) < 5):
                continue
            before = self._tokens[index - 1].key if index and _BETWEEN.fullmatch(self._words.gap(index - 1)) else ""
            after = self._words.following(index)
            if self._eponymous(index) or token.key in _MONTHS or self._cited(token):
                continue
            acting = after in _PERSONAL_VERBS and (before in _BEFORE or not before) and len(token.key) > 3
            if self._vocabulary.is_name(token.key) or acting:
                yield index, index

    def _eponymous(self, index: int) -> bool:
        """ "Berg Balance Scale", "Thornton's test": it gives its name to something of the field."""
        for at in range(index, min(index + 3, len(self._tokens) - 1)):
            after = self._words.following(at)
            if after in _MEDICAL_NOUNS:
                return True
            if not after or not self._tokens[at + 1].capital:
                return False
        return False

    def _cited(self, token: Token) -> bool:
        """ "(Fritz, 2007)", "Fritz et al.": an author, not a person of the case."""
        return _CITED.match(self._words.text, token.end) is not None

    def _recurring(self, told: list[tuple[int, int]]) -> Iterator[Found]:
        """The words of every name again, wherever they stand written large."""
        runs = [list(self._telling(first, last)) for first, last in told]
        self._sure.update(key for run in runs if len(run) > 1 for key in run)
        keys = {key for run in runs for key in run}
        keys = {key for key in keys if len(key) > 2}
        keys |= {part for key in keys if "-" in key for part in key.split("-") if len(part) > 3}
        for index, token in enumerate(self._tokens):
            if token.key in keys and token.capital and (self._strong(token) or self._may_recur(index)):
                yield Found(self._tokens[self._with_particles(index)].start, token.end, Kind.PERSON)

    def _with_particles(self, index: int) -> int:
        while index > 0 and self._tokens[index - 1].key in _PARTICLES - {"y", "e"} and self._joins(index - 1):
            index -= 1
        return index

    def _may_recur(self, index: int) -> bool:
        """A word of the language counts again only inside a sentence, and never as an eponym."""
        token = self._tokens[index]
        after = self._words.following(index)
        if token.key not in self._sure or after in _MEDICAL_NOUNS:
            return False
        opens, of_the_field = self._words.opens_sentence(index), self._vocabulary.of_the_field(token.key)
        if after in _PERSONAL_VERBS:
            return self._vocabulary.is_name(token.key) or not opens or not of_the_field
        return not token.loud_line and not opens and not of_the_field

    def _given_names(self) -> Iterator[Found]:
        """Names that the caller knows, whole and by their words, in any case; short or ordinary words only written large."""
        for name in self._given:
            whole = r"\s+".join(re.escape(word) for word in name.split())
            for match in re.finditer(rf"(?<!\w){whole}(?!\w)", self._words.text, re.IGNORECASE):
                yield Found(*match.span(), Kind.PERSON)
        keys = {token.key for name in self._given for token in Words(name).tokens if len(token.key) > 2}
        keys -= _TITLES | _PARTICLES | _NEVER
        for token in self._tokens:
            if token.key in keys and (not self._vocabulary.known(token.key) or (token.capital and not token.loud_line)):
                yield Found(token.start, token.end, Kind.PERSON)
