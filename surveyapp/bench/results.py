"""Whether the pages of results take the same time however many have answered."""

import os
import time
from statistics import median

import click
from flask.testing import FlaskClient

from surveyapp import accounts, releasing
from surveyapp.access import Role
from surveyapp.bench.databases import KINDS, Database, database
from surveyapp.bench.installation import UNITS, Installation, installed
from surveyapp.bench.printing import machine, print_table, spread
from surveyapp.bench.processes import cpu_seconds
from surveyapp.bench.volumes import PERIOD, generate, sizes
from surveyapp.db import db, writing
from surveyapp.periods import Period
from surveyapp.web.auth import sessions

PAGES = {
    "city": f"/resultat?period={PERIOD}",
    "unit": f"/resultat/{UNITS[0]}?period={PERIOD}",
}


@click.command()
@click.option(
    "--database", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True
)
@click.option("--runs", default=15, show_default=True, type=click.IntRange(1, 200))
@click.option("--sizes", "chosen", default="", help="Numbers of responses, such as 1000,10000.")
@click.option("--full", is_flag=True, help="A million responses too; that takes many minutes.")
@click.option("--quick", is_flag=True, help="Tiny sizes and two runs: does it work?")
def results(kind: str, runs: int, chosen: str, full: bool, quick: bool) -> None:
    """Fetch the page of the city and of one unit, as somebody who reads results.

    The goal: the same within twice the time at every size.
    """
    runs = 2 if quick else runs
    rows: dict[str, list[str]] = {}
    medians: dict[str, list[float]] = {page: [] for page in PAGES}
    for n in sizes(chosen, full=full, quick=quick):
        with database(kind) as where:
            measured = _measured(where, n, runs)
        for page, (wall, cpu) in measured.items():
            medians[page].append(median(wall))
            rows[f"{n:,} {page}"] = [spread(wall), spread([cpu])]
    print_table(
        f"Pages of results, {runs} times each: median (range)",
        ["wall ms", "CPU ms"],
        rows,
        [
            *(
                f"{page}: the slowest size takes {max(each) / min(each):.1f} times the fastest"
                for page, each in medians.items()
            ),
            "few responses leave figures hidden, which makes a page shorter",
            machine(kind),
            "through the application without a network; CPU with the database's, a mean",
        ],
    )


def _measured(where: Database, n: int, runs: int) -> dict[str, tuple[list[float], float]]:
    """For each page the milliseconds of every run and the mean CPU milliseconds."""
    period = Period.parse(PERIOD)
    pids = [os.getpid(), *([where.server] if where.server else [])]
    with installed(where) as installation:
        generate(n)
        releasing.release(db.session, period, today=period.releasable_from, person="bench")
        client = _signed_in(installation)
    found = {}
    for page, address in PAGES.items():
        _fetch(client, address)  # templates are compiled once in the life of a server
        before = sum(map(cpu_seconds, pids))
        wall = [_fetch(client, address) for _ in range(runs)]
        found[page] = (wall, 1000 * (sum(map(cpu_seconds, pids)) - before) / runs)
    return found


def _fetch(client: FlaskClient, address: str) -> float:
    began = time.perf_counter()
    response = client.get(address)
    if response.status_code != 200:
        raise click.ClickException(f"{address} answers {response.status}")
    return 1000 * (time.perf_counter() - began)


def _signed_in(installation: Installation) -> FlaskClient:
    with writing(db.session) as session:
        account = accounts.create(
            session, "reader", "A reader", "no-need-to-know", [accounts.GrantSpec(Role.READER)]
        )
    client = installation.app.test_client()
    with client.session_transaction() as stored:
        stored.update(_user_id=str(account.id), _fresh=True)
        stored.update(sessions.marks(account, time.time()))
    return client
