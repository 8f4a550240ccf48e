"""What happened at gates without network: uploads, trips, passages that contradict each other."""

from __future__ import annotations

from datetime import UTC, timedelta

import sqlalchemy as sa
from alembic import op

revision = "wt_scans"
down_revision = "wt_profiles"
branch_labels = None
depends_on = None

#: The hours of a trip in both versions of the policy that are there.
TRIP_HOURS = 12


def upgrade() -> None:
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("counter", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("counter_note", sa.String(length=8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("device_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("clock", sa.String(length=8), nullable=False, server_default="good"))
        batch_op.add_column(sa.Column("is_offline", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_forced", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("shown", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("content", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("annuls", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE scan SET received_at = at")
    op.execute(
        "UPDATE scan SET lane = CASE WHEN gate_id IN (SELECT id FROM gate WHERE kind = 'plant')"
        " THEN 'in' ELSE 'out' END"
    )
    op.execute("UPDATE scan SET antigen = 'negative' WHERE has_antigen AND action = 'let_through'")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.alter_column("received_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name in ("counter_note", "clock", "is_offline", "is_forced"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index("ix_scan_counter", ["guard", "counter"], unique=False)
        batch_op.create_index("ix_scan_annuls", ["annuls"], unique=False)
        batch_op.create_index(
            "ix_scan_forced",
            ["gate_id", "at"],
            unique=False,
            sqlite_where=sa.text("is_forced"),
            postgresql_where=sa.text("is_forced"),
        )
    op.create_table(
        "passage_conflict",
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_passage_conflict_pass_id")),
        sa.PrimaryKeyConstraint("pass_id", "kind", name=op.f("pk_passage_conflict")),
    )
    with op.batch_alter_table("passage_conflict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_passage_conflict_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
    trip = op.create_table(
        "trip",
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_trip_firm_id")),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_trip_pass_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_trip_site_id")),
        sa.PrimaryKeyConstraint("pass_id", name=op.f("pk_trip")),
    )
    with op.batch_alter_table("trip", schema=None) as batch_op:
        batch_op.create_index("ix_trip_firm", ["firm_id", "due_at"], unique=False)
        batch_op.create_index("ix_trip_street", ["district_code", "street", "due_at"], unique=False)
        batch_op.create_index("ix_trip_due", ["due_at"], unique=False)
    _trips_of_those_who_left(trip)


def _trips_of_those_who_left(trip: sa.Table) -> None:
    """Who went out before has a trip; nobody is told now of those who were overdue then."""
    moment = sa.DateTime(timezone=True)
    passes = sa.table(
        "pass", sa.column("id", sa.Uuid()), sa.column("firm_id"), sa.column("site_id"), sa.column("worker_id"),
        sa.column("out_at", moment), sa.column("out_gate_id"),
    )  # fmt: skip
    workers = sa.table("worker", sa.column("id"), sa.column("plate"))
    gates = sa.table("gate", sa.column("id"), sa.column("district_code"), sa.column("street"))
    query = (
        sa.select(passes, workers.c.plate, gates.c.district_code, gates.c.street)
        .join(workers, workers.c.id == passes.c.worker_id)
        .join(gates, gates.c.id == passes.c.out_gate_id)
        .where(passes.c.out_at.is_not(None))
    )
    rows = [
        {
            "pass_id": row.id,
            "firm_id": row.firm_id,
            "site_id": row.site_id,
            "district_code": row.district_code,
            "street": row.street,
            "plate": row.plate,
            "due_at": row.out_at.replace(tzinfo=row.out_at.tzinfo or UTC) + timedelta(hours=TRIP_HOURS),
            "told_at": row.out_at,
        }
        for row in op.get_bind().execute(query)
    ]
    if rows:
        op.bulk_insert(trip, rows)


def downgrade() -> None:
    op.drop_table("trip")
    op.drop_table("passage_conflict")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        for name in ("ix_scan_forced", "ix_scan_annuls", "ix_scan_counter"):
            batch_op.drop_index(name)
        for name in (
            "annulled_at", "annuls", "content", "shown", "is_forced", "is_offline", "clock", "received_at",
            "device_at", "counter_note", "counter", "device_id",
        ):  # fmt: skip
            batch_op.drop_column(name)
