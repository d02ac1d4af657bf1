"""English questions out of headings, table labels and clauses. A function returns None when no natural one exists."""

from kbbuilder.stages.extract.english.grammar import listed
from kbbuilder.stages.extract.english.naming import device_of, is_product
from kbbuilder.stages.extract.english.rows import (
    asks_together,
    definition,
    does,
    if_clause,
    interval,
    is_telling_shortcut,
    meaning,
    names_an_offer,
    names_measures,
    purpose,
    row,
    shortcut,
    value,
)
from kbbuilder.stages.extract.english.tasks import for_whom, how_to
from kbbuilder.stages.extract.english.topics import noun, thing
from kbbuilder.stages.extract.english.trouble import code_row, problem, trouble_row

__all__ = [
    "asks_together",
    "code_row",
    "definition",
    "device_of",
    "does",
    "for_whom",
    "how_to",
    "if_clause",
    "interval",
    "is_product",
    "is_telling_shortcut",
    "listed",
    "meaning",
    "names_an_offer",
    "names_measures",
    "noun",
    "problem",
    "purpose",
    "row",
    "shortcut",
    "thing",
    "trouble_row",
    "value",
]
