"""Wordings that were proposed for older entries, judged anew beside newer ones."""

from __future__ import annotations

from collections.abc import Sequence

from search_library import AT, AddEntry
from sqlalchemy import text

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.database import Database
from kbbuilder.store.search import EntryIndex, KeptIndex

RESET, STEPS = "How do I reset the X200?", "What are the steps to reset the X200?"
_STATUSES = (EntryStatus.APPROVED, EntryStatus.PENDING)


def _index(database: Database, embedder: Embedder, *, proposed: Sequence[str] = ()) -> EntryIndex:
    """What is indexed, with these wordings as if a rule had proposed them."""
    with database.write() as conn:
        for wording in proposed:
            conn.execute(text("UPDATE similar_question SET style = 'formal' WHERE text = :text"), {"text": wording})
    with database.read() as conn:
        return KeptIndex(embedder, "c", _STATUSES).view(conn).index


def _contested(index: EntryIndex, *rivals: str) -> list[tuple[str, str, str]]:
    return [(c.entry_id, c.text, c.rival) for c in index.contested(rivals, clear=0.08, lead=0.005)]


def test_a_proposed_wording_that_is_a_newer_entrys_question_is_contested(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("old", RESET, STEPS, "reset X200", status=EntryStatus.PENDING)
    add_entry("new", STEPS, status=EntryStatus.PENDING)
    index = _index(database, embedder, proposed=[STEPS, "reset X200"])
    assert _contested(index, "new") == [("old", STEPS, "new")]
    assert _contested(index, "old") == [] and _contested(index, "unknown") == []


def test_what_the_source_says_or_a_person_wrote_is_never_contested(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("old", RESET, STEPS, status=EntryStatus.PENDING)
    add_entry("new", STEPS, status=EntryStatus.PENDING)
    assert _contested(_index(database, embedder), "new") == []


def test_wordings_of_an_entry_that_a_person_has_approved_are_never_contested(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("old", RESET, STEPS, status=EntryStatus.APPROVED)
    add_entry("new", STEPS, status=EntryStatus.PENDING)
    assert _contested(_index(database, embedder, proposed=[STEPS]), "new") == []


def test_an_entry_about_something_else_contests_nothing(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("old", RESET, STEPS, status=EntryStatus.PENDING)
    add_entry("other model", "How do I reset the X300?", status=EntryStatus.PENDING)
    add_entry("other thing", "How long is the warranty?", status=EntryStatus.PENDING)
    index = _index(database, embedder, proposed=[STEPS])
    assert _contested(index, "other model", "other thing") == []


def test_an_entry_that_left_the_index_has_nothing_to_lose(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("old", RESET, STEPS, status=EntryStatus.PENDING)
    add_entry("new", STEPS, status=EntryStatus.PENDING)
    kept = KeptIndex(embedder, "c", _STATUSES)
    index = _index(database, embedder, proposed=[STEPS])
    assert _contested(index, "new")
    with database.write() as conn:
        view = kept.view(conn)
        assert len(view.index) == 3
        conn.execute(text("UPDATE faq_entry SET status = 'rejected', updated_at = :at WHERE id = 'old'"), {"at": AT})
        view.renew(["old"])
        assert _contested(view.index, "new") == []
