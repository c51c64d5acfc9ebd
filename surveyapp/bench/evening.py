"""Every tablet of a city back on the network at the same moment, with its day's answers."""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from random import Random

from sqlalchemy.orm import Session

from surveyapp import organising, publishing, sealing
from surveyapp.bench import respondents
from surveyapp.bench.installation import UNITS, told
from surveyapp.bench.tablets import Tablet, over_http
from surveyapp.collecting import Submission
from surveyapp.db import writing
from surveyapp.models import (
    Device,
    DeviceUnit,
    Outcome,
)
from surveyapp.questionnaire import Questionnaire

N_PROCESSES = 2
AT_ONCE = 32  # tablets of a process that are in the middle of sending
LONGEST = 20 * 60.0  # seconds; then it stops, whatever is left
AGAIN = 0.5  # seconds before a request that was not answered is made again

Ready = tuple[Tablet, list[bytes]]


@dataclass(frozen=True)
class Evening:
    """How long it took, each request in order of its seconds, and how many were made again."""

    seconds: float
    requests: list[float]
    n_again: int


def prepared(session: Session, tablets: int, answers: int, today: date) -> list[Ready]:
    """Enrolled tablets, each with its sealed outbox."""
    document = publishing.document(session, publishing.KEY, respondents.VERSION)
    unit = organising.unit_by_code(session, UNITS[0])
    assert unit is not None  # noqa: S101 - the installation has made it
    made = [Tablet(state=told()) for _ in range(tablets)]
    rng = Random(1)  # noqa: S311 - which answers are given
    with writing(session):
        devices = [
            Device(name=f"evening {n}", public_key=sealing.from_base64url(tablet.public_key))
            for n, tablet in enumerate(made)
        ]
        session.add_all(devices)
        session.flush()
        session.add_all(DeviceUnit(device_id=each.id, unit_id=unit.id) for each in devices)
        for device, tablet in zip(devices, made, strict=True):
            tablet.number = device.id
    return [
        (
            tablet,
            [tablet.seal(answered(document, today, rng)) for _ in range(answers)],
        )
        for tablet in made
    ]


def answered(document: Questionnaire, today: date, rng: Random) -> Submission:
    """Everything answered, at a home visit."""
    given = respondents.answers(document, rng)
    return Submission(respondents.occasion(today), Outcome.ANSWERED, answers=given)


def evening(ready: Sequence[Ready], port: int) -> Evening:
    """Let them all send everything, and then say how they are."""
    began = time.perf_counter()
    with get_context("fork").Pool(N_PROCESSES, _take, (ready,)) as pool:
        parts = [(number, port) for number in range(N_PROCESSES)]
        each = pool.starmap(_some, parts, chunksize=1)
    return Evening(
        time.perf_counter() - began,
        sorted(second for requests, _ in each for second in requests),
        sum(n_again for _, n_again in each),
    )


_ready: list[Ready] = []  # of a process: their keys can be inherited, but not be sent to it


def _take(ready: Sequence[Ready]) -> None:
    _ready[:] = ready


def _some(number: int, port: int) -> tuple[list[float], int]:
    requests: deque[float] = deque()
    again: deque[int] = deque()
    until = time.perf_counter() + LONGEST

    def one(tablet: Tablet, envelopes: list[bytes]) -> None:
        tablet.post = over_http(port)
        while envelopes and time.perf_counter() < until:
            began = time.perf_counter()
            try:
                has_arrived = tablet.deliver(envelopes[-1])
            except OSError:
                has_arrived = False
            requests.append(time.perf_counter() - began)
            if has_arrived:
                envelopes.pop()
            else:
                again.append(1)
                time.sleep(AGAIN)
        tablet.report()

    mine = _ready[number::N_PROCESSES]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done in [threads.submit(one, tablet, envelopes) for tablet, envelopes in mine]:
            done.result()
    return list(requests), len(again)
