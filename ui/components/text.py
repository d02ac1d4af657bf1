"""Text of documents and people, made safe for the places it is shown in.

What came out of a document may hold Markdown, HTML, formulas or links to pictures. In labels it stands as written; in
answers Markdown is wanted, but nothing that loads from elsewhere or that Streamlit would turn into something else.
"""

from __future__ import annotations

import re
from html import escape

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(`{3,}.*?`{3,}|`[^`\n]+`)", re.S)
_DIRECTIVE = re.compile(r":(?=[A-Za-z+\-][\w+\-]*[\[:])")


def plain(text: str) -> str:
    """The text as a one-line Markdown literal, for labels."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters on one line, with an ellipsis when something was left out."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def answer_markdown(text: str) -> str:
    """An answer's Markdown without formulas, pictures, raw HTML and Streamlit's own `:directives[]`.

    Line breaks in table cells (`<br>`) become " / ", and single line breaks are kept as breaks.
    """
    pieces = _CODE.split(text)
    return "".join(piece if at % 2 else _prose(piece) for at, piece in enumerate(pieces))


def html_text(text: str) -> str:
    """Escaped for HTML."""
    return escape(text, quote=True)


def has_markup(text: str) -> bool:
    """Whether reading the answer rendered differs much from reading its source (tables, lists, code, links)."""
    return bool(re.search(r"^\s*(\||[-*+]\s|\d+\.\s|#{1,6}\s|>)|`|\]\(|\*\*", text, re.M))


def _prose(text: str) -> str:
    text = text.replace("<br>", " / ").replace("$", r"\$").replace("<", r"\<").replace("![", r"!\[")
    text = _DIRECTIVE.sub(r"\:", text)
    lines = text.split("\n")
    return "\n".join(
        f"{line}  " if line.strip() and not line.lstrip().startswith("|") and at + 1 < len(lines) else line
        for at, line in enumerate(lines)
    )
