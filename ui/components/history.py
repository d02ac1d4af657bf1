"""What happened to an entry, newest first, and what it is linked with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from kbbuilder.schema import LinkVerdict, Revision
from kbbuilder.services.review import LinkView
from ui.components.text import html_text, plain, shortened
from ui.labels import Labels

SHOWN_REVISIONS = 30
SHOWN_CHARS = 160


def revisions(say: Labels, history: Sequence[Revision]) -> None:
    """Who did what and when, with the fields that changed."""
    if not history:
        st.caption(say("history.none"))
    rows = []
    for revision in sorted(history, key=lambda r: r.id, reverse=True)[:SHOWN_REVISIONS]:
        changes = "".join(_change(say, *change) for change in _changes(revision.before, revision.after))
        rows.append(
            f"<li><b>{html_text(say.coded('action', revision.action))}</b>"
            f'<span class="kb-facts">{html_text(f"{revision.actor} · {moment(revision.at)}")}</span>{changes}</li>'
        )
    st.html(f'<ol class="kb-history">{"".join(rows)}</ol>')


def links(say: Labels, views: Sequence[LinkView], pick: Callable[[str], None]) -> None:
    """The entries this one is linked with; each opens on a click."""
    if not views:
        st.caption(say("links.none"))
    for view in views:
        with st.container(border=True, gap="xsmall"):
            st.button(
                plain(shortened(view.other.question, 90)),
                key=f"review.link.{view.link.id}",
                on_click=pick,
                args=(view.other.id,),
                type="tertiary",
            )
            facts = [say.coded("verdict", view.link.verdict.value), say.coded("link.reason", view.link.reason)]
            facts.append(say(f"status.{view.other.status.value}"))
            if view.link.decision:
                facts.append(say("links.decided").format(what=say.coded("decision", view.link.decision)))
            st.caption(plain(" · ".join(fact for fact in facts if fact)))
            st.caption(plain(shortened(view.other.answer, SHOWN_CHARS)))


def open_conflicts(views: Sequence[LinkView]) -> tuple[LinkView, ...]:
    """The contradictions nobody has settled yet."""
    return tuple(v for v in views if v.link.verdict is LinkVerdict.CONFLICT and not v.link.decision)


def moment(at: str) -> str:
    """A UTC ISO time without its seconds."""
    return f"{at[:10]} {at[11:16]}"


def _changes(
    before: Mapping[str, object] | None, after: Mapping[str, object] | None
) -> list[tuple[str, object, object]]:
    if not before or not after:
        return []
    return [(field, before.get(field), after[field]) for field in after if before.get(field) != after[field]]


def _change(say: Labels, field: str, before: object, after: object) -> str:
    label = say.get(f"history.field.{field}")
    if label is None:
        return ""
    old, new = (html_text(shortened(_told(say, field, value), SHOWN_CHARS)) for value in (before, after))
    return f"<div><i>{html_text(label)}</i> <del>{old or '—'}</del> → <ins>{new or '—'}</ins></div>"


def _told(say: Labels, field: str, value: object) -> str:
    if field == "status":
        return say(f"status.{value}")
    if isinstance(value, list | tuple):
        return "；".join(str(v.get("text", "")) if isinstance(v, Mapping) else str(v) for v in value)
    return "" if value is None else str(value)
