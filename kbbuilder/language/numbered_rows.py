"""Replies that are rows under the numbers of what was asked: their JSON schema, and how they are found in a reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbbuilder.language.json_schema import strict_object
from kbbuilder.language.json_values import json_values

NUMBER = "n"
"""The key of a row's number."""


def rows_schema(fields: Mapping[str, object]) -> Mapping[str, object]:
    """The strict schema {"rows": [{"n": integer, …}]}: a row has these fields besides its number, all required."""
    row = strict_object({NUMBER: {"type": "integer"}, **fields})
    return strict_object({"rows": {"type": "array", "items": row}})


def numbered_rows(text: str) -> Iterator[Mapping[str, object]]:
    """The objects with a number in a reply, however deep they lie, in order; of a cut-off reply those that are whole."""
    for value in json_values(text):
        yield from _rows_in(value)


def number_of(row: Mapping[str, object]) -> int | None:
    """A row's number; None when what stands there is no whole number."""
    number = row[NUMBER]
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _rows_in(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, dict):
        if NUMBER in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _rows_in(item)
