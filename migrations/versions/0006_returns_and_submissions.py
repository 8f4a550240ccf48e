"""Plans are saved as they are typed, and returned part by part.

A home that is in use keeps what it has: what was submitted last is noted as a submission, to compare the next one
with, and a case that waits for its firm keeps the words it was returned with.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("typed", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.alter_column("typed", server_default=None)
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_sections", sa.Integer(), nullable=True))
    _add()
    _note_submissions()
    _note_returns()


def _add() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_submission_firm_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_submission_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name=op.f("fk_submission_plan_version_id")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_submission_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_firm_id"), ["firm_id"], unique=False)
    op.create_table(
        "returned_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_returned_part_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_part")),
    )
    with op.batch_alter_table("returned_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returned_part_application_id"), ["application_id"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint("account_id", "path", name=op.f("uq_kept_form_account_id_path")),
    )
    with op.batch_alter_table("kept_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_form_kept_at"), ["kept_at"], unique=False)


def _note_submissions() -> None:
    """The last submission of each case: its version is the newest of the plan that was ever submitted."""
    op.execute(
        """
        INSERT INTO submission (firm_id, application_id, at, plan_version_id, list_id)
        SELECT a.firm_id, a.id, a.submitted_at, v.id, a.list_id
        FROM application a
        JOIN plan_version drafted ON drafted.id = a.plan_version_id
        JOIN plan_version v ON v.plan_id = drafted.plan_id AND v.number = (
            SELECT max(former.number) FROM plan_version former
            WHERE former.plan_id = drafted.plan_id AND former.number <= drafted.number
            AND former.submitted_at IS NOT NULL
        )
        WHERE a.submitted_at IS NOT NULL
        ORDER BY a.firm_id, a.number
        """
    )


def _note_returns() -> None:
    """A case that waits for its firm has been returned with one text for all of it."""
    op.execute(
        """
        INSERT INTO returned_part
            (application_id, part, reason, asked_at, asked_by, answer, answered_by)
        SELECT a.id, 'case', e.note, e.at, e.actor, '', ''
        FROM application a
        JOIN application_event e ON e.id = (
            SELECT max(last.id) FROM application_event last
            WHERE last.application_id = a.id AND last.action = 'returned'
        )
        WHERE a.state = 'returned'
        """
    )


def downgrade() -> None:
    op.drop_table("kept_form")
    op.drop_table("returned_part")
    op.drop_table("submission")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("changed_sections")
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.drop_column("typed")
