"""Lists and guarded texts in table cells."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TRIGGERS = "=+\\-@\t\r"
# A cell that starts so is a formula to a spreadsheet. Exporters guard it with a quote; a text that starts with
# quotes before such a sign gets one more, so that reading back always takes exactly one away.
_GUARDED = re.compile(f"'+[{_TRIGGERS}]")
_BARE = re.compile(f"[{_TRIGGERS}]")
_SEPARATORS = (re.compile(r"\n"), re.compile(r"##"), re.compile(r"\|\|"), re.compile(r"\s\|\s"))
_NUMBERING = re.compile(r"^(?:\d{1,2}[.、)）](?!\d)\s*|[①-⑳]\s*|[-•·]\s+)")


def guarded(text: str, *, excel_safe: bool) -> str:
    """The text as it is written to a cell.

    >>> guarded("=1+1", excel_safe=True), guarded("=1+1", excel_safe=False), guarded("'=1", excel_safe=False)
    ("'=1+1", '=1+1', "''=1")
    """
    needs_quote = _GUARDED.match(text) or (excel_safe and _BARE.match(text))
    return f"'{text}" if needs_quote else text


def unguarded(cell: str) -> str:
    """The text of a cell: without the quote (or U+FEFF) an exporter put before a formula sign."""
    if _GUARDED.match(cell) or (cell.startswith("\ufeff") and _BARE.match(cell[1:])):
        return cell[1:]
    return cell


def joined(items: Iterable[str]) -> str:
    """A list cell: one item a line."""
    return "\n".join(items)


def own_list(cell: str) -> tuple[str, ...]:
    """The items of a list cell that this program wrote."""
    return tuple(item for item in cell.split("\n") if item)


def foreign_list(cell: str) -> tuple[str, ...]:
    """The items of a list cell from anywhere: by line, else by `##`, `||` or ` | `; never by comma, which questions
    hold themselves. Numbering goes.

    >>> foreign_list("1. 怎么退货？##2、如何退货"), foreign_list("-5 度能用吗")
    (('怎么退货？', '如何退货'), ('-5 度能用吗',))
    """
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    for separator in _SEPARATORS:
        if separator.search(text):
            items = separator.split(text)
            break
    else:
        items = [text]
    return tuple(item for item in (_NUMBERING.sub("", item.strip()).strip() for item in items) if item)
