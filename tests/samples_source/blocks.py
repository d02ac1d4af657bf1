"""Read the Markdown content files into plain blocks that the writers can use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

#: A piece of text and whether it is bold.
Run = tuple[str, bool]


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item or table of a content file."""

    kind: str
    level: int = 0
    runs: tuple[Run, ...] = ()
    rows: list[list[str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the block without its formatting."""
        return "".join(text for text, _ in self.runs)


def markdown() -> MarkdownIt:
    """The Markdown reader with tables switched on."""
    return MarkdownIt("commonmark").enable("table")


def inline_runs(token: Token) -> tuple[Run, ...]:
    """The text pieces of an inline token."""
    runs: list[Run] = []
    bold = False
    for child in token.children or []:
        if child.type in ("strong_open", "strong_close"):
            bold = child.type == "strong_open"
        elif child.type in ("softbreak", "hardbreak"):
            runs.append(("\n", bold))
        elif child.content:
            runs.append((child.content, bold))
    return tuple(runs)


def table_rows(tokens: Sequence[Token]) -> list[list[str]]:
    """The cell texts of a table's tokens, row by row."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token.content)
    return rows


def read_blocks(text: str) -> list[Block]:
    """All blocks of a Markdown text, in order; a list gives one block per item."""
    tokens = markdown().parse(text)
    blocks: list[Block] = []
    lists: list[str] = []
    start = -1
    for number, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append("bullet" if token.type.startswith("bullet") else "step")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "table_open":
            start = number
        elif token.type == "table_close":
            blocks.append(Block("table", rows=table_rows(tokens[start:number])))
            start = -1
        elif token.type == "inline" and start < 0:
            blocks.append(_inline_block(tokens[number - 1], token, lists))
    return blocks


def _inline_block(opening: Token, token: Token, lists: list[str]) -> Block:
    """The block of one inline token, told apart by the token that opened it."""
    runs = inline_runs(token)
    if opening.type == "heading_open":
        return Block("heading", int(opening.tag[1:]), runs)
    return Block(lists[-1] if lists else "paragraph", runs=runs)
