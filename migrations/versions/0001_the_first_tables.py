"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: The audit is append-only by the database's own hand, whoever writes to it.
AUDIT_TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "compound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=False),
        sa.Column("committee_code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compound")),
        sa.UniqueConstraint(
            "district_code", "street", "name", name=op.f("uq_compound_district_code_street_name")
        ),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "failed_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_attempt")),
    )
    with op.batch_alter_table("failed_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_failed_attempt_subject"), ["subject"], unique=False)

    op.create_table(
        "firm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_firm_credit_code")),
    )
    with op.batch_alter_table("firm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_firm_district_code"), ["district_code"], unique=False)

    op.create_table(
        "home_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("real_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_clock")),
    )
    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=80), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_job_kind_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_open", ["state", "not_before", "id"], unique=False)

    op.create_table(
        "person",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_number_key"), ["number_key"], unique=False)

    op.create_table(
        "place_state",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place_code", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=False),
        sa.Column("committee_code", sa.String(length=12), nullable=False),
        sa.Column("compound", sa.String(length=60), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("has_units", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_state")),
    )
    with op.batch_alter_table("place_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_state_place_code"), ["place_code"], unique=False)

    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "watermark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watermark")),
    )
    op.create_table(
        "building",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_code", sa.String(length=40), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("has_units", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=op.f("fk_building_compound_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
        sa.UniqueConstraint("place_code", name=op.f("uq_building_place_code")),
    )
    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_building_compound_id"), ["compound_id"], unique=False)

    op.create_table(
        "code_record",
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_code_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_record")),
    )
    with op.batch_alter_table("code_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_code_counting",
            ["person_key"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "contact_record",
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_contact_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_record")),
    )
    with op.batch_alter_table("contact_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contact_counting",
            ["person_key"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "discharge_record",
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_discharge_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge_record")),
    )
    with op.batch_alter_table("discharge_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_discharge_counting",
            ["person_key"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_plan_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_plan_firm_id")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_site_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_site_firm_id_name")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "test_record",
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=True),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("lab", sa.String(length=60), nullable=False),
        sa.Column("site_code", sa.String(length=40), nullable=False),
        sa.Column("box_code", sa.String(length=40), nullable=False),
        sa.Column("tube_code", sa.String(length=40), nullable=False),
        sa.Column("supersedes", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_test_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_record")),
    )
    with op.batch_alter_table("test_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_test_person_counting",
            ["person_key"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index("ix_test_record", ["record_id"], unique=False)
        batch_op.create_index(
            "ix_test_supersedes",
            ["supersedes"],
            unique=False,
            sqlite_where=sa.text("supersedes IS NOT NULL"),
            postgresql_where=sa.text("supersedes IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_test_tube_counting",
            ["tube_code"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "worker_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("good_count", sa.Integer(), nullable=False),
        sa.Column("unknown_columns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_worker_list_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_list")),
    )
    with op.batch_alter_table("worker_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worker_list_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "case_record",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transferred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disinfected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excluded", sa.String(length=20), nullable=True),
        sa.Column("supersedes", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_case_record_building_id")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_case_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
    )
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.create_index("ix_case", ["case_id"], unique=False)
        batch_op.create_index(
            "ix_case_building_counting",
            ["building_id"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index(
            "ix_case_supersedes",
            ["supersedes"],
            unique=False,
            sqlite_where=sa.text("supersedes IS NOT NULL"),
            postgresql_where=sa.text("supersedes IS NOT NULL"),
        )

    op.create_table(
        "claim",
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_claim_firm_id")),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_claim_list_id")),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "gate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=op.f("fk_gate_compound_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_gate_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
    )
    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_compound_id"), ["compound_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gate_site_id"), ["site_id"], unique=False)

    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("saves", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_version_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "review_record",
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_review_record_building_id")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_review_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_record")),
    )
    with op.batch_alter_table("review_record", schema=None) as batch_op:
        batch_op.create_index("ix_review", ["review_id"], unique=False)
        batch_op.create_index(
            "ix_review_building_counting",
            ["building_id"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index("ix_review_number", ["number_key"], unique=False)

    op.create_table(
        "row_error",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_row_error_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_error")),
    )
    with op.batch_alter_table("row_error", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_row_error_list_id"), ["list_id"], unique=False)

    op.create_table(
        "screening_record",
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("screened_on", sa.Date(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_screening_record_building_id")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_screening_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_record")),
    )
    with op.batch_alter_table("screening_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_screening_counting",
            ["building_id", "screened_on"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("flat_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("key_post", sa.Boolean(), nullable=False),
        sa.Column("shift", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("arrive_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_worker_building_id")),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_worker_list_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_worker_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    with op.batch_alter_table("worker", schema=None) as batch_op:
        batch_op.create_index("ix_worker_building", ["building_id"], unique=False)
        batch_op.create_index("ix_worker_flat", ["flat_key"], unique=False)
        batch_op.create_index("ix_worker_list_row", ["list_id", "row"], unique=False)
        batch_op.create_index("ix_worker_number", ["number_key"], unique=False)
        batch_op.create_index("ix_worker_person", ["person_key"], unique=False)

    op.create_table(
        "zone_record",
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("raised_by", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_zone_record_building_id")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_zone_record_intake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_record")),
    )
    with op.batch_alter_table("zone_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_zone_counting",
            ["building_id"],
            unique=False,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("district_code", sa.String(length=6), nullable=True),
        sa.Column("gate_id", sa.Integer(), nullable=True),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_account_firm_id")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_account_gate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "medical_exit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("guard", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_medical_exit_gate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medical_exit")),
    )
    with op.batch_alter_table("medical_exit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_medical_exit_gate_id"), ["gate_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("worker_count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recommended_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_application_decided_by")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_application_firm_id")),
        sa.ForeignKeyConstraint(["list_id"], ["worker_list.id"], name=op.f("fk_application_list_id")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name=op.f("fk_application_plan_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommended_by"], ["account.id"], name=op.f("fk_application_recommended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_firm", ["firm_id", "number"], unique=False)
        batch_op.create_index(
            "ix_application_queue", ["district_code", "state", "submitted_at"], unique=False
        )
        batch_op.create_index(
            "ix_application_withheld",
            ["district_code", "submitted_at"],
            unique=False,
            sqlite_where=sa.text("withheld > 0"),
            postgresql_where=sa.text("withheld > 0"),
        )

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "application_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_event_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_event")),
    )
    with op.batch_alter_table("application_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_event_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_batch_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_application_id"), ["application_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_decision_batch_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_decision_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_decision_worker", ["worker_id", "at"], unique=False)

    op.create_table(
        "pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=13), nullable=False),
        sa.Column("profile", sa.String(length=12), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pcr_sampled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("building_clear_from", sa.Date(), nullable=True),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_gate_id", sa.Integer(), nullable=True),
        sa.Column("in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_gate_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_pass_application_id")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_pass_building_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_pass_decision_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_pass_firm_id")),
        sa.ForeignKeyConstraint(["in_gate_id"], ["gate.id"], name=op.f("fk_pass_in_gate_id")),
        sa.ForeignKeyConstraint(["out_gate_id"], ["gate.id"], name=op.f("fk_pass_out_gate_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_pass_site_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_pass_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass")),
        sa.UniqueConstraint("number", name=op.f("uq_pass_number")),
        sa.UniqueConstraint("shard", "status_index", name=op.f("uq_pass_shard_status_index")),
    )
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.create_index("ix_pass_application", ["application_id"], unique=False)
        batch_op.create_index(
            "ix_pass_building_live",
            ["building_id"],
            unique=False,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )
        batch_op.create_index("ix_pass_firm", ["firm_id", "issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_pass_worker_id"), ["worker_id"], unique=False)
        batch_op.create_index(
            "uq_pass_live",
            ["person_key", "profile"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )

    op.create_table(
        "scan",
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("advice", sa.String(length=24), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("refusal", sa.String(length=24), nullable=False),
        sa.Column("has_antigen", sa.Boolean(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("guard", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_scan_gate_id")),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_scan_pass_id")),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_scan")),
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index("ix_scan_gate", ["gate_id", "at"], unique=False)
        batch_op.create_index("ix_scan_pass", ["pass_id", "at"], unique=False)

    op.create_table(
        "sheet",
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_pdf", sa.LargeBinary(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_sheet_pass_id")),
        sa.PrimaryKeyConstraint("pass_id", name=op.f("pk_sheet")),
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pass_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_suspension_pass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.create_index(
            "ix_suspension_open",
            ["pass_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index("ix_suspension_pass", ["pass_id", "since"], unique=False)

    for statement in AUDIT_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change CASCADE")
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.drop_index("ix_suspension_pass")
        batch_op.drop_index(
            "ix_suspension_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("suspension")
    op.drop_table("sheet")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_pass")
        batch_op.drop_index("ix_scan_gate")

    op.drop_table("scan")
    with op.batch_alter_table("pass", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pass_live", sqlite_where=sa.text("is_live"), postgresql_where=sa.text("is_live")
        )
        batch_op.drop_index(batch_op.f("ix_pass_worker_id"))
        batch_op.drop_index("ix_pass_firm")
        batch_op.drop_index(
            "ix_pass_building_live", sqlite_where=sa.text("is_live"), postgresql_where=sa.text("is_live")
        )
        batch_op.drop_index("ix_pass_application")

    op.drop_table("pass")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_worker")
        batch_op.drop_index(batch_op.f("ix_decision_batch_id"))

    op.drop_table("decision")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_application_id"))

    op.drop_table("batch")
    with op.batch_alter_table("application_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_event_application_id"))

    op.drop_table("application_event")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_application_withheld",
            sqlite_where=sa.text("withheld > 0"),
            postgresql_where=sa.text("withheld > 0"),
        )
        batch_op.drop_index("ix_application_queue")
        batch_op.drop_index("ix_application_firm")

    op.drop_table("application")
    with op.batch_alter_table("medical_exit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_medical_exit_gate_id"))

    op.drop_table("medical_exit")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_firm_id"))

    op.drop_table("account")
    with op.batch_alter_table("zone_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_zone_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("zone_record")
    with op.batch_alter_table("worker", schema=None) as batch_op:
        batch_op.drop_index("ix_worker_person")
        batch_op.drop_index("ix_worker_number")
        batch_op.drop_index("ix_worker_list_row")
        batch_op.drop_index("ix_worker_flat")
        batch_op.drop_index("ix_worker_building")

    op.drop_table("worker")
    with op.batch_alter_table("screening_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_screening_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("screening_record")
    with op.batch_alter_table("row_error", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_row_error_list_id"))

    op.drop_table("row_error")
    with op.batch_alter_table("review_record", schema=None) as batch_op:
        batch_op.drop_index("ix_review_number")
        batch_op.drop_index(
            "ix_review_building_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_review")

    op.drop_table("review_record")
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_version_plan_id"))

    op.drop_table("plan_version")
    with op.batch_alter_table("gate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_site_id"))
        batch_op.drop_index(batch_op.f("ix_gate_compound_id"))

    op.drop_table("gate")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_firm_id"))

    op.drop_table("claim")
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_case_supersedes",
            sqlite_where=sa.text("supersedes IS NOT NULL"),
            postgresql_where=sa.text("supersedes IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_case_building_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_case")

    op.drop_table("case_record")
    with op.batch_alter_table("worker_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_worker_list_firm_id"))

    op.drop_table("worker_list")
    with op.batch_alter_table("test_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_test_tube_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_test_supersedes",
            sqlite_where=sa.text("supersedes IS NOT NULL"),
            postgresql_where=sa.text("supersedes IS NOT NULL"),
        )
        batch_op.drop_index("ix_test_record")
        batch_op.drop_index(
            "ix_test_person_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("test_record")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_firm_id"))

    op.drop_table("site")
    op.drop_table("plan")
    with op.batch_alter_table("discharge_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_discharge_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("discharge_record")
    with op.batch_alter_table("contact_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_contact_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("contact_record")
    with op.batch_alter_table("code_record", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_code_counting",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("code_record")
    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_building_compound_id"))

    op.drop_table("building")
    op.drop_table("watermark")
    op.drop_table("signing_key")
    with op.batch_alter_table("place_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_state_place_code"))

    op.drop_table("place_state")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_number_key"))

    op.drop_table("person")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_open")

    op.drop_table("job")
    op.drop_table("intake")
    op.drop_table("home_clock")
    with op.batch_alter_table("firm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_firm_district_code"))

    op.drop_table("firm")
    with op.batch_alter_table("failed_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_attempt_subject"))
        batch_op.drop_index(batch_op.f("ix_failed_attempt_at"))

    op.drop_table("failed_attempt")
    op.drop_table("counter")
    op.drop_table("compound")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
