"""Lanes of scans, tests on the spot with their time, and look-ups by document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "wt_profiles"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("lane", 3), ("antigen", 8)):
        op.add_column("scan", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    op.add_column("scan", sa.Column("antigen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("scan", sa.Column("person_key", sa.LargeBinary(length=16), nullable=True))
    op.add_column("scan", sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE scan SET lane = (SELECT CASE gate.kind WHEN 'plant' THEN 'in' ELSE 'out' END "
        "FROM gate WHERE gate.id = scan.gate_id)"
    )
    with op.batch_alter_table("scan") as table:
        table.alter_column("lane", server_default=None)
        table.alter_column("antigen", server_default=None)
        table.create_index("ix_scan_person_key", ["person_key"])


def downgrade() -> None:
    with op.batch_alter_table("scan") as table:
        table.drop_index("ix_scan_person_key")
        for name in ("consented_at", "person_key", "antigen_at", "antigen", "lane"):
            table.drop_column(name)
