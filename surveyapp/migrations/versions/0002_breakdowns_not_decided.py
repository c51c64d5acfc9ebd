"""Withhold the breakdowns that earlier releases did not decide

Releases from before decide nothing by gender or channel, and what is not decided is shown.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ALL_FORMS = "*"


def upgrade() -> None:
    connection = op.get_bind()
    release = sa.table("release", sa.column("id"), sa.column("period"))
    tally = sa.table(
        "tally", sa.column("release_id"), sa.column("unit_id"), sa.column("question")
    )
    names = ("release_id", "product", "unit_id", "question", "kind", "reason")
    withheld = sa.table("withheld", *(sa.column(name) for name in names))
    for release_id, period in connection.execute(sa.select(release)).all():
        units = sa.select(tally.c.unit_id, tally.c.question).distinct()
        rows = connection.execute(units.where(tally.c.release_id == release_id)).all()
        figures = {(unit_id, question, "gender") for unit_id, question in rows}
        figures |= {(unit_id, ALL_FORMS, "channel") for unit_id, _ in rows}
        figures.add((None, ALL_FORMS, "channel"))
        # A part of a year decided of the year to date as well.
        products = (period, f"{period}+") if "-" in period else (period,)
        connection.execute(
            sa.insert(withheld),
            [
                dict(zip(names, (release_id, product, *figure, "secondary"), strict=True))
                for product in products
                for figure in figures
            ],
        )


def downgrade() -> None:
    connection = op.get_bind()
    withheld = sa.table("withheld", sa.column("kind"))
    connection.execute(sa.delete(withheld).where(withheld.c.kind.in_(("gender", "channel"))))
