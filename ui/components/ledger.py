"""What became of one document: each section and candidate in a named state, and what the library covers of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kbbuilder.schema import ChunkState
from kbbuilder.services.build import Coverage, DocumentView, SectionCoverage
from ui.components.text import html_text
from ui.labels import Labels

PAGE_SIZE = 25


def balance(say: Labels, document: DocumentView) -> None:
    """Sections and candidates by what became of them; each table adds up to its first line."""
    chunks, candidates = document.chunks_by_state, document.candidates
    states = [(say.coded("chunk", state.value), chunks.get(state.value, 0)) for state in ChunkState]
    dropped = sorted(candidates.dropped.items(), key=lambda item: -item[1])
    outcomes = [
        (say("ledger.kept"), candidates.kept),
        (say("ledger.merged"), candidates.merged),
        *((say("ledger.dropped").format(why=say.coded("reason", code)), n) for code, n in dropped),
        (say("ledger.failed"), candidates.failed),
        (say("ledger.pending"), candidates.pending),
    ]
    left, right = st.columns(2, gap="medium")
    left.html(_table(say("ledger.chunks"), sum(chunks.values()), states))
    right.html(_table(say("ledger.candidates"), candidates.total, outcomes))


def coverage(say: Labels, view: Coverage, key: str) -> None:
    """How much of the text at least one quote stands on, as a bar, and section by section."""
    share = view.covered / view.chars if view.chars else 0.0
    bare = [s for s in view.sections if not s.covered]
    told = say("coverage.summary").format(percent=percent(share), n=len(bare), total=len(view.sections))
    st.html(
        f'<div class="kb-label">{html_text(say("coverage.title"))}</div>'
        f'{bar(share)}<div class="kb-facts">{html_text(told)}</div>'
    )
    if not view.sections:
        return
    only_bare = st.toggle(say("coverage.only_bare").format(n=len(bare)), key=f"{key}.bare", value=bool(bare))
    shown = bare if only_bare else list(view.sections)
    number = page_number(say, len(shown), PAGE_SIZE, f"{key}.page")
    rows = "".join(_section(say, s) for s in shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    st.html(f'<ul class="kb-sections">{rows}</ul>')


def page_number(say: Labels, total: int, size: int, key: str) -> int:
    """Which page of a long table is shown, counted from 1; draws the pager when there is more than one page."""
    pages = max(1, -(-total // size))
    if pages == 1:
        return 1
    st.session_state[key] = min(int(st.session_state.get(key, 1)), pages)
    return st.number_input(say("pager").format(pages=pages), min_value=1, max_value=pages, step=1, key=key, width=170)


def bar(share: float) -> str:
    """A bar of `share` (0..1)."""
    return f'<div class="kb-bar"><span style="width:{max(0.0, min(1.0, share)) * 100:.1f}%"></span></div>'


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _table(title: str, total: int, rows: Sequence[tuple[str, int]]) -> str:
    lines = "".join(f"<tr><td>{html_text(name)}</td><td>{n:,}</td></tr>" for name, n in rows if n)
    return (
        f'<table class="kb-ledger"><thead><tr><th>{html_text(title)}</th><th>{total:,}</th></tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )


def _section(say: Labels, section: SectionCoverage) -> str:
    share = section.covered / section.chars if section.chars else 0.0
    path = " › ".join(section.heading_path) or say("coverage.untitled")
    facts = [say("source.page").format(n=section.page)] if section.page is not None else []
    facts.append(say.coded("reason", section.reason) if section.reason else say.coded("chunk", section.state))
    state = "kb-bare" if not section.covered else ""
    return (
        f'<li class="{state}"><div>{html_text(path)}<span class="kb-facts">{html_text(" · ".join(facts))}</span></div>'
        f'{bar(share)}<span class="kb-share">{percent(share)}</span></li>'
    )
