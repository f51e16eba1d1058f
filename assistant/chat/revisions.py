"""Plain imperatives that revise a rationale: its length, its words, its points, its citation, sentences kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.chat.commands import issues_named as named_in
from assistant.chat.commands import the_only
from assistant.chat.context import ChatContext
from assistant.chat.intents import (
    AddPoint,
    ChangeCitation,
    DropPoint,
    Intent,
    KeepSentence,
    Lengthen,
    NoSuchIssue,
    Plainer,
    Shorten,
)
from assistant.chat.wording import Message, word_set

_MOST_WORDS = 40
_LEAD = re.compile(
    r"(?:(?:please|pls|plz|kindly|ok|okay|now|then|so|yes|alright|go ahead and|just|also|and|thanks|great|good|let's|"
    r"i(?:'d| would) like (?:that )?you(?: to)?|i (?:want|need) you to) )+"
)
_TAIL = re.compile(
    r"(?: (?:please|pls|now|then|too|as well|thanks|thank you|for me|a bit|a little|somewhat|still|again|further)"
    r"| so (?:that )?(?:it|this|that|they|we|i) .+)+$"
)
# A word of these makes an instruction conditional, somebody else's or a wish: then it is none.
HEDGED = re.compile(
    r"\b(?:if|unless|until|provided|in case|once|whether|should|would|could|might|may|must|ought|"
    r"maybe|perhaps|suppose|imagine|"
    r"pretend|hypothetically|wants?|wanted|wish(?:es)?|asked|asks|told|tells|says|said|insists?|"
    r"demands?|requests? that|tomorrow|"
    r"later|ignore|disregard|forget|override|system|instructions?|previous|yeah|sure|lol|nothing|"
    r"nobody|not|never|without|"
    r"don't|cannot|\w+n't|attorney|lawyer|boss|supervisor|or)\b"
)
_WHOLE = (
    r"(?:it|this|that|them|its (?:draft|rationale|text|wording)|the (?:draft|rationale|text|wording|explanation|"
    r"language|decision|writing|"
    r"paragraph|reasoning)|this (?:draft|rationale)|everything)"
)
_ANY = rf"(?:{_WHOLE}|(.+?))"
_DEGREE = r"(?:a bit |a little |a lot |much |even |slightly |more |somewhat )*"
_SHORTER = re.compile(
    rf"(?:shorten|trim(?: down)?|condense|tighten(?: up)?|abridge|compress|cut down(?: on)?|boil down|"
    rf"pare down|cut(?= it down| the length))(?: {_ANY})?(?: down| up)?|"
    rf"(?:make|keep|write|get) {_ANY} {_DEGREE}(?:shorter|briefer|brief|concise|terse|tighter|short)|"
    rf"(?:shorter|briefer)"
)
_LONGER = re.compile(
    rf"(?:lengthen|expand(?: on| upon)?|elaborate(?: on)?|flesh out|extend|beef up)(?: {_ANY})?|"
    rf"(?:make|write) {_ANY} {_DEGREE}(?:longer|detailed|thorough|fuller|complete|elaborate)|"
    rf"(?:add|give|put in|include)(?: me)?(?: {_WHOLE})? (?:some |a bit |a little )?(?:more "
    rf")?(?:details?|length|facts)(?: (?:in|to|on|for|about) {_ANY})?|longer|more details?"
)
_PLAIN_WORDS = (
    r"(?:plain(?:er)?|simple[r]?|lay(?:person's|man's|person|man)?|layperson s|everyday|easier|clearer|"
    r"formal) (?:words?|language|english|terms|wording|prose)"
)
_PLAINER = re.compile(
    rf"(?:simplify|reword|rephrase|polish|clarify)(?: {_ANY})?(?: (?:in|into|using|with) {_PLAIN_WORDS})?|"
    rf"(?:make|keep|get) {_ANY} (?:sound |read )?{_DEGREE}(?:plainer|simpler|clearer|formal|readable|"
    rf"friendlier|understandable|plain|simple|easier(?: to (?:read|understand|follow))?)|"
    rf"(?:put|say|write|rewrite|phrase|express|word|explain) {_ANY} (?:in|into|using|with) {_PLAIN_WORDS}|"
    rf"(?:use|in) {_PLAIN_WORDS}(?: (?:in|for) {_ANY})?|rewrite(?: {_ANY})?|(?:plainer|simpler|more formal)"
)
_NUMBER = (
    r"(?P<number>\d{1,2}|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|one|two|"
    r"three|four|five|six|seven|1st|2nd|3rd|4th|5th)"
)
_SENTENCE = re.compile(
    rf"(?:the |my |that |this )?(?:{_NUMBER} (?:sentence|line)|(?:sentence|line) (?:number |no "
    rf")?{_NUMBER.replace('number', 'at')})(?P<rest>.*)"
)
_ABOUT = re.compile(
    r"(?:the |my |that |this |own |a )*(?:sentences?|lines?|parts?|bits?|points?|words?|statements?|"
    r"remarks?|mentions?|references?|wording|facts?|piece|stuff|criteri(?:on|a)|requirements?|rules?)"
    r"(?: (?:about|on|of|that|where|which|saying|regarding|concerning|with|for|mentioning|to|says|say))*(?: |$)"
)
_NOUN_BEHIND = re.compile(
    r"(?:the |that |my |this )*(?P<words>.+) (?:sentences?|lines?|bits?|remarks?|statements?|mentions?)"
)
_DROP = re.compile(
    r"(?:drop|remove|delete|omit|leave out|take out|cut out|cut|strike out|strike|get rid of|lose|"
    r"scrap|erase|leave)(?: (?P<what>.+?))(?: out)?"
)
_KEEP = re.compile(
    r"(?:keep|protect|preserve|lock|pin|retain|save|hold on to|leave)(?: in)? (?P<what>.+?)(?: (?:as "
    r"(?:it )?is|as mine|as my own|alone|unchanged|in place|untouched|safe|in))*"
)
_ADD = re.compile(
    r"(?:add|include|insert|mention|put in|bring in|bring up|work in|note|state|point out|append|say|"
    r"put(?= .+ (?:in|into) (?:the |my |this )?(?:\w+ ){0,4}(?:rationale|draft|text|issue|discussion|decision)\b)"
    r")(?: in)?(?: that)? (?P<what>.+?)(?: in| into it| there)?"
)
_CITE = re.compile(
    r"(?:(?:cite|use|rely on|base (?:it|this|the rule|the rationale) on|refer to|go with|quote from|"
    r"apply) (?P<to>.+?)|"
    r"(?:change|switch|replace|swap|set|move|update)(?: (?:the|its|our|my|this))? ?(?:citation|"
    r"guideline|section|reference|source|rule|cite)s? (?:to|with|for|by|over to) (?P<into>.+?)|"
    r"switch to (?P<over>.+?)|replace .+ (?:with|by) (?P<by>.+?)|cite (?P<last>.+?))(?: (?:instead(?: "
    r"of .+)?|rather than .+|as the (?:rule|guideline|citation|source)))?"
)
# "change the citation of issue 1 to ODG": the issue is moved to the end, where it is looked for.
_MIDDLE = re.compile(
    r"^(\w+ (?:the |its )?(?:citation|guideline|section|reference|source)) ((?:of|in|for) .+?) (to|with|"
    r"by) (.+)$"
)
_GUIDELINE_LIKE = re.compile(
    r"\b(?:mtus|acoem|odg|guidelines?|chapter|section|complaints|studies|treatment|\d{4}|labor code|"
    r"9792\S*|formulary|edition|citation)\b"
)
_PREPOSITION = re.compile(r"(?:^| )(?:in|of|for|from|to|into|on|under) ")
_ISSUE_AT_END = re.compile(
    r"(?:^| )(?:in|of|for|from|to|into|on|under) (?P<which>(?:the )?(?:(?:issue|service|request|"
    r"item)s? (?:number |no )?\w+|\w+ (?:issue|service|request|item|one)))$"
)
_SERVICE_AT_END = re.compile(r"(?:^| )(?:in|of|for|from|to|into|on|under) (?P<which>(?:the )?[\w' -]{2,60})$")
_FILL = word_set("the rationale draft text decision one for of s please a discussion section part paragraph write up")
EFFECT_VERBS = word_set(
    "overturn uphold shorten lengthen expand simplify reword rephrase rewrite drop remove delete "
    "omit strike keep protect preserve add "
    "include insert cite redraft undo revert set make mark change switch trim condense put leave use "
    "take mention cut clear restore roll "
    "tighten elaborate replace reset start draft retain lock"
)


def _words(line: str) -> list[str]:
    return line.split()


_POSITIONS = {"last": -1, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4}
_WORDS = {w: n for n, w in enumerate(_words("one two three four five six seven eight nine ten"))}
_ORDER = {w: n for n, w in enumerate(_words("first second third fourth fifth sixth seventh eighth ninth tenth"))}
# What these verbs take as their object is no point of a rationale.
_NO_POINT = re.compile(
    r"(?:it|this|that|them|me|us|him|her|you|up|down|out|on|off|in|going|hi|hello|thanks|an? (?:joke|"
    r"poem|email|reminder)|the (?:outcome|case|draft|chat|patient|page).*)"
)


def read_revision(message: Message, context: ChatContext) -> Intent | None:
    """The revision that a plain imperative asks for, else None; every message of another sort gives None."""
    plain = bare(message.plain)
    if not plain or len(plain.split()) > _MOST_WORDS or HEDGED.search(without_object(plain)):
        return None
    for read in (_whole, _drop, _keep, _cite, _add):
        found = read(plain, message, context)
        if found is not None:
            return found
    return None


# "for the acupuncture cite X", "mention in issue 1 that Y": where the issue stands is moved to the end.
_ISSUE_FIRST = re.compile(
    r"^((?:for|in|on) (?:the |issue |#)?\w+(?: (?:one|issue|service|request))?) "
    r"((?:shorten|lengthen|simplify|cite|use|add|include|mention|drop|remove|delete|keep|make|rewrite|reword) .+)$"
)
_ISSUE_SECOND = re.compile(
    r"^(add|include|insert|mention|note|state|put|say) (?:in|to|for) "
    r"((?:issue )?\d{1,2}|(?:the )?(?:first|second|third|fourth|last)(?: (?:one|issue|service|request))?) (?:that "
    r")?(.+)$"
)


def without_object(plain: str) -> str:
    """The words of an instruction on a sentence without what that sentence is about, which may well say "not"."""
    return _ABOUT_WHAT.sub(r"\1", plain)


_ABOUT_WHAT = re.compile(
    r"^((?:drop|remove|delete|omit|leave out|take out|cut out|cut|strike|keep|protect|preserve|retain|save|lock) "
    r"(?:in |out )?(?:the |my |that |this |own )*(?:\w+ )?(?:sentences?|lines?|parts?|bits?|remarks?|statements?|"
    r"wording) )"
    r"(?:about|on|that says|which says|saying|where|with) .+"
)


def bare(plain: str) -> str:
    """The words without the courtesies around them."""
    lead = _LEAD.match(plain + " ")
    inside = _TAIL.sub("", plain[lead.end() :] if lead else plain).strip()
    inside = _ISSUE_FIRST.sub(r"\2 \1", inside)
    return _ISSUE_SECOND.sub(r"\1 \3 in \2", inside)


def _whole(plain: str, message: Message, context: ChatContext) -> Intent | None:
    del message
    short, (which, left) = plain, _issue_at_end(plain, context)
    for pattern, act in ((_SHORTER, Shorten), (_LONGER, Lengthen), (_PLAINER, Plainer)):
        for text, issue in ((left, which), (short, None)):
            match = pattern.fullmatch(text) if text else None
            if match is None:
                continue
            spoken = next((group for group in match.groups() if group), None)
            if spoken is None:
                return _of(issue, context, act)
            told = _issues(spoken.split(), context)
            if told is not None:
                return _of(told, context, act)
    return None


def _of(
    issue: int | NoSuchIssue | None, context: ChatContext, act: type[Shorten] | type[Lengthen] | type[Plainer]
) -> Intent:
    if isinstance(issue, NoSuchIssue):
        return issue
    return act(_else_only(issue, context))


def _drop(plain: str, message: Message, context: ChatContext) -> Intent | None:
    del message
    match = _DROP.fullmatch(plain)
    if match is None or re.match(r"leave (?!.*\bout$)(?!out\b)", plain):
        return None
    return _sentence_act(match["what"], context, DropPoint)


def _keep(plain: str, message: Message, context: ChatContext) -> Intent | None:
    del message
    match = _KEEP.fullmatch(plain)
    if match is None:
        return None
    return _sentence_act(match["what"], context, KeepSentence)


def _sentence_act(what: str, context: ChatContext, act: type[DropPoint] | type[KeepSentence]) -> Intent | None:
    issue, left = _issue_at_end(what, context)
    if isinstance(issue, NoSuchIssue):
        return issue
    number = _SENTENCE.fullmatch(left)
    only = _else_only(issue, context)
    if number and not number["rest"].strip():
        return act(only, sentence=_position(number["number"] or number["at"]))
    named_as_sentence = _ABOUT.match(left) or _NOUN_BEHIND.fullmatch(left)
    words = left
    if named_as_sentence:
        words = named_as_sentence.groupdict().get("words") or left[named_as_sentence.end() :]
    words = re.sub(r"^(?:the|a|an|any|all|her|his|my)\b ?", "", words).strip()
    if not words:
        return act(only)
    if _NO_POINT.fullmatch(left) or (act is KeepSentence and not named_as_sentence):
        return None
    return act(only, words)


def _cite(plain: str, message: Message, context: ChatContext) -> Intent | None:
    plain = re.sub(r" (?:and|but) not (?:the )?.+?(?= (?:for|in|of) |$)", "", plain)
    named, rest = _issue_at_end(re.sub(r" there(?= |$)", "", _MIDDLE.sub(r"\1 \3 \4 \2", plain)), context)
    match = _CITE.fullmatch(rest)
    if match is None:
        return None
    to = next((g for g in match.groups() if g), "")
    issue, left = (named, to) if named is not None else _issue_at_end(to, context)
    if isinstance(issue, NoSuchIssue):
        return issue
    clear = plain.startswith("cite ") or re.match(
        r"\w+ (?:the |its |our |my |this )?(?:citation|guideline|section|reference|source|cite)", plain
    )
    if not left or not (clear or _GUIDELINE_LIKE.search(left)) or re.fullmatch(r"(?:it|this|that)", left):
        return None
    del message
    return ChangeCitation(_else_only(issue, context), left)


def _add(plain: str, message: Message, context: ChatContext) -> Intent | None:
    match = _ADD.fullmatch(plain)
    if match is None:
        return None
    if (
        plain.startswith(("say ", "put "))
        and not plain.startswith(("say that ", "put in "))
        and not re.search(r" (?:in|into|to) ", plain)
    ):
        return None
    issue, left = _issue_at_end(match["what"], context)
    if isinstance(issue, NoSuchIssue):
        return issue
    words = _verbatim_id(message.text) if re.match(r"the criterion [a-z0-9_ ]+$", left) else ""
    words = words or left
    about = _ABOUT.match(words)
    words = words[about.end() :] if about and words[about.end() :].strip() else words
    words = re.sub(r"^(?:that |the fact that |the |a |an )+", "", words).strip()
    words = re.sub(r" (?:to|in|into) (?:the )?(?:rationale|draft|text|it)$", "", words)
    if not words or _NO_POINT.fullmatch(words):
        return None
    return AddPoint(_else_only(issue, context), words)


def _verbatim_id(text: str) -> str:
    match = re.search(r"criterion\s+([a-z0-9_]+(?:\.[a-z0-9_]+)+)", text)
    return match[1] if match else ""


def _issue_at_end(text: str, context: ChatContext) -> tuple[int | NoSuchIssue | None, str]:
    """The issue that a text names at its end, and the text before it; the shortest ending that names one counts."""
    for place in reversed([found.start() for found in _PREPOSITION.finditer(text)]):
        for pattern in (_ISSUE_AT_END, _SERVICE_AT_END):
            match = pattern.match(text, place)
            told = _issues(match["which"].split(), context) if match else None
            if match and told is not None:
                return told, text[:place].strip()
    return None, text


def _issues(words: Sequence[str], context: ChatContext) -> int | NoSuchIssue | None:
    """The one issue that words name wholly; None where they name none, several, or say anything more."""
    tokens = [word for word in words if word not in _FILL or word == "one"]
    if not tokens or tokens == ["one"]:
        return None
    named = named_in(tokens, context)
    if (
        named.unknown is not None
        and not named.left
        and any(t in ("issue", "service", "request", "item", "one") for t in tokens)
    ):
        return NoSuchIssue(named.unknown)
    return named.issues[0] if len(named.issues) == 1 and not named.left and named.unknown is None else None


def _else_only(issue: int | None, context: ChatContext) -> int | None:
    if issue is not None:
        return issue
    only = the_only(context)
    return only[0] if only else context.spoken_of


def _position(word: str) -> int:
    for known in (_POSITIONS, _WORDS, _ORDER):
        if word in known:
            return known[word]
    return int(word) - 1


def speaks_of_revision(plain: str) -> bool:
    """Whether a message has the verb of a revision and something that it could be done to."""
    return bool(
        re.search(
            r"\b(?:shorten|lengthen|reword|rephrase|rewrite|redraft|simplify|drop|delete|remove|omit|"
            r"strike|undo|revert|cite|overturn|overturned|uphold|upheld|set)\b",
            plain,
        )
    ) and bool(
        re.search(
            r"\b(?:it|this|sentence|draft|rationale|issue|citation|outcome|them|everything|paragraph|"
            r"upheld|overturned|first|second)\b",
            plain,
        )
    )
