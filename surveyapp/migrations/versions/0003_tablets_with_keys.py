"""Tablets sign with a key of their own, and quarantine knows whose units wait

A tablet that was enrolled before needs a new code: its cookie says nothing any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device") as device:
        device.drop_constraint(op.f("uq_device_key_sha256"), type_="unique")
        device.drop_column("key_sha256")
        device.add_column(sa.Column("public_key", sa.LargeBinary(), nullable=True))
        device.add_column(sa.Column("used_code_hmac", sa.String(length=64), nullable=True))
        for name in ("undelivered_count", "quarantined_count"):
            device.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        device.add_column(sa.Column("oldest_undelivered_on", sa.Date(), nullable=True))
        device.add_column(sa.Column("app_version", sa.String(length=60), nullable=True))
        device.add_column(sa.Column("is_storage_persisted", sa.Boolean(), nullable=True))
    with op.batch_alter_table("device") as device:  # only the rows from before needed them
        for name in ("undelivered_count", "quarantined_count"):
            device.alter_column(name, server_default=None)
    with op.batch_alter_table(
        "quarantine", table_kwargs={"sqlite_with_rowid": False}
    ) as quarantine:
        quarantine.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        quarantine.add_column(sa.Column("sender_units", sa.JSON(), nullable=True))
        quarantine.create_foreign_key(
            op.f("fk_quarantine_unit_id"), "unit", ["unit_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table(
        "quarantine", table_kwargs={"sqlite_with_rowid": False}
    ) as quarantine:
        quarantine.drop_constraint(op.f("fk_quarantine_unit_id"), type_="foreignkey")
        quarantine.drop_column("sender_units")
        quarantine.drop_column("unit_id")
    with op.batch_alter_table("device") as device:
        for name in (
            "is_storage_persisted",
            "app_version",
            "oldest_undelivered_on",
            "quarantined_count",
            "undelivered_count",
            "public_key",
            "used_code_hmac",
        ):
            device.drop_column(name)
        device.add_column(sa.Column("key_sha256", sa.String(length=64), nullable=True))
        device.create_unique_constraint(op.f("uq_device_key_sha256"), ["key_sha256"])
