"""A database of its own for each measurement, thrown away afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of the path
# Not a deeper one: the path of a socket may have about a hundred characters.
FOLDER = "/tmp"  # noqa: S108 - mkdtemp makes a folder of its own in it
KINDS = ("sqlite", "postgresql")
USER = "bench"


@dataclass(frozen=True)
class Database:
    """Where it is, and for PostgreSQL the process whose family does its work."""

    kind: str
    folder: Path
    url: str  # empty for SQLite in `folder`
    server: int | None = None


@contextmanager
def database(kind: str) -> Iterator[Database]:
    """A database without tables, as safe with its commits as in production."""
    folder = Path(tempfile.mkdtemp(prefix=f"surveyapp-bench-{os.getpid()}-", dir=FOLDER))
    try:
        if kind == "sqlite":
            yield Database(kind, folder, "")
            return
        data = folder / "data"
        _run(folder, "initdb", "-D", data, "-U", USER, "-A", "trust", "--locale=C.UTF-8", "-N")
        options = f"-k {folder} -c listen_addresses="
        _run(folder, "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            server = int((data / "postmaster.pid").read_text().splitlines()[0])
            url = f"postgresql://{USER}@/postgres?host={folder}"
            yield Database(kind, folder, url, server)
        finally:
            _run(folder, "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, name: str, *arguments: object) -> None:
    """Run one of PostgreSQL's programs; they refuse root, so root becomes `postgres`."""
    program = shutil.which(name) or max(map(str, DEBIAN.glob(f"*/bin/{name}")), default=None)
    if program is None:
        raise click.ClickException(
            f"{name} is missing. As root, type: apt-get install -y postgresql"
        )
    as_whom: dict[str, Any] = {}
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
        as_whom = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server
        done = subprocess.run(  # noqa: S603 - a program that was looked for above
            [program, *map(str, arguments)],
            cwd=folder,
            stdout=output,
            stderr=output,
            check=False,
            **as_whom,
        )
        if done.returncode:
            output.seek(0)
            lines = output.read().decode(errors="replace").strip().splitlines()
            raise click.ClickException(f"{name} failed: {lines[-1] if lines else ''}")
