"""JSON schemas that services hold a model's reply to."""

from __future__ import annotations

from collections.abc import Mapping


def strict_object(fields: Mapping[str, object]) -> Mapping[str, object]:
    """An object with just these fields: strict services want all of them required, and none besides allowed."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
