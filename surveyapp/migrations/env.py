"""Run migrations on the database of the current application."""

from alembic import context

import surveyapp.models  # noqa: F401 - the tables register themselves
from surveyapp.db import Base, db

with db.engine.connect() as connection:
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
