"""Whether every answer is counted exactly once, whatever happens on its way from a tablet.

A fault happens to a real server while a tablet delivers; then everything is sent again, as a
tablet does that has not been told, and the database is compared with what was sent.
"""

import http.client
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from random import Random
from select import select as wait_for
from uuid import UUID

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp import collecting, delivering
from surveyapp.bench import respondents
from surveyapp.bench.databases import KINDS, Database, database
from surveyapp.bench.installation import UNITS, Installation, installed, looking_into, serving
from surveyapp.bench.printing import machine, print_table, spread
from surveyapp.bench.processes import HOST, PATIENCE, free_port
from surveyapp.bench.repeating import flaky, runs
from surveyapp.bench.tablets import Tablet, over_http
from surveyapp.cli import Progress, progress_bar
from surveyapp.collecting import Submission
from surveyapp.models import (
    Answer,
    OfferTally,
    Outcome,
    Quarantine,
    Response,
    SeenReceipt,
)

DAY = [Outcome.ANSWERED] * 6 + [Outcome.DECLINED] * 2  # what a tablet delivers at a time
ROUNDS = 5  # in which a server that is up must have taken everything
AT_ONCE = 4  # connections over which it does, so that several are on their way


@dataclass
class Outbox:
    """A tablet's envelopes by receipt, and which of them it has been told that arrived."""

    tablet: Tablet
    envelopes: dict[UUID, bytes]
    told: set[UUID] = field(default_factory=set)

    def send(self, receipt: UUID) -> None:
        """Deliver one; a connection that is lost leaves it as it was."""
        try:
            if self.tablet.deliver(self.envelopes[receipt]):
                self.told.add(receipt)
        except (OSError, http.client.HTTPException, ValueError):
            return

    def send_all(self) -> float:
        """Deliver all of them, those again that have arrived; the seconds it took."""
        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.send, self.envelopes))
        return time.perf_counter() - began

    def send_again(self) -> None:
        """As the tablet's timer does: what the server could not take just then, once more."""
        for _ in range(ROUNDS):
            if len(self.told) < len(self.envelopes):
                self.send_all()


class Server:
    """A server that can be killed and started again at the same port."""

    def __init__(self, where: Database) -> None:
        self.where = where
        self.port = free_port()
        self.pace = 0.1  # seconds that an outbox took the last time
        self._running = ExitStack()
        self._pid = 0

    def start(self) -> None:
        self._pid = self._running.enter_context(serving(self.where, self.port))

    def kill(self) -> None:
        """End it with all its workers, at once and without asking."""
        os.killpg(self._pid, signal.SIGKILL)
        self._running.close()

    @contextmanager
    def running(self) -> Iterator[None]:
        with self._running:
            self.start()
            yield


# What happens while an outbox is sent; afterwards the server runs.
Fault = Callable[[Server, Outbox, Random], object]


def killed(server: Server, outbox: Outbox, rng: Random) -> None:
    """The server is killed while several envelopes are on their way."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(outbox.send_all)
        time.sleep(rng.uniform(0, server.pace))
        server.kill()
    server.start()


def five_at_once(_server: Server, outbox: Outbox, _rng: Random) -> None:
    """Two pages, a timer and a button send the same at the same moment."""
    with ThreadPoolExecutor(5) as pool:
        for receipt in outbox.envelopes:
            list(pool.map(outbox.send, [receipt] * 5))


def cut(server: Server, outbox: Outbox, rng: Random) -> None:
    """The network is lost in the middle of a body."""
    for envelope in outbox.envelopes.values():
        _say(server, outbox.tablet, envelope, rng.randrange(len(envelope))).close()


def unheard(server: Server, outbox: Outbox, _rng: Random) -> None:
    """The network is lost when the server has it, before the tablet hears that it does."""
    for envelope in outbox.envelopes.values():
        line = _say(server, outbox.tablet, envelope, len(envelope))
        wait_for([line], [], [], PATIENCE)  # the answer has come as far as to the door
        line.close()


# A new fault is a line here.
FAULTS: dict[str, Fault] = {
    "server killed": killed,
    "five times at once": five_at_once,
    "cut in the body": cut,
    "echo not heard": unheard,
}


@click.command()
@click.option(
    "--database", "kind", type=click.Choice([*KINDS, "both"]), default="both", show_default=True
)
@click.option("--times", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--seed", default=1, show_default=True, help="Another seed kills elsewhere.")
@click.option(
    "--whole-list",
    "n_lists",
    default=0,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Run so many times instead every test of a fault, those in Chromium too.",
)
def faults(kind: str, times: int, seed: int, n_lists: int) -> None:
    """Let faults happen while a tablet delivers, and count what has become of the answers.

    The server is the one of `surveyapp run`. After each fault everything is sent again.
    """
    if n_lists:
        return _repeat_the_list(n_lists)
    rows: dict[str, list[str]] = {}
    wrong: list[str] = []
    for each in KINDS if kind == "both" else (kind,):
        with database(each) as where, progress_bar(f"Faults on {each}") as progress:
            rng = Random(seed)  # noqa: S311 - where faults strike
            for name, cells, found in _measured(where, times, rng, progress):
                rows[f"{each}: {name}"] = cells
                wrong += [f"{each}: {name}: {sentence}" for sentence in found]
    print_table(
        f"Faults while a tablet delivers {len(DAY)} envelopes, and then all of them again",
        ["times", "envelopes", "told", "stored, not told", "wrong in the end"],
        rows,
        [
            "told: the tablet had heard that the server has it before the fault was over",
            "stored, not told: these are sent again although they are there",
            machine(kind),
        ],
    )
    if wrong:
        raise click.ClickException("\n".join(wrong))


def _repeat_the_list(times: int) -> None:
    """Whether the whole list holds each time; a test that does not once is a fault."""
    with click.progressbar(runs(times), length=times, label="The list of faults") as bar:
        made = list(bar)
    wrong = flaky(made)
    print_table(
        "Every test of a fault, on both databases",
        ["runs", "tests", "did not hold", "seconds a run"],
        {
            "the list": [
                f"{len(made)}",
                f"{made[-1].n}",
                f"{len(wrong)}",
                spread([run.seconds for run in made], digits=0),
            ]
        },
        [machine("sqlite and postgresql")],
    )
    if wrong or not made[-1].n:
        raise click.ClickException("\n".join(wrong) or "There is no test in the list.")


def _measured(
    where: Database, times: int, rng: Random, progress: Progress
) -> Iterator[tuple[str, list[str], list[str]]]:
    """For each fault its name, the cells of its row, and what is wrong after it."""
    with installed(where) as installation:
        tablet = installation.tablet
    server = Server(where)
    tablet.post = over_http(server.port)
    outboxes: list[Outbox] = []
    with server.running():
        for name, fault in FAULTS.items():
            n_told = n_not_told = 0
            for _ in range(times):
                outbox = filled(tablet, installation.today, rng)
                fault(server, outbox, rng)
                n_told += len(outbox.told)
                n_not_told += _n_not_told(installation, outbox)
                server.pace = outbox.send_all()
                outbox.send_again()
                outboxes.append(outbox)
                progress(len(outboxes), times * len(FAULTS))
            with looking_into(installation) as session:
                found = wrong_with(session, outboxes)
            n = times * len(DAY)
            cells = [f"{each:,}" for each in (times, n, n_told, n_not_told, len(found))]
            yield name, cells, found


def wrong_with(session: Session, outboxes: list[Outbox]) -> list[str]:
    """What the database says otherwise than what was sent, in sentences."""
    sent = {receipt for outbox in outboxes for receipt in outbox.envelopes}
    n_told = sum(len(outbox.told) for outbox in outboxes)
    offers = dict(
        session.execute(
            select(OfferTally.outcome, func.sum(OfferTally.n)).group_by(OfferTally.outcome)
        ).all()
    )
    stored = session.scalars(select(Response.receipt)).all()
    sizes = set(
        session.scalars(select(func.count()).select_from(Answer).group_by(Answer.response_id))
    )
    due = Counter(DAY)
    checks = {
        f"{n_told} of {len(sent)} were received": n_told == len(sent),
        f"{len(stored)} responses are stored": len(stored)
        == due[Outcome.ANSWERED] * len(outboxes),
        "a stored response was never sent": set(stored) <= sent,
        f"offers are counted as {offers}": offers
        == {outcome: n * len(outboxes) for outcome, n in due.items()},
        f"responses have {sizes} answers": len(sizes) == 1,
        "something lies in quarantine": session.scalar(select(Quarantine.id).limit(1)) is None,
    }
    return [sentence for sentence, holds in checks.items() if not holds]


def filled(tablet: Tablet, today: date, rng: Random) -> Outbox:
    """A day's visits, sealed and shuffled."""
    envelopes = {}
    for outcome in rng.sample(DAY, len(DAY)):
        occasion = respondents.occasion(today, unit=rng.choice(UNITS))
        if outcome is Outcome.DECLINED:
            submission = Submission(occasion, outcome, reason="no_time")
        else:
            submission = Submission(occasion, outcome, answers={"bak_svarar": "sjalv"})
        envelopes[occasion.receipt] = tablet.seal(submission)
    return Outbox(tablet, envelopes)


def _say(server: Server, tablet: Tablet, envelope: bytes, n_bytes: int) -> socket.socket:
    """Send so many bytes of an envelope; the line they were sent over."""
    headers = tablet.signed(delivering.PATH, envelope) | {"Content-Length": str(len(envelope))}
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    start = f"POST {delivering.PATH} HTTP/1.1\r\nHost: {HOST}\r\n{said}\r\n".encode()
    line = socket.create_connection((HOST, server.port), timeout=PATIENCE)
    line.sendall(start + envelope[:n_bytes])
    return line


def _n_not_told(installation: Installation, outbox: Outbox) -> int:
    """How many have arrived without the tablet knowing it."""
    waiting = [collecting.sha256_of(each) for each in outbox.envelopes.keys() - outbox.told]
    known = select(func.count()).select_from(SeenReceipt)
    with looking_into(installation) as session:
        return session.scalar(known.where(SeenReceipt.receipt_sha256.in_(waiting))) or 0
