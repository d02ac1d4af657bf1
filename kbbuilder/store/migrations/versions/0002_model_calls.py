"""What a model's reply needs to be used again and accounted for: how it ended, cached tokens, who used it, who paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("model_call") as table:
        # The defaults are for rows written under 0001, which only kept replies that ended by themselves.
        table.add_column(sa.Column("finish", sa.String(), nullable=False, server_default="stop"))
        table.add_column(sa.Column("cached_tokens", sa.Integer(), nullable=False, server_default="0"))
        table.alter_column("cost", existing_type=sa.Float(), nullable=True)
    op.create_table(
        "model_call_use",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["document_version.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["key"], ["model_call.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", "key"),
    )
    op.create_index("ix_model_call_use_key", "model_call_use", ["key"])
    op.create_table(
        "model_trait",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("reply_mode", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("model", "service"),
    )
