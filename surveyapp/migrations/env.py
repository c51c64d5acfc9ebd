"""Run migrations on the database of the current application."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

import surveyapp.models  # noqa: F401 - the tables register themselves
from surveyapp.db import Base, db


@contextmanager
def free_to_remake(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which it refuses while others point to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()  # beside SQLAlchemy, which would begin first
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")


with db.engine.connect() as connection, free_to_remake(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
