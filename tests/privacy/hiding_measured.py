"""How much of what was planted is hidden, and how much of what should stay is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from made_notes import Note, Planted, in_no_list

from assistant.privacy import Deidentified, Deidentifier


@dataclass
class Figures:
    """Counts over notes: planted and hidden by field, names in no list, clinical terms and those lost."""

    planted: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    lost: list[tuple[str, str, str]] = field(default_factory=list)
    inexact: int = 0
    characters: int = 0

    def recall(self, fields: frozenset[str]) -> float:
        """The share of what was planted under those fields that is wholly hidden."""
        return sum(self.hidden[f] for f in fields) / sum(self.planted[f] for f in fields)


def covered(note: Note, hidden: Deidentified, piece: Planted) -> bool:
    """Is every letter and figure of the piece inside a replacement?"""
    within = {at for one in hidden.replacements for at in range(one.start, one.end)}
    return all(at in within for at in range(piece.start, piece.end) if note.text[at].isalnum())


def touched(hidden: Deidentified, piece: Planted) -> bool:
    """Does any replacement reach into the piece?"""
    return any(one.start < piece.end and piece.start < one.end for one in hidden.replacements)


def measure(notes: Sequence[Note], make: Callable[[Note], Deidentifier]) -> Figures:
    """Hide and restore each note with a de-identifier of its own."""
    figures = Figures()
    for note in notes:
        case = make(note)
        hidden = case.hide(note.text)
        figures.inexact += case.restore(hidden.text) != note.text
        figures.characters += len(note.text)
        for piece in note.planted:
            names = [piece.field]
            if in_no_list(note.of(piece)):
                names.append(f"{piece.field}, in no list")
            figures.planted.update(names)
            if piece.field == "term":
                if touched(hidden, piece):
                    figures.lost.append((note.title, note.of(piece), ""))
            elif covered(note, hidden, piece):
                figures.hidden.update(names)
            else:
                figures.missed.append((note.title, piece.field, note.text[max(0, piece.start - 25) : piece.end + 20]))
    return figures
