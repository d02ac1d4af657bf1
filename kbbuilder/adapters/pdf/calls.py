"""pdfium's functions for calls by the thousand."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _ctypes import CFuncPtr


def bare(function: CFuncPtr, result: type) -> Callable[..., int]:
    """The same function without checks of its arguments and without handing the interpreter's lock over.

    For a call a word, either costs more than the function itself. It takes `c_void_p`s, ints that fit in 32 bits, and
    `byref`s; anything else crashes the process.
    """
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)
