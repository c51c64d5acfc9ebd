"""How often something that could be guessed may be tried, in this process."""

import threading
import time
from collections import defaultdict, deque

from flask import current_app

SPAN = 60.0  # seconds
PER_ADDRESS = 10
IN_ALL = 100


class Throttle:
    """Counts failures of the last minute, from each address and in all.

    It only slows guessing down; what makes guessing hopeless is the number of codes there
    could be. An address is forgotten after the minute and written nowhere.
    """

    def __init__(self) -> None:
        self._failures: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def is_closed_to(self, address: str) -> bool:
        """Whether this address has to wait."""
        with self._lock:
            self._forget_old()
            n_own = len(self._failures.get(address, ()))
            return n_own >= PER_ADDRESS or sum(map(len, self._failures.values())) >= IN_ALL

    def note_failure(self, address: str) -> None:
        with self._lock:
            self._failures[address].append(time.monotonic())

    def _forget_old(self) -> None:
        oldest = time.monotonic() - SPAN
        for address in list(self._failures):
            times = self._failures[address]
            while times and times[0] < oldest:
                times.popleft()
            if not times:
                del self._failures[address]


def throttle(what: str) -> Throttle:
    """The application's throttle for one kind of guessing."""
    known: dict[str, Throttle] = current_app.extensions.setdefault("throttles", {})
    return known.setdefault(what, Throttle())
