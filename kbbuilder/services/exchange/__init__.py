"""Export and import of entries. One file a format; `service` is the use-case, `reports` what it gives back."""

from kbbuilder.services.exchange.reports import (
    DroppedRow,
    ExportReport,
    ImportConflict,
    ImportReport,
    LeftAlone,
    LeftOut,
    Loss,
)
from kbbuilder.services.exchange.service import FORMATS, STATUSES, ExchangeService

__all__ = [
    "FORMATS",
    "STATUSES",
    "DroppedRow",
    "ExchangeService",
    "ExportReport",
    "ImportConflict",
    "ImportReport",
    "LeftAlone",
    "LeftOut",
    "Loss",
]
