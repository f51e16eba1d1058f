"""Short forms of the field in full, for readers who do not know them: at its first use "ESI" brings its meaning along.

Labor Code 4610.6(d)(1) asks for layperson's terms as far as practicable. Wordings are common clinical usage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

SHORT_FORMS = {
    "ACL": "anterior cruciate ligament",
    "ADL": "activity of daily living",
    "ADLs": "activities of daily living",
    "AME": "agreed medical examiner",
    "CBT": "cognitive behavioral therapy",
    "CMC": "carpometacarpal",
    "CRPS": "complex regional pain syndrome",
    "CURES": "California's prescription database",
    "CTS": "carpal tunnel syndrome",
    "DDD": "degenerative disc disease",
    "DJD": "degenerative joint disease",
    "DTR": "deep tendon reflex",
    "DTRs": "deep tendon reflexes",
    "EEG": "a recording of the brain's electrical activity",
    "EMG": "electrical test of the muscles",
    "EMG/NCS": "electrical tests of muscles and nerves",
    "EMG/NCV": "electrical tests of muscles and nerves",
    "ESI": "epidural steroid injection",
    "ESIs": "epidural steroid injections",
    "ESWT": "extracorporeal shock wave therapy",
    "FCE": "functional capacity evaluation",
    "FRP": "functional restoration program",
    "GERD": "gastroesophageal reflux disease",
    "HEP": "home exercise program",
    "LBP": "low back pain",
    "LESI": "lumbar epidural steroid injection",
    "MBB": "medial branch block",
    "MCL": "medial collateral ligament",
    "MED": "morphine equivalent dose",
    "MME": "morphine milligram equivalents",
    "NCS": "nerve conduction study",
    "NCV": "nerve conduction velocity test",
    "NSAID": "anti-inflammatory drug",
    "NSAIDs": "anti-inflammatory drugs",
    "ORIF": "open reduction and internal fixation",
    "OT": "occupational therapy",
    "PCL": "posterior cruciate ligament",
    "PPI": "stomach acid blocker",
    "PRP": "platelet-rich plasma",
    "PT": "physical therapy",
    "PTSD": "posttraumatic stress disorder",
    "ROM": "range of motion",
    "SI": "sacroiliac",
    "SLR": "straight leg raise",
    "SNRI": "serotonin and norepinephrine reuptake inhibitor",
    "SSRI": "selective serotonin reuptake inhibitor",
    "TENS": "electrical nerve stimulation through the skin",
    "TFCC": "triangular fibrocartilage complex",
    "THA": "total hip arthroplasty",
    "TKA": "total knee arthroplasty",
    "TKR": "total knee replacement",
    "TMJ": "jaw joint",
    "TPI": "trigger point injection",
    "UDS": "urine drug screen",
    "VAS": "visual analog scale",
}


@cache
def _short_form() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(SHORT_FORMS, key=len, reverse=True))
    return re.compile(rf"(?<![\w/.(-])(?P<name>{names})(?![\w/-])(?! \()")


@cache
def _explained() -> re.Pattern[str]:
    pairs = "|".join(rf"{re.escape(name)} \({re.escape(full)}\)" for name, full in SHORT_FORMS.items())
    return re.compile(rf"(?<![\w/.-])(?:{pairs})")


def explained(texts: Iterable[str]) -> Iterator[str]:
    """The sentences in their order, each short form with its meaning in brackets where it first stands.

    What stands between quotation marks is another's and stays as it is; a form whose meaning the sentences themselves
    spell out earlier is known already.
    """
    known: set[str] = set()
    told = ""

    def first(match: re.Match[str]) -> str:
        name = match["name"]
        if name.upper() in known:
            return name
        known.add(name.upper())
        full = SHORT_FORMS[name]
        return name if full.casefold() in told else f"{name} ({full})"

    for text in texts:
        told += f" {text.casefold()}"
        parts = re.split(r"(“[^”]*”)", text)
        yield "".join(part if part.startswith("“") else _short_form().sub(first, part) for part in parts)


def without_meanings(text: str) -> str:
    """The text without the meanings that `explained` put in; another meaning than the glossary's stays."""
    return _explained().sub(lambda match: match.group().split(" (")[0], text)
