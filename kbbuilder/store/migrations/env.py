"""Runs the migrations on the connection that `Database.migrate` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from kbbuilder.store import tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=tables.ENTRY.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
