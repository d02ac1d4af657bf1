"""Every word the app shows, in Chinese and English, side by side.

A key with `.one` beside it has an English singular. Codes of the other parts (errors, flags, reasons, states) stand
under their group: `error.TOO_LARGE`, `flag.cut_off`. A code that has no words here is shown with its underscores as
spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ui.labels.codes import CODES, ERRORS
from ui.labels.model import FLAGS, MODEL, MODEL_ERRORS
from ui.labels.notes import NOTES
from ui.labels.pages import ASK, DOCUMENTS, FRAME, REVIEW
from ui.labels.text import Text


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language: `say("review.save")`."""

    language: str

    def __call__(self, key: str) -> str:
        """Raises KeyError: there is no such label."""
        text = TEXTS[key]
        return text.zh if self.language == "zh" else text.en

    def get(self, key: str) -> str | None:
        """The label, or None when there is none."""
        return self(key) if key in TEXTS else None

    def count(self, key: str, n: int) -> str:
        """The label with its number, in the singular for 1."""
        return self(f"{key}.one" if n == 1 and f"{key}.one" in TEXTS else key).format(n=f"{n:,}")

    def coded(self, group: str, code: str, otherwise: str | None = None) -> str:
        """The words for a code; without any, `otherwise`, or the code itself made readable."""
        found = self.get(f"{group}.{code}")
        if found is not None:
            return found
        return code.replace("_", " ").lower() if otherwise is None else otherwise


TEXTS: Mapping[str, Text] = {
    **FRAME,
    **DOCUMENTS,
    **REVIEW,
    **ASK,
    **CODES,
    **ERRORS,
    **MODEL,
    **MODEL_ERRORS,
    **FLAGS,
    **NOTES,
}

__all__ = ["TEXTS", "Labels", "Text"]
