"""Building the library from documents: registration, pipeline, merging, and what the operator sees of it."""

from kbbuilder.services.build.report import (
    BuildReport,
    Conflict,
    ConflictSide,
    FileReport,
    Progress,
    Registered,
    Totals,
    Wordings,
)
from kbbuilder.services.build.service import BuildService
from kbbuilder.services.build.views import Coverage, DocumentView, SectionCoverage

__all__ = [
    "BuildReport",
    "BuildService",
    "Conflict",
    "ConflictSide",
    "Coverage",
    "DocumentView",
    "FileReport",
    "Progress",
    "Registered",
    "SectionCoverage",
    "Totals",
    "Wordings",
]
