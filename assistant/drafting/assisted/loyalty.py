"""Whether a rewording says what the sentence that it rewords says: no more, no less, and nothing else.

Verification asks whether a sentence stands on its supports; a rewording must besides stay with its sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from assistant.domain import Move, Sentence, Verdict
from assistant.drafting.framing import quotations
from assistant.drafting.grounding import Sources, verify_sentence
from assistant.drafting.readability import reading_grade, syllables, words_in
from assistant.drafting.verification import concluded
from assistant.drafting.wording import Word, one_stem, things_of, words_of
from assistant.reading.sentences import sentences

_SHORTEST, _LONGEST = 0.4, 1.6  # of the sentence's length
_KEPT = 0.6  # of the sentence's words that carry something
_HARDER = 2.0  # school grades by which a rewording may be harder to read
_SIGNS = re.compile(r"[<>{}\[\]`*_#|\\~^=\n\r\t]|https?:|www\.|\bjavascript:|[^\S ]")
_LATIN = re.compile(r"[^\x20-\x7eÀ-ɏ‘’“”–—…°±½¼¾×≥≤µ]")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIVE = _set(
    "no not nor none never neither without cannot absent absence lacks lacking lack lacked fails fail failed unclear "
    "undocumented unstated unable denies denied deny missing"
)
_HEDGES = _set("may might could would should must can possibly probably likely apparently perhaps seems")
_PERSONS = _set("i we you your our us my me please let ok sure here certainly note")
_UNLESS = _set("unless if only except but although though however while")
# Words on which what is required, how many and how much turn: "A and B" is not "A or B", "at least 2" not "2".
_BOUNDS = _set(
    "or only solely unless if except least most all every any some several few many more less than before after until "
    "mild moderate severe acute chronic constant intermittent partial complete slight significant first second last"
)
# Words that join or tell and carry no fact of their own. "Record" is none of them: a draft speaks of the summary.
_PLAIN = _set(
    "a an the this that these those it its he she they his her hers their them him who whom whose which what when "
    "where there and or as at by for from in into of on onto to with within over under up out about after before "
    "during between through per than then so thus therefore hence because since also too further moreover both each "
    "all any some one is are was were be been being has have had having do does did done "
    "worker patient summary sentence says said say states stated state stating shows showed shown describes described "
    "reports reported reporting mentions mentioned mention document documents documented documenting notes noted "
    "gives gave given includes included including listed received receives receiving underwent undergone got taken "
    "takes took taking treated diagnosed according follows follow rests rest information detail details anything"
)


def fault_of(template: Sentence, text: str, sources: Sources) -> str | None:
    """Why the text may not stand in the place of the sentence, in a few words; None where it may."""
    if not text:
        return "it is empty"
    for looks in (_form, _persons, _length, _quotes, _numbers, _turns, _bounds, _names, _words_lost, _outcome, _harder):
        fault = looks(template.text, text)
        if fault:
            return fault
    return _words_added(template, text) or _unverified(template, text, sources)


def _form(_: str, text: str) -> str | None:
    if _SIGNS.search(text):
        return "it holds markup, a link or a line break"
    if _LATIN.search(text):
        return "it holds signs of another script"
    if len(sentences(text)) != 1 or text[-1:] not in ".”":
        return "it is not one sentence"
    return None


def _persons(template: str, text: str) -> str | None:
    added = _lower(text) & _PERSONS - _lower(template)
    return "it speaks to somebody" if added else None


def _length(template: str, text: str) -> str | None:
    share = len(text) / len(template)
    return None if _SHORTEST <= share <= _LONGEST else "it is far longer or shorter"


def _quotes(template: str, text: str) -> str | None:
    same = Counter(quotations(template)) == Counter(quotations(text)) and template.count("“") == text.count("“")
    return None if same and '"' not in text.replace('"', "", template.count('"')) else "it changes a quotation"


def _numbers(template: str, text: str) -> str | None:
    return None if Counter(_NUMBER.findall(template)) == Counter(_NUMBER.findall(text)) else "it changes a number"


def _turns(template: str, text: str) -> str | None:
    before, after = _lower(template), _lower(text)
    if bool(before & _NEGATIVE) != bool(after & _NEGATIVE) or _denials(text) > _denials(template) + 1:
        return "it turns a negation"
    if before & _HEDGES != after & _HEDGES:
        return "it changes how sure it is"
    if (after - before) & _UNLESS:
        return "it adds a condition or a contrast"
    return None


def _bounds(template: str, text: str) -> str | None:
    if _bounding(template) != _bounding(text):
        return "it changes a condition, a limit or a degree"
    return None if _measured_by(template) == _measured_by(text) else "it turns a comparison"


def _bounding(text: str) -> Counter[str]:
    return Counter(word.lower for word in _words(text) if word.lower in _BOUNDS)


def _measured_by(text: str) -> list[str]:
    """The first word that carries something after each "than"."""
    words = _words(text)
    return [
        next((other.lower for other in words[at + 1 :] if other.lower not in _PLAIN), "")
        for at, word in enumerate(words)
        if word.lower == "than"
    ]


def _denials(text: str) -> int:
    return sum(word.lower in _NEGATIVE or word.lower.endswith("n't") for word in _words(text))


def _names(template: str, text: str) -> str | None:
    before, after = _things(template), _things(text)
    if before != after:
        return "it names other treatments, tests, drugs or parts of the body"
    capitals = {word.text for word in _words(text)[1:] if word.text[0].isupper()}
    return "it adds a name" if capitals - {word.text for word in _words(template)} else None


def _words_added(template: Sentence, text: str) -> str | None:
    known = [word.lower for word in _words(template.text)]
    known += [word.lower for support in template.supports for word in _words(support.span.quote)]
    added = next((word for word in _telling(text) if not _among(word, known)), None)
    return f"it adds the word “{added.text}”" if added else None


def _words_lost(template: str, text: str) -> str | None:
    said = [word.lower for word in _words(text)]
    telling = list(_telling(template))
    kept = sum(_among(word, said) for word in telling)
    return "it leaves out too much" if telling and kept < _KEPT * len(telling) else None


def _outcome(template: str, text: str) -> str | None:
    return None if concluded(template) is concluded(text) else "it concludes something else"


def _unverified(template: Sentence, text: str, sources: Sources) -> str | None:
    result = verify_sentence(text, template.supports, sources)
    if result.verdict is Verdict.PASSED:
        return None
    return result.problems[0] if result.problems else "nothing in it can be checked"


def _harder(template: str, text: str) -> str | None:
    # The formula takes the loss of a short word for a harder sentence; fewer words and syllables are never harder.
    if words_in(text) <= words_in(template) and _spoken(text) <= _spoken(template):
        return None
    before, after = reading_grade(template), reading_grade(text)
    harder = before is not None and after is not None and after > before + _HARDER
    return "it is harder to read" if harder else None


def _spoken(text: str) -> int:
    return sum(syllables(word.text) for word in _words(text))


def may_be_reworded(sentence: Sentence) -> bool:
    """Whether a sentence is handed to a model at all: no slot, no conclusion, nothing of the reviewer's own, nothing
    that failed."""
    return sentence.verified and not sentence.own and sentence.move is not Move.CONCLUSION


def _words(text: str) -> tuple[Word, ...]:
    return words_of(text, ())


def _lower(text: str) -> set[str]:
    return {word.lower for word in _words(text)}


def _things(text: str) -> set[str]:
    return {thing.name for thing in things_of(text, _words(text))}


def _telling(text: str) -> Iterable[Word]:
    return (word for word in _words(text) if word.lower not in _PLAIN and not word.lower.isdigit())


def _among(word: Word, known: Iterable[str]) -> bool:
    return any(word.lower == other or one_stem(word.lower, other) for other in known)
