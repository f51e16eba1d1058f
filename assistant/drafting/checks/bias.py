"""Bias (Labor Code 4610.6(h)(4)): a protected trait given as a reason, not told as a fact.

The traits: race, national origin, ethnic group, religion, age, sex, sexual orientation, color, disability; language and
culture stand for national origin. "A 67-year-old woman" tells; "at 67 she is too old" and "as a woman she" are reasons.
"""
# ruff: noqa: E501  the patterns hold one wording a line

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Draft, Finding, IssueDraft
from assistant.drafting.checks.found import Found, unquoted, written

_ACTION = "Give the clinical reason instead, or delete the words, unless a criterion itself asks for it."

_WORKER = r"(?:worker|patient|claimant|employee|applicant|man|woman)"
_OWNER = rf"(?:his|her|their|the (?:\w+ )?{_WORKER}(?:['’]s)|\w+['’]s)"
# Not the age of an injury or of an image.
_AGE = (
    r"(?:(?:(?:advanc\w+|old|older|young|younger|chronological)\s+)?age"
    rf"(?!-related|d\b|[- ](?:of|at) (?:onset|injury)|\s+of\s+(?:the |an? |this |that |his |her )?(?!{_WORKER}|\d))|advanc\w+ years)"
)
_GROUP = (
    r"(?:race|racial (?:\w+)|ethnicity|ethnic(?:al)? (?:origin|background|group|heritage)|national origin|nationality|"
    r"country of (?:origin|birth)|immigration status|heritage|ancestry|skin colou?r)"
)
_FAITH = r"(?:religion|religious (?:\w+)|faith|church)"
_SEX = r"(?:sex|gender|sexual orientation|sexuality|sexual preference)"
# "Disability Guidelines" and the scores of that name are no trait.
_DISABILITY = r"disabilit(?:y|ies)(?!\s+(?:guidelines?|index|inde\w+|rating|score|scale|questionnaire|evaluation))"
# These words have other uses (a wound's culture, a guideline's language): only the worker's own count.
_OWN_ONLY = r"(?:culture|cultural \w+|colou?r|language|(?:native|primary|first) (?:language|tongue)|accent)"
_TRAIT = rf"(?:{_AGE}|{_GROUP}|{_FAITH}|{_SEX}|{_DISABILITY})"
_OWNED = rf"{_OWNER}\s+(?:\w+\s+){{0,2}}?(?:{_TRAIT}|{_OWN_ONLY})"
_LANGUAGE = r"(?:a |the )?language barrier|(?:limited|poor|lack of) English(?: proficiency)?|cultural (?:background|beliefs|attitudes|factors|differences)"

_PEOPLE = (
    r"(?:Hispanics?|Latin[oax]s?|African[- ]Americans?|Blacks?|Whites?|Caucasians?|Asians?|Filipin[oa]s?|Mexicans?|Chinese|"
    r"Koreans?|Vietnamese|Indians?|Native Americans?|Arabs?|Muslims?|Christians?|Jew(?:s|ish)?|Catholics?|Hindus?|"
    r"Buddhists?|Sikhs?|Jehovah['’]s Witness(?:es)?|[Ii]mmigrants?|[Ff]oreigners?|gay|lesbian|bisexual|transgender|homosexual)"
)
_KIND = rf"(?:elderly|old|older|young|younger|geriatric|aged|senior|disabled|female|male|{_PEOPLE})"
_PERSON = r"(?:patients?|workers?|people|persons?|wom[ae]n|m[ae]n|ladies|lady|gentlem[ae]n|adults?|individuals?|claimants?|seniors?|employees?)"
_SHE = r"(?:she|he|they|the (?:worker|patient|claimant|applicant|employee))"
_N = r"(?:\d{2}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:-\w+)?)"

_CAUSE = (
    r"(?:given|because of|due to|in view of|considering|in (?:the )?light of|on account of|based (?:up)?on|owing to|"
    r"by reason of|for reasons? of|on (?:the )?grounds? of|on the basis of|as a (?:result|consequence) of|by virtue of|"
    r"taking into account|in consideration of|attributable to|regardless of treatment,? because of)"
)
_WEIGHS = (
    r"(?:makes?|prevents?|precludes?|forbids?|means?|weighs?|argues?|speaks?|rules? out|limits?|keeps?|explains?|counts?|"
    r"justif(?:y|ies)|warrants?|suggests?|renders?|reduces?|lowers?|does not (?:allow|permit|support|justify)|"
    r"(?:is|was|are) (?:also |itself |by itself )?(?:an? (?:\w+ )?(?:reason|factor|consideration|obstacle|barrier)|the reason|against|too (?:old|advanced)))"
)
_WORDINGS = (
    # "given her age", "due to advanced age", "because of his religious beliefs", "owing to the language barrier"
    rf"\b{_CAUSE}\s+(?:(?:the|this|that|an?|such|both)\s+)?(?:{_OWNED}|(?:{_OWNER}\s+)?(?:(?!and\b|the\b)\w+\s+){{0,2}}?{_TRAIT}|{_LANGUAGE})\b",
    # "her age makes a gain unlikely", "advanced age precludes surgery"
    rf"\b(?:{_OWNED}|(?:advanced|old|older|young|younger) age|{_LANGUAGE})\s+(?:alone\s+|and\s+\w+\s+)?{_WEIGHS}\b",
    # "owing to her being a woman", "her being a Muslim argues against it"
    rf"\b{_OWNER}\s+being\s+(?:an? )?(?:{_KIND}|{_PERSON}|{_N})",
    # "at this stage of life"
    r"\bat (?:this|that|his|her|their) (?:stage|time) of life\b",
    # "at 67 he is too old"
    r"\btoo (?:old|young|elderly|aged)\b",
    # "at her age the knee does not heal"; not "normal for her age"
    r"(?<!normal )(?<!expected )(?<!appropriate )(?<!usual )(?<!typical )(?<!average )(?<!good )"
    r"\b(?:at|for) (?:his|her|their|this|that|such an?) (?:\w+ )?age\b(?! of\b)",
    # "in a woman of 62", "for a man of his age"
    rf"\b(?:in|for|with|to) (?:an? )?(?:\w+ )?{_PERSON} (?:of (?:his|her|their|this|that|such) age|(?:his|her) age|this old|(?:aged|over|past|above|of) {_N})\b",
    # "because he is 67", "since she is elderly", "because she is disabled"
    rf"\b(?:because|since|as|given that|considering that)\s+{_SHE}\s+(?:is|are)\s+(?:already |only |now |an? |just )*"
    rf"(?:{_N}(?![\d/]|-(?!year)| (?:visits?|weeks?|months?|days?|pounds|kg|percent))|{_KIND}|{_PERSON}|not from here|foreign-born)\b",
    # "because he has a disability"
    rf"\b(?:because|since|as|given that)\s+{_SHE}\s+(?:has|have)\s+(?:an? |his |her |their )?(?:\w+ )?{_DISABILITY}(?!\s+of)",
    # "a 67-year-old does not need", "someone of her age", "to be expected at 62"
    rf"\b{_N}[- ]year[- ]olds?\s+(?:{_PERSON}\s+)?(?:do(?:es)? not|will not|would not|should not|cannot|rarely|seldom|hardly|need not)\b",
    r"\b(?:someone|anyone|people|those|a person|one) (?:of|at) (?:his|her|their|this|that|such an?) age\b",
    rf"\b(?:expected|common|natural) (?:at|by) (?:the age of )?{_N}\b(?! ?(?:degrees?|weeks?|months?|days?|visits?|percent|%|mg))",
    # "as a woman she", "being a Muslim, he"
    rf"(?:^|[.;,]\s*|\b(?:and|but)\s+)(?:as|being|for) (?:an? )?(?:{_KIND}(?: {_PERSON})?|wom[ae]n|m[ae]n|females?|males?|senior citizens?)\b"
    rf"(?=,|\s+(?:{_SHE}|it|this|the)\b)",
    # "elderly patients like him do not", "women tend to", "Hispanic patients often"
    rf"\b(?:{_KIND} {_PERSON}|{_KIND}s|wom[ae]n|men|seniors) (?:like (?:him|her|them|this)|(?:of|from) (?:his|her|their|this|that) \w+|"
    r"(?:generally|typically|usually|often|rarely|seldom|simply|commonly)|(?:do|does|did) not|don['’]t|cannot|can['’]t|tend|"
    r"(?:are|is) (?:more|less|not|prone|known|unlikely|likely|rarely))\b",
    # "younger patients do better", "men recover faster than women"
    rf"\b(?:{_KIND} {_PERSON}|wom[ae]n|men|seniors)\s+(?:\w+\s+){{1,3}}(?:better|worse|faster|slower|sooner|later|more|less|well|poorly|badly)\b",
    # "because he speaks only Spanish", "she speaks little English and therefore cannot", "does not speak English, so"
    rf"\b(?:because|since|as|given that)\s+{_SHE}\s+(?:speaks?|(?:does|do) not speak)\s+(?:\w+\s+){{0,3}}",
    r"\bspeaks? (?:only|little|no|almost no|limited)\s+\w+,?\s+(?:and|so)\s+(?:\w+\s+){0,2}?(?:cannot|could not|would not|will not|is not|therefore|thus|so)\b",
    rf"\b{_OWNER}\s+English\s+is\s+(?:\w+\s+)?(?:poor|limited|weak|not good|insufficient)\b",
    r"\b(?:does|do) not speak English,?\s+(?:and|so)\b",
)
_FORMS = tuple(re.compile(wording, re.IGNORECASE) for wording in _WORDINGS)
_KINDS_OF_AGE = re.compile(
    r"\b(?:age\b|old|older|young|younger|elderly|geriatric|aged|seniors?|\d{2}\b|(?:six|seven|eigh|fif|for)ty)", re.I
)
_KINDS_OF_SEX = re.compile(r"\b(?:sex|gender|wom[ae]n|m[ae]n|female|male)s?\b", re.I)


def protected_trait(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence gives a protected trait as a reason, and no criterion of the issue asks for it."""
    for place, sentence in written(issue):
        for words in _reasons(sentence.text):
            trait = _trait(words)
            if any(_asks(finding, trait) for finding in issue.findings):
                continue
            yield Found(
                f"The sentence gives the worker's {trait} as a reason, and no criterion here asks for it.",
                _ACTION,
                sentence=place,
                quote=words,
            )
            break


def _reasons(text: str) -> Iterator[str]:
    plain = unquoted(text)
    for form in _FORMS:
        for match in form.finditer(plain):
            yield " ".join(match.group().strip(" ,.;").split())


def _trait(words: str) -> str:
    """The trait's own name, for the message."""
    for name, pattern in (
        ("sexual orientation", r"sexual (?:orientation|preference)|sexuality|gay|lesbian|bisexual|homosexual"),
        ("religion", rf"{_FAITH}|muslim|christian|jew|catholic|hindu|buddhist|sikh|witness"),
        ("disability", r"disab"),
        ("language", r"language|tongue|english|speak|accent"),
        ("origin", rf"{_GROUP}|cultur|colou?r|{_PEOPLE}|foreign"),
    ):
        if re.search(rf"\b(?:{pattern})", words, re.IGNORECASE):
            return name
    if _KINDS_OF_AGE.search(words):
        return "age"
    return "sex" if _KINDS_OF_SEX.search(words) else "trait"


def _asks(finding: Finding, trait: str) -> bool:
    """Whether a criterion itself asks for the trait; only age and sex are ever asked."""
    criterion = finding.criterion
    if trait == "age":
        measured = criterion.measure is not None and criterion.measure.of == "age"
        return measured or bool(re.search(r"\bage\b|\byears old\b|\bolder than\b|\bover \d\d years\b", criterion.text))
    return trait == "sex" and bool(re.search(r"\b(?:sex|wom[ae]n|men|female|male|pregnan\w+)\b", criterion.text))
