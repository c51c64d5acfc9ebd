"""Eight people who answer one after the other, each in a process of their own."""

import http.client
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

from surveyapp.bench.processes import HOST

# One whole response: asks over the connection, and returns whether it went as it should.
Journey = Callable[["Connection", Random], bool]


class Connection:
    """A kept connection, and how long each request over it took."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection(HOST, port, timeout=30)
        self.seconds: list[float] = []

    def ask(self, method: str, path: str, body: str | None = None) -> http.client.HTTPResponse:
        """Send a request and read the answer to its end."""
        headers = {"Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.http.request(method, path, body, headers)
        response = self.http.getresponse()
        response.read()
        self.seconds.append(time.perf_counter() - began)
        return response


@dataclass(frozen=True)
class Visits:
    """What came of it: seconds of each response and of each request, and what failed."""

    responses: list[float]
    requests: list[float]
    n_failed: int
    seconds: float  # from the first start to the last end


def visit(journey: Journey, *, port: int, visitors: int, seconds: float) -> Visits:
    """Let them answer for so many seconds; each begins the next when one is done."""
    jobs = [(journey, port, seconds, number) for number in range(visitors)]
    began = time.perf_counter()
    with get_context("fork").Pool(visitors) as pool:
        each = pool.starmap(_one_visitor, jobs, chunksize=1)
    return Visits(
        sorted(second for responses, _, _ in each for second in responses),
        sorted(second for _, requests, _ in each for second in requests),
        sum(n_failed for _, _, n_failed in each),
        time.perf_counter() - began,
    )


def _one_visitor(
    journey: Journey, port: int, seconds: float, number: int
) -> tuple[list[float], list[float], int]:
    rng = Random(number)  # noqa: S311 - which answers are given
    connection = Connection(port)
    responses, n_failed = [], 0
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        try:
            good = journey(connection, rng)
        except (OSError, http.client.HTTPException):
            connection.http.close()
            good = False
        if good:
            responses.append(time.perf_counter() - began)
        else:
            n_failed += 1
    connection.http.close()
    return responses, connection.seconds, n_failed


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share is not above; 0 of nothing."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
