"""Refusals of good passes with their clock, medical exits for the committees, and what went through gates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from resume.db import UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = sa.text("outcome = ''")


def upgrade() -> None:
    op.create_table(
        "escalation",
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("guard", sa.String(length=80), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refused_at", UtcTime(timezone=True), nullable=False),
        sa.Column("opened_at", UtcTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("answered_at", UtcTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("answered_as", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_escalation_firm_id")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_escalation_gate_id")),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_escalation_pass_id")),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_escalation")),
    )
    with op.batch_alter_table("escalation") as table:
        table.create_index("ix_escalation_desk", ["district_code", "street", "opened_at"])
        table.create_index("ix_escalation_firm", ["firm_id", "opened_at"])
        table.create_index("ix_escalation_gate", ["gate_id", "refused_at"])
        table.create_index("ix_escalation_pass", ["pass_id", "gate_id", "opened_at"])
        table.create_index("ix_escalation_open", ["due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "medical_exit_notice",
        sa.Column("exit_id", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", UtcTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_medical_exit_notice_gate_id")),
        sa.PrimaryKeyConstraint("exit_id", name=op.f("pk_medical_exit_notice")),
    )
    with op.batch_alter_table("medical_exit_notice") as table:
        table.create_index("ix_medical_exit_notice_desk", ["district_code", "street", "at"])
    # Exits from before: whoever was at hand then was told by telephone, so none of them waits.
    op.execute(
        "INSERT INTO medical_exit_notice "
        "(exit_id, gate_id, district_code, street, at, acknowledged_at, acknowledged_by) "
        "SELECT medical_exit.id, gate_id, district_code, street, at, at, '' "
        "FROM medical_exit JOIN gate ON gate.id = medical_exit.gate_id"
    )
    for way in ("out", "in"):
        passed = sa.text(f"{way}_at IS NOT NULL")
        op.create_index(
            f"ix_pass_{way}_gate",
            "pass",
            [f"{way}_gate_id", f"{way}_at"],
            sqlite_where=passed,
            postgresql_where=passed,
        )


def downgrade() -> None:
    op.drop_index("ix_pass_in_gate", table_name="pass")
    op.drop_index("ix_pass_out_gate", table_name="pass")
    op.drop_table("medical_exit_notice")
    op.drop_table("escalation")
