"""The database: base class, shared column types, and the one way to write.

SQLite is the embedded default and PostgreSQL the choice for many units. Writers on SQLite
queue on one lock: its own busy handler lets one of eight writers wait for seconds.
"""

import enum
import fcntl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Date,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry

from surveyapp.errors import N_, StorageError

WRITER_PATIENCE = 20.0  # seconds a writer waits for its turn before the page says so
_turn = threading.Lock()


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would give it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table. The map of types sits in a registry: the extension wants it there."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: Moment(),
            date: Date(),
            enum.StrEnum: Enum(
                enum.StrEnum,
                native_enum=False,
                length=40,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


class Database(SQLAlchemy):
    """The extension; its session stands for that of the current application context."""

    if TYPE_CHECKING:
        session: Session  # type: ignore[assignment]  # the proxy does all that a Session does


db = Database(model_class=Base, session_options={"expire_on_commit": False})

Code = Annotated[str, mapped_column(String(60))]
Month = Annotated[date, mapped_column(Date())]  # the first day of a month, never finer
Digest = Annotated[str, mapped_column(String(64))]  # SHA-256 in hexadecimal


def prepare_engine(engine: Engine) -> None:
    """Make SQLite safe: durable commits, foreign keys, zeroed free pages, explicit BEGIN."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=5000",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def is_postgresql(session: Session) -> bool:
    """Whether several may write at once: SQLite has one writer."""
    return session.get_bind().dialect.name == "postgresql"


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """One writing transaction: wait for the turn, begin, commit; roll back on any error.

    What the session read before is let go first, so change objects inside, not before.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("change objects inside `with writing(session)`, not before it")
    engine = session.get_bind()
    is_sqlite = engine.dialect.name == "sqlite"
    path = engine.engine.url.database if is_sqlite else None
    try:
        with _writers_turn(path) if path else nullcontext():
            session.commit()
            options = {"sqlite_begin": "IMMEDIATE"} if is_sqlite else {}
            session.connection(execution_options=options)
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
    except (OperationalError, ProgrammingError) as error:
        session.rollback()
        raise StorageError(N_("The answer could not be saved right now. Try again.")) from error


@contextmanager
def _writers_turn(database: str, patience: float = WRITER_PATIENCE) -> Iterator[None]:
    """Hold the lock that writers of this file queue on, between threads and processes."""
    deadline = time.monotonic() + patience
    busy = StorageError(N_("Somebody else is saving right now. Try again."))
    if not _turn.acquire(timeout=patience):
        raise busy
    try:
        try:
            file = Path(f"{database}-writer").open("ab")  # noqa: SIM115 - closed below
        except OSError as error:
            raise StorageError(N_("The database folder cannot be written to.")) from error
        with file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise busy from None
                    time.sleep(0.002)
            yield
    finally:
        _turn.release()


def sweep(session: Session, tables: Sequence[str]) -> None:
    """Rewrite the database's files so that nothing of deleted or old rows is left in them."""
    engine = session.get_bind().engine
    session.rollback()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in tables:
                connection.execute(text(f"VACUUM (FULL, ANALYZE) {name}"))
        return
    with _writers_turn(engine.url.database or "", patience=60 * WRITER_PATIENCE):
        raw = engine.raw_connection()
        try:
            for statement in (
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "VACUUM",
                "PRAGMA wal_checkpoint(TRUNCATE)",
            ):
                raw.cursor().execute(statement)
        finally:
            raw.close()


def upgrade() -> None:
    """Bring the database of the current application to the newest migration."""
    from alembic import command

    command.upgrade(_alembic(), "head")


def is_current() -> bool:
    """Whether the database of the current application is at the newest migration."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with db.engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_alembic()).get_heads())


def _alembic() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "surveyapp:migrations")
    config.set_main_option("path_separator", "os")
    return config
