"""Which feed closed a record, which was a batch's last, and since when lists are submitted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "wt_asof"
down_revision = "wt_lead"
branch_labels = None
depends_on = None

LEDGER = (
    "test_record",
    "case_record",
    "review_record",
    "screening_record",
    "zone_record",
    "code_record",
    "contact_record",
    "discharge_record",
)


def upgrade() -> None:
    for table in LEDGER:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("replaced_in", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_replaced_in"), "intake", ["replaced_in"], ["id"]
            )

    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("intake_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_batch_intake_id"), "intake", ["intake_id"], ["id"])

    op.create_table(
        "submitted_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_submitted_period_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submitted_period")),
    )
    with op.batch_alter_table("submitted_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submitted_period_list_id"), ["list_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("submitted_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submitted_period_list_id"))

    op.drop_table("submitted_period")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_batch_intake_id"), type_="foreignkey")
        batch_op.drop_column("intake_id")

    for table in reversed(LEDGER):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_replaced_in"), type_="foreignkey")
            batch_op.drop_column("replaced_in")
