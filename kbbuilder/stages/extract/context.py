"""What an extractor may know of the whole document, worked out from its chunks: its product, its nature, its outline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import fold
from kbbuilder.schema import Chunk, ChunkKind, DocumentContext, ElementKind, Language
from kbbuilder.stages.extract.product_names import named_by_titles, named_throughout
from kbbuilder.stages.extract.running_heads import (
    book_of,
    named_by_banner,
    named_by_crumb,
    named_by_header,
    of_one_book,
    running_heads,
)

_POLICY = re.compile(
    r"\b(?:polic(?:y|ies)|terms(?: and conditions| of (?:use|service))?|agreement|regulations?|code of conduct|warranty (?:terms|conditions)|rules)\b|政策|协议|条款|规定|办法|章程|合同|细则|制度|守则",
    re.I,
)
_GUIDES = re.compile(r"\b(?:manual|guide|handbook|FAQs?)\b|手册|指南|说明书|教程|问答|常见问题", re.I)


def context_of(name: str, title: str, language: Language, chunks: Sequence[Chunk]) -> DocumentContext:
    """The context of a document from its stored chunks. Cost: O(characters)."""
    sections = [c for c in chunks if c.kind is ChunkKind.SECTION]
    text = "\n".join(c.text for c in sections)
    outline = tuple(dict.fromkeys(c.heading_path for c in sections if c.heading_path))
    heading = outline[0][0] if outline else ""
    file_name = re.sub(r"\.\w+$", "", name.rsplit("/", 1)[-1]).replace("_", " ").replace("-", " ")
    policy = any(_POLICY.search(t) for t in (title, file_name)) and not _GUIDES.search(title)
    subject = "" if policy or language != "en" else of_one_book(chunks, text)
    subject = subject or named_by_titles((title, heading, file_name), text, policy, language)
    if not subject and not policy:
        subject = (
            named_by_header(chunks, text) or named_by_crumb(chunks, text)
            if language == "en"
            else named_throughout(sections)
        )
    site = "" if policy or language == "en" else named_by_banner(chunks)
    return DocumentContext(
        name=name,
        title=title,
        language=language,
        subject=subject if site.lower() in subject.lower() else site,
        book="" if policy or language == "en" else book_of(chunks),
        audience=_audience((title, heading, *running_heads(chunks)[:1]), chunks) if language == "en" else "",
        policy=policy,
        outline=outline,
        split_sections=_split(sections),
        repeated_headings=_repeated(outline),
    )


def _split(sections: Sequence[Chunk]) -> frozenset[tuple[str, ...]]:
    return frozenset(
        later.heading_path
        for earlier, later in pairwise(sections)
        if later.heading_path == earlier.heading_path and later.parts[0].element.kind is not ElementKind.HEADING
    )


def _repeated(outline: Sequence[tuple[str, ...]]) -> frozenset[str]:
    counts = Counter(fold(bare_heading(path[-1])) for path in outline)
    return frozenset(heading for heading, count in counts.items() if count > 1)


_FOR_WHOM = re.compile(
    r"\b(developer|maintainer|packager|integrator|translator)s?['’]?s?[ -](?:\w+ )?(?:guide|reference|manual|handbook|information)\b",
    re.I,
)


def _audience(titles: Sequence[str], chunks: Sequence[Chunk]) -> str:
    """Whom the book's title or the trail above a page says it is for, when not for users: what a developer does to a package
    is not what a user does to it."""
    trails = [c.text[:300] for c in chunks if c.kind is ChunkKind.FURNITURE and "»" in c.text[:300]]
    found = next((m for t in (*titles, *trails) for m in [_FOR_WHOM.search(t)] if m), None)
    return found.group(1).lower() if found else ""
