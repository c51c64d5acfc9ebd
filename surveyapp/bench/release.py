"""How long it takes to release a tertial and a year, by how many responses there are."""

import os
import resource
import time

import click

from surveyapp import releasing
from surveyapp.bench.databases import KINDS, Database, database
from surveyapp.bench.installation import installed
from surveyapp.bench.printing import machine, print_table, spread
from surveyapp.bench.processes import cpu_seconds
from surveyapp.bench.volumes import PERIOD, forget_releases, generate, sizes
from surveyapp.db import db
from surveyapp.periods import Period


@click.command()
@click.option(
    "--database", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True
)
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option("--sizes", "chosen", default="", help="Numbers of responses, such as 1000,10000.")
@click.option("--full", is_flag=True, help="A million responses too; that takes many minutes.")
@click.option("--quick", is_flag=True, help="Tiny sizes and two runs: does it work?")
def release(kind: str, runs: int, chosen: str, full: bool, quick: bool) -> None:
    """Release one tertial out of a year of responses, and then the whole year.

    Each size has a database of its own; the release is undone between the runs. The year is
    released once, and then audited once more by itself.
    """
    rows = {}
    for n in sizes(chosen, full=full, quick=quick):
        with database(kind) as where:
            rows[f"{n:,}"] = _measured(where, n, 2 if quick else runs)
    print_table(
        f"Releasing {PERIOD} out of a year of responses, then the year: median (range)",
        [
            "release s",
            "its CPU s",
            "with the database's",
            "cells",
            "year s",
            "its audit s",
            "memory MiB",
            "generating s",
        ],
        rows,
        [
            machine(kind),
            "a third of the responses are in the tertial; its cells are what is stored",
            "goals for a year of a million: 60 s, its audit 60 s, 1,024 MiB",
            "memory is the most that the process has held so far",
        ],
    )


def _measured(where: Database, n: int, runs: int) -> list[str]:
    period = Period.parse(PERIOD)
    wall, own, all_in_all = [], [], []
    pids = [os.getpid(), *([where.server] if where.server else [])]
    with installed(where):
        began = time.perf_counter()
        generate(n, years=[period.year])
        generating = time.perf_counter() - began
        for _ in range(runs):
            forget_releases()
            before = [cpu_seconds(pid) for pid in pids]
            began = time.perf_counter()
            _release(period)
            wall.append(time.perf_counter() - began)
            used = [cpu_seconds(pid) - old for pid, old in zip(pids, before, strict=True)]
            own.append(used[0])
            all_in_all.append(sum(used))
        n_cells = len(releasing.stored_counts(db.session, period))
        year, audit = _year(period)
    return [
        spread(wall, digits=2),
        spread(own, digits=2),
        spread(all_in_all, digits=2),
        f"{n_cells:,}",
        f"{year:.2f}",
        f"{audit:.2f}",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
        f"{generating:.0f}",
    ]


def _year(released: Period) -> tuple[float, float]:
    """Release the rest of the year of a released part, then the year; seconds of the year's
    release and of auditing it."""
    year = Period(released.year, released.parts)
    for part in year.earlier_parts():
        _release(part)
    began = time.perf_counter()
    _release(year)
    middle = time.perf_counter()
    open_to_readers = releasing.audit(db.session, year)
    if open_to_readers:
        raise click.ClickException(f"the audit finds {open_to_readers}")
    return middle - began, time.perf_counter() - middle


def _release(period: Period) -> None:
    releasing.release(db.session, period, today=period.releasable_from, person="bench")
