"""A throwaway PostgreSQL; initdb and the server refuse root, so root becomes `postgres`."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text

DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of the path
FILLED = """select string_agg(format('%I', relname), ', ') from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r'
  and relname <> 'alembic_version' and pg_relation_size(oid) > 0"""
SHAPE = """select c.oid, relname, attnum, attname
  from pg_class c join pg_attribute on attrelid = c.oid
  where relnamespace = 'public'::regnamespace and relkind = 'r' order by c.oid, attnum"""
VERSION = "select * from alembic_version"
SETTINGS = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=60"


@contextmanager
def postgresql_server(settings: str = "") -> Iterator[URL]:
    """Start a server that only a socket in its own folder reaches; give its address."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    data = folder / "data"
    try:
        _run(folder, "initdb", "-D", data, "-U", "t", "-A", "trust", "--locale=C.UTF-8", "-N")
        options = f"-k {folder} {SETTINGS} {settings}"
        _run(folder, "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield make_url(f"postgresql+psycopg://t@/postgres?host={folder}")
        finally:
            _run(folder, "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: URL, name: str, template: str = "template0") -> URL:
    """A new database, a copy of `template`; give its address."""
    _execute(server, f"create database {name} template {template}")
    return server.set(database=name)


def shape_of(database: URL) -> list[object]:
    """What changes when a table does, a column or the migration it is at."""
    with _connected(database) as connection:
        return [connection.execute(text(each)).all() for each in (SHAPE, VERSION)]


def clear_database(database: URL) -> None:
    """Remove every row, whoever is still connected. A new database takes many times as long:
    each has some hundred files."""
    with _connected(database) as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
                " and backend_type = 'client backend'"
            )
        )
        tables = connection.execute(text(FILLED)).scalar()
        if tables:
            # What is published is locked by triggers, and only this lets go of it.
            connection.execute(text("set session_replication_role = replica"))
            connection.execute(text(f"truncate {tables} restart identity cascade"))


def drop_database(server: URL, name: str) -> None:
    """Remove a database, whoever is still connected."""
    _execute(server, f"drop database {name} with (force)")


def _execute(server: URL, statement: str) -> None:
    with _connected(server) as connection:
        connection.execute(text(statement))


@contextmanager
def _connected(database: URL) -> Iterator[Connection]:
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _run(folder: Path, name: str, *arguments: object) -> None:
    program = shutil.which(name) or max(map(str, DEBIAN.glob(f"*/bin/{name}")), default=None)
    if program is None:
        pytest.fail(f"{name} is missing. As root, type: apt-get install -y postgresql")
    as_whom: dict[str, object] = {}
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
        as_whom = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server
        command = [program, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=folder, stdout=output, stderr=output, check=False, **as_whom
        )
        if done.returncode:
            output.seek(0)
            pytest.fail(f"{name} failed:\n{output.read().decode(errors='replace')}")
