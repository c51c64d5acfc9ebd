"""How fast answers are taken: eight visitors who fetch the form, send it and are thanked."""

import re
import sys
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import click

from surveyapp import occasions, publishing
from surveyapp.bench import bare, respondents
from surveyapp.bench.databases import KINDS, Database, database
from surveyapp.bench.installation import SECRET, UNITS, counted, installed, serving
from surveyapp.bench.printing import machine, print_table, spread
from surveyapp.bench.processes import cpu_seconds, free_port, server
from surveyapp.bench.visitors import Connection, Journey, Visits, quantile, visit
from surveyapp.bench.weights import fetched
from surveyapp.db import db
from surveyapp.models import (
    Channel,
    FollowupType,
    HandedOverBy,
    ServiceGroup,
)
from surveyapp.questionnaire import Questionnaire

LANGUAGE = "sv"
LOADED = re.compile(rb'<(?:link|script)[^>]*(?:href|src)="(/[^"]+)"')
GOALS = (
    "goals: at most 12 ms of server CPU for a response, at least 120 responses/s, "
    "p95 at most 150 ms, slowest under 1 s"
)


@dataclass(frozen=True)
class Answering:
    """Fetch the form with a new occasion, send every answer, and be thanked."""

    document: Questionnaire
    today: date

    @cached_property
    def address(self) -> str:
        return f"/svara/{publishing.KEY}/{respondents.VERSION}/{LANGUAGE}"

    def __call__(self, connection: Connection, rng: Random) -> bool:
        token = self.token(rng)
        form = connection.ask("GET", f"{self.address}?o={token}")
        given = respondents.answers(self.document, rng)
        fields = {"o": token, "script": "1", "outcome": "send"}
        fields |= {f"q_{question}": code for question, code in given.items()}
        sent = connection.ask("POST", self.address, urlencode(fields))
        thanks = connection.ask("GET", sent.headers.get("Location", "/"))
        return (form.status, sent.status, thanks.status) == (200, 303, 200)

    def token(self, rng: Random) -> str:
        """A ticket as for the code of a letter, but with no code to use up."""
        occasion = respondents.occasion(
            self.today,
            unit=rng.choice(UNITS),
            channel=Channel.OWN_DEVICE,
            followup_type=FollowupType.OTHER,
            service_group=ServiceGroup.OTHER,
            handed_over_by=HandedOverBy.LETTER,
        )
        ticket = occasions.Ticket(occasion, named_officers=1, promised_n=10)
        return occasions.issue(ticket, secret=SECRET)


@dataclass(frozen=True)
class BareAnswering:
    """The same journey through the bare form."""

    def __call__(self, connection: Connection, rng: Random) -> bool:
        form = connection.ask("GET", "/")
        fields = {question: rng.choice(bare.CHOICES) for question in bare.QUESTIONS}
        sent = connection.ask("POST", "/", urlencode(fields))
        thanks = connection.ask("GET", sent.headers.get("Location", "/"))
        return (form.status, sent.status, thanks.status) == (200, 303, 200)


@dataclass(frozen=True)
class Measured:
    """One run: what the visitors saw, and the server's CPU seconds."""

    visits: Visits
    cpu: float

    @property
    def n(self) -> int:
        return len(self.visits.responses)

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.n if self.n else float("inf")


@click.command()
@click.option(
    "--database", "kind", type=click.Choice(KINDS), default="sqlite", show_default=True
)
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option("--seconds", default=8.0, show_default=True, type=click.FloatRange(0.2, 120))
@click.option("--visitors", default=8, show_default=True, type=click.IntRange(1, 32))
@click.option("--quick", is_flag=True, help="One short run with two visitors: does it work?")
def collect(kind: str, runs: int, seconds: float, visitors: int, quick: bool) -> None:
    """Take answers as fast as visitors can send them, beside a bare form on SQLite.

    The server is the one of `surveyapp run`. Every response is counted again in the database.
    """
    if quick:
        runs, seconds, visitors = 1, 0.5, 2
    with database(kind) as where:
        weight, measured, n_sent, n_stored = _measure(where, runs, seconds, visitors)
    with database("sqlite") as where:
        floor = _measure_bare(where, runs, seconds, visitors)
    ours, least = ([each.cpu_ms for each in several] for several in (measured, floor))
    ratio = sorted(ours)[len(ours) // 2] / max(sorted(least)[len(least) // 2], 0.001)
    print_table(
        f"Collecting, {visitors} visitors, {runs} runs of {seconds:g} s: median (range)",
        ["CPU ms/response", "responses/s", "p50 ms", "p95 ms", "slowest ms", "request p95 ms"],
        {"surveyapp": _cells(measured), "bare form": _cells(floor)},
        [
            GOALS,
            f"CPU of a response: {ratio:.1f} times the bare form's",
            f"stored {n_stored} of {n_sent} sent, failed {_n_failed(measured)} "
            f"(bare form: {_n_failed(floor)})",
            weight,
            machine(kind),
            "visitors, server and database share the cores; a response is three requests",
        ],
    )
    if n_stored != n_sent:
        raise click.ClickException(f"{n_sent} responses were sent and {n_stored} are stored.")


def _measure(
    where: Database, runs: int, seconds: float, visitors: int
) -> tuple[str, list[Measured], int, int]:
    """The weight of the first page, the runs, and how many were sent and are stored."""
    with installed(where) as installation:
        document = publishing.document(db.session, publishing.KEY, respondents.VERSION)
        journey = Answering(document, installation.today)
    port = free_port()
    with serving(where, port) as pid:
        weight = _weight(port, f"{journey.address}?o={journey.token(Random(0))}")  # noqa: S311
        warm = visit(journey, port=port, visitors=visitors, seconds=min(1.0, seconds))
        measured = [
            _run(journey, port, [pid, where.server], seconds, visitors) for _ in range(runs)
        ]
    n_stored, n_parked = counted(installation)
    if n_parked:
        raise click.ClickException(f"{n_parked} responses lie in quarantine.")
    return weight, measured, len(warm.responses) + sum(m.n for m in measured), n_stored


def _measure_bare(where: Database, runs: int, seconds: float, visitors: int) -> list[Measured]:
    port = free_port()
    file = where.folder / "bare.sqlite3"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
    ]
    command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
    command += [f"surveyapp.bench.bare:create('{file}')"]
    bare.prepare(str(file))
    with server(command, {}, port, "/tack") as pid:
        visit(BareAnswering(), port=port, visitors=visitors, seconds=min(1.0, seconds))
        return [_run(BareAnswering(), port, [pid], seconds, visitors) for _ in range(runs)]


def _run(
    journey: Journey, port: int, pids: list[int | None], seconds: float, visitors: int
) -> Measured:
    def cpu() -> float:
        return sum(cpu_seconds(pid) for pid in pids if pid is not None)

    before = cpu()
    visits = visit(journey, port=port, visitors=visitors, seconds=seconds)
    return Measured(visits, cpu() - before)


def _weight(port: int, address: str) -> str:
    """What the first page of a respondent costs to fetch, gzipped."""
    page, n_bytes = fetched(port, address)
    waiting = dict.fromkeys(match.decode() for match in LOADED.findall(page))
    modules = re.findall(rb'data-module="([a-z-]+)"', page)
    scripts = [path for path in waiting if path.endswith("main.js")]
    for path in scripts:
        folder = path.removesuffix("main.js")
        waiting |= dict.fromkeys(f"{folder}{name.decode()}.js" for name in modules)
    sizes = {path: fetched(port, path)[1] for path in waiting}
    total = n_bytes + sum(sizes.values())
    parts = ", ".join(f"{Path(path).name} {size / 1000:.1f}" for path, size in sizes.items())
    return (
        f"first page: {total / 1000:.1f} kB gzip in {1 + len(sizes)} requests "
        f"(HTML {n_bytes / 1000:.1f}, {parts}); goals: at most 30 kB and 4 requests"
    )


def _n_failed(several: list[Measured]) -> int:
    return sum(each.visits.n_failed for each in several)


def _cells(several: list[Measured]) -> list[str]:
    def ms(share: float, of_requests: bool = False) -> str:
        each = [m.visits.requests if of_requests else m.visits.responses for m in several]
        return spread([1000 * quantile(ordered, share) for ordered in each])

    return [
        spread([m.cpu_ms for m in several], digits=2),
        spread([m.n / m.visits.seconds for m in several], digits=0),
        ms(0.5),
        ms(0.95),
        ms(1.0),
        ms(0.95, of_requests=True),
    ]
