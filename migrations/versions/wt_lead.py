"""What the lead's part adds (to be merged)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "wt_lead"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=12), nullable=False, server_default="file"))


def downgrade() -> None:
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_column("origin")
