"""The kept chats of a user's cases: turns answered and stored as they grow, stopped, sent anew, found, deleted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant import __version__
from assistant.chat.context import ChatContext
from assistant.chat.reply import Reply
from assistant.chat.replying import replies
from assistant.chat_export import ChatFormat, written_out
from assistant.errors import AssistantError
from assistant.records.chats import ASSISTANT, REVIEWER
from assistant.service.audited import CHATTING, audited
from assistant.service.case_tools import CaseTools
from assistant.views import ChatHit, ChatRow, Exported, Turn

if TYPE_CHECKING:
    from assistant.chat.helping import Helper
    from assistant.chat.terms import Terms
    from assistant.records import Chats, TurnRecord
    from assistant.service import Service

# Makes a chat model's help for one turn, from the case, what stops it and the turns before; None where none helps.
MakesHelper = Callable[[str, threading.Event, tuple[tuple[str, str], ...]], "Helper | None"]

_SNIPPET = 160  # characters of a turn that was found
_WRITE_EVERY = 0.1  # seconds: a growing turn is stored and shown ten times a second at most
_ASIDE = "What you sent before is put aside; what it changed in the draft stays, and “undo” takes back the last of it."
NOTHING_SAID = "The message is empty; ask, or say what to change."


@audited(CHATTING, lambda chatting: getattr(chatting._service, "audit_log", None))
class Chatting:
    """The chats of a user's cases, one a case. `helper` makes a chat model's help for one turn, or None for none.

    A turn that was under way when the program ended shows what it had, and that it was stopped. `elsewhere` says
    whether another process answers in a case's chat: its turn is growing.
    """

    def __init__(
        self,
        service: Service,
        chats: Chats,
        terms: Callable[[], Terms],
        helper: MakesHelper = lambda _case, _stop, _history: None,
        *,
        elsewhere: Callable[[str], bool] = lambda _case: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service, self._chats, self._terms, self._helper = service, chats, terms, helper
        self._elsewhere, self._clock = elsewhere, clock
        self._growing: set[int] = set()
        self.settings = getattr(service, "settings", None)

    def say(
        self,
        user: str,
        case_id: str,
        message: str,
        *,
        instead_of: int | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Turn]:
        """Answer a message about a case; both are kept, and a plain imperative takes effect. Yields the answer as it
        grows; the last turn is `done`.

        `instead_of` is the message of the reviewer's, by its turn's id, that this one takes the place of: it and what
        came after it are put aside. `stop`, once set, ends the turn with what it has.
        """
        if not message.strip():
            raise AssistantError(NOTHING_SAID)
        stop = stop or threading.Event()
        view = self._service.case(user, case_id)
        aside = self._chats.put_aside(user, case_id, instead_of) if instead_of is not None else ()
        stands = [turn for turn in self._chats.turns(user, case_id) if not turn.superseded]
        said = tuple(turn.text for turn in stands if turn.role == REVIEWER)
        self._chats.add_turn(user, case_id, REVIEWER, message)
        growing = self._chats.add_turn(user, case_id, ASSISTANT, "", {"version": view.version}, done=False)
        context = ChatContext(view.draft, self._terms(), said=said, shown=_decisions_shown(stands))
        notes = [_ASIDE] if _has_changed(aside, view.version) else []
        helper = None
        try:
            helper = self._helper(case_id, stop, tuple((turn.role, turn.text) for turn in stands))
        except AssistantError as error:  # a model that cannot be set up costs a notice, not the answer
            notes.append(str(error))
        told = replies(message, context, CaseTools(self._service, user, case_id), helper, stop)
        yield from self._grown(user, case_id, growing.id, told, tuple(notes))

    def _grown(
        self, user: str, case_id: str, turn_id: int, told: Iterator[Reply], notes: tuple[str, ...]
    ) -> Iterator[Turn]:
        """Store what was told as it grows and hand it on; however it ends, the turn has ended."""
        self._growing.add(turn_id)
        shown = Turn(ASSISTANT, "", (), done=False, id=turn_id)
        ended, written = False, -_WRITE_EVERY
        try:
            for reply in told:
                shown = _turn(turn_id, reply, notes)
                if shown.done:
                    self._store(user, shown)
                    ended = True
                    told_of = {"model": shown.model or None, "program": __version__}
                    self._service.records.record_act(
                        user, "chat", case_id, None, {"changed": shown.changed}, told=told_of
                    )
                elif self._clock() - written < _WRITE_EVERY:
                    continue
                else:
                    written = self._clock()
                    self._store(user, shown)
                yield shown
        finally:
            if not ended:
                self._store(user, shown, cut_off=True)
            self._growing.discard(turn_id)

    def _store(self, user: str, turn: Turn, *, cut_off: bool = False) -> None:
        data = {"blocks": [dict(block) for block in turn.blocks], "changed": turn.changed}
        data |= {"notices": list(turn.notices), "discarded": [dict(d) for d in turn.discarded], "model": turn.model}
        self._chats.grow_turn(
            user, turn.id, turn.text, data, done=turn.done or cut_off, stopped=turn.stopped or cut_off
        )

    def turns(self, user: str, case_id: str, *, aside: bool = False) -> tuple[Turn, ...]:
        """The chat of a case in its order; `aside` with what was put aside."""
        kept = [turn for turn in self._chats.turns(user, case_id) if aside or not turn.superseded]
        last = kept[-1] if kept else None  # the only one that can be growing
        elsewhere = last is not None and not last.done and last.id not in self._growing and self._elsewhere(case_id)
        return tuple(self._kept(turn, elsewhere=elsewhere and turn is last) for turn in kept)

    def _kept(self, record: TurnRecord, *, elsewhere: bool = False) -> Turn:
        data = record.data or {}
        under_way = not record.done and (record.id in self._growing or elsewhere)
        return Turn(
            record.role,
            record.text,
            tuple(data.get("blocks", ())),
            done=not under_way,
            changed=bool(data.get("changed")),
            id=record.id,
            at=record.at,
            stopped=record.stopped or not (record.done or under_way),
            superseded=record.superseded,
            notices=tuple(data.get("notices", ())),
            discarded=tuple(data.get("discarded", ())),
            model=str(data.get("model", "")),
        )

    def all(self, user: str) -> tuple[ChatRow, ...]:
        """The user's chats, the last one first."""
        return tuple(ChatRow(head.case_id, head.title, head.turns, head.at) for head in self._chats.chats(user))

    def find(self, user: str, words: str) -> tuple[ChatHit, ...]:
        """The turns of any of the user's chats that hold all the words, the newest first."""
        return tuple(
            ChatHit(hit.case_id, hit.title, self._kept(hit.turn), _snippet(hit.turn.text, words))
            for hit in self._chats.find(user, words)
        )

    def export(self, user: str, case_id: str, form: ChatFormat) -> Exported:
        """The chat of a case as a file, with what was put aside marked so. Its name says nothing of the case."""
        view = self._service.case(user, case_id)
        text = written_out(view.title, self.turns(user, case_id, aside=True), form)
        media = "application/json" if form is ChatFormat.JSON else "text/markdown; charset=utf-8"
        return Exported(f"chat-{case_id}.{form}", media, text.encode("utf-8"))

    def delete(self, user: str, case_id: str) -> int:
        """Delete the chat of a case for good and say how many turns it had; the draft and its versions stay.

        The act that is recorded says only that a chat was deleted.
        """
        return self._chats.delete(user, case_id)


def _turn(turn_id: int, reply: Reply, notes: tuple[str, ...]) -> Turn:
    answer = reply.answer
    links = ({"kind": "link", "text": link.say, "label": link.label} for link in answer.links)
    return Turn(
        ASSISTANT,
        answer.text,
        (*(dict(block.as_mapping()) for block in answer.blocks), *links),
        done=reply.done,
        changed=answer.changed,
        id=turn_id,
        stopped=reply.stopped,
        notices=(*notes, *filter(None, (reply.notice,))),
        discarded=tuple({"text": d.text, "why": d.why} for d in reply.discarded),
        model=reply.model,
    )


def _decisions_shown(turns: Sequence[TurnRecord]) -> tuple[str, ...]:
    """The ids of the decisions that the newest answer with any showed, in their order."""
    for turn in reversed(turns):
        blocks = (turn.data or {}).get("blocks", ()) if turn.role == ASSISTANT else ()
        shown = tuple(block.get("id", "") for block in blocks if block.get("kind") == "decision")
        if shown:
            return shown
    return ()


def _has_changed(aside: Sequence[TurnRecord], version: int) -> bool:
    """Whether a turn put aside had changed the draft; of one that was cut off, whether a version came since."""
    for turn in aside:
        data = turn.data or {}
        if data.get("changed") or (not turn.done and data.get("version", version) != version):
            return True
    return False


def _snippet(text: str, words: str) -> str:
    """The part of a text where the first of the words stands."""
    if len(text) <= _SNIPPET:
        return text
    first = min((text.casefold().find(word) for word in words.casefold().split()), default=0)
    start = max(0, min(first - _SNIPPET // 3, len(text) - _SNIPPET))
    end = start + _SNIPPET
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
