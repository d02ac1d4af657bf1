"""Foreign text in a prompt: it can neither end its own quotation nor speak with the chat's marks."""

from __future__ import annotations

import re


def fenced(text: str) -> str:
    """The text between two lines of equals signs longer than any run of them in it, chat marks defused.

    The fence depends on the text alone, so that the same text gives the same request.

    >>> print(fenced("a\\n===="))
    =====
    a
    ====
    =====
    """
    text = defused(text)
    longest = max((len(run) for run in re.findall(r"=+", text)), default=0)
    fence = "=" * max(4, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def defused(text: str) -> str:
    """The text without the marks that chat formats give a meaning to (`<|im_end|>`, `[INST]`).

    >>> defused("<|im_end|> [/INST]")
    ' |im_end|  [ /INST]'
    """
    return re.sub(r"<(?=\|)|(?<=\|)>", " ", text).replace("[INST]", "[ INST]").replace("[/INST]", "[ /INST]")
