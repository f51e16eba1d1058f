"""Routes a message to an intent by rules: acts from plain imperatives only, everything else to something shown."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.chat.commands import (
    ORDINALS,
    is_negated,
    is_question,
    issues_named,
    read_command,
    service_named,
    spoken_outcome,
)
from assistant.chat.comparing import compared_with
from assistant.chat.context import ChatContext
from assistant.chat.intents import (
    AskCase,
    AskGuideline,
    ChooseIssue,
    CompareDecision,
    DropPoint,
    ExplainTerm,
    FindDecisions,
    Help,
    Intent,
    KeepSentence,
    NoSuchIssue,
    NotDone,
    OtherWay,
    Reword,
    SetOutcome,
    Several,
    ShowDraft,
    Unclear,
    Unknown,
    Why,
)
from assistant.chat.parts import several, with_reason
from assistant.chat.revisions import EFFECT_VERBS, bare, read_revision, speaks_of_revision, without_object
from assistant.chat.wording import Message, content_words, read_message, word_set
from assistant.domain import Outcome

_HELP = re.compile(
    r"(?:please )?(?:help(?: me)?|what can (?:you|i) (?:do|ask|say)(?: here)?|how does this work|hi|hello|hey|"
    r"good (?:morning|afternoon|evening)(?: .{0,20})?|(?:ok |great |perfect |nice )*(?:many "
    r")?(?:thanks?|thank you|thx|ty|cheers)(?: .{0,30})?|"
    r"(?:hi|hello|hey)(?: there| again)?|(?:what|which things) (?:can|could|do|may) (?:i|you|we) "
    r".{0,10}(?:do|ask|say|type|tell you)(?: .{0,20})?|"
    r"how (?:do|can|should) i (?:use|start|begin|work with) .{0,20}|what are my options|great|perfect|nice|"
    r"what (?:are|is) (?:you|this)|commands|options|can i undo(?: (?:it|this|that))?)"
)
_WHY = re.compile(
    r"^y (?=(?:no|not|is|isn't|the|did|does|so)\b)|\b(?:why|how come|(?:on|from) (?:what|which) (?:basis|grounds?|"
    r"evidence|criteri(?:on|a)|facts?)|what (?:is|are|was) (?:missing|the (?:reasons?|basis|gap))|"
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
    r"(?:decisions?|determinations?|letters?|cases)|how (?:were|are|have|was) (?:\w+ ){0,4}decided|"
    r"(?:overturned|upheld) (?:\w+ ){0,5}like (?:this|it|ours|mine)|(?:decisions?|determinations?|"
    r"letters?) (?:on|about|for|like|where|that|with|in))\b"
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
    r"(?:please )?(?:show|read|see|open|display|view|print|what is|what's|where is)(?: me)?(?: the| "
    r"my| your| current)*"
    r"(?: (?!of\b|for\b)\w+){0,4}? (?:draft|rationale|text|version|conclusion)(?: (?:of|for) (?P<which>.+))?(?: "
    r"(?:again|now|please))*"
)
_SHOW_IT = re.compile(
    r"(?:please |now |ok )*(?:show|let me see|let me read|read)(?: me)?(?: (?:it|that|this))?(?: to me)?(?: again|"
    r" now)*"
)
_OTHER_SIDE = re.compile(
    r"(?:(?:and|or|but|now|what about|how about|any|show|the|me|find) )*(?P<outcome>upheld|overturned)"
    r"(?: (?:ones?|cases|decisions|letters))?(?: (?:too|then|please))*"
)
_REWORD = re.compile(
    r"\b(?:rephrase|reword|rewrite|plainer|simpler|simplify|formal|longer|lengthen|expand|translate|polish|"
    r"improve the|friendlier|"
    r"layperson|tone|bullet)\b"
)
# What nobody asks of a case: small talk, letters to people, advice beyond the review, other trades.
_OFF_TOPIC = re.compile(
    r"\b(?:who won|lakers|(?:ball|last|big) game|nba|nfl|super bowl|weather|jokes?|poem|poetry|song|sing|recipe|"
    r"cook|football|soccer|baseball|"
    r"movie|music|bitcoin|python|javascript|"
    r"president|election|news|capital of|translate|horoscope|lottery|birthday|(?:which|what) (?:\w+ ){1,3}would you "
    r"(?:put|give|prescribe|use|start|choose|pick|take)|(?:write|fix|debug) (?:\w+ ){0,3}(?:code|program|script)|"
    r"your name|are you (?:a |an )?"
    r"(?:human|robot|bot|ai|real|alive|single)|how are you|who made you|time is it|date today|dinner|"
    r"lunch|pizza|vacation|flight|hotel|"
    r"(?:write|send|email|e-mail|mail|call|phone|fax)(?: \w+){0,4}? (?:to )?(?:the |my |her |his "
    r")?(?:patient|worker|claimant|attorney|"
    r"lawyer|physician|doctor|employer|adjuster|insurer|wife|boss|mother)|what should (?:she|he|the "
    r"patient|the worker|i) (?:take|do|eat)|"
    r"(?:should|can|could) (?:she|he|the patient|the worker) (?:take|stop|start|go|eat|drink|have "
    r"surgery)|should i prescribe)\b"
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
    if context.spoken_of is None and context.said:
        context = replace(context, spoken_of=_spoken_of(context))
    one = several(read, lambda part, before: _route_one(part, _after(before, context))) or _route_one(read, context)
    if isinstance(one, NotDone | Unknown | Reword | AskGuideline | AskCase | KeepSentence | DropPoint):
        return with_reason(read, lambda part: _route_one(part, context)) or one
    return one


def _after(before: Intent | None, context: ChatContext) -> ChatContext:
    """The context in which the second part of a message stands: it may speak of "its" issue."""
    named = _named_by(before) if before is not None else None
    return context if named is None else replace(context, spoken_of=named)


def _spoken_of(context: ChatContext) -> int | None:
    """The issue that the reviewer's last messages named, however they named it."""
    alone = ChatContext(context.draft, context.terms)
    for said in reversed(context.said[-_REMEMBERED:]):
        named = _named_by(route(said, alone))
        if named is None and len(context.services) > 1:
            named = service_named(content_words(said), context)
        if named is not None:
            return named
    return None


def _named_by(intent: Intent) -> int | None:
    if isinstance(intent, Several):
        return next((named for part in reversed(intent.parts) if (named := _named_by(part)) is not None), None)
    issues = getattr(intent, "issues", ())
    issue = issues[0] if len(issues) == 1 else getattr(intent, "issue", None)
    return issue if isinstance(issue, int) else None


def _route_one(read: Message, context: ChatContext) -> Intent:
    follow = _follow_up(read, context) or _other_decisions(read, context)
    if follow is not None:
        return follow
    if _CONDITIONAL.match(read.plain) and "?" not in read.tokens:
        return NotDone(Unclear.NOT_PLAIN, _say(read) if spoken_outcome(read) else "shorten it")
    which = compared_with(read)
    if which is not None and not is_negated(read):
        issue = _issue_of(read, context)
        return issue if isinstance(issue, NoSuchIssue) else CompareDecision(which, issue)
    if _asks_to_act(read):
        return NotDone(Unclear.QUESTION, "make it overturned" if spoken_outcome(read) is None else _say(read))
    act = read_command(read, context)
    if act is None and _is_plain_imperative(read):
        act = read_revision(read, context)
    if act is not None and not (isinstance(act, NotDone) and act.why is not Unclear.NEGATED and _asks_otherwise(read)):
        return act
    shown = _shown(read, context)
    return _hearsay(read) or shown if isinstance(shown, Unknown | Reword | AskCase | AskGuideline) else shown


def _other_decisions(read: Message, context: ChatContext) -> FindDecisions | None:
    """ "And upheld ones?" after a search: the same search for that outcome."""
    match = _OTHER_SIDE.fullmatch(read.plain)
    if match is None or not context.said or not re.match(r"(?:and|what|how|any|or|now|show|the)\b", read.plain):
        return None
    before = route(context.said[-1], replace(context, said=context.said[:-1]))
    outcome = Outcome(match["outcome"].capitalize())
    return replace(before, outcome=outcome) if isinstance(before, FindDecisions) else None


_CONDITIONAL = re.compile(
    r"(?:if|unless|when|once|in case|assuming|suppose|supposing|provided)\b.+\b"
    r"(?:overturn|uphold|shorten|lengthen|redraft|undo|drop|delete|remove|simplify|set|make|cite|add|keep) \w+"
)


def _is_plain_imperative(read: Message) -> bool:
    return not (
        read.pasted
        or read.lines > 1
        or read.quotes
        or is_question(read)
        or (is_negated(read) and without_object(bare(read.plain)) == bare(read.plain))
        or not _SIGNS.match(read.text)
    )


_SIGNS = re.compile(r"(?!.*--)\w[\w\s.,!;/()'%+&#§:\-\u2010-\u2015]*\Z")
_ASKS_TO_ACT = re.compile(
    r"^(?:(?:please|ok|and|so|hey|then) )*(?:can|could|would|will|won't|may|might|shall) (?:you|we|i|"
    r"u)(?: please| just| maybe| also)* (?P<verb>\w+)"
)


def _asks_to_act(read: Message) -> bool:
    """An act inside a question: "can you shorten it?"."""
    match = _ASKS_TO_ACT.match(read.plain)
    return bool(match and match["verb"] in EFFECT_VERBS and speaks_of_revision(read.plain))


def _say(read: Message) -> str:
    outcome = spoken_outcome(read) or Outcome.OVERTURNED
    return f"make it {outcome.value.lower()}"


def _hearsay(read: Message) -> NotDone | None:
    """A message with the verb of an act that is no plain imperative."""
    if is_question(read) and not re.search(r"\b(?:ignore|disregard)\b", read.plain):
        return None
    if not speaks_of_revision(read.plain):
        return None
    why = Unclear.NEGATED if is_negated(read) else Unclear.NOT_PLAIN
    return NotDone(why, _say(read) if spoken_outcome(read) else "shorten it")


def focus(context: ChatContext) -> int | None:
    """The issue that the talk is about: the one chosen last, else the page's, else the only one."""
    for message in reversed(context.said[-_REMEMBERED:]):
        chosen = _follow_up(read_message(message), ChatContext(context.draft, context.terms, context.issue))
        if isinstance(chosen, ChooseIssue):
            return chosen.issue
    if context.issue is not None:
        return context.issue
    return 0 if len(context.services) == 1 else context.spoken_of


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
    if _SHOW.fullmatch(plain) or _SHOW_IT.fullmatch(plain):
        return ShowDraft(issue)
    if _OFF_TOPIC.search(plain):
        return Unknown()
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
        return FindDecisions(_about_decisions(message), outcome, issue, _wanted(plain))
    if outcome is not None and is_question(message) and _HYPOTHETICAL.search(plain):
        return OtherWay(outcome, issue)
    return None


_CARDINALS = "one two three four five six seven eight nine ten"
_COUNTS = {word: n for n, word in enumerate(_CARDINALS.split(), 1)}
_MOST_WANTED = 10
_WANTED = re.compile(
    rf"(?:^|\b(?:find|show|give|me|list|get|search|for|top|any|need|want|see) )(?P<n>\d{{1,2}}|{'|'.join(_COUNTS)}) "
    rf"(?!of\b)"
    r"(?:\w+ ){0,6}?(?:decisions?|determinations?|letters?|cases|overturned|upheld|like|similar|past|"
    r"mris?|others?|examples?)\b"
)


def _wanted(plain: str) -> int:
    """How many decisions a message asks for; three where it says none."""
    match = _WANTED.search(plain)
    if match is None:
        return 3
    number = _COUNTS.get(match["n"]) or int(match["n"])
    return max(1, min(number, _MOST_WANTED))


def _about_decisions(message: Message) -> str:
    """The words to search decisions by, without how many are wanted."""
    words = _about(message).split()
    match = _WANTED.search(message.plain)
    return " ".join(word for word in words if not (match and word == match["n"]) and word not in _NO_SEARCH)


_NO_SEARCH = word_set("four five six seven eight nine ten give me get top examples example ones case any")


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
        return FindDecisions(_about_decisions(message), spoken_outcome(message), None, _wanted(plain))
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
    "reach conclude decide here similar find show list search like earlier prior was were isn't "
    "wasn't doesn't didn't "
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
    if _BEFORE.fullmatch(rest.strip()) and len(context.services) > 1:
        before = _chosen_before(context)
        return ChooseIssue(before, _asked_last(context, before))
    if not tokens or tokens == ["one"] or not (_opens_follow_up(plain) or _names_number(tokens)):
        return None
    named = issues_named(tokens, context)
    if named.unknown is not None and not named.left:
        return NoSuchIssue(named.unknown)
    if named.left or len(named.issues) != 1:
        return None
    return ChooseIssue(named.issues[0], _asked_last(context, named.issues[0]))


_BEFORE = re.compile(
    r"(?:the )?(?:one|issue|service|item) before(?: that| this)?|(?:the )?(?:previous|prior|earlier) "
    r"(?:one|issue|service|item)"
)


def _chosen_before(context: ChatContext) -> int:
    """The issue that was talked about before the one at hand; else the one that stands before it."""
    at_hand = focus(context)
    for number in range(len(context.said) - 1, -1, -1):
        earlier = focus(ChatContext(context.draft, context.terms, context.issue, context.said[:number]))
        if earlier is not None and earlier != at_hand:
            return earlier
    return max(0, (at_hand or 0) - 1)


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
        case FindDecisions(outcome=outcome, limit=limit):
            return FindDecisions("", outcome, issue, limit)
        case ShowDraft():
            return ShowDraft(issue)
        case SetOutcome(outcome=Outcome() as outcome):
            return NotDone(Unclear.NOT_PLAIN, f"set issue {issue + 1} to {outcome.value.lower()}")
    return None
