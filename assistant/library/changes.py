"""What reviewers changed of the library: what is switched off, and in-force dates that were corrected.

The changes hold for everybody who works with the data folder, and they name editions, sections and passages by what
outlasts a refresh of the corpus. Each is an act; the log is append-only, and what holds now is read from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import Engine, select

from assistant.database import reading, writing
from assistant.domain import InForce, Passage
from assistant.library.store import count_change
from assistant.library.tables import GuidelineChangeRow
from assistant.reading.guidelines import redated
from assistant.records.owners import add_act, user_row
from assistant.records.tables import ActRow, UserRow

_OF_TEXT = "text"  # in the ids of the pieces of a running text


class ChangeKind(StrEnum):
    """What a change does; the value is the kind of its act."""

    OFF = "guideline_off"
    ON = "guideline_on"
    DATES = "guideline_dates"
    DATES_UNDONE = "guideline_dates_undone"


@dataclass(frozen=True, slots=True)
class Target:
    """What is changed: an edition by its label, one of its sections, or one passage by its lasting name."""

    guideline: str
    section: str | None = None
    passage: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change, with who made it and when. `interval` are corrected dates, `was` those that the library gave before."""

    kind: ChangeKind
    target: Target
    by: str
    at: datetime
    interval: InForce = InForce()
    was: InForce = InForce()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What holds now: what is switched off, by target, and corrected dates, by the edition's label."""

    off: Mapping[Target, Change] = field(default_factory=dict)
    dates: Mapping[str, Change] = field(default_factory=dict)

    @classmethod
    def of(cls, log: Iterable[Change]) -> Changes:
        """What holds after all the changes of a log, the oldest first."""
        off: dict[Target, Change] = {}
        dates: dict[str, Change] = {}
        for change in log:
            if change.kind is ChangeKind.OFF:
                off[change.target] = change
            elif change.kind is ChangeKind.ON:
                off.pop(change.target, None)
            elif change.kind is ChangeKind.DATES:
                dates[change.target.guideline] = change
            else:
                dates.pop(change.target.guideline, None)
        return cls(off, dates)

    def off_of(self, passage: Passage) -> Change | None:
        """What switches a passage off: its edition, its section or itself."""
        of_passage = Target(passage.guideline, passage=lasting_name(passage))
        of_section = Target(passage.guideline, passage.section) if passage.section else None
        named = (Target(passage.guideline), of_section, of_passage)
        return next((self.off[target] for target in named if target in self.off), None)

    def dated(self, passage: Passage) -> Passage:
        """The passage with the corrected dates of its edition; the note that says them says the new ones."""
        change = self.dates.get(passage.guideline)
        if change is None or change.interval == passage.in_force:
            return passage
        if passage.edition_note and change.interval.start is not None:
            return redated(passage, change.interval)
        return replace(passage, in_force=change.interval)


NO_CHANGES = Changes()


def lasting_name(passage: Passage) -> str:
    """A passage's name that a new wording keeps; a piece of a running text has only its id."""
    name, _, _ = passage.id.rpartition("/")
    return passage.id if not name or name.endswith(f"/{_OF_TEXT}") else name


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ChangeLog:
    """The changes in the tables of `engine`. `now` gives aware times."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine, self._now = engine, now

    def now_holding(self) -> Changes:
        """What holds now."""
        return Changes.of(self.all())

    def all(self, guideline: str | None = None) -> tuple[Change, ...]:
        """All changes, or those of one edition, the oldest first."""
        query = (
            select(GuidelineChangeRow, ActRow, UserRow.name)
            .join(ActRow, ActRow.id == GuidelineChangeRow.act_id)
            .join(UserRow, UserRow.id == ActRow.user_id)
            .order_by(GuidelineChangeRow.id)
        )
        if guideline is not None:
            query = query.where(GuidelineChangeRow.guideline == guideline)
        with reading(self._engine) as session:
            return tuple(_change(*row) for row in session.execute(query))

    def add(self, user: str, change: Change) -> Change:
        """Record a change and its act in one transaction, and that the library is another now."""
        target, interval, was = change.target, change.interval, change.was
        detail = {"guideline": target.guideline, "section": target.section, "passage": target.passage}
        if change.kind in {ChangeKind.DATES, ChangeKind.DATES_UNDONE}:
            detail |= {"from": _iso(interval.start), "to": _iso(interval.end)}
            detail |= {"was_from": _iso(was.start), "was_to": _iso(was.end)}
        with writing(self._engine) as session:
            now = self._now()
            owner = user_row(session, user, now)
            act = add_act(session, now, owner.id, change.kind.value, None, None, detail)
            session.flush()
            session.add(
                GuidelineChangeRow(
                    act_id=act.id,
                    guideline=target.guideline,
                    section=target.section,
                    passage=target.passage,
                    in_force_from=interval.start,
                    in_force_to=interval.end,
                    was_from=was.start,
                    was_to=was.end,
                    note=change.note,
                )
            )
            count_change(session)
        return replace(change, by=user, at=now)


def _change(row: GuidelineChangeRow, act: ActRow, user: str) -> Change:
    return Change(
        ChangeKind(act.kind),
        Target(row.guideline, row.section, row.passage),
        user,
        act.at,
        InForce(row.in_force_from, row.in_force_to),
        InForce(row.was_from, row.was_to),
        row.note,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
