"""Names of people: behind titles, before degrees, after labels and roles, by their looks, and where they recur."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.privacy.dates import MONTHS
from assistant.privacy.names import BETWEEN, LONGEST, NEVER, PARTICLES, ROLES, Names
from assistant.privacy.tokens import Token, Words
from assistant.privacy.values import Found, Kind
from assistant.privacy.vocabulary import STATES, Vocabulary, listed

_TITLES = listed("titles")
_DEGREE = re.compile(
    r",?\s{0,3}(?:\(?(?:M\.\s?D\.?|MD|D\.\s?O\.|D\.\s?C\.|DC|D\.\s?P\.\s?M\.?|DPM|Ph\.\s?D\.?|PhD"
    r"|Psy\.\s?D\.?|PsyD|Ed\.\s?D\.?|L\.?\s?Ac\.?|LAc|D\.?A\.?O\.?M\.?|D?\.?P\.\s?T\.|DPT|MPT|MSPT"
    r"|OTR(?:/L)?|CHT|R\.\s?N\.|RN|BSN|N\.\s?P\.|FNP(?:-B?C)?|PA-?C|P\.\s?A\.?-?\s?C?\.?"
    r"|Pharm\.?\s?D\.?|DDS|DMD|D\.D\.S\.|Esq\.?|Q\.?M\.?E\.?|A\.?M\.?E\.?|FA\w{2,4}|M\.?B\.?B\.?S\.?"
    r"|LCSW|LMFT|MFT|LVN|CNP|APRN"
    r"|O\.\s?D\.|J\.\s?D\.)(?![\w])|,\s*(?:DO|PT|OT|NP|PA|AP|OD|JD|MA|MS|Jr|Sr|III|II)\b)"
)
_LABEL = re.compile(
    r"(?i)(?<![\w-])(?P<label>(?:(?:patient|claimant|applicant|employee|injured (?:worker|employee)"
    r"|member|insured|subscriber|worker|examinee|client|full|first|last|middle|maiden"
    r"|legal)(?:'s)?\s)?(?:name|names|surname)"
    r"|patient|claimant|applicant|employee|injured worker|injured employee|worker|member|insured"
    r"|subscriber|examinee|evaluee|client"
    r"|(?:primary |secondary |treating |referring |requesting |attending |ordering |evaluating "
    r"|examining |supervising |consulting |prescribing |interpreting |reading |family )*(?:physician"
    r"|provider|doctor|surgeon|clinician|prescriber|radiologist|psychologist|chiropractor"
    r"|acupuncturist|therapist|practitioner|examiner|evaluator)s?"
    r"|ptp|pcp|qme|ame|anesthesiologist|assistant(?: surgeon)?|co-?surgeon|reviewer|(?:applicant's "
    r"|defense |patient's )?attorney|claims? (?:adjuster|examiner|representative|manager)|adjuster"
    r"|examiner|interpreter|(?:nurse )?case manager"
    r"|spouse|husband|wife|mother|father|son|daughter|sister|brother"
    r"|(?:emergency )?contact(?: person)?|next of kin|guardian|guarantor|witness(?:es)?|supervisor"
    r"|manager|employer contact|re|cc|dear|attn|attention|from|to|by|signed|signature|author|dictated"
    r"|transcribed"
    r"|(?:electronically )?(?:signed|dictated|prepared|reviewed|transcribed|completed|submitted"
    r"|authored|requested|ordered|examined|seen|treated|performed) by|prepared for|copy to)"
    r"(?:\(s\))?(?:\s(?:for|of)\s(?:the\s)?[^\W\d_]+|\s?\([^()\n]{1,40}\))?\s{0,3}(?:[:#=]"
    r"|-(?=\s))\s{0,4}(?:\n\s{0,4})?"
)
_STRICT_LABELS = re.compile(
    r"(?i)name|patient|claimant|applicant|employee|worker|examinee|evaluee|insured|member|spouse|^re$|^dear$"
)
_GREETING = re.compile(r"(?m)^[^\S\n]*(?:Dear|DEAR|Attn|ATTN|Attention|Hi|Hello)\s+(?=[^\W\d_])")
_FAMILY = listed("family")
_BEFORE = listed("before_names")
_PERSONAL_VERBS = listed("personal_verbs")
_MEDICAL_NOUNS = listed("medical_nouns")
_MONTHS = frozenset(month.casefold() for month in MONTHS)
_CITED = re.compile(r",?\s(?:\(?(?:19|20)\d{2}[a-z]?[);]|et\sal\b)")
_FIELD_OPENS = re.compile(r"(?:^|[:|\n\t*•-]|[^\S\n]{3})[^\S\n]{0,3}\Z")
_FIELD_CLOSES = re.compile(r"[^\S\n]*(?:\n|$|[^\S\n]{3}|\||[(;])")
_INITIALS = re.compile(
    r"(?<![\w.])(?:(?:[A-Z]\.\s?){2,3}|[A-Z]{2}(?=\sis\san?\s\d))(?=,?\s+(?:is|was)\s+(?:an?|the)\b"
    r"|,?\s+(?:an?\s+)?\d{2}[-\s]+(?:years?|y))"
    r"|(?<=[Pp]atient )(?:[A-Z]\.\s?){2,3}|(?<=[Ww]orker )(?:[A-Z]\.\s?){2,3}|(?<=[Aa]pplicant )(?:[A-Z]\.\s?){2,3}"
    r"|(?<=[^\W\d_] \()(?!M\.D|D\.[OC]|R\.N|N\.P|P\.[AMT]|A\.M|U\.S|I\.[VM]|Q\.M|A\.D)(?:[A-Z]\.\s?){2,3}(?=\))"
    r"|(?<=[Ii]nitials )[A-Z]\.?[A-Z]\.?|(?<=[Ii]nitials: )[A-Z]\.?\s?[A-Z]\.?"
)


class People:
    """Finds the names of people in one text."""

    def __init__(self, words: Words, vocabulary: Vocabulary, names: Iterable[str] = ()) -> None:
        self._words, self._vocabulary = words, vocabulary
        self._tokens = words.tokens
        self._read = Names(words, vocabulary)
        self._given = [name for name in names if name.strip()]
        self._sure: set[str] = set()  # keys of words that a title, label or degree showed to be names

    def found(self) -> list[Found]:
        """Every name, the surest first; pieces may overlap."""
        sure = [run for way in (self._titled, self._with_degree, self._labelled) for run in way()]
        for first, last in sure:
            self._sure.update(self._read.telling(first, last))
        told = [*sure, *self._after_roles(), *self._by_looks(), *self._alone()]
        found = [Found(self._tokens[first].start, self._read.end(last), Kind.PERSON) for first, last in told]
        found += [
            Found(match.start(), match.start() + len(match[0].rstrip()), Kind.PERSON)
            for match in _INITIALS.finditer(self._words.text)
        ]
        return [*found, *self._recurring(told), *self._given_names()]

    # --- the ways to find one --------------------------------------------------------------------------------

    def _titled(self) -> Iterator[tuple[int, int]]:
        for index, token in enumerate(self._tokens[:-1]):
            if token.key not in _TITLES or not re.fullmatch(r"\.?\s{1,3}|\.", self._words.gap(index)):
                continue
            if token.key in {"ms", "dr", "nurse", "officer", "attorney", "doctor", "judge"} and not self._title(index):
                continue
            last = index
            at = index + 1
            while (run := self._read.run(at, any_first=True)) is not None or self._tokens[at].initial:
                last = at if run is None else run
                yield at, last
                if token.key not in {"drs", "messrs", "dr"} or last + 2 >= len(self._tokens):
                    break
                if self._tokens[last + 1].key != "and" or not self._read.strong(self._tokens[last + 2]):
                    break
                at = last + 2

    def _title(self, index: int) -> bool:
        """ "MS Contin" and "multiple sclerosis (MS) Clinic" are no Ms.; "nurse visit" is no nurse called Visit."""
        token, after = self._tokens[index], self._tokens[index + 1]
        if token.key == "ms":
            return not (token.shouted and not token.loud_line) and not self._vocabulary.clinical(after.key)
        if token.key == "dr":
            return after.capital or after.key in PARTICLES or not self._vocabulary.known(after.key)
        return self._read.names(after) and "." not in self._words.gap(index)

    def _with_degree(self) -> Iterator[tuple[int, int]]:
        for match in _DEGREE.finditer(self._words.text):
            last = self._words.at(match.start()) - 1
            if last < 0 or match.start() - self._read.end(last) > 1 or not self._could_end(last):
                continue
            first = last
            while first > 0 and last - first < LONGEST - 1 and self._read.joins(first - 1) and self._part(first - 1):
                first -= 1
            while first < last and self._tokens[first].key in PARTICLES and not self._tokens[first].capital:
                first += 1
            if first == last and first > 0 and self._read.joins(first - 1) and self._read.rest_of_name(first - 1):
                first -= 1
            if any(self._read.names(token) for token in self._tokens[first : last + 1]):
                yield self._comma_first(first), last

    def _could_end(self, last: int) -> bool:
        token = self._tokens[last]
        if self._read.names(token) or token.initial or self._read.rest_of_name(last):
            return True
        before = self._tokens[last - 1]
        return (
            token.capital and last > 0 and (self._read.strong(before) or before.initial) and self._read.joins(last - 1)
        )

    def _part(self, index: int) -> bool:
        token = self._tokens[index]
        return self._read.names(token) or token.initial or token.key in PARTICLES

    def _comma_first(self, first: int) -> int:
        """ "Okafor, Ngozi, M.D." """
        before = first - 1
        if (
            before >= 0
            and re.fullmatch(r",[^\S\n]", self._words.gap(before))
            and self._read.strong(self._tokens[before])
        ):
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
            run = self._read.run(index, any_first=sure, comma=True)
            if run is not None:
                yield index, run
                yield from self._further(run)

    def _value(self, index: int) -> bool:
        """Does what a label says look like a name: a word or two, then a name, a comma or the line's end?"""
        token, gap = self._tokens[index], self._words.gap(index)
        following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        if self._vocabulary.of_the_field(token.key):
            return gap.startswith(",") and bool(following and self._read.strong(following)) and "\n" not in gap
        if not self._vocabulary.known(token.key):
            return True
        return token.capital and ("," in gap or "\n" in gap or bool(following and self._read.names(following)))

    def _further(self, last: int) -> Iterator[tuple[int, int]]:
        """ "Witnesses: A. Okafor; B. Silva and C. Novak" """
        while last + 1 < len(self._tokens):
            gap, after = self._words.gap(last), last + 1
            if self._tokens[after].key in {"and"} and self._read.joins(last):
                after += 1
            elif not re.fullmatch(r"[,;/&]\s{0,2}|\s&\s", gap):
                return
            run = self._read.run(after) if after < len(self._tokens) else None
            if run is None:
                return
            yield after, run
            last = run

    def _after_roles(self) -> Iterator[tuple[int, int]]:
        for index, token in enumerate(self._tokens[:-1]):
            if token.key not in ROLES or not re.fullmatch(r"(?:,|:| \(| -| –)?\s{1,2}|'s\s", self._words.gap(index)):
                continue
            after = index + 1
            if self._tokens[after].key in {"is", "named", "called", "was"} and after + 1 < len(self._tokens):
                after += 1
            if self._tokens[after].loud_line and not self._read.strong(self._tokens[after]):
                continue
            if token.key.removesuffix("s") in _FAMILY and self._apposition(after):
                yield after, after
            run = self._read.run(after)
            if run is not None and (self._read.names(self._tokens[after]) or run > after):
                yield after, run
                yield from self._further_names(run)

    def _apposition(self, index: int) -> bool:
        """ "his brother, Made, who": whatever word it is, written large between commas."""
        token = self._tokens[index]
        closed = self._words.gap(index)[:1] in {",", ")"} or self._words.following(index) == "and"
        between = self._words.gap(index - 1).startswith((",", " (")) and closed
        return between and token.capital and not token.shouted and not token.loud_line and token.key not in NEVER

    def _further_names(self, last: int) -> Iterator[tuple[int, int]]:
        """ "two sons, Emeka and Tobenna" """
        return ((first, end) for first, end in self._further(last) if self._read.strong(self._tokens[first]))

    def _by_looks(self) -> Iterator[tuple[int, int]]:
        """Two words or more that are in no vocabulary or names of the lists: "Chidi Okonkwo", "Maria Stone"."""
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            run = self._read.run(index) if self._read.names(token) or token.initial else None
            if run == index and self._surname_first(index):
                yield index, self._read.run(index, comma=True) or index
            if run is None:
                index += 1
                continue
            if self._looks_like_one(index, run):
                yield index, run
            elif run == index and token.key not in STATES and self._after_odd_first_name(index):
                yield index - 1, run
            index = run + 1

    def _surname_first(self, index: int) -> bool:
        """ "Okafor, Ngozi" alone in its line or field."""
        text, after = self._words.text, index + 1
        if (
            after >= len(self._tokens)
            or not self._read.comma(after, index)
            or not self._read.names(self._tokens[after])
        ):
            return False
        last = self._read.run(after)
        opens = _FIELD_OPENS.search(text, max(0, self._tokens[index].start - 8), self._tokens[index].start) is not None
        closes = last is not None and _FIELD_CLOSES.match(text, self._read.end(last)) is not None
        return opens and closes and self._read.strong(self._tokens[index])

    def _after_odd_first_name(self, index: int) -> bool:
        """ "Nova Wacana": a word of the language, not of the field, before one that is in no vocabulary."""
        before_it = index > 0 and self._read.joins(index - 1) and "\n" not in self._words.gap(index - 1)
        usual = self._eponymous(index) or not self._read.strong(self._tokens[index]) or self._tokens[index].loud_line
        return before_it and not usual and self._read.rest_of_name(index - 1)

    def _looks_like_one(self, first: int, last: int) -> bool:
        parts = [token for token in self._tokens[first : last + 1] if not token.initial and token.key not in PARTICLES]
        strong = [token for token in parts if self._read.strong(token) and token.key not in STATES]
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
            if not self._read.strong(token) or (token.shouted and not token.loud_line and len(token.key) < 5):
                continue
            before = self._tokens[index - 1].key if index and BETWEEN.fullmatch(self._words.gap(index - 1)) else ""
            after = self._words.following(index)
            if self._eponymous(index) or token.key in _MONTHS | STATES or self._cited(token):
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
        runs = [list(self._read.telling(first, last)) for first, last in told]
        self._sure.update(key for run in runs if len(run) > 1 for key in run)
        keys = {key for run in runs for key in run}
        keys = {key for key in keys if len(key) > 2}
        keys |= {part for key in keys if "-" in key for part in key.split("-") if len(part) > 3}
        for index, token in enumerate(self._tokens):
            if token.key in keys and token.capital and (self._read.strong(token) or self._may_recur(index)):
                yield Found(self._tokens[self._with_particles(index)].start, token.end, Kind.PERSON)

    def _with_particles(self, index: int) -> int:
        while index > 0 and self._tokens[index - 1].key in PARTICLES - {"y", "e"} and self._read.joins(index - 1):
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
        """Names that the caller knows, whole and by their words, in any case; ordinary words only written large."""
        for name in self._given:
            whole = r"\s+".join(re.escape(word) for word in name.split())
            for match in re.finditer(rf"(?<!\w){whole}(?!\w)", self._words.text, re.IGNORECASE):
                yield Found(*match.span(), Kind.PERSON)
        keys = {token.key for name in self._given for token in Words(name).tokens if len(token.key) > 2}
        keys -= _TITLES | PARTICLES | NEVER
        for token in self._tokens:
            if token.key in keys and (not self._vocabulary.known(token.key) or (token.capital and not token.loud_line)):
                yield Found(token.start, token.end, Kind.PERSON)
