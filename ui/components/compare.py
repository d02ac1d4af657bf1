"""Two texts side by side, and the choice between them: a save that came too late, and entries that contradict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from kbbuilder.schema import FaqEntry, Link
from kbbuilder.services.review import SourceView
from ui.components import evidence
from ui.components.text import answer_markdown, html_text, plain
from ui.forms import Edit, Refusal, edit_of
from ui.labels import Labels


def refusal(
    say: Labels,
    entry_id: str,
    refused: Refusal,
    take_theirs: Callable[[str], None],
    save_mine: Callable[[str], None],
) -> None:
    """A stale form: «your text» and «saved meanwhile», nothing lost, nothing written."""
    st.warning(say("stale.title"), icon=":material/sync_problem:")
    theirs = edit_of(refused.theirs)
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, key="stale-mine"):
        _text(say, "stale.mine", refused.mine, theirs)
        st.button(
            say("stale.save_mine"), key=f"review.stale.mine.{entry_id}", on_click=save_mine, args=(entry_id,),
            help=say("stale.save_mine.help"),
        )  # fmt: skip
    with right, st.container(border=True, key="stale-theirs"):
        _text(say, "stale.theirs", theirs, refused.mine)
        st.caption(say("stale.status").format(status=say(f"status.{refused.theirs.status.value}")))
        st.button(
            say("stale.take_theirs"), key=f"review.stale.theirs.{entry_id}", on_click=take_theirs, args=(entry_id,),
            type="primary",
        )  # fmt: skip


def conflict(
    say: Labels,
    link: Link,
    left: tuple[FaqEntry, Sequence[SourceView]],
    right: tuple[FaqEntry, Sequence[SourceView]],
    settle: Callable[[int, str], None],
) -> None:
    """Two entries with their sources, and one button a decision; a failure is shown on the page behind."""
    st.caption(say.coded("link.reason", link.reason))
    columns = st.columns(2, gap="medium")
    for column, (entry, views), decision in zip(columns, (left, right), ("keep_left", "keep_right"), strict=True):
        with column, st.container(border=True, gap="small"):
            st.markdown(f"**{plain(entry.question)}**")
            st.html(
                f'<span class="kb-chip kb-{entry.status.value}">{html_text(say(f"status.{entry.status.value}"))}</span>'
            )
            st.markdown(answer_markdown(entry.answer))
            _settle_button(say, link, decision, settle, width="stretch")
            evidence.sources(say, views)
    with st.container(horizontal=True, gap="small"):
        for decision in ("keep_both", "merge"):
            _settle_button(say, link, decision, settle, width="content")


def _settle_button(
    say: Labels, link: Link, decision: str, settle: Callable[[int, str], None], *, width: Literal["stretch", "content"]
) -> None:
    """Decides and closes the dialog."""
    name = f"conflict.{decision}"
    key = f"review.settle.{decision}.{link.id}"
    help_text = say.get(f"{name}.help")
    if st.button(say(name), key=key, help=help_text, on_click=settle, args=(link.id, decision), width=width):
        st.rerun()


def _text(say: Labels, title: str, edit: Edit, other: Edit) -> None:
    """One side; a field that differs from the other side carries a bar."""
    st.markdown(f"**{say(title)}**")
    rows = []
    for field in ("question", "answer", "similar", "negative", "tags"):
        mine, his = getattr(edit, field), getattr(other, field)
        if not mine and not his:
            continue
        body = mine if isinstance(mine, str) else "\n".join(mine)
        mark = ' class="kb-differs"' if mine != his else ""
        rows.append(f"<dt>{html_text(say(f'review.{field}'))}</dt><dd{mark}>{html_text(body) or '—'}</dd>")
    st.html(f'<dl class="kb-side">{"".join(rows)}</dl>')
