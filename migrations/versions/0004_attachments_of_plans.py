"""A plan's attachments; the quiet period of drafts in a section of its own"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: What drafts keep with the lodging, and where it is asked for now. Submitted versions are left as they were.
_MOVED = {"quiet_days": "days", "quiet_rooms": "rooms", "quiet_place": "place", "quiet_meals": "meals"}
_VERSION = sa.table(
    "plan_version",
    sa.column("id", sa.Uuid()),
    sa.column("sections", sa.JSON()),
    sa.column("saves", sa.JSON()),
    sa.column("submitted_at"),
)


def upgrade() -> None:
    op.create_table(
        "plan_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("first_version", sa.Integer(), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_attachment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_attachment")),
    )
    with op.batch_alter_table("plan_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_attachment_plan_id"), ["plan_id"], unique=False)
    _rewrite_drafts(_with_quiet)


def downgrade() -> None:
    _rewrite_drafts(_without_quiet)
    with op.batch_alter_table("plan_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_attachment_plan_id"))

    op.drop_table("plan_attachment")


def _rewrite_drafts(change: Any) -> None:
    connection = op.get_bind()
    drafts = sa.select(_VERSION.c.id, _VERSION.c.sections, _VERSION.c.saves)
    for row in connection.execute(drafts.where(_VERSION.c.submitted_at.is_(None))).all():
        sections, saves = json.loads(json.dumps([row.sections, row.saves]))
        if change(sections, saves):
            connection.execute(
                sa.update(_VERSION).where(_VERSION.c.id == row.id).values(sections=sections, saves=saves)
            )


def _with_quiet(sections: dict[str, Any], saves: dict[str, Any]) -> bool:
    lodging = sections.get("lodging", {})
    moved = {name: lodging.pop(field) for field, name in _MOVED.items() if field in lodging}
    if not moved:
        return False
    sections["quiet"] = moved | sections.get("quiet", {})
    if "lodging" in saves:
        saves.setdefault("quiet", saves["lodging"])
    return True


def _without_quiet(sections: dict[str, Any], saves: dict[str, Any]) -> bool:
    quiet = sections.pop("quiet", None)
    saves.pop("quiet", None)
    if quiet is None:
        return False
    lodging = sections.setdefault("lodging", {})
    lodging.update({field: quiet.get(name) for field, name in _MOVED.items()})
    return True
