"""Names, pieces and aliases of places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "wt_buildings"
down_revision = "wt_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("building") as batch_op:
        batch_op.add_column(sa.Column("number_key", sa.String(length=80), nullable=False, server_default=""))
        batch_op.drop_index(op.f("ix_building_compound_id"))
        batch_op.create_index("ix_building_compound_number", ["compound_id", "number_key"], unique=False)
    with op.batch_alter_table("building") as batch_op:
        batch_op.alter_column("number_key", existing_type=sa.String(length=80), server_default=None)
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
    op.create_index(op.f("ix_compound_alias_compound_id"), "compound_alias", ["compound_id"])
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
    op.create_index(op.f("ix_place_name_compound_id"), "place_name", ["compound_id"])
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


def downgrade() -> None:
    for table in ("place_piece_count", "place_piece", "place_name", "compound_alias"):
        op.drop_table(table)
    with op.batch_alter_table("building") as batch_op:
        batch_op.drop_index("ix_building_compound_number")
        batch_op.create_index(op.f("ix_building_compound_id"), ["compound_id"], unique=False)
        batch_op.drop_column("number_key")
