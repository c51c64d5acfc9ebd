"""Moves of answers between units"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "move_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "confirmed",
                "approved",
                "declined",
                name="movestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("confirmed_by", sa.String(length=60), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_move_request_reason_given")),
        sa.CheckConstraint(
            "confirmed_by <> decided_by", name=op.f("ck_move_request_decided_by_another_person")
        ),
        sa.CheckConstraint(
            "from_unit_id <> to_unit_id", name=op.f("ck_move_request_to_another_unit")
        ),
        sa.ForeignKeyConstraint(
            ["from_unit_id"], ["unit.id"], name=op.f("fk_move_request_from_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["unit.id"], name=op.f("fk_move_request_to_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_request")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_move_request_from_unit_id"), "move_request", ["from_unit_id"])
    op.create_index(op.f("ix_move_request_to_unit_id"), "move_request", ["to_unit_id"])

    op.create_table(
        "moved_count",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "total",
                "who",
                "gender",
                "channel",
                "service_group",
                "followup_type",
                "language",
                "form_length",
                "handed_over_by",
                "route",
                name="dimension",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_moved_count_unit_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("fk_moved_count_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "year",
            "dimension",
            "question",
            "unit_id",
            "version_id",
            "category",
            "code",
            name=op.f("pk_moved_count"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "move_part",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("after_release", sa.Boolean(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_move_part_n_not_negative")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["move_request.id"], name=op.f("fk_move_part_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "month", name=op.f("pk_move_part")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "move_receipt",
        sa.Column("receipt", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["move_request.id"], name=op.f("fk_move_receipt_request_id")
        ),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_move_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_move_receipt_request_id"), "move_receipt", ["request_id"])


def downgrade() -> None:
    op.drop_table("move_receipt")
    op.drop_table("move_part")
    op.drop_table("moved_count")
    op.drop_table("move_request")
