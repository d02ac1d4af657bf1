"""Makes the fixtures of `search_library` known here."""

from search_library import add_document, add_entry, database, embedder

__all__ = ["add_document", "add_entry", "database", "embedder"]
