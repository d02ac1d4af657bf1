"""Finding entries by what customers ask, and passages of documents when no entry answers."""

from kbbuilder.store.search.entry_contests import Contest
from kbbuilder.store.search.entry_index import SEARCHABLE, EntryIndex
from kbbuilder.store.search.entry_search import EntrySearch
from kbbuilder.store.search.judging import EntryHit
from kbbuilder.store.search.kept_index import IndexView, KeptIndex
from kbbuilder.store.search.neighbours import SIMILAR_FROM, Neighbours, neighbours
from kbbuilder.store.search.passage_search import PassageHit, PassageSearch
from kbbuilder.store.search.passages import drop_passages, index_passages
from kbbuilder.store.search.vectors import ensure_vectors, text_hash
from kbbuilder.store.search.wordings import index_entries, wording_texts

__all__ = [
    "SEARCHABLE",
    "SIMILAR_FROM",
    "Contest",
    "EntryHit",
    "EntryIndex",
    "EntrySearch",
    "IndexView",
    "KeptIndex",
    "Neighbours",
    "PassageHit",
    "PassageSearch",
    "drop_passages",
    "ensure_vectors",
    "index_entries",
    "index_passages",
    "neighbours",
    "text_hash",
    "wording_texts",
]
