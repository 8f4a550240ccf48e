"""What big feeds add (to be merged)."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "wt_feeds"
down_revision = "wt_api"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=8), nullable=False, server_default="done"))
        batch_op.add_column(sa.Column("digest", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_intake_acted_at"), ["acted_at"], unique=False)
        batch_op.create_index(
            "uq_intake_running",
            ["feed", "digest"],
            unique=True,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        )
    op.create_table(
        "refused_line",
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("column_name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reason_zh", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_refused_line_intake_id")),
        sa.PrimaryKeyConstraint("intake_id", "line", name=op.f("pk_refused_line")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feed", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=80), nullable=False),
        sa.Column("sealed_file", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.String(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_upload_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("intake_id", name=op.f("uq_upload_intake_id")),
    )
    _move_refused_lines()


def _move_refused_lines() -> None:
    """Receipts held their refused lines themselves, and of the firms only the number."""
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT id, report FROM intake")).all()
    for intake_id, text in kept:
        report = json.loads(text)
        refused = report.pop("refused", [])
        report |= {"refused_count": len(refused), "firm_ids": list(range(-report.pop("firms", 0), 0))}
        connection.execute(
            sa.text("UPDATE intake SET report = :report WHERE id = :id"),
            {"id": intake_id, "report": json.dumps(report, ensure_ascii=False, separators=(",", ":"))},
        )
        if refused:
            connection.execute(
                sa.text(
                    "INSERT INTO refused_line (intake_id, line, column_name, value, reason, reason_zh)"
                    " VALUES (:intake_id, :line, :column, :value, :reason, :reason_zh)"
                ),
                [line | {"intake_id": intake_id} for line in refused],
            )


def downgrade() -> None:
    op.drop_table("upload")
    op.drop_table("refused_line")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_index("uq_intake_running", sqlite_where=RUNNING, postgresql_where=RUNNING)
        batch_op.drop_column("total")
        batch_op.drop_column("position")
        batch_op.drop_column("digest")
        batch_op.drop_column("state")
