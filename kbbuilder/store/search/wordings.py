"""The `wording` rows: every way an entry's question is asked, as text, search tokens and the key of its vector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, text

from kbbuilder.language.text import wording_key
from kbbuilder.language.tokens import search_tokens
from kbbuilder.ports import Embedder
from kbbuilder.store.search.vectors import store_vectors, stored_vectors, text_hash

_BATCH = 500

_ENTRIES = text("SELECT id, collection, question FROM faq_entry WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_SIMILAR = text(
    "SELECT entry_id, text, negative FROM similar_question WHERE entry_id IN :ids ORDER BY entry_id, ordinal, id"
).bindparams(bindparam("ids", expanding=True))
_DROP = text("DELETE FROM wording WHERE entry_id IN :ids").bindparams(bindparam("ids", expanding=True))
_INSERT = text(
    "INSERT INTO wording (collection, entry_id, text, tokens, text_hash) "
    "VALUES (:collection, :entry_id, :text, :tokens, :text_hash)"
)


def wording_texts(question: str, similar_questions: Iterable[str]) -> tuple[str, ...]:
    """The texts an entry is searched by; equal wordings (after folding) once. Give negative questions as well when
    the result goes to `ensure_vectors`."""
    texts: dict[str, str] = {}
    for wording in (question, *similar_questions):
        texts.setdefault(wording_key(wording) or wording, wording)
    return tuple(texts.values())


def index_entries(conn: Connection, embedder: Embedder, entry_ids: Sequence[str]) -> int:
    """Rewrite the search rows of these entries from what the library says now; ids that are gone are dropped.

    Entries of every status are indexed: the status is looked at when searching. Vectors that are not stored yet are
    encoded here, inside the caller's transaction: call `ensure_vectors` before it for more than a few.

    Returns: the number of wordings written.
    """
    written = 0
    for start in range(0, len(entry_ids), _BATCH):
        written += _index(conn, embedder, list(entry_ids[start : start + _BATCH]))
    return written


def _index(conn: Connection, embedder: Embedder, ids: list[str]) -> int:
    similar: dict[str, list[str]] = {}
    negative: list[str] = []
    for entry_id, wording, is_negative in conn.execute(_SIMILAR, {"ids": ids}):
        if is_negative:
            negative.append(wording)
        else:
            similar.setdefault(entry_id, []).append(wording)
    rows = [
        {
            "collection": collection,
            "entry_id": entry_id,
            "text": wording,
            "tokens": " ".join(search_tokens(wording)),
            "text_hash": text_hash(wording),
        }
        for entry_id, collection, question in conn.execute(_ENTRIES, {"ids": ids})
        for wording in wording_texts(question, similar.get(entry_id, ()))
    ]
    conn.execute(_DROP, {"ids": ids})
    if rows:
        conn.execute(_INSERT, rows)
    _store_missing(conn, embedder, [*(row["text"] for row in rows), *negative])
    return len(rows)


def _store_missing(conn: Connection, embedder: Embedder, texts: Sequence[str]) -> None:
    by_hash = {text_hash(t): t for t in texts}
    known = stored_vectors(conn, embedder.name, by_hash)
    missing = {key: t for key, t in by_hash.items() if key not in known}
    if missing:
        store_vectors(conn, embedder.name, list(missing), embedder.encode(list(missing.values())))
