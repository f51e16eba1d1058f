"""Plain imperatives: the only messages that change something.

An outcome is the reviewer's own act (promise 3 of the design), so a command is taken only where every word of a short,
single-line message has its place in it. One word too many, a question, a negation or a quotation, and nothing is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.chat.context import ChatContext
from assistant.chat.intents import Act, Intent, NoSuchIssue, NotDone, Redraft, SetOutcome, Shorten, Unclear, Undo
from assistant.chat.wording import Message, nearest, read_message, stem, word_set
from assistant.domain import Outcome

_MOST_WORDS = 16
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "first one",
            "second two",
            "third three",
            "fourth four",
            "fifth five",
            "sixth six",
            "seventh seven",
            "eighth eight",
            "ninth nine",
            "tenth ten",
        ),
        1,
    )
    for word in words.split()
}
ORDINALS = word_set("first second third fourth fifth sixth seventh eighth ninth tenth")
_ISSUE_WORDS = word_set("issue service request item number no #")
_ALL = word_set("all both everything every each")
_MAKE = word_set("make set mark change switch turn put")
_OUTCOMES = {
    "overturned": Outcome.OVERTURNED,
    "overturn": Outcome.OVERTURNED,
    "upheld": Outcome.UPHELD,
    "uphold": Outcome.UPHELD,
}
_VERBS = frozenset(["overturn", "uphold"])
_LEAD = word_set("please pls plz kindly ok okay now then so yes alright right go ahead and just")
_FILL = word_set(
    "please pls plz thanks it this that the to as a an be for of in on instead now outcome them issues services one its"
)
_SIGNS = frozenset(".,!;/-")  # the last two stand inside the names of drugs and studies
_CLEARS = word_set("clear unset reset remove")

_QUESTION = re.compile(
    r"^(?:(?:and|so|but|ok|okay|well|hm+|then|now)\s+)*(?:why|what|when|where|who|whom|which|how|is|are|was|were|"
    r"do(?! not)|"
    r"does|did|can|could|should|would|will|may|might|must|shall|has|have|had|if|suppose|supposing|imagine|assume|"
    r"assuming|whether|isn't|aren't|wasn't|"
    r"can't|couldn't|shouldn't|wouldn't|won't|doesn't|didn't|don't you|what's|who's)\b"
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|neither|cannot|without|stop|wait|avoid|refuse|dont|\w+n't|dnot|donot|cancel|nobody|"
    r"hardly)\b"
)
_SPOKEN_NECESSITY = (("not medically necessary", "upheld"), ("medically necessary", "overturned"))
_POLITE = r"(?:(?:please|ok|okay|now|then|so|just|yes) )*"
_TAIL = r"(?: (?:please|pls|plz|now|then|again|thanks))*"
_IT = (
    r"(?: (?:it|this|that|the draft|the rationale|the text|the case|everything|(?:the|my|that|this) last "
    r"(?:change|edit|step|one|act|thing)))?"
)
_UNDO = re.compile(
    rf"(?:(?:no|nope|oops|sorry|actually|hm|ah) )*{_POLITE}(?:undo|revert|restore|roll back|take (?:it|that|this) back|"
    rf"go back(?: (?:one|a) version)?|(?:go|change|set) (?:it )?back to (?:the )?(?:previous|last|earlier|old) version|"
    rf"(?:put|bring|set|get|change) (?:it|that|this|everything) back(?: (?:the way|how|to (?:how|what|the way)) it "
    rf"was)?|"
    rf"restore (?:the )?(?:previous|last|earlier|old) (?:version|text|draft|wording))"
    rf"{_IT}(?: (?:before|the way it was))?{_TAIL}"
)
_REDRAFT = re.compile(
    rf"{_POLITE}(?:redraft{_IT}|draft(?: (?:it|this|the case|everything|the draft))? again|"
    rf"draft (?:it|this|the case|everything)|"
    rf"(?:re)?(?:draft|write|do) (?:(?:it|this|the (?:whole |entire )?(?:case|draft|thing|rationale|letter)|"
    rf"everything) )"
    rf"(?:(?:over )?again|anew|afresh|over|from scratch)|(?:run|write|make|start|give me|create|do) a (?:new|"
    rf"fresh) draft|"
    rf"start (?:over|again|afresh|from scratch)|draft afresh|regenerate{_IT})(?: from scratch)?{_TAIL}"
)
_SHORTEN = re.compile(
    rf"{_POLITE}(?:shorten|(?:make|write|draft) (?:it|this|that|the draft|the rationale|the text)(?P<mid> .*)? shorter|"
    rf"make (?P<named>.+) shorter|shorter)(?P<object> .+?)?{_TAIL}"
)
_SHORTEN_FILL = word_set("it this that the draft rationale text a bit little of for in please some one")


@dataclass(frozen=True, slots=True)
class Named:
    """The issues that words name, by position; `unknown`: a number that none has; `left`: words not understood."""

    issues: tuple[int, ...] = ()
    unknown: int | None = None
    left: tuple[str, ...] = ()
    named: bool = False


def is_question(message: Message) -> bool:
    """Whether the message asks rather than tells."""
    return "?" in message.tokens or bool(_QUESTION.match(" ".join(message.tokens)))


def is_negated(message: Message) -> bool:
    """Whether a word of the message denies or holds back."""
    return bool(_NEGATION.search(message.plain))


def spoken_outcome(message: Message) -> Outcome | None:
    """The one outcome that the message speaks of, else None."""
    found = {_OUTCOMES[word] for word in _with_outcomes(message.tokens) if word in _OUTCOMES}
    found |= {Outcome.OVERTURNED for word in message.tokens if word in ("overturning", "overturns")}
    found |= {Outcome.UPHELD for word in message.tokens if word in ("upholding", "upholds")}
    return next(iter(found)) if len(found) == 1 else None


def read_command(message: Message, context: ChatContext) -> Intent | None:
    """The act that a plain imperative asks for; `NotDone` for one that is nearly so; None where none is spoken of."""
    speaks = _speaks_of_outcome(message)
    if message.pasted or message.lines > 1 or message.quotes or len(message.tokens) > 2 * _MOST_WORDS:
        return NotDone(Unclear.NOT_PLAIN, _plain_words(message)) if speaks and _has_verb(message) else None
    if is_question(message):
        return None
    outcome = _outcome_command(message, context)
    if outcome is not None:
        return outcome
    if _signs_are_plain(message):
        act = _other_act(message, context)
        if act is not None:
            return act
    return _nearly(message) if speaks else None


def issues_named(tokens: Sequence[str], context: ChatContext) -> Named:
    """The issues that the words name by number, by order, by their service's own words, or as all of them."""
    naming = _Naming(context.services)
    for position, word in enumerate(tokens):
        naming.take(word, tokens[position - 1] if position else "")
    return naming.result()


# --- the outcome ----------------------------------------------------------------------------------------------


def _outcome_command(message: Message, context: ChatContext) -> Intent | None:
    tokens = [t for t in _with_outcomes(message.tokens) if t not in _SIGNS]
    if not tokens or len(tokens) > _MOST_WORDS or not _signs_are_plain(message):
        return None
    while tokens and tokens[0] in _LEAD:
        tokens.pop(0)
    if not tokens:
        return None
    verb, rest = tokens[0], tokens[1:]
    if verb in _VERBS:
        said = [verb]
    elif verb in _MAKE:
        said = [word for word in rest if word in _OUTCOMES]
        rest = [word for word in rest if word not in _OUTCOMES]
    elif verb in _CLEARS and "outcome" in rest:
        said = []
    else:
        return None
    if any(word in _OUTCOMES for word in rest):
        return NotDone(Unclear.TWO_OUTCOMES, "make it overturned")
    if len(said) > 1:
        return NotDone(Unclear.TWO_OUTCOMES, "make it overturned")
    if not said and verb in _MAKE:
        return NotDone(Unclear.NO_OUTCOME, "make it overturned") if "outcome" in rest else None
    outcome = _OUTCOMES[said[0]] if said else None
    named = issues_named([word for word in rest if word not in _FILL or word == "one"], context)
    return _resolved(outcome, named, context)


def _resolved(outcome: Outcome | None, named: Named, context: ChatContext) -> Intent | None:
    if named.unknown is not None:
        return NoSuchIssue(named.unknown)
    if named.left:
        return None
    # An outcome is never set on the issue that the talk happens to be about: the answer asks which.
    return SetOutcome(outcome, named.issues if named.named else the_only(context))


def the_only(context: ChatContext) -> tuple[int, ...]:
    """The issue that an act means which names none: the page's, or the only one."""
    if context.issue is not None:
        return (context.issue,)
    return (0,) if len(context.services) == 1 else ()


def _with_outcomes(tokens: Sequence[str]) -> list[str]:
    """The words, "medically necessary" taken for the outcome that it means."""
    text = "\n".join(tokens)
    for spoken, outcome in _SPOKEN_NECESSITY:
        text = text.replace(spoken.replace(" ", "\n"), outcome)
    return text.split("\n") if text else []


# --- the other acts -------------------------------------------------------------------------------------------


def _other_act(message: Message, context: ChatContext) -> Act | NoSuchIssue | None:
    plain = message.plain
    if _UNDO.fullmatch(plain):
        return Undo()
    if _REDRAFT.fullmatch(plain):
        return Redraft()
    if match := _SHORTEN.fullmatch(plain):
        words = " ".join(filter(None, (match["mid"], match["named"], match["object"]))).split()
        named = issues_named([word for word in words if word not in _SHORTEN_FILL], context)
        if named.unknown is not None:
            return NoSuchIssue(named.unknown)
        if named.left or len(named.issues) > 1:
            return None
        only = named.issues or the_only(context)
        return Shorten(only[0] if only else None)
    return None


def service_named(words: Sequence[str], context: ChatContext) -> int | None:
    """The one issue whose service has those of the words that any service has, else None."""
    naming = _Naming(context.services)
    held = [holding for word in words if (holding := naming.holding(word))]
    common = set.intersection(*held) if held else set()
    return next(iter(common)) if len(common) == 1 else None


# --- what is nearly a command ---------------------------------------------------------------------------------


def _signs_are_plain(message: Message) -> bool:
    return all(word in _SIGNS or word[0].isalnum() or word == "#" for word in message.tokens)


def _speaks_of_outcome(message: Message) -> bool:
    return any(word in _OUTCOMES for word in _with_outcomes(message.tokens))


def _has_verb(message: Message) -> bool:
    return any(word in _MAKE or word in _VERBS for word in message.tokens)


def _nearly(message: Message) -> NotDone | None:
    tokens = _with_outcomes(message.tokens)
    alone = all(word in _OUTCOMES or word in _LEAD or word in _FILL or word in _SIGNS for word in tokens)
    if not (_has_verb(message) or alone or "should" in tokens or "must" in tokens or "is" in tokens):
        return None
    if spoken_outcome(message) is None:
        return NotDone(Unclear.TWO_OUTCOMES, "make it overturned")
    why = Unclear.NEGATED if is_negated(message) else Unclear.NOT_PLAIN
    return NotDone(why, _plain_words(message))


def _plain_words(message: Message) -> str:
    outcome = spoken_outcome(message) or Outcome.OVERTURNED
    return f"make it {outcome.value.lower()}"


# --- which issue ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Naming:
    """Takes words one by one and keeps what they say of which issue."""

    services: tuple[str, ...]
    numbers: list[int] = field(default_factory=list)
    by_words: set[int] | None = None
    every: bool = False
    unknown: int | None = None
    left: list[str] = field(default_factory=list)

    def take(self, word: str, before: str) -> None:
        """Take the next word."""
        if word in _ALL and (word != "both" or len(self.services) == 2):
            self.every = True
        elif word == "last":
            self.number(len(self.services))
        elif word in ORDINALS:
            self.number(_NUMBERS[word])
        elif word in _ISSUE_WORDS or (word == "and" and self.numbers) or (word == "one" and before not in _ISSUE_WORDS):
            return
        elif word in _NUMBERS or word.isdecimal():
            self.counted(word, before)
        elif holding := self.holding(word):
            self.by_words = holding if self.by_words is None else self.by_words & holding
        else:
            self.left.append(word)

    def counted(self, word: str, before: str) -> None:
        """A number: an issue's where it is called one or none of the service's own words."""
        number = _NUMBERS[word] if word in _NUMBERS else int(word)
        called = before in _ISSUE_WORDS or (before == "and" and bool(self.numbers))
        holding = self.holding(word)
        if holding and not (called and 1 <= number <= len(self.services)):
            self.by_words = holding if self.by_words is None else self.by_words & holding
        else:
            self.number(number)

    def number(self, number: int) -> None:
        """An issue by its number, from 1."""
        if 1 <= number <= len(self.services):
            self.numbers.append(number - 1)
        else:
            self.unknown = number

    def holding(self, word: str) -> set[int]:
        """The issues whose service has the word, a slip of the pen allowed."""
        return {
            position for position, service in enumerate(self.services) if _has_word(read_message(service).tokens, word)
        }

    def result(self) -> Named:
        """What the words named; words that fit several issues name none."""
        if self.every:
            chosen = tuple(range(len(self.services)))
            return Named(chosen, self.unknown, tuple(self.left), named=True)
        if self.numbers:
            return Named(tuple(dict.fromkeys(self.numbers)), self.unknown, tuple(self.left), named=True)
        if self.by_words is not None:
            chosen = tuple(self.by_words) if len(self.by_words) == 1 else ()
            return Named(chosen, self.unknown, tuple(self.left), named=True)
        return Named((), self.unknown, tuple(self.left))


def _has_word(words: Sequence[str], said: str) -> bool:
    return any(stem(said) == stem(word) for word in words) or nearest(said, words) is not None
