"""Question-answer pairs out of a chunk's own structure: no model, no network, answers verbatim.

    explicit FAQ text (marks, question headings, FAQ tables) → taken whole
    else: the section as a whole (how-to, trouble, policy, list) → its tables → its sentences

What one finder has answered the next leaves alone, so that no two questions stand for one fact.
"""

from kbbuilder.stages.extract.context import context_of
from kbbuilder.stages.extract.structural import StructuralExtractor

__all__ = ["StructuralExtractor", "context_of"]
