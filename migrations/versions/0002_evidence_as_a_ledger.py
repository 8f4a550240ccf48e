"""Evidence as a ledger: feeds in pieces, corrections, conflicts, observation, the machine interface, names.

A home that is in use keeps what it has: receipts give up their refused lines to a table of their own, lists that
are submitted have been so since their case was, and `resume init` fills the index of the register afterwards.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
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
#: Columns that rows already there need a value for; the models say what new ones get.
FILLED = {"building": ("number_key",), "intake": ("origin", "state", "position", "total")}


def upgrade() -> None:
    _add()
    for table in LEDGER:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("replaced_in", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_replaced_in"), "intake", ["replaced_in"], ["id"]
            )
    for table, columns in FILLED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    op.execute("UPDATE intake SET acted_at = received_at")
    _begin_submitted()
    _move_refused_lines()


def _add() -> None:
    op.create_table(
        "place_piece",
        sa.Column("piece", sa.String(length=2), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("piece", "district_code", "key", name=op.f("pk_place_piece")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "place_piece_count",
        sa.Column("piece", sa.String(length=2), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("piece", "district_code", name=op.f("pk_place_piece_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sample_conflict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("record_ids", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_conflict")),
    )
    with op.batch_alter_table("sample_conflict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sample_conflict_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_sample_conflict_person", ["person_key"], unique=False)

    op.create_table(
        "compound_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=80), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=op.f("fk_compound_alias_compound_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compound_alias")),
    )
    with op.batch_alter_table("compound_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compound_alias_compound_id"), ["compound_id"], unique=False)

    op.create_table(
        "place_name",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=op.f("fk_place_name_compound_id")),
        sa.PrimaryKeyConstraint("key", "district_code", "compound_id", "kind", name=op.f("pk_place_name")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("place_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_name_compound_id"), ["compound_id"], unique=False)

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

    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("gate_id", sa.Integer(), nullable=True),
        sa.Column("district_code", sa.String(length=6), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_api_token_firm_id")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_api_token_gate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index(
            "uq_api_token_live_name",
            ["name"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_name", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=200), nullable=False),
        sa.Column("foreseen", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_correction_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_correction_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index("ix_correction_state", ["state", "proposed_at"], unique=False)
        batch_op.create_index(
            "uq_correction_open",
            ["subject"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "kept_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_kept_answer_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_kept_answer_token_id_key")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_kept_at"), ["kept_at"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_observation_firm_id")),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_observation_pass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index("ix_observation_firm", ["firm_id"], unique=False)
        batch_op.create_index("ix_observation_pass", ["pass_id"], unique=False)

    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("intake_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_batch_intake_id"), "intake", ["intake_id"], ["id"])

    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number_key", sa.String(length=80), nullable=False, server_default=""))
        batch_op.drop_index(batch_op.f("ix_building_compound_id"))
        batch_op.create_index("ix_building_compound_number", ["compound_id", "number_key"], unique=False)

    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=12), nullable=False, server_default="file"))
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
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.create_index(
            "ix_pass_building_used",
            ["building_id"],
            unique=False,
            sqlite_where=sa.text("in_at IS NOT NULL"),
            postgresql_where=sa.text("in_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_pass_person_used",
            ["person_key"],
            unique=False,
            sqlite_where=sa.text("in_at IS NOT NULL"),
            postgresql_where=sa.text("in_at IS NOT NULL"),
        )


def _begin_submitted() -> None:
    """Lists that are submitted now have been so since the first of their cases was."""
    op.execute(
        "INSERT INTO submitted_period (list_id, since, until) "
        "SELECT worker_list.id, COALESCE(MIN(application.submitted_at), worker_list.uploaded_at), NULL "
        "FROM worker_list LEFT JOIN application ON application.list_id = worker_list.id "
        "WHERE worker_list.state = 'submitted' GROUP BY worker_list.id, worker_list.uploaded_at"
    )


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
    for table in reversed(LEDGER):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_replaced_in"), type_="foreignkey")
            batch_op.drop_column("replaced_in")
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_pass_person_used",
            sqlite_where=sa.text("in_at IS NOT NULL"),
            postgresql_where=sa.text("in_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_pass_building_used",
            sqlite_where=sa.text("in_at IS NOT NULL"),
            postgresql_where=sa.text("in_at IS NOT NULL"),
        )

    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_intake_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_intake_acted_at"))
        batch_op.drop_column("acted_at")
        batch_op.drop_column("total")
        batch_op.drop_column("position")
        batch_op.drop_column("digest")
        batch_op.drop_column("state")
        batch_op.drop_column("origin")

    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.drop_index("ix_building_compound_number")
        batch_op.create_index(batch_op.f("ix_building_compound_id"), ["compound_id"], unique=False)
        batch_op.drop_column("number_key")

    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_batch_intake_id"), type_="foreignkey")
        batch_op.drop_column("intake_id")

    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index("ix_observation_pass")
        batch_op.drop_index("ix_observation_firm")

    op.drop_table("observation")
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_answer_kept_at"))

    op.drop_table("kept_answer")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_correction_open",
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.drop_index("ix_correction_state")

    op.drop_table("correction")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_api_token_live_name",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_api_token_firm_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("submitted_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submitted_period_list_id"))

    op.drop_table("submitted_period")
    op.drop_table("upload")
    op.drop_table("refused_line")
    with op.batch_alter_table("place_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_name_compound_id"))

    op.drop_table("place_name")
    with op.batch_alter_table("compound_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_compound_alias_compound_id"))

    op.drop_table("compound_alias")
    with op.batch_alter_table("sample_conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_sample_conflict_person")
        batch_op.drop_index(
            "ix_sample_conflict_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("sample_conflict")
    op.drop_table("place_piece_count")
    op.drop_table("place_piece")
