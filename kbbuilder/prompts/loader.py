"""Reads the templates that lie beside this file, one folder a language."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kbbuilder.schema import Language


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template: its text, and the first 16 hex digits of the text's SHA-256."""

    name: str
    language: Language
    text: str
    hash: str


@cache
def load_prompt(name: str, language: Language) -> Prompt:
    """The template `name` in a language. A model answers in the language it is asked in, so each comes in both.

    Raises:
        FileNotFoundError: there is no such template.
    """
    text = files(__package__).joinpath(language, f"{name}.md").read_text(encoding="utf-8").strip()
    return Prompt(name, language, text, hashlib.sha256(text.encode()).hexdigest()[:16])
