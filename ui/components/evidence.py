"""Where an answer comes from: the pieces of the documents, with the quoted places marked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kbbuilder.schema import Evidence, Passage
from kbbuilder.services.review import SourceView
from ui.components.source import source_html
from ui.components.text import html_text
from ui.labels import Labels


def sources(say: Labels, views: Sequence[SourceView]) -> None:
    """Every source of an entry, the first one first, each with what stands around it folded away."""
    if not views:
        st.caption(say("review.no_source"))
    for view in views:
        place = _place(say, view.document, view.version, view.page, view.heading_path)
        notes = [
            key for key, wrong in (("source.outdated", not view.current), ("source.stated", not view.proven)) if wrong
        ]
        place += "".join(f'<div class="kb-note">{html_text(say(key))}</div>' for key in notes)
        body = source_html(view.chunk_text, view.spans, earlier=say("source.earlier"))
        before = _around(say("source.before"), view.before)
        after = _around(say("source.after"), view.after)
        _section(place, before + body + after)


def quotes(say: Labels, evidence: Sequence[Evidence]) -> None:
    """The quotes alone, each under its place: for an answer that is shown to someone who asked."""
    for item in evidence:
        place = _place(say, item.document, item.version, item.page, item.heading_path)
        _section(place, source_html(item.quote, (), earlier=""), quoted=True)


def passage(say: Labels, found: Passage) -> None:
    """A piece of a document that is itself the answer."""
    place = _place(say, found.document, found.version, found.page, found.heading_path)
    _section(place, source_html(found.text, (), earlier=""))


def _section(place: str, body: str, *, quoted: bool = False) -> None:
    kind = "kb-text kb-quote" if quoted else "kb-text"
    st.html(f'<section class="kb-source">{place}<div class="{kind}">{body}</div></section>')


def _around(label: str, text: str) -> str:
    if not text.strip():
        return ""
    body = source_html(text, (), earlier="")
    return f'<details class="kb-around"><summary>{html_text(label)}</summary>{body}</details>'


def _place(say: Labels, document: str, version: int, page: int | None, path: Sequence[str]) -> str:
    facts = []
    if page is not None:
        facts.append(say("source.page").format(n=page))
    if version > 1:
        facts.append(say("source.edition").format(n=version))
    head = f'<span class="kb-document">{html_text(document)}</span>'
    if facts:
        head += f'<span class="kb-facts">{html_text(" · ".join(facts))}</span>'
    trail = "".join(f"<li>{html_text(heading)}</li>" for heading in path)
    return f"<header>{head}</header>" + (f'<ol class="kb-path">{trail}</ol>' if trail else "")
