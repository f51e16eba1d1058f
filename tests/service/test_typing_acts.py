"""Words that a killed program had kept and not saved: they come back as the newest version, and cover nobody else's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.drafting.editing import editor_text
from assistant.service import Service
from assistant.settings import Settings

CASE = (
    "The injured worker is a 49-year-old man. Treatment to date has included acupuncture. The treating physician "
    "requested authorization for 6 sessions of acupuncture for the low back."
)
USER = "reviewer"


def _text(view) -> str:
    return editor_text(view.draft.issues[0])


def test_what_was_typed_before_a_kill_is_taken_up(data_dir: Path) -> None:
    killed = Service.open(Settings(data_dir=data_dir))
    drafted = killed.draft_case(USER, killed.create_case(USER, CASE, day=date(2016, 3, 1)).id, model=False)
    mine = f"{_text(drafted)} I spoke with the physician."
    killed.keep_typed(USER, drafted.id, 0, mine, drafted.version)
    assert killed.take_up(USER, drafted.id) == killed.case(USER, drafted.id)  # its own words are still being typed
    killed.close()

    started = Service.open(Settings(data_dir=data_dir))
    taken = started.take_up(USER, drafted.id)
    assert _text(taken) == mine
    assert taken.version == drafted.version + 1
    assert started.take_up(USER, drafted.id) == taken
    started.keep_typed(USER, drafted.id, 0, f"{mine} It rained.", taken.version)
    started.edit(USER, drafted.id, 0, f"{mine} It snowed.", taken.version)
    started.close()

    again = Service.open(Settings(data_dir=data_dir))
    assert _text(again.take_up(USER, drafted.id)) == f"{mine} It rained."  # typed after what was saved
    again.close()


def test_words_older_than_another_version_lie_beneath_it(data_dir: Path) -> None:
    killed = Service.open(Settings(data_dir=data_dir))
    drafted = killed.draft_case(USER, killed.create_case(USER, CASE, day=date(2016, 3, 1)).id, model=False)
    theirs = killed.edit(USER, drafted.id, 0, f"{_text(drafted)} Theirs.", drafted.version)
    killed.keep_typed(USER, drafted.id, 0, f"{_text(drafted)} Mine.", drafted.version)
    killed.close()

    started = Service.open(Settings(data_dir=data_dir))
    taken = started.take_up(USER, drafted.id)
    assert _text(taken) == _text(theirs)
    beneath = started.version(USER, drafted.id, taken.version - 1)[1]
    assert editor_text(beneath.issues[0]).endswith("Mine.")
    started.close()


def test_saving_what_is_saved_already_is_no_conflict(data_dir: Path) -> None:
    service = Service.open(Settings(data_dir=data_dir))
    drafted = service.draft_case(USER, service.create_case(USER, CASE, day=date(2016, 3, 1)).id, model=False)
    saved = service.edit(USER, drafted.id, 0, f"{_text(drafted)} Twice.", drafted.version)
    assert service.edit(USER, drafted.id, 0, f"{_text(drafted)} Twice.", drafted.version) == saved
    service.close()
