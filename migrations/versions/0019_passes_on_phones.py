"""A pass is on paper or on its bearer's phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.add_column(sa.Column("medium", sa.String(length=5), server_default="paper", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.drop_column("medium")
