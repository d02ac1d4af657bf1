"""Building the library from documents: registration, pipeline, merging, and what the operator sees of it."""

from kbbuilder.services.build.previewing import Preview, PreviewChunk, PreviewPair
from kbbuilder.services.build.report import (
    BuildReport,
    Conflict,
    ConflictSide,
    FileReport,
    Pause,
    Progress,
    Registered,
    Totals,
    Wordings,
)
from kbbuilder.services.build.service import AWAITS_WORD, BuildService
from kbbuilder.services.build.views import Coverage, DocumentView, SectionCoverage

__all__ = [
    "AWAITS_WORD",
    "BuildReport",
    "BuildService",
    "Conflict",
    "ConflictSide",
    "Coverage",
    "DocumentView",
    "FileReport",
    "Pause",
    "Preview",
    "PreviewChunk",
    "PreviewPair",
    "Progress",
    "Registered",
    "SectionCoverage",
    "Totals",
    "Wordings",
]
