"""Objections, and the codes of workers' own pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from resume.db import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_code",
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_personal_code_firm_id")),
        sa.PrimaryKeyConstraint("person_key", "firm_id", name=op.f("pk_personal_code")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("key_kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("opened_at", UtcTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcTime(timezone=True), nullable=False),
        sa.Column("handed_at", UtcTime(timezone=True), nullable=True),
        sa.Column("answered_at", UtcTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_objection_answered_by")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_objection_firm_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_objection_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_desk", "objection", ["district_code", "state", "due_at"], unique=False)
    op.create_index(
        "ix_objection_handed",
        "objection",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("handed_at IS NOT NULL"),
        postgresql_where=sa.text("handed_at IS NOT NULL"),
    )
    op.create_index("ix_objection_person", "objection", ["person_key", "firm_id"], unique=False)
    op.create_index(op.f("ix_objection_worker_id"), "objection", ["worker_id"], unique=False)
    op.create_table(
        "objection_turn",
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objection_turn_objection_id")
        ),
        sa.PrimaryKeyConstraint("objection_id", "number", name=op.f("pk_objection_turn")),
    )


def downgrade() -> None:
    op.drop_table("objection_turn")
    op.drop_index(op.f("ix_objection_worker_id"), "objection")
    op.drop_index("ix_objection_person", "objection")
    op.drop_index("ix_objection_handed", "objection")
    op.drop_index("ix_objection_desk", "objection")
    op.drop_table("objection")
    op.drop_table("personal_code")
