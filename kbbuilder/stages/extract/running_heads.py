"""What the running heads, banners and link trails of a document's pages name: its book and product."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import is_generic
from kbbuilder.schema import Chunk, ChunkKind
from kbbuilder.stages.extract.product_names import first_word_is_name, names_in_title

_MANUAL_OF = re.compile(
    r"(?P<name>[A-Z][\w.+/-]*(?: [A-Z][\w.+/-]*){0,2}) ?[\u4e00-\u9fff]{0,6}(?:手册|指南|教程|文档|帮助|说明书)"
)


def book_of(chunks: Sequence[Chunk]) -> str:
    """The product of the manual whose name is all that a page has for a running head ("Orbix 参考手册"), or "".

    Its tasks are asked with it; rows of its tables are not, which may belong to any part of a large book.
    """
    heads = running_heads(chunks)
    manual = _MANUAL_OF.match(heads[0]) if len(heads) == 1 else None
    return manual.group("name") if manual else ""


def running_heads(chunks: Sequence[Chunk]) -> list[str]:
    """What stands above the text of pages, a line each, as often as it stands there."""
    lines = [
        line.strip()
        for c in chunks
        if c.kind is ChunkKind.FURNITURE and c.heading_path == ("page_header",)
        for line in c.text.split("\n")
    ]
    return [line for line in lines if line]


_BANNER = re.compile(
    r"(?P<name>[A-Z][\w.+-]*(?: [A-Z][A-Za-z.+-]*){0,2})(?: v?\d+(?:\.\d+)+)?\s?(?:在线|联机|用户|官方)?(?:帮助|文档|手册|指南)(?:中心)?"
)


def named_by_banner(chunks: Sequence[Chunk]) -> str:
    """The product whose help a page says it belongs to in the banner above its navigation ("Orbix 7.4 帮助"), or "": a page
    of one dialog need not name its program anywhere else."""
    for chunk in chunks:
        if chunk.kind is ChunkKind.FURNITURE:
            for line in chunk.text.split("\n")[:5]:
                banner = _BANNER.fullmatch(line.strip("# *"))
                if banner:
                    return banner.group("name")
    return ""


def named_by_header(chunks: Sequence[Chunk], text: str) -> str:
    """The product of the book that a running head names ("Tidepool Manual"), or "". Of several heads, as pages have them
    that show their chapter, only one that the text keeps naming too; a page cut from a book names just its book."""
    lines = running_heads(chunks)
    for head in dict.fromkeys(lines[:20]):
        for candidate, manual in names_in_title(head):
            often = len(re.findall(rf"(?<![A-Za-z]){re.escape(candidate)}(?![A-Za-z])", text))
            if not candidate[0].isupper() or is_generic(candidate) or len(candidate) > 40:
                continue
            if manual and often >= 2 and often * 3000 >= len(text):
                return candidate
            if manual and len(lines) == 1 and first_word_is_name(candidate, text):
                return candidate
        initials = "".join(re.findall(r"\b[A-Z]", head))
        if len(lines) == 1 and len(initials) >= 3 and re.search(rf"\b{initials}\b", text):
            return initials  # the page of a book on the "Graphic Drawing Tool" that says GDT throughout
    return ""


_CRUMB = re.compile(
    r"^- (?:\[(?P<home>[A-Z][\w.+]*(?: [A-Z][\w.+]*)?)\]\(https?://[^/)]+/?\) »"
    r"|\[?(?P<book>[A-Z][\w.+]*(?: [A-Z][\w.+]*)?) v?\d[\w.]* documentation\b)",
    re.M,
)


def named_by_crumb(chunks: Sequence[Chunk], text: str) -> str:
    """The product at the root of the trail of links above a page ("Tidepool 1.2 documentation » …"), when the page names
    it twice, or ""."""
    crumbs = (crumb for c in chunks if c.kind is ChunkKind.FURNITURE for crumb in _CRUMB.finditer(c.text[:600]))
    names = (crumb.group("home") or crumb.group("book") for crumb in crumbs)
    return next((n for n in names if len(re.findall(rf"(?<![A-Za-z]){re.escape(n)}(?![A-Za-z])", text)) >= 2), "")


_BOOK_OF = re.compile(
    r"(?:The |Using )?(?P<name>[A-Z][a-z]+[A-Z]\w*)(?: [A-Z][\w'’]*| (?:and|&|of|for|the))* "
    r"(?:Manual|Guide|Handbook|Help|Documentation|Tutorial|Reference)"
)
"""A book's title that opens with a name in inner capitals, which needs no text to confirm it."""
_PROGRAM_TITLE = re.compile(
    r"(?:The )?(?P<name>(?:[A-Z][\w+-]+ ){2,4}(?:Program|Suite|Studio|Toolkit|Desktop|Environment))"
)


def of_one_book(chunks: Sequence[Chunk], text: str) -> str:
    """The product of the book whose title is the one running head of a page, where the title alone makes it sure, or "": a
    page on "Paths" has a name of its own to mislead with."""
    heads = list(dict.fromkeys(running_heads(chunks)))
    if len(heads) != 1:
        return ""
    book = _BOOK_OF.fullmatch(heads[0])
    if book:
        return book.group("name")
    program = _PROGRAM_TITLE.fullmatch(heads[0])
    if program is None:
        return ""
    initials = "".join(re.findall(r"\b[A-Z]", program.group("name")))
    return initials if re.search(rf"\b{initials}\b", text) else program.group("name")
