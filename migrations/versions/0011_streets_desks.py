"""Desks of streets: accounts and invitations of theirs, and whose desk a gate asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("street", sa.String(length=40), nullable=True))
    op.add_column("invitation", sa.Column("street", sa.String(length=40), nullable=True))
    op.add_column("gate", sa.Column("street", sa.String(length=40), server_default="", nullable=False))
    op.execute(
        "UPDATE gate SET street = (SELECT compound.street FROM compound WHERE compound.id = gate.compound_id) "
        "WHERE gate.compound_id IS NOT NULL"
    )
    with op.batch_alter_table("gate") as table:
        table.alter_column("street", server_default=None)


def downgrade() -> None:
    op.drop_column("gate", "street")
    op.drop_column("invitation", "street")
    op.drop_column("account", "street")
