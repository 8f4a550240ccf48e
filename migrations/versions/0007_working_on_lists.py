"""Bad rows are kept to be corrected; lists know what they are based on; workers may have left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


#: A person is claimed by the newest approved list that names him; until now it was the first.
NEWEST = """
    SELECT application.list_id FROM application JOIN worker ON worker.list_id = application.list_id
    WHERE application.firm_id = claim.firm_id AND worker.person_key = claim.person_key
    AND application.state = 'approved'
    ORDER BY application.decided_at DESC, application.number DESC LIMIT 1
"""


def upgrade() -> None:
    op.execute(f"UPDATE claim SET list_id = ({NEWEST}) WHERE EXISTS ({NEWEST})")  # noqa: S608
    op.create_table(
        "bad_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_bad_row_list_id_worker_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bad_row")),
    )
    with op.batch_alter_table("bad_row", schema=None) as batch_op:
        batch_op.create_index("ix_bad_row_list_row", ["list_id", "row"], unique=False)
    with op.batch_alter_table("worker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_key", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("worker_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("based_on_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_worker_list_based_on_id_worker_list"), "worker_list", ["based_on_id"], ["id"]
        )
    with op.batch_alter_table("worker_list", schema=None) as batch_op:
        batch_op.alter_column("revision", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("worker_list", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_worker_list_based_on_id_worker_list"), type_="foreignkey")
        batch_op.drop_column("based_on_id")
        batch_op.drop_column("revision")
    with op.batch_alter_table("worker", schema=None) as batch_op:
        batch_op.drop_column("left_at")
        batch_op.drop_column("content_key")
    op.drop_table("bad_row")
