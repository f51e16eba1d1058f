"""What one draft or one chat turn may spend on a chat model: time, tokens and cost; and what it has spent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant import metrics
from assistant.errors import ModelFailed

_CHARACTERS = 4  # about so many to a token of English, where a server does not count


@dataclass(frozen=True, slots=True)
class Caps:
    """The limits, for one draft or one turn: `seconds` for all calls, `call_seconds` for one, `tokens` in and out
    together, `answer_tokens` of one answer, `cost` by the prices per million tokens; 0 is no limit."""

    seconds: float = 120.0
    call_seconds: float = 60.0
    tokens: int = 60_000
    answer_tokens: int = 1_000
    price_in: float = 0.0
    price_out: float = 0.0
    cost: float = 0.0

    def cost_of(self, tokens_in: int, tokens_out: int) -> float | None:
        """The price of so many tokens; None where no prices are set."""
        if not (self.price_in or self.price_out):
            return None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


@dataclass
class Leash:
    """Counts what is spent against the caps. The clock starts with the first call; `cancelled` ends everything."""

    caps: Caps = field(default_factory=Caps)
    cancelled: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    first_seconds: float = 0.0  # until the first piece of the last answer
    gone: ModelFailed | None = None  # why the model was given up
    _started: float | None = None

    def begin(self, asked: int = 0) -> float:
        """Begin a call that sends about `asked` tokens; returns the seconds that it may take.

        Raises ModelFailed where no time is left, or where what it sends would go beyond the tokens or the cost.
        """
        if self.gone is not None:
            raise self.gone
        if self._started is None:
            self._started = self.clock()
        left = self.left()
        if left <= 0:
            raise self.give_up(
                f"The chat model was given up after {self.caps.seconds:g} seconds, the time it may take."
            )
        if self.caps.tokens and self.tokens_in + self.tokens_out + asked >= self.caps.tokens:
            raise self.give_up(f"The chat model was given up at {self.caps.tokens} tokens, the most it may use.")
        cost = self.caps.cost_of(self.tokens_in + asked, self.tokens_out)
        if self.caps.cost and cost is not None and cost >= self.caps.cost:
            raise self.give_up(f"The chat model was given up at a cost of {self.caps.cost:g}, the most it may use.")
        self.calls += 1
        metrics.count(metrics.Metrics.call)
        return min(left, self.caps.call_seconds)

    def left(self) -> float:
        """The seconds that are left of all."""
        spent = 0.0 if self._started is None else self.clock() - self._started
        return self.caps.seconds - spent

    def check(self) -> None:
        """Raise ModelFailed where the user has stopped the model."""
        if self.cancelled.is_set():
            raise self.give_up("The chat model was stopped.")

    def spend(self, tokens_in: int, tokens_out: int, seconds: float) -> None:
        """Count what a call has used."""
        metrics.count(lambda m: m.tokens(tokens_in, tokens_out))
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.seconds += seconds

    def give_up(self, sentence: str) -> ModelFailed:
        """The error with which this and every later call ends."""
        self.gone = ModelFailed(sentence)
        return self.gone

    @property
    def cost(self) -> float | None:
        """What was spent, by the prices that are set."""
        return self.caps.cost_of(self.tokens_in, self.tokens_out)


def estimated_tokens(characters: int) -> int:
    """About how many tokens a text of so many characters has."""
    return -(-characters // _CHARACTERS)
