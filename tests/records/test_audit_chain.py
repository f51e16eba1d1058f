"""The chain of the audit log: whatever is changed, taken away, moved or put in is found, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import WrongInput
from assistant.records.audit_chain import (
    START,
    Anchor,
    AuditFormat,
    Entry,
    anchors_in,
    hash_of,
    read_back,
    verified,
    written,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
hashes = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64)
facts = st.tuples(words, words, words, hashes, hashes, words)


def chained(rows: list[tuple], first: int = 1, previous: str = START) -> list[Entry]:
    """A log of these rows (at, account, act, case, content, detail)."""
    log = []
    for number, (at, account, act, case, content, detail) in enumerate(rows, first):
        entry = Entry(number, at, account, act, case, content, detail, previous, "")
        entry = replace(entry, hash=hash_of(entry))
        log.append(entry)
        previous = entry.hash
    return log


def end_of(log: list[Entry]) -> Anchor:
    return Anchor(log[-1].number, log[-1].hash) if log else Anchor(0, START)


logs = st.lists(facts, min_size=1, max_size=8).map(chained)


@given(st.lists(facts, max_size=8).map(chained))
def test_an_untouched_log_is_in_order(log: list[Entry]) -> None:
    anchors = [Anchor(entry.number, entry.hash) for entry in log]
    found = verified(log, head=end_of(log), anchors=anchors)
    assert (found.fault, found.entries, found.last) == (None, len(log), end_of(log))


@given(logs, st.data())
def test_a_changed_field_is_found_at_its_entry(log: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    name = data.draw(st.sampled_from(["at", "account", "act", "case", "content", "detail", "previous", "hash"]))
    value = data.draw(hashes if name in ("case", "content") else words)
    changed = replace(log[place], **{name: value})
    if changed == log[place]:
        return
    found = verified([*log[:place], changed, *log[place + 1 :]], head=end_of(log))
    assert found.fault is not None
    assert found.fault.number == place + 1
    assert found.entries == place


@given(logs, st.data())
def test_a_changed_entry_with_its_hash_made_anew_is_found(log: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    changed = replace(log[place], account=log[place].account + "x")
    changed = replace(changed, hash=hash_of(changed))
    found = verified([*log[:place], changed, *log[place + 1 :]], head=end_of(log))
    assert found.fault is not None
    assert found.fault.number in (place + 1, place + 2)


@given(logs, st.data())
def test_a_removed_entry_is_found_by_its_number(log: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    found = verified(log[:place] + log[place + 1 :], head=end_of(log))
    assert found.fault is not None
    assert found.fault.number == place + 1


@given(st.lists(facts, min_size=2, max_size=8).map(chained), st.data())
def test_entries_in_another_order_are_found(log: list[Entry], data: st.DataObject) -> None:
    moved = data.draw(st.permutations(log))
    if moved == log:
        return
    assert verified(moved, head=end_of(log)).fault is not None
    numbered = [replace(entry, number=number) for number, entry in enumerate(moved, 1)]
    assert verified(numbered, head=end_of(log)).fault is not None


@given(logs, facts, st.data())
def test_an_inserted_entry_is_found(log: list[Entry], row: tuple, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log)))
    previous = log[place - 1].hash if place else START
    [entry] = chained([row], place + 1, previous)
    after = [replace(each, number=each.number + 1) for each in log[place:]]
    assert verified([*log[:place], entry, *after], head=end_of(log)).fault is not None


@given(logs, st.data())
def test_a_log_that_was_cut_off_is_found_by_its_head_or_by_an_anchor(log: list[Entry], data: st.DataObject) -> None:
    kept = log[: data.draw(st.integers(0, len(log) - 1))]
    by_head = verified(kept, head=end_of(log))
    by_anchor = verified(kept, head=end_of(kept), anchors=[end_of(log)])
    assert [found.fault and found.fault.number for found in (by_head, by_anchor)] == [len(kept) + 1] * 2


@given(logs, st.data())
def test_a_log_that_was_rewritten_as_a_whole_is_found_by_an_anchor(log: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    rows = [astuple(entry)[1:7] for entry in log]
    rows[place] = (*rows[place][:5], rows[place][5] + "x")
    forged = chained(rows)
    assert verified(forged, head=end_of(forged)).fault is None
    found = verified(forged, head=end_of(forged), anchors=[end_of(log)])
    assert found.fault is not None
    assert found.fault.number == len(log)


@given(logs, st.sampled_from(AuditFormat), st.integers(0, 3))
def test_an_export_is_read_back_as_it_was(log: list[Entry], form: AuditFormat, left_out: int) -> None:
    entries = tuple(log[left_out:])
    assert read_back(written(entries, form)) == entries


@given(st.binary() | st.text().map(str.encode))
def test_any_file_is_read_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        entries = read_back(content)
    except WrongInput:
        entries = ()
    assert all(isinstance(entry, Entry) for entry in entries)


def test_a_name_that_comes_twice_in_a_line_is_refused() -> None:
    [line] = written(chained([("t", "anna", "seen", None, None, "{}")]), AuditFormat.JSONL).splitlines()
    with pytest.raises(WrongInput, match="Row 1"):
        read_back(line.replace(b'"act":', b'"act": "exported", "act":'))


def test_the_canonical_form_is_the_documented_one() -> None:
    [entry] = chained([("2026-11-28T12:00:00.000000Z", "Zoë", "seen", None, None, '{"kind":"case"}')])
    assert entry.hash == "7613f019339c854cc3e94c66402b25dcce445c190405bdd56c3ec10d540171d7"


@pytest.mark.parametrize("text", ["", "nothing", "[1]", '{"number": 1}', '{"number": true, "hash": "00"}'])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(WrongInput, match="no anchor"):
        anchors_in(text)


def test_anchors_are_read_one_a_line() -> None:
    lines = "".join(json.dumps({"number": n, "hash": START}) + "\n" for n in (1, 2))
    assert anchors_in(lines) == (Anchor(1, START), Anchor(2, START))
