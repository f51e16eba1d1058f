"""Memory that is given out again holds nothing of what it held before."""

from __future__ import annotations

import ctypes
import platform

import pytest

from assistant.library.memory import overwrite_memory

_WORDS = b"A 61-year-old cook with pain of the neck. "


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are not asked")
@pytest.mark.parametrize("size", [2_000, 52_000, 400_000])
def test_memory_is_overwritten_between_two_uses(size: int) -> None:
    overwrite_memory()
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    library.free.argtypes = [ctypes.c_void_p]
    first = [library.malloc(ctypes.c_size_t(size)) for _ in range(20)]
    for block in first:
        ctypes.memmove(block, _WORDS * (size // len(_WORDS)), size // len(_WORDS) * len(_WORDS))
    for block in first:
        library.free(block)
    again = [library.malloc(ctypes.c_size_t(size)) for _ in range(20)]
    held = [ctypes.string_at(block, size) for block in again]
    for block in again:
        library.free(block)
    assert not any(_WORDS in block for block in held)
