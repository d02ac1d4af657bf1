"""Duplicates, variants, conflicts and near-misses. Cosine proposes pairs; only words decide.

Two entries merge when their questions are equal up to politeness, function words and forms of asking, and their answers
say the same. The same question with another answer is a conflict; more of the same is a variant; different
numbers, models or directions are related at most (連接/断开, X200/X300, 7 days/30 days).
"""

from kbbuilder.stages.dedup.compare import RELATED_SIMILARITY, compare
from kbbuilder.stages.dedup.groups import dedup
from kbbuilder.stages.dedup.questions import question_key
from kbbuilder.stages.dedup.records import Comparison, Deduped, Known, Linked, Merged

__all__ = [
    "RELATED_SIMILARITY",
    "Comparison",
    "Deduped",
    "Known",
    "Linked",
    "Merged",
    "compare",
    "dedup",
    "question_key",
]
