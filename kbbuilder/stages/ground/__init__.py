"""Proof of a candidate: what it says stands in the source, and its question stands on its own.

Nothing vanishes: a candidate comes back supported, flagged or dropped, with reason codes and what exactly was found.
Explicit FAQ text is the document's own wording; it is never dropped for style, only for a quote that is not there.
"""

from kbbuilder.stages.ground.closely import read_closely
from kbbuilder.stages.ground.crowd import crowded
from kbbuilder.stages.ground.proof import ground
from kbbuilder.stages.ground.reasons import REASONS, Finding
from kbbuilder.stages.ground.second_look import (
    flagged,
    judge_request,
    judged,
    read_answers,
    read_verdicts,
    round_trip,
    round_trip_request,
)

__all__ = [
    "REASONS",
    "Finding",
    "crowded",
    "flagged",
    "ground",
    "judge_request",
    "judged",
    "read_answers",
    "read_closely",
    "read_verdicts",
    "round_trip",
    "round_trip_request",
]
