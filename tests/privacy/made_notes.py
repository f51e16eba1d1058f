"""Generated notes with known identifiers: templates filled by Faker, with the spans of all that was put in."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faker import Faker

from assistant.privacy.vocabulary import person_names

HERE = Path(__file__).parent
WORKED_ON, SET_ASIDE = HERE / "notes_worked_on.txt", HERE / "notes_set_aside.txt"
_HEAD = re.compile(r"^=== (?P<title>.+?)(?: \((?P<layout>caps|ragged)\))?$", re.MULTILINE)
_PART = re.compile(r"\{(?P<field>\w+)\}|<(?P<term>[^<>]+)>")
# Latin letters all; what they have in common with the lists of the 1990 census is little.
_FAR = (
    "yo_NG", "ig_NG", "ha_NG", "zu_ZA", "pl_PL", "cs_CZ", "tr_TR", "fi_FI", "vi_VN", "hr_HR", "ro_RO", "hu_HU", "sk_SK",
    "lt_LT", "en_IN", "es_MX",
    "pt_BR", "nl_NL", "sv_SE", "it_IT", "fil_PH", "en_PH", "id_ID", "az_AZ", "et_EE", "lv_LV",
)  # fmt: skip
_NEAR = ("en_US", "es_MX", "en_US", "de_DE", "fr_FR")
PEOPLE = frozenset(
    [
        "adjuster",
        "adjuster_last",
        "attorney",
        "doctor",
        "doctor2",
        "doctor2_last",
        "doctor_last",
        "patient",
        "patient_first",
        "patient_last",
        "person3",
        "relative",
        "relative2",
    ]
)
DATES = frozenset(["date", "dob", "longdate", "monthyear", "shortdate"])
IDS = frozenset(
    ["adj", "case", "claim", "dea", "email", "ip", "licence", "mrn", "npi", "policy", "serial", "ssn", "url"]
)
PHONES = frozenset({"phone", "fax"})


@dataclass(frozen=True)
class Planted:
    """A piece that was put into a note: its field and offsets; a clinical term's field is `term`."""

    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Note:
    """A note and all that was put into it."""

    title: str
    text: str
    planted: tuple[Planted, ...]

    def of(self, planted: Planted) -> str:
        return self.text[planted.start : planted.end]


def notes(templates: Path, count: int, seed: int) -> list[Note]:
    """`count` notes over all templates in turn; the same for the same seed."""
    text = templates.read_text("utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    bodies = [
        (head["title"], head["layout"], text[head.end() : end].strip()) for head, end in zip(heads, ends, strict=True)
    ]
    chance = random.Random(seed)  # noqa: S311  made notes, no secrets
    return [_note(*bodies[number % len(bodies)], chance, number) for number in range(count)]


def in_no_list(name: str) -> bool:
    """No word of the name stands in the lists of names."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]{2,}", name)]
    return not any(word in person_names() for word in words)


def _note(title: str, layout: str | None, body: str, chance: random.Random, number: int) -> Note:
    values = Values(chance, far=number % 3 != 0)
    out: list[str] = []
    planted: list[Planted] = []
    length = at = 0
    for match in _PART.finditer(body):
        for field, piece in (("", body[at : match.start()]), (match["field"] or "term", match["term"] or "")):
            piece = values.of(field) if field not in {"", "term"} else piece
            piece = _laid_out(piece, layout, chance)
            if field:
                planted.append(Planted(field, length, length + len(piece)))
            out.append(piece)
            length += len(piece)
        at = match.end()
    out.append(_laid_out(body[at:], layout, chance))
    return Note(title, "".join(out), tuple(planted))


def _laid_out(piece: str, layout: str | None, chance: random.Random) -> str:
    if layout == "caps":
        return piece.upper()
    if layout == "ragged":
        return "".join("\n" if char == " " and chance.random() < 0.12 else char for char in piece)
    return piece


class Values:
    """What the fields of one note are filled with: a field has one value, but for dates, telephones and the like."""

    def __init__(self, chance: random.Random, *, far: bool) -> None:
        self._chance = chance
        self._locales = _FAR if far else _NEAR
        self._us = _faker("en_US", chance)
        self._fixed: dict[str, str] = {}
        for person in ("patient", "doctor", "doctor2", "adjuster"):
            fake = _faker(chance.choice(self._locales), chance)
            first, last = fake.first_name(), fake.last_name()
            middle = chance.choice(["", "", f" {chance.choice('ABCDEFGHJKLMNPRSTVW')}."])
            self._fixed |= {person: f"{first}{middle} {last}", f"{person}_last": last, f"{person}_first": first}
        self._fixed["initials"] = (
            ".".join(word[0] for word in self._fixed["patient"].split()[:1] + [self._fixed["patient_last"]]) + "."
        )

    def of(self, field: str) -> str:
        if field not in self._fixed:
            value = getattr(self, f"_{field.rstrip('2')}")()
            if field in {"date", "longdate", "shortdate", "monthyear", "phone", "age90"}:
                return value
            self._fixed[field] = value
        return self._fixed[field]

    def _relative(self) -> str:
        return _faker(self._chance.choice(self._locales), self._chance).first_name()

    def _person3(self) -> str:
        fake = _faker(self._chance.choice(self._locales), self._chance)
        return f"{fake.first_name()} {fake.last_name()}"

    _attorney = _person3

    def _digits(self, pattern: str) -> str:
        return self._us.bothify(pattern, letters="ABCDEFGHJKLMNPRSTUVWXYZ")

    def _date(self) -> str:
        day = self._us.date_between("-12y", "-1y")
        forms = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%b %d, %Y")
        written = f"{day:{self._chance.choice(forms)}}"
        if self._chance.random() < 0.4 and "/" in written:
            written = f"{day.month}/{day.day}/{day.year}"
        return f"{day.month}-{day.day}-{day:%y}" if self._chance.random() < 0.1 else written

    def _dob(self) -> str:
        day = self._us.date_of_birth(minimum_age=20, maximum_age=70)
        return f"{day:{self._chance.choice(('%m/%d/%Y', '%m-%d-%Y', '%B %d, %Y', '%m/%d/%y'))}}"

    def _longdate(self) -> str:
        day = self._us.date_between("-12y", "-1y")
        return f"{day:%B} {day.day}, {day.year}"

    def _monthyear(self) -> str:
        return f"{self._us.date_between('-12y', '-1y'):{self._chance.choice(('%B %Y', '%m/%Y', '%b %Y'))}}"

    def _shortdate(self) -> str:
        day = self._us.date_between("-12y", "-1y")
        return self._chance.choice((f"{day.month}/{day.day}", f"{day:%B} {day.day}"))

    def _age90(self) -> str:
        return str(self._chance.randint(90, 103))

    def _phone(self) -> str:
        return self._digits(
            self._chance.choice(
                (
                    "(%##) %##-####",
                    "%##-%##-####",
                    "%##.%##.####",
                    "1-%##-%##-####",
                    "(%##)%##-#### ext. 12",
                    "+1 %## %## ####",
                )
            )
        )

    _fax = _phone

    def _claim(self) -> str:
        return self._digits(
            self._chance.choice(
                ("####-#######", "WC##-######", "%#########", "###-??-######", "?########", "%###-##-####-####")
            )
        )

    def _case(self) -> str:
        return self._digits(self._chance.choice(("CM##-0######", "CM##-#######", "%#######")))

    def _mrn(self) -> str:
        return self._digits(self._chance.choice(("%#####", "%#######", "?######", "##-##-##")))

    def _adj(self) -> str:
        return self._digits("ADJ%######")

    def _ssn(self) -> str:
        return self._us.ssn()

    def _policy(self) -> str:
        return self._digits(self._chance.choice(("??-######", "%########", "???#######-##")))

    def _licence(self) -> str:
        return self._digits(self._chance.choice(("A%#####", "G%####", "C%#####", "20A%####")))

    def _npi(self) -> str:
        return self._digits("1#########")

    def _dea(self) -> str:
        return self._digits("B?#######")

    def _serial(self) -> str:
        return self._digits(self._chance.choice(("??####-####", "SN%#######", "%#########?")))

    def _email(self) -> str:
        return self._us.email()

    def _url(self) -> str:
        return self._us.url() + self._us.uri_path()

    def _ip(self) -> str:
        return self._us.ipv4()

    def _street(self) -> str:
        return self._us.street_address()

    def _city(self) -> str:
        return self._us.city()

    def _zip(self) -> str:
        return self._us.postcode()

    def _employer(self) -> str:
        return self._us.company()

    def _facility(self) -> str:
        name = _faker(self._chance.choice(self._locales), self._chance).last_name()
        ends = (
            "Hospital",
            "Medical Center",
            "Orthopedic Group",
            "Surgery Center",
            "Physical Therapy",
            "Imaging Center",
            "Spine Institute",
        )
        return self._chance.choice(
            (
                f"{name} {self._chance.choice(ends)}",
                f"St. {self._us.first_name()}'s Hospital",
                f"{self._us.city()} {self._chance.choice(ends)}",
            )
        )

    def _pharmacy(self) -> str:
        return f"{self._us.last_name()} Pharmacy"

    def _insurer(self) -> str:
        ends = ("Mutual Insurance Company", "Insurance Group", "Casualty Company", "Indemnity")
        return f"{self._us.last_name()} {self._chance.choice(ends)}"


_FAKERS: dict[str, Faker] = {}


def _faker(locale: str, chance: random.Random) -> Faker:
    fake = _FAKERS.setdefault(locale, Faker(locale))
    fake.seed_instance(chance.getrandbits(32))
    return fake


def planted_names(every: Sequence[Note]) -> Iterator[tuple[Note, Planted]]:
    """Each name of a person in the notes."""
    return ((note, one) for note in every for one in note.planted if one.field in PEOPLE)
