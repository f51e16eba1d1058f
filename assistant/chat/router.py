"""Routes a message to an intent by rules: acts from plain imperatives only, everything else to something shown."""

from __future__ import annotations

import re

from assistant.chat.commands import ORDINALS, is_question, issues_named, read_command, service_named, spoken_outcome
from assistant.chat.context import ChatContext
from assistant.chat.intents import (
    AskCase,
    AskGuideline,
    ChooseIssue,
    ExplainTerm,
    FindDecisions,
    Help,
    Intent,
    NoSuchIssue,
    NotDone,
    OtherWay,
    Reword,
    SetOutcome,
    ShowDraft,
    Unclear,
    Unknown,
    Why,
)
from assistant.chat.wording import Message, content_words, read_message, word_set
from assistant.domain import Outcome

_HELP = re.compile(
    r"(?:please )?(?:help(?: me)?|what can (?:you|i) (?:do|ask|say)(?: here)?|how does this work|hi|hello|hey|"
    r"good (?:morning|afternoon)|"
    r"what (?:are|is) (?:you|this)|commands|options|can i undo(?: (?:it|this|that))?)"
)
_WHY = re.compile(
    r"\b(?:why|how come|on what (?:basis|ground)s?|what (?:is|are|was) (?:missing|the (?:reasons?|basis|gap))|"
    r"what's missing|"
    r"explain (?:the |this |that |your |its )?(?:lean|outcome|decision|conclusion|finding|draft|gap)|"
    r"(?:reasons?|basis|grounds) (?:for|of|behind)|how did (?:you|it) (?:get|reach|conclude|decide|arrive)|"
    r"which criteri(?:on|a)|where does (?:this|that|it|the (?:lean|conclusion)) come from|what decides)\b"
)
_OTHER_WAY = re.compile(
    r"\b(?:speaks? (?:for|against|in favou?r)|spoke (?:for|against)|what (?:would|could|might) (?:overturn|"
    r"uphold|change|turn)|"
    r"(?:other|opposite) (?:way|side|view|outcome)|devil'?s?(?: s)? advocate|counter ?arguments?|pros and cons|"
    r"for and against|"
    r"arguments? (?:for|against)|case (?:for|against)|argue|"
    r"in favou?r of (?:overturning|upholding))\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:should|would|could|can|may|might|shall|must|if|suppose|imagine|assume|whether|is|isn't|shouldn't|"
    r"better|right|correct|ought)\b"
)
_DECISIONS = re.compile(
    r"\b(?:similar|precedents?|(?:past|earlier|previous|prior|other|like|overturned|upheld|any|find|show|list|"
    r"search)(?: \w+){0,4} "
    r"(?:decisions?|determinations?|letters?|cases)|how (?:were|are|have|was) (?:\w+ ){0,4}decided)\b"
)
_FIND_VERB = re.compile(r"^(?:please )?(?:find|search|look for|show|list)\b")
_DEFINE = re.compile(
    r"(?:please )?(?:(?:what (?:is|are)|what's|whats|define|explain)(?: (?:an?|the|to me|me|term|word|word of))*|"
    r"(?:the )?(?:meaning|definition) of(?: (?:an?|the))?|what does(?: (?:an?|the))?|what do(?: (?:the))?|what "
    r"is meant by)"
    r" (?P<term>.+?)(?: (?:means?|stands? for|again|here|in this case|in imr))*"
)
_GUIDELINE = re.compile(
    r"\b(?:guidelines?|mtus|acoem|odg|chapter|regulation|statute|labor code|passages?|rules?|edition|in force|"
    r"criteri(?:on|a) (?:for|of|on)|recommend(?:s|ed|ation)?|allow(?:s|ed)?|require(?:s|d|ment|ments)?|limits?|"
    r"maximum|indicated|indications?)\b"
)
_CASE = re.compile(
    r"\b(?:(?:the )?(?:case|summary|record|records|notes?|file|chart|report) (?:say|says|state|states|mention|"
    r"mentions|document|"
    r"documents|show|shows|tell|tells)|(?:does|did|do|is|was|has|had|have) (?:the |this )?(?:case|summary|record|"
    r"records|note|notes|"
    r"file|chart|worker|patient|claimant|he|she)\b|where (?:does it|is it|in the (?:case|summary)) \w+|"
    r"(?:quote|cite) (?:the )?(?:part|words|sentence|summary|case)|in the (?:case|summary|record|records|file|chart)|"
    r"how (?:many|much|long|old) (?:\w+ ){0,3}(?:has|have|had|did|was|is) (?:the )?(?:he|she|worker|patient)|"
    r"(?:his|her|the (?:worker|patient)'?s?) \w+|what (?:did|does|do) (?:he|she|the (?:worker|patient))|documented)\b"
)
_SHOW = re.compile(
    r"(?:please )?(?:show|read|see|open|display|view|print|what is|what's|where is)(?: me)?(?: the| my| your| current)*"
    r" (?:draft|rationale|text|version|conclusion)(?: (?:of|for) (?P<which>.+))?(?: (?:again|now|please))*"
)
_REWORD = re.compile(
    r"\b(?:rephrase|reword|rewrite|plainer|simpler|simplify|formal|longer|lengthen|expand|translate|polish|"
    r"improve the|friendlier|"
    r"layperson|tone|bullet)\b"
)
_ISSUE = r"(?:issue|service|request|item)"
_NUMBERED = re.compile(rf"\b{_ISSUE} (?:number |no )?(\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten)\b")
_ORDERED = re.compile(rf"\b({'|'.join(sorted(ORDINALS))}|last) {_ISSUE}\b")
_FOLLOW_LEAD = re.compile(
    r"(?:(?:and|but|now|then|so|ok|okay|please|go|turn|switch|move)(?: to)? )*(?:(?:what|how) about |for |about |"
    r"on |in |to )*"
)
_FOLLOW_FILL = word_set(
    "the for about and what how on of in to now then same please other one ones next previous thing"
)
_REMEMBERED = 10  # earlier messages that a follow-up may refer to


def route(message: str, context: ChatContext) -> Intent:
    """The intent of a message. Never raises, has no effect; the same message in the same context gives the same."""
    read = read_message(message)
    if not read.plain:
        return Help() if not read.text or set(read.text) <= {"?", " "} else Unknown()
    follow = _follow_up(read, context)
    if follow is not None:
        return follow
    act = read_command(read, context)
    if act is not None and not (isinstance(act, NotDone) and act.why is not Unclear.NEGATED and _asks_otherwise(read)):
        return act
    return _shown(read, context)


def focus(context: ChatContext) -> int | None:
    """The issue that the talk is about: the one chosen last, else the page's, else the only one."""
    for message in reversed(context.said[-_REMEMBERED:]):
        chosen = _follow_up(read_message(message), ChatContext(context.draft, context.terms, context.issue))
        if isinstance(chosen, ChooseIssue):
            return chosen.issue
    if context.issue is not None:
        return context.issue
    return 0 if len(context.services) == 1 else None


def _asks_otherwise(message: Message) -> bool:
    """Whether a message with an outcome's name in it asks for something to be shown."""
    plain = message.plain
    return any(pattern.search(plain) for pattern in (_WHY, _OTHER_WAY, _DECISIONS, _FIND_VERB)) or bool(
        _DEFINE.fullmatch(plain)
    )


# --- what is shown --------------------------------------------------------------------------------------------


def _shown(message: Message, context: ChatContext) -> Intent:
    plain = message.plain
    if _HELP.fullmatch(plain):
        return Help()
    issue = _issue_of(message, context)
    if isinstance(issue, NoSuchIssue):
        return issue
    term = None if _WHY.search(plain) else _term(message, context)
    if term is not None:
        return ExplainTerm(term)
    if _SHOW.fullmatch(plain):
        return ShowDraft(issue)
    asked = _about_the_draft(message, issue) or _about_what_is_known(message, context)
    if asked is not None:
        return asked
    return Reword() if _REWORD.search(plain) else Unknown()


def _about_the_draft(message: Message, issue: int | None) -> Intent | None:
    plain, outcome = message.plain, spoken_outcome(message)
    if _WHY.search(plain) and not _OTHER_WAY.search(plain):
        return Why(_about(message), issue)
    if _OTHER_WAY.search(plain):
        return OtherWay(_spoken_side(plain, outcome), issue)
    if _DECISIONS.search(plain) and not _GUIDELINE.search(plain):
        return FindDecisions(_about(message), outcome, issue)
    if outcome is not None and is_question(message) and _HYPOTHETICAL.search(plain):
        return OtherWay(outcome, issue)
    return None


def _spoken_side(plain: str, outcome: Outcome | None) -> Outcome | None:
    if outcome is not None and re.search(r"\b(?:against|argue against|counter ?arguments?)\b", plain):
        return outcome.other
    return outcome


def _about_what_is_known(message: Message, context: ChatContext) -> Intent | None:
    plain = message.plain
    about_case = bool(_CASE.search(plain))
    if _GUIDELINE.search(plain) and not (about_case and context.draft is not None and not _names_guideline(plain)):
        return AskGuideline(message.text)
    if _FIND_VERB.search(plain) and _about(message):
        return FindDecisions(_about(message), spoken_outcome(message), None)
    if about_case and _about(message):
        return AskCase(_about(message))
    if _REWORD.search(plain):
        return None
    if is_question(message) and _about(message):
        return AskGuideline(message.text)
    return None


def _names_guideline(plain: str) -> bool:
    return re.search(r"\b(?:guidelines?|mtus|acoem|odg|chapter|labor code|regulation)\b", plain) is not None


def _about(message: Message) -> str:
    """What the message is about, without the words that ask."""
    text = _NUMBERED.sub(" ", message.plain)
    return " ".join(word for word in content_words(text) if word not in _ASKING)


_ASKING = word_set(
    "why not found how come basis ground grounds missing reason reasons explain lean outcome conclusion gap "
    "decides decided "
    "reach conclude decide here similar find show list search like earlier prior was were isn't wasn't doesn't didn't "
    "because think come "
    "please ok okay hm second first third one two three number where quote part words sentence what's whats just then"
)


def _term(message: Message, context: ChatContext) -> str | None:
    """The term of the field that the message asks to have explained: after "what is", or standing alone."""
    plain = message.plain
    match = _DEFINE.fullmatch(plain)
    term = context.terms.named(match["term"]) if match else context.terms.named(plain)
    return term.names[0] if term else None


# --- which issue ----------------------------------------------------------------------------------------------


def _issue_of(message: Message, context: ChatContext) -> int | NoSuchIssue | None:
    """The issue that a question names by number or order; else the one that the talk is about."""
    plain = message.plain
    match = _NUMBERED.search(plain) or _ORDERED.search(plain)
    if match:
        named = issues_named(["issue", match[1]], context)
        if named.unknown is not None:
            return NoSuchIssue(named.unknown)
        if len(named.issues) == 1 and not named.left:
            return named.issues[0]
    named_by_words = service_named(content_words(plain), context) if len(context.services) > 1 else None
    return focus(context) if named_by_words is None else named_by_words


def _follow_up(message: Message, context: ChatContext) -> ChooseIssue | NoSuchIssue | None:
    """ "And for the second service?": another issue, and there what was asked last."""
    if not context.services or message.quotes or message.lines > 1 or len(message.tokens) > 12:
        return None
    plain = message.plain
    rest = plain[lead.end() :] if (lead := _FOLLOW_LEAD.match(plain)) else plain
    tokens = [word for word in rest.split() if word not in _FOLLOW_FILL or word == "one"]
    said_one = re.fullmatch(r"(?:the )?other (?:one|issue|service)", rest.strip())
    if said_one and len(context.services) == 2:
        before = focus(ChatContext(context.draft, context.terms, context.issue, context.said)) or 0
        return ChooseIssue(1 - before, _asked_last(context, 1 - before))
    if not tokens or tokens == ["one"] or not (_opens_follow_up(plain) or _names_number(tokens)):
        return None
    named = issues_named(tokens, context)
    if named.unknown is not None and not named.left:
        return NoSuchIssue(named.unknown)
    if named.left or len(named.issues) != 1:
        return None
    return ChooseIssue(named.issues[0], _asked_last(context, named.issues[0]))


def _opens_follow_up(plain: str) -> bool:
    return (
        re.match(r"(?:and|but|now|then|so|ok|what about|how about|for the|go to|turn to|switch to|move to)\b", plain)
        is not None
    )


def _names_number(tokens: list[str]) -> bool:
    ordinals = all(token in ORDINALS or token in ("one", "last") or token.isdigit() for token in tokens)
    return len(tokens) <= 3 and (ordinals or any(token in ("issue", "service", "item") for token in tokens))


def _asked_last(context: ChatContext, issue: int) -> Intent | None:
    """The question that was asked last, now of another issue; an act is never repeated."""
    for number in range(len(context.said) - 1, max(-1, len(context.said) - 1 - _REMEMBERED), -1):
        earlier = ChatContext(context.draft, context.terms, context.issue, ())
        read = read_message(context.said[number])
        if _follow_up(read, earlier) is not None:
            continue
        before = route(context.said[number], earlier)
        return _of_issue(before, issue)
    return None


def _of_issue(intent: Intent, issue: int) -> Intent | None:
    match intent:
        case Why(words=words):
            return Why(words, issue)
        case OtherWay(outcome=outcome):
            return OtherWay(outcome, issue)
        case FindDecisions(outcome=outcome):
            return FindDecisions("", outcome, issue)
        case ShowDraft():
            return ShowDraft(issue)
        case SetOutcome(outcome=Outcome() as outcome):
            return NotDone(Unclear.NOT_PLAIN, f"set issue {issue + 1} to {outcome.value.lower()}")
    return None
