"""Worker lists are read by the worker: files that wait for it, and the verdicts it found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=80), nullable=False),
        sa.Column("sealed_file", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_judged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_list_upload_firm_id")),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_list_upload_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_upload")),
    )
    with op.batch_alter_table("list_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_upload_firm_id"), ["firm_id"], unique=False)
    op.create_table(
        "list_judgement",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_list_judgement_list_id")),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_list_judgement")),
    )


def downgrade() -> None:
    op.drop_table("list_judgement")
    op.drop_table("list_upload")
