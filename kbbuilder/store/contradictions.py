"""Entries that ask the same question, and what may not be approved together."""

from __future__ import annotations

import unicodedata

from sqlalchemy import Connection

from kbbuilder.language.text import one_line
from kbbuilder.schema import EntryStatus, FaqEntry, LinkVerdict
from kbbuilder.store.entries import StoredEntry, find_by_questions, get, load_many
from kbbuilder.store.links import KEEP_BOTH, NewLink, add_links, links_of

SAME_QUESTION = "same_question"
"""The reason of a link between entries that ask the same in the same words."""


def same_answer(left: str, right: str) -> bool:
    """Whether two answers say the same in the same words: case, width, blanks and the final stop do not count.

    >>> same_answer("7 天内可退。", "7 天内可退"), same_answer("1.5 A", "15 A")
    (True, False)
    """
    return answer_key(left) == answer_key(right)


def answer_key(text: str) -> str:
    """Equal keys are the same answer: case, width, blanks and the final stop do not count."""
    return one_line(unicodedata.normalize("NFKC", text).casefold()).rstrip(" .。!！;；")


def link_same_question(conn: Connection, stored: StoredEntry, *, at: str) -> tuple[str, ...]:
    """Link the entry with all that ask the same: as a conflict when their answers differ, else as a duplicate.
    Rejected entries do not count. The ids it is in conflict with."""
    if stored.content.status is EntryStatus.REJECTED:
        return ()
    ids = find_by_questions(conn, stored.collection, [stored.content.question]).get(stored.content.question, [])
    others = [
        other
        for other in load_many(conn, [i for i in ids if i != stored.id]).values()
        if other.content.status is not EntryStatus.REJECTED
    ]
    verdicts = {
        other.id: LinkVerdict.DUPLICATE
        if same_answer(other.content.answer, stored.content.answer)
        else LinkVerdict.CONFLICT
        for other in others
    }
    add_links(conn, [NewLink(stored.id, other, verdict, 1.0, SAME_QUESTION) for other, verdict in verdicts.items()])
    return tuple(other for other, verdict in verdicts.items() if verdict is LinkVerdict.CONFLICT)


def approved_rival(conn: Connection, entry_id: str) -> FaqEntry | None:
    """An approved entry that this one contradicts, unless a person decided to keep both."""
    for link in links_of(conn, entry_id):
        if link.verdict is LinkVerdict.CONFLICT and link.decision != KEEP_BOTH:
            other = get(conn, link.right_id if link.left_id == entry_id else link.left_id)
            if other.status is EntryStatus.APPROVED:
                return other
    return None
