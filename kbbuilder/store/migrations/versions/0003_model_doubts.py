"""Where a model hesitated, beside its reply."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("model_call") as table:
        # The default is for replies of which it was not asked.
        table.add_column(sa.Column("doubts", sa.String(), nullable=False, server_default="[]"))
