"""The codes of the proof: why a candidate is flagged or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "quote_not_found": "A quote does not stand at its place in the source.",
        "fact_not_in_source": "The answer names a number, date, code or link that the quotes do not.",
        "name_not_in_source": "The answer calls something by a name or colour that the quotes do not have.",
        "order_changed": "The answer tells steps in another order than the source.",
        "negation_changed": "The answer negates what the source affirms, or names the opposite.",
        "unsupported": "Much of the answer is not in the quotes.",
        "question_fact_not_in_source": "The question names a number or model that its section does not.",
        "not_answered": "The quotes do not speak of what the question asks.",
        "answer_shared": "The answer stands under other questions of the section already.",
        "oddly_worded": "The question is not whole, asks two ways at once, or asks a statement back.",
        "unsure": "The model hesitated over the wording of the question, so that another would have done as well.",
        "not_standalone": "The question cannot be understood without its section.",
        "not_a_question": "The question asks nothing.",
        "language_mismatch": "The question or the answer is not in the document's language.",
        "pointer_only": "The answer only points to another place.",
        "too_short": "The answer or the question is empty or says nothing.",
        "answer_is_question": "The answer repeats the question.",
        "suspicious_text": "The text tries to give orders to an assistant.",
        "cut_off": "The answer breaks off before its end.",
        "round_trip_differs": "Asked again with the section alone, the model answers differently.",
        "judge_rejects": "The model, asked to judge, would not approve the pair.",
        "not_looked_at_again": "The model's reply on a second look could not be read.",
        "low_confidence_text": "A quote was recognised in a scanned page, and not surely.",
    }
)
"""Every code that the proof gives, with what it means."""


class Finding(NamedTuple):
    """What one check found wanting: a code of `REASONS`, and the words concerned."""

    code: str
    detail: str
