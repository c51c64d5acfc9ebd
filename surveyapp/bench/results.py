"""Whether the pages of results take the same time however many have answered."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import click
from flask.testing import FlaskClient
from sqlalchemy import event

from surveyapp import accounts, releasing
from surveyapp.access import Role
from surveyapp.bench.databases import KINDS, Database, database
from surveyapp.bench.installation import UNITS, Installation, installed
from surveyapp.bench.printing import machine, print_table
from surveyapp.bench.processes import cpu_seconds
from surveyapp.bench.visitors import quantile
from surveyapp.bench.volumes import PERIOD, generate, make_region, sizes
from surveyapp.bench.weights import weight
from surveyapp.db import db, writing
from surveyapp.periods import Period
from surveyapp.web.auth import sessions

COMPARISON = f"/resultat/jamfor?period={PERIOD}&med=resten"
# A new page of results is a line here.
PAGES = {
    "city": f"/resultat?period={PERIOD}",
    "unit": f"/resultat/{UNITS[0]}?period={PERIOD}",
    "question": f"/resultat/fraga/hel_nojd?period={PERIOD}",
    "unit against the rest": f"{COMPARISON}&enhet={UNITS[0]}&fraga=",
    "question against the rest": f"{COMPARISON}&enhet=&fraga=hel_nojd",
    "drivers": f"/resultat/samband?period={PERIOD}&fraga=hel_nojd&med=organisationsform",
    "trends of a unit": f"/resultat/utveckling?enhet={UNITS[0]}",
    "trends of the city": "/resultat/utveckling",
    "method": "/metod",
}
REGION = 400  # units
SLOWEST, HEAVIEST, STEEPEST = 150, 60, 2.0  # ms, kB and times: the goals
LEAST_CPU = 5.0  # ms: what is less cannot be told apart in few runs
# LimeSurvey 6.2.1's page of statistics, measured on one machine of this kind.
LIMESURVEY = {1_000: 220, 10_000: 370, 100_000: 1_760}  # responses to ms
COLUMNS = ["p50 ms", "p95 ms", "CPU ms", "queries", "kB gzip"]


@dataclass(frozen=True)
class Measured:
    """A page fetched many times: milliseconds, the mean of its CPU, queries, bytes."""

    wall: list[float]
    cpu: float
    n_queries: int
    weight: int

    @property
    def p95(self) -> float:
        return quantile(sorted(self.wall), 0.95)

    @property
    def cells(self) -> list[str]:
        return [
            f"{median(self.wall):.1f}",
            f"{self.p95:.1f}",
            f"{self.cpu:.1f}",
            str(self.n_queries),
            f"{self.weight / 1000:.1f}",
        ]


@dataclass
class Visitor:
    """Somebody who reads results, and what their requests ask of the database."""

    client: FlaskClient
    pids: list[int]
    sent: list[str] = field(default_factory=list)

    def fetch(self, address: str) -> bytes:
        response = self.client.get(address, buffered=True)
        if response.status_code != 200:
            raise click.ClickException(f"{address} answers {response.status}")
        return bytes(response.data)

    def measure(self, address: str, runs: int) -> Measured:
        """Fetch a page so many times, after once: templates are compiled once in the life of
        a server."""
        page = self.fetch(address)
        self.sent.clear()
        self.fetch(address)
        n_queries = len(self.sent)
        before = sum(map(cpu_seconds, self.pids))
        wall = [_milliseconds(lambda: self.fetch(address)) for _ in range(runs)]
        cpu = 1000 * (sum(map(cpu_seconds, self.pids)) - before) / runs
        return Measured(wall, cpu, n_queries, weight(page, self.fetch))


@click.command()
@click.option(
    "--database", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True
)
@click.option("--runs", default=40, show_default=True, type=click.IntRange(1, 1000))
@click.option("--sizes", "chosen", default="", help="Numbers of responses, such as 1000,10000.")
@click.option("--full", is_flag=True, help="A million responses too; that takes many minutes.")
@click.option("--quick", is_flag=True, help="Tiny sizes and two runs: does it work?")
def results(kind: str, runs: int, chosen: str, full: bool, quick: bool) -> None:
    """Fetch every page of results, as somebody who reads them.

    The goals: 95 of 100 within 150 ms, the same within twice the time at every size, at most
    60 kB, and no more queries with 400 units than with eleven.
    """
    runs = 2 if quick else runs
    found: dict[tuple[str, str], Measured] = {}
    chosen_sizes = sizes(chosen, full=full, quick=quick)
    for n in chosen_sizes:
        with database(kind) as where, installed(where) as installation:
            visitor = _visitor(where, installation, n)
            for page, address in PAGES.items():
                found[f"{n:,}", page] = visitor.measure(address, runs)
            if n == chosen_sizes[0]:
                make_region(REGION)
                for page, address in PAGES.items():
                    found[f"{REGION} units", page] = visitor.measure(address, runs)
    print_table(
        f"Pages of results, {runs} times each, by responses",
        COLUMNS,
        {f"{size} {page}": each.cells for (size, page), each in found.items()},
        [
            *(_verdict(page, found) for page in PAGES),
            *(
                f"LimeSurvey's statistics of {n:,} responses took {ms} ms, without intervals"
                for n, ms in LIMESURVEY.items()
                if n in chosen_sizes
            ),
            f"{REGION} units have the answers of {chosen_sizes[0]:,} responses, copied",
            "few responses leave figures hidden, which makes a page shorter",
            machine(kind),
            "through the application without a network; CPU with the database's, a mean",
            "kB with styles and scripts, without the chart library, which waits until needed",
        ],
    )


def _verdict(page: str, found: dict[tuple[str, str], Measured]) -> str:
    """Whether a page keeps to the goals."""
    of_region = found[f"{REGION} units", page]
    of_city = [each for key, each in found.items() if key[1] == page and each is not of_region]
    cpu = [max(each.cpu, LEAST_CPU) for each in of_city]
    steepness, slowest = max(cpu) / min(cpu), max(each.p95 for each in of_city)
    heaviest = max(each.weight for each in of_city) / 1000
    more = of_region.n_queries - max(each.n_queries for each in of_city)
    goals = {
        f"p95 {slowest:.0f} ms": slowest <= SLOWEST,
        f"CPU of the slowest size {steepness:.1f} times the fastest": steepness <= STEEPEST,
        f"{heaviest:.1f} kB": heaviest <= HEAVIEST,
        f"{more:+} queries with {REGION} units": more <= 0,
        f"{of_region.weight / 1000:.1f} kB then": of_region.weight / 1000 <= HEAVIEST,
    }
    said = [f"{what} ({'good' if is_kept else 'MISSED'})" for what, is_kept in goals.items()]
    return f"{page}: {', '.join(said)}"


def _visitor(where: Database, installation: Installation, n: int) -> Visitor:
    """A reader of a released tertial out of so many responses."""
    period = Period.parse(PERIOD)
    generate(n)
    releasing.release(db.session, period, today=period.releasable_from, person="bench")
    pids = [os.getpid(), *([where.server] if where.server else [])]
    visitor = Visitor(_signed_in(installation), pids)

    def note(*execution: object) -> None:
        visitor.sent.append(str(execution[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    return visitor


def _milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
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
