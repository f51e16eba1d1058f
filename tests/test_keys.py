"""Keys from outside the data folder: read only where they are private and whole, and tampering is always found."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DamagedText, KeyProblem
from assistant.keys import KeyRing, key_ring, new_key
from assistant.vault import DataKey, Vault, seal

RING = KeyRing((b"k" * 32,))
KEY = DataKey("abcdefghijklmnop", "case", b"d" * 32)
OTHER = DataKey("ponmlkjihgfedcba", "other", b"e" * 32)


def vault() -> Vault:
    """A vault that knows two data keys and asks no database."""
    made = Vault(None, RING)  # type: ignore[arg-type]
    made._known = {KEY.id: KEY, OTHER.id: OTHER}
    return made


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    stored = seal(text, "cases.text", KEY)
    assert vault().from_column(stored, "cases.text") == text


@given(st.text())
def test_without_a_key_any_text_comes_back_as_it_is(text: str) -> None:
    plain = Vault(None, None)  # type: ignore[arg-type]
    assert plain.from_column(plain.to_column(text, "cases.text"), "cases.text") == text


@given(st.text(max_size=40), st.data())
def test_a_changed_or_cut_ciphertext_is_found_and_names_its_case(text: str, data: st.DataObject) -> None:
    stored = seal(text, "cases.text", KEY)
    body = stored.rindex(":") + 1
    place = data.draw(st.integers(body, len(stored) - 1))
    other = data.draw(st.sampled_from("Aa0_-").filter(lambda letter: letter != stored[place]))
    padded = stored[place:].strip("=") == ""
    changed = stored[:place] if data.draw(st.booleans()) or padded else stored[:place] + other + stored[place + 1 :]
    try:
        assert vault().from_column(changed, "cases.text") == text  # unused bits of base64's last letter carry nothing
        assert place >= len(stored.rstrip("=")) - 1
    except DamagedText as error:
        assert error.case_id == "case"  # noqa: PT017


def test_every_changed_byte_is_found() -> None:
    wrapped = RING.wrap(b"a data key", "about")
    assert RING.unwrap(wrapped, "about") == b"a data key"
    for place in range(len(wrapped)):
        changed = wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :]
        with pytest.raises(ValueError, match="none of the keys fits"):
            RING.unwrap(changed, "about")


def test_a_text_in_another_column_or_under_another_cases_key_is_found() -> None:
    stored = seal("a text", "cases.text", KEY)
    with pytest.raises(DamagedText):
        vault().from_column(stored, "cases.title")
    with pytest.raises(DamagedText):
        vault().from_column(stored.replace(KEY.id, OTHER.id), "cases.text")


def test_a_key_wraps_and_only_the_keys_given_unwrap() -> None:
    older, newer = KeyRing((b"o" * 32,)), KeyRing((b"n" * 32, b"o" * 32))
    assert newer.unwrap(older.wrap(b"x", "about"), "about") == b"x"
    with pytest.raises(ValueError, match="none of the keys fits"):
        older.unwrap(newer.wrap(b"x", "about"), "about")


@given(st.binary(max_size=200), st.integers(0, 399))
def test_a_stream_comes_back_and_a_cut_one_is_found(content: bytes, cut: int) -> None:
    sealed, opened = io.BytesIO(), io.BytesIO()
    RING.encrypt_stream(io.BytesIO(content), sealed)
    RING.decrypt_stream(io.BytesIO(sealed.getvalue()), opened)
    assert opened.getvalue() == content
    part = sealed.getvalue()[: min(cut, len(sealed.getvalue()) - 1)]
    with pytest.raises(KeyProblem):
        RING.decrypt_stream(io.BytesIO(part), io.BytesIO())


def test_a_long_stream_whose_last_piece_is_missing_is_found() -> None:
    sealed, opened = io.BytesIO(), io.BytesIO()
    content = bytes(2 * 1024 * 1024 + 5)
    RING.encrypt_stream(io.BytesIO(content), sealed)
    RING.decrypt_stream(io.BytesIO(sealed.getvalue()), opened)
    assert opened.getvalue() == content
    whole_pieces = sealed.getvalue()[: -(4 + 12 + 5 + 16)]
    with pytest.raises(KeyProblem):
        RING.decrypt_stream(io.BytesIO(whole_pieces), io.BytesIO())


def test_no_key_is_none_and_several_are_read_in_their_order() -> None:
    assert key_ring() is None
    first, second = new_key(), new_key()
    ring = key_ring(f"{first}, {second}")
    assert ring is not None
    assert len(ring.keys) == 2
    assert ring.name == key_ring(first).name  # type: ignore[union-attr]
    assert first not in repr(ring)


@pytest.mark.parametrize("key", ["no-such-key", "c2hvcnQ=", "A" * 43, "é" * 44])
def test_what_is_no_key_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(KeyProblem) as refused:
        key_ring(key)
    assert key not in str(refused.value)


def test_a_key_file_must_be_private_whole_and_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(new_key() + "\n")
    file.chmod(0o640)
    with pytest.raises(KeyProblem, match="chmod 600"):
        key_ring("", file)
    file.chmod(0o600)
    assert key_ring("", file) is not None
    with pytest.raises(KeyProblem, match="one of them"):
        key_ring(new_key(), file)
    file.write_text("")
    with pytest.raises(KeyProblem, match="empty"):
        key_ring("", file)
    with pytest.raises(KeyProblem, match="cannot be read"):
        key_ring("", tmp_path / "nowhere")
