"""Upgrading keeps what was released safe."""

from datetime import date

import pytest
from alembic import command
from sqlalchemy import delete, select

from surveyapp import db as database
from surveyapp.models import FigureKind, Reason, Withheld
from tests.released import answered, happy, release

BREAKDOWNS = (FigureKind.GENDER, FigureKind.CHANNEL)


@pytest.fixture
def released_before(app, session, make):
    """A release from before breakdowns were decided, then the newest migration."""
    make.published(version=1)
    units = [make.unit(), make.unit()]
    for unit in units:
        for month in (1, 5):
            answered(session, unit, date(2026, month, 1), happy(25, of=35))
    release(session, "2026-T1", "2026-T2")
    session.execute(delete(Withheld).where(Withheld.kind.in_(BREAKDOWNS)))
    session.commit()
    with app.app_context():
        command.downgrade(database._alembic(), "0001")
        database.upgrade()
        assert database.is_current()
    return units


def test_breakdowns_of_earlier_releases_are_withheld(session, released_before):
    rows = session.scalars(select(Withheld).where(Withheld.kind.in_(BREAKDOWNS))).all()

    assert {row.reason for row in rows} == {Reason.SECONDARY}
    places = {(row.product, row.unit_id, row.question, row.kind) for row in rows}
    for product in ("2026-T1", "2026-T2", "2026-T2+"):
        assert (product, None, "*", FigureKind.CHANNEL) in places
        for unit in released_before:
            assert (product, unit.id, "*", FigureKind.CHANNEL) in places
            assert (product, unit.id, "hel_nojd", FigureKind.GENDER) in places
