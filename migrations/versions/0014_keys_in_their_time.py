"""Keys are known before they sign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("serial", sa.Integer(), server_default="0", nullable=False))
    # A key that a home has signs already: from when its row was made.
    op.execute("UPDATE signing_key SET signs_from = since")
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.alter_column("signs_from", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.drop_column("serial")
        batch_op.drop_column("signs_from")
