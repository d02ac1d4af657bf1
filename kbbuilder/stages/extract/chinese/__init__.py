"""Chinese questions out of headings, table labels and clauses. A function returns None when no natural one exists."""

from kbbuilder.stages.extract.chinese.grammar import listed
from kbbuilder.stages.extract.chinese.naming import device_of
from kbbuilder.stages.extract.chinese.rows import (
    asks_together,
    does,
    interval,
    names_an_offer,
    row,
    shortcut,
    value,
)
from kbbuilder.stages.extract.chinese.tasks import how_to, purpose
from kbbuilder.stages.extract.chinese.topics import definition, meaning, noun, thing
from kbbuilder.stages.extract.chinese.trouble import code_row, if_clause, problem, trouble_row

__all__ = [
    "asks_together",
    "code_row",
    "definition",
    "device_of",
    "does",
    "how_to",
    "if_clause",
    "interval",
    "listed",
    "meaning",
    "names_an_offer",
    "noun",
    "problem",
    "purpose",
    "row",
    "shortcut",
    "thing",
    "trouble_row",
    "value",
]
