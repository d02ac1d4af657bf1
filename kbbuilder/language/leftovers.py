"""What an answer must not carry over from its page. `leftovers_en` and `leftovers_zh` know each language's traces."""

from __future__ import annotations

from kbbuilder.language import leftovers_en, leftovers_zh
from kbbuilder.schema import Language


def has_leftovers(answer: str, language: Language) -> bool:
    """Whether an answer is torn, points into its book, or speaks of pictures that it does not hold."""
    return leftovers_zh.has_leftovers(answer) if language == "zh" else leftovers_en.has_leftovers(answer)
