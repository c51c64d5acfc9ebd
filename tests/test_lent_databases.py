"""One PostgreSQL database serves test after test, and none finds what another left."""

import pytest
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.orm import Session

from surveyapp.models import Unit
from tests.make import Make


def test_database_comes_back_without_rows_and_counts_from_one(postgresql_databases):
    with postgresql_databases() as first:
        reading = Session(create_engine(first, poolclass=NullPool))
        Make(reading).unit()
        assert reading.scalars(select(Unit.id)).all() == [1]  # and it never ends
    reading.invalidate()
    with (
        postgresql_databases() as again,
        Session(create_engine(again, poolclass=NullPool)) as session,
    ):
        assert again == first
        assert Make(session).unit().id == 1


@pytest.mark.parametrize(
    "change",
    [
        "alter table device rename to elsewhere",
        "alter table device add column colour text",
        "delete from alembic_version",
    ],
)
def test_database_that_is_not_as_migrated_does_not_come_back(postgresql_databases, change):
    with (
        postgresql_databases() as first,
        create_engine(first, poolclass=NullPool).begin() as connection,
    ):
        connection.execute(text(change))
    with postgresql_databases() as other:
        assert other != first
