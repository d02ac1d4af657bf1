"""One label in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One label in both languages."""

    zh: str
    en: str
