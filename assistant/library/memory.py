"""Asks the C library to overwrite memory between one use and the next."""

from __future__ import annotations

import contextlib
import ctypes

_M_PERTURB = -6  # of mallopt(3): bytes are set when memory is given out and when it is given back
_BYTE = 0x5A


def overwrite_memory() -> None:
    """From now on memory is overwritten before it is used again; without effect where the C library is not glibc.

    Chroma writes whole blocks to its files, unused parts too, and in these would lie scraps of whatever text the
    process had read before.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_PERTURB, _BYTE)
