"""Addresses, towns, employers, facilities and insurers: by the words that they end in and the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from assistant.privacy.tokens import Words
from assistant.privacy.values import Found, Kind
from assistant.privacy.vocabulary import STATES, Vocabulary, listed, listed_lines

_CAP = r"(?-i:[^\W\d_a-zß-öø-ÿ])[\w'’.-]{0,40}"  # a word that begins with a capital
_SP = r"(?:[^\S\n]{1,3}|[^\S\n]?\n[^\S\n]?)"
_STREET_WORD = r"(?-i:[^\W\d_a-zß-öø-ÿ])(?:[\w'’-]{0,40}|\w?\.)"
_NAME_WORD = (
    r"(?-i:[^\W\d_a-zß-öø-ÿ])(?:[\w'’-]{0,40}|\w{0,2}\.)"  # of an organisation: a full stop ends none but "St."
)
_BLANKS = r"[^\S\n]{0,2}\n?[^\S\n]{0,2}(?<=\s)"
_STREET = (
    r"street|st|avenue|ave|av|boulevard|blvd|road|rd|drive|dr|lane|ln|way|court|ct|place|pl|circle|cir"
    r"|parkway|pkwy|highway|hwy"
    r"|freeway|fwy|terrace|ter|trail|trl|plaza|plz|square|sq|alley|aly|crossing|xing|loop|ridge|ranch"
    r"|route|row|run|walk|path|pike"
    r"|point|pass|park|mews|mall|manor|meadows?|mills?|mission|motorway|mountain|neck|orchard|oval"
    r"|overpass|port|ports|prairie"
    r"|radial|ramp|rapids?|rest|river|roads|shoals?|shores?|skyway|springs?|spurs?|squares|station"
    r"|stravenue|stream|streets|summit"
    r"|throughway|trace|track|trafficway|tunnel|turnpike|underpass|unions?|valleys?|via|viaduct|views?"
    r"|villages?|ville|vista|walks"
    r"|wall|ways|wells?|groves?|greens?|grove|gateway|gardens?|garden|fords?|forest|forges?|forks?"
    r"|fort|glens?|harbors?|haven"
    r"|heights|hills?|hollow|inlet|islands?|isle|junctions?|keys?|knolls?|lakes?|land|landing|lights?"
    r"|loaf|locks?|lodge|flats?"
    r"|fields?|ferry|falls|extensions?|expressway|estates?|divide|dam|dale|curve|crossroad|crest"
    r"|crescent|creek|courts|course"
    r"|corners?|common|cove|coves|club|cliffs?|center|centers|cape|canyon|camp|bypass|burgs?|brooks?"
    r"|bridge|branch|bottom|bluffs?"
    r"|bend|beach|bayou|arcade|annex|anex|mount|spur|stravenue|rue|pines|plains?|plain"
)
_UNIT = (
    rf"(?:,?{_SP}(?:(?:suite|ste|apt|apartment|unit|room|rm|bldg|building|floor|fl|space|spc"
    rf"|box)\b\.?{_SP}?#?{_SP}?[\w-]{{1,6}}|\#{_SP}?\w{{1,5}}))"
)
_ADDRESS = re.compile(
    rf"(?i)(?<![\w/.#-])\d{{1,6}}(?:-?[A-Z])?{_SP}(?:(?:[NSEW]|NE|NW|SE|SW|north|south|east"
    rf"|west)\b\.?{_SP})?(?:{_STREET_WORD}|\d{{1,3}}(?:st|nd|rd|th))"
    rf"(?:{_SP}(?:{_STREET_WORD}|de|la|del|las|los)){{0,3}}?{_SP}(?-i:(?=[A-Z]))(?:{_STREET})s?\b\.?"
    rf"(?:{_SP}(?:[NSEW]|NE|NW|SE|SW)\b\.?)?{_UNIT}{{0,2}}"
)
# A street without a known ending: a unit or a town with its state and ZIP code follows.
_COMMON_STREET = re.compile(
    r"(?i)\s(?:street|st|avenue|ave|boulevard|blvd|road|rd|drive|lane|ln|court|place|circle|parkway"
    r"|pkwy|highway|hwy|terrace)\b"
)
_OTHER_ADDRESS = re.compile(
    rf"(?i)(?<![\w/.#-])\d{{1,6}}{_SP}{_STREET_WORD}(?:{_SP}{_STREET_WORD}){{0,4}}?(?:{_UNIT}"
    rf"|(?=[,\n][^\S\n]*\n?{_CAP}(?:[^\S\n]{_CAP}){{0,3}},{_SP}(?-i:[A-Z]{{2}}){_SP}\d{{5}}))"
)
_BOX = re.compile(
    r"(?i)\bP\.?\s?O\.?\s?Box\s#?\d{1,7}|\b(?:PSC|Unit|USNV|USS|USNS"
    r"|USCGC)\s[\w ]{1,20}(?:Box\s\d{1,5}|(?=\n(?:FPO|APO|DPO)))"
)
_LOOSE_UNIT = re.compile(rf"(?<!\w)(?:Suite|Ste\.?|Apt\.?|Apartment){_SP}#?\d[\w-]{{0,5}}")
_STATE = (
    r"A[LKZRAEP]|C[AOT]|D[EC]|F[LM]|G[AU]|HI|I[DLNA]|K[SY]|LA|M[EHDAINSOTP]|N[EVHJMYCD]|O[HKR]|P[WAR]"
    r"|RI|S[CD]|T[NX]|UT|V[TIA]|W[AVIY]"
    r"|California|Nevada|Arizona|Oregon|Washington|Texas|New York|Florida|Utah|Idaho|Colorado|New Mexico|Hawaii"
    r"|CALIFORNIA|NEVADA|ARIZONA|OREGON|WASHINGTON|TEXAS|NEW YORK|FLORIDA|UTAH|IDAHO|COLORADO|NEW MEXICO|HAWAII"
)
_TOWN_WORDS = rf"{_CAP}(?:[^\S\n]{{1,2}}(?:{_CAP}|de|la|del|las|los|of|the)){{0,3}}"
_TOWN_STATE = re.compile(
    rf"(?P<town>{_TOWN_WORDS}),?{_SP}(?P<state>(?-i:{_STATE}))\.?(?:{_SP}(?P<zip>\d{{5}}(?:-\d{{4}})?))?(?![\w-])"
)
_ZIP = re.compile(
    rf"(?<![\w-])(?:(?-i:{_STATE})|zip(?:\scode)?:?){_SP}(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\w-])", re.IGNORECASE
)
_LIVES = re.compile(
    r"(?i)\b(?:lives? in|living in|lived in|resid(?:es?|ing|ed) in|residents? of|born in|raised in"
    r"|grew up in|moved (?:to|from)|relocated to|commut\w+ (?:to|from)"
    r"|native of|hometown of|emigrated from|immigrated from|city of|county of|offices? in|clinic in"
    r"|located in|travel\w* to|drove to|stays in|home in|house in|apartment in|warehouse in|plant in"
    rf"|born:|(?-i:City|Town|County|Place of birth|Birthplace):)\s+(?P<place>(?-i:{_CAP})(?:\s(?:"
    rf"(?-i:{_CAP})|de|la|del|las|los)){{0,3}})"
)
_AFTER_STREET = re.compile(
    rf"(?i)(?<![\w/.#-])\d{{1,6}}{_SP}{_STREET_WORD}(?:{_SP}{_STREET_WORD}){{0,3}}(?:,?{_SP}(?:apt"
    rf"|suite|ste|unit)\.?{_SP}#?\w{{1,5}})?(?:{_SP}in{_SP}|,{_SP})"
    rf"(?P<place>{_STREET_WORD}(?:[^\S\n]{_STREET_WORD}){{0,2}})"
)
_PLACE_WORDS = frozenset(["in", "near", "from", "around", "outside", "at", "born"])
# A dose, a test or a year after it: "relief from Xyrem 500 mg", "(Fritz, 2007)".
_NOT_A_TOWN = re.compile(
    r"['’]s\s(?:test|sign|disease)|\s(?:test|sign|disease|\d|syndrome|fracture|neuroma|collar|brace"
    r"|mg\b|tablets?|tabs?|gel|cream|patch\w*)|,?\s\(?\d{4}[);]|\set\sal"
)
_ADDRESS_LABEL = re.compile(
    r"(?im)\b(?:(?:home|mailing|street|work)\s)?address(?:es)?\s?:[ \t]*(?P<place>(?=[^\n]*\d)[^\n;"
    r"|]{4,80}?)(?=[ \t]{3,}|$|;|\||\.\s)"
)

_FACILITY_END = (
    r"(?:community |regional |general |memorial |medical |surgical |surgery |health |children's "
    r"|veterans |county |university |city |district |rehabilitation )*"
    r"(?:hospitals?|medical (?:cent(?:er|re)|group|clinic|associates|offices?|corporation|plaza"
    r"|institute|foundation|imaging|arts)|health (?:cent(?:er|re)|system|care|services|clinic|group"
    r"|partners|network)|healthcare(?: (?:system|center|group))?"
    r"|(?:out)?patient surgery center|surgery center|surgical (?:cent(?:er|re)|associates|institute"
    r"|group)|surgicenter|clinics?|pharmac(?:y|ies)|drugs?tore|drugs?"
    r"|orthop(?:a)?edics?(?: (?:group|institute|associates|center|clinic|specialists|surgery"
    r"|medical group|surgeons|and sports medicine|& sports medicine))?"
    r"|physical therapy(?: (?:center|clinic|group|associates|and rehabilitation|& rehab\w*))?"
    r"|rehab(?:ilitation)?(?: (?:cent(?:er|re)|institute|hospital|services|group))?"
    r"|imaging(?: (?:cent(?:er|re)|associates|group|services|medical group))?|radiology(?: (?:group"
    r"|associates|medical group|center))?"
    r"|diagnostics?(?: (?:center|imaging|group|laborator(?:y|ies)))?|laborator(?:y|ies)|labs?|(?:spine"
    r"|pain|wellness|hand|urgent care|occupational health|chiropractic|acupuncture|neurology"
    r"|pain management|sports medicine|therapy|counseling|psychological|behavioral health"
    r"|occupational medicine|industrial medicine|sleep) (?:cent(?:er|re)|institute|clinic|group"
    r"|associates|specialists|consultants|services|medical group)"
    r"|chiropractic|acupuncture|neurology associates|urgent care|nursing (?:home|facility)|nursing"
    r"|home health(?: care)?|hospice|infirmary|sanatorium|institute|university|college|high school"
    r"|elementary school|school district|dental|optometry|dispensary)"
)
_NAME_RUN = rf"(?:(?:{_NAME_WORD}|of|the|and|&|de|la|del|los|las),?{_SP}){{1,5}}?"
_FACILITY = re.compile(
    rf"(?<![\w-])(?P<name>(?-i:(?=[A-Z])){_NAME_RUN})(?P<end>(?-i:"
    rf"(?=[A-Z])){_FACILITY_END.replace(' ', _BLANKS)})(?![\w-])",
    re.IGNORECASE,
)
_SAINT = re.compile(
    rf"(?<!\w)(?:St\.?|Saint|Santa|San|Mt\.?|Mount|Mercy|Our Lady of){_SP}{_CAP}"
    rf"(?:{_SP}{_CAP}){{0,2}}?{_SP}(?:Hospital|Medical Center|Clinic|Health(?:care)?|Regional|Community"
    rf"|Memorial)(?:{_SP}(?:Hospital|Medical Center|Center|Clinic))?"
)
_FACILITY_LABEL = re.compile(
    r"(?im)\b(?:facility|hospital|clinic|pharmacy|laboratory|lab|imaging (?:center|facility)"
    r"|surgery center|location|place of service|practice|site|performed at|admitted to"
    r"|transported to)(?: name)?(?:\s?\([^()\n]{1,40}\))?[^\S\n]*:[^\S\n]*(?P<name>[^\n;"
    r"|]{3,70}?)(?=[^\S\n]{3,}|$|;|\||\.\s|,\s\d)"
)
_COMPANY_END = (
    r"inc|l\.?l\.?c|llp|plc|ltd|corp|corporation|co|company|companies|group|industries|enterprises"
    r"|holdings|associates|partners|services"
    r"|logistics|foods|farms|construction|manufacturing|trucking|transportation|transit|landscaping"
    r"|plumbing|electric|staffing|systems|solutions|technologies|distribution|distributors|warehouse"
    r"|markets?|supermarkets?|stores?|restaurants?|bakery|cafe|hotels?|resorts?|airlines?|packing"
    r"|produce|builders|roofing|steel|motors|products|brothers|bros|and sons|& sons|sons"
    r"|school district|unified"
)
_COMPANY = re.compile(
    rf"(?<![\w-])(?P<name>(?-i:(?=[A-Z]))(?:(?:{_NAME_WORD}|&|and|of)(?:,{_SP}"
    rf"|{_SP})){{1,5}}?)(?P<end>(?:inc|l\.?l\.?c|llp|plc|ltd|corp|corporation|(?-i:Company|Group|PLC"
    r"|Industries|Enterprises|Holdings)|& sons|and sons)\b\.?)(?![\w-])",
    re.IGNORECASE,
)
_COMPANY_NAME = (
    rf"{_CAP}(?:,?{_SP}(?:and{_SP}|&{_SP}|of{_SP}(?:the{_SP})?)?{_CAP}){{0,5}}(?:,?{_SP}(?:{_COMPANY_END})\b\.?)?"
)
_EMPLOYED = re.compile(
    r"(?i)\b(?:work(?:s|ed|ing)? (?:for|at|with)|employ(?:ed|ment|er) (?:by|at|with|is|was)"
    r"|employed for|employer,|hired by|employee of|laid off (?:by|from)|terminated (?:by|from)"
    r"|job (?:at|with)|position (?:at|with)"
    r"|(?:works?|worked|working|employed|hired|job) as an? [a-z/ -]{2,40}? (?:for|at|with|by)"
    r"|(?:started|began) (?:work )?(?:at|with)|on the premises of)\s+(?:the\s)?(?:a\s)?"
    rf"(?P<name>(?-i:{_CAP})(?:,?\s(?:and\s|&\s|of\s(?:the\s)?)?(?-i:{_CAP})){{0,5}}(?:,?\s(?:{_COMPANY_END})\b\.?)?)"
)
_EMPLOYER_LABEL = re.compile(
    r"(?im)\b(?:employer|company|employer name|insured employer|place of employment"
    r"|defendant)(?:'s)?(?: name)?(?:\s?\([^()\n]{1,40}\))?[^\S\n]*[:#][^\S\n]*(?P<name>[^\n;"
    r"|]{2,70}?)(?=[^\S\n]{3,}|$|;|\||\.\s)"
)
_INSURER_LABEL = re.compile(
    r"(?im)\b(?:insurer|insurance(?: (?:carrier|company))?|carrier|claims? administrator|administrator"
    r"|tpa|payer|payor|self-insured|health plan)(?: name)?(?:\s?\([^"
    r"()\n]{1,40}\))?[^\S\n]*[:#][^\S\n]*(?P<name>(?!the\b|decision\b|guideline)[^\n;"
    r"|]{2,70}?)(?=[^\S\n]{3,}|$|;|\||\.\s)"
)
_INSURER = re.compile(
    rf"(?<![\w-])(?:{_CAP}{_SP}(?:(?:{_CAP}|of|&|and){_SP}){{0,3}}?)(?:Insurance(?:{_SP}(?:Company"
    rf"|Co\.?|Group|Services|Fund|Agency))?|Mutual(?:{_SP}Insurance(?:{_SP}(?:Company|Co\.?|Group))?)?"
    rf"|Indemnity(?:{_SP}Company)?|Assurance|Casualty(?:{_SP}Company)?|Underwriters"
    rf"|Claims{_SP}Management|Claims{_SP}Services|Compensation{_SP}Fund)(?![\w-])"
)
_KNOWN_INSURERS = re.compile(
    r"(?<!\w)(?:State Compensation Insurance Fund|SCIF|State Fund|Sedgwick(?: CMS)?|Gallagher Bassett"
    r"|Zenith|Travelers|Liberty Mutual|(?:The )?Hartford|Zurich(?: North America)?|AIG"
    r"|Berkshire Hathaway(?: Homestate(?: Companies)?)?"
    r"|ICW(?: Group)?|Broadspire|CorVel|ESIS|Tristar(?: Risk Management)?|Athens Administrators|Keenan"
    r"|AmTrust|Blue Cross|Blue Shield|Anthem|Kaiser(?: Permanente)?|Aetna|Cigna|Chubb|CNA|Matrix"
    r"|Helmsman|Intercare|Adminsure|LWP|Republic Indemnity|Everest National)(?!\w)"
)
_COMPASS = re.compile(
    r"(?<!\w)(?:(?:New|North|South|East|West|Port|Lake|Fort|San|Santa|Los|Las|El|La|del|de la|de|van"
    r"|von|St\.?|Saint|Mount|The)\s{1,2})+$"
)
# "Lopez, Norton and Thomas", "Ball and Sons"
_PARTNERS = re.compile(rf"(?<![\w-])({_NAME_WORD}),{_SP}({_NAME_WORD}){_SP}(?:and|&){_SP}({_NAME_WORD})(?![\w-])")
_AND_SONS = re.compile(rf"(?<![\w-]){_NAME_WORD}{_SP}(?:and|&){_SP}(?:Sons|Daughters|Bros\.?|Brothers|Co\.)(?!\w)")
_COMPASS_REACH = 12
_VERSUS = re.compile(rf"(?<=\w)\s+(?:v|vs|versus)\.?\s+(?P<name>{_CAP}(?:,?[^\S\n]+(?:and\s|&\s|of\s)?{_CAP}){{0,6}})")
_FIGURE = re.compile(r"\d")
_GENERIC = listed("generic_places")


def places(text: str, vocabulary: Vocabulary) -> Iterator[Found]:
    """Addresses, facilities, insurers, employers and towns, the surest first; pieces may overlap."""
    for match in _ADDRESS.finditer(text):
        if _COMMON_STREET.search(match[0]) or _own_start(text, *match.span(), vocabulary) is not None:
            yield Found(*match.span(), Kind.ADDRESS)
    for pattern in (_OTHER_ADDRESS, _BOX, _LOOSE_UNIT):
        yield from (Found(*match.span(), Kind.ADDRESS) for match in pattern.finditer(text))
    yield from (Found(*match.span("place"), Kind.ADDRESS) for match in _ADDRESS_LABEL.finditer(text))
    yield from _labelled(text)
    yield from _organisations(text, vocabulary)
    towns = list(_towns(text, vocabulary))
    yield from towns
    names = {text[one.start : one.end].split(",")[0] for one in towns}
    yield from _recurring_towns(text, {name for name in names if len(name) > 3 and not name[0].isdigit()})


def _labelled(text: str) -> Iterator[Found]:
    labels = ((_FACILITY_LABEL, Kind.FACILITY), (_EMPLOYER_LABEL, Kind.EMPLOYER), (_INSURER_LABEL, Kind.INSURER))
    for pattern, kind in labels:
        for match in pattern.finditer(text):
            if match["name"][:1].isupper() or match["name"][:1].isdigit():
                yield Found(*match.span("name"), kind)


def _organisations(text: str, vocabulary: Vocabulary) -> Iterator[Found]:
    yield from (Found(*match.span(), Kind.FACILITY) for match in _SAINT.finditer(text))
    yield from _own_names(text, _FACILITY, Kind.FACILITY, vocabulary)
    yield from (Found(*match.span(), Kind.INSURER) for match in _KNOWN_INSURERS.finditer(text))
    for match in _INSURER.finditer(text):
        start = _own_start(text, match.start(), match.end(), vocabulary, any_name=True)
        if start is not None:
            yield Found(start, match.end(), Kind.INSURER)
    yield from _own_names(text, _COMPANY, Kind.EMPLOYER, vocabulary)
    yield from (Found(*match.span(), Kind.EMPLOYER) for match in _AND_SONS.finditer(text))
    for match in _PARTNERS.finditer(text):
        partners = [_word(group) for group in match.groups()]
        if not _FIGURE.search(match[0]) and all(vocabulary.own(word) or vocabulary.is_name(word) for word in partners):
            yield Found(*match.span(), Kind.EMPLOYER)
    yield from (Found(*match.span("name"), Kind.EMPLOYER) for match in _VERSUS.finditer(text))
    for match in _EMPLOYED.finditer(text):
        start, end = match.span("name")
        if not vocabulary.clinical(match["name"].casefold()) and _word(match["name"]) not in _GENERIC:
            yield Found(start, end, Kind.EMPLOYER)


def _own_names(text: str, pattern: re.Pattern[str], kind: Kind, vocabulary: Vocabulary) -> Iterator[Found]:
    """What ends as organisations do, and begins with a word of its own: "Valley Spine Clinic", not "Spine Clinic"."""
    for match in pattern.finditer(text):
        store = match["end"].casefold().startswith("pharmac")
        start = _own_start(text, match.start(), match.end("name"), vocabulary, any_name=store)
        if start is not None:
            yield Found(start, match.end(), kind)


def _own_start(text: str, start: int, end: int, vocabulary: Vocabulary, *, any_name: bool = False) -> int | None:
    """Where the first word stands that makes the name one of its own; None where all words are those of the field.

    `any_name` takes a name that is a word of English too, as firms have them: "Walker Casualty", "Long Pharmacy".
    """
    for match in re.finditer(rf"{_CAP}", text[start:end]):
        word = _word(match[0])
        if (
            len(word) > 1
            and not _FIGURE.search(word)
            and (vocabulary.own(word) or (any_name and vocabulary.is_name(word)))
            and word not in _GENERIC
        ):
            before = _COMPASS.search(text, max(0, start - _COMPASS_REACH), start + match.start())
            return before.start() if before else start + match.start()
    return None


def _towns(text: str, vocabulary: Vocabulary) -> Iterator[Found]:
    for match in _TOWN_STATE.finditer(text):
        start = _own_start(text, match.start("town"), match.end("town"), vocabulary)
        town = match["town"].casefold().split()
        if match["zip"]:
            yield Found(match.start("town") if start is None else start, match.end(), Kind.PLACE)
        elif start is not None and (len(match["state"]) > 2 or "," in text[match.start() : match.end()]) and town:
            yield Found(start, match.end("town"), Kind.PLACE)
    yield from (Found(*match.span("zip"), Kind.PLACE) for match in _ZIP.finditer(text))
    for pattern in (_LIVES, _AFTER_STREET):
        for match in pattern.finditer(text):
            if _own_start(text, *match.span("place"), vocabulary) is not None:
                yield Found(*match.span("place"), Kind.PLACE)


def _recurring_towns(text: str, towns: set[str]) -> Iterator[Found]:
    """A town that was found once, and the towns of the list, wherever else they stand."""
    patterns = [_listed_towns(), *([_any_of(towns)] if towns else [])]
    for match in (match for pattern in patterns for match in pattern.finditer(text)):
        if not _NOT_A_TOWN.match(text, match.end()):
            yield Found(*match.span(), Kind.PLACE)


@cache
def _listed_towns() -> re.Pattern[str]:
    return _any_of(listed_lines("towns"))


def _any_of(towns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(towns, key=len, reverse=True)))})(?![\w-])")


def lone_towns(words: Words, vocabulary: Vocabulary) -> Iterator[Found]:
    """A capitalised word in no vocabulary behind a word of place: "he came from Jamesfort", "near Wolfeborough"."""
    for index, token in enumerate(words.tokens[1:], start=1):
        before = words.tokens[index - 1].key
        if before not in _PLACE_WORDS or not token.capital or token.shouted or words.gap(index - 1).strip():
            continue
        if (
            len(token.key) > 3
            and token.key not in STATES
            and not vocabulary.known(token.key)
            and not _NOT_A_TOWN.match(words.text, token.end)
        ):
            yield Found(token.start, token.end, Kind.PLACE)


def _word(written: str) -> str:
    return re.sub(r"['’]s$", "", written.casefold()).strip(".,'’-")
