"""What a fault of a questionnaire is: where, what is wrong, and what to do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

Path = tuple[str | int, ...]


class Fault(NamedTuple):
    """Where in the document (keys and positions), and what is wrong and what to do.

    The message is marked for translation and may hold places for `values`.
    """

    path: Path
    message: str
    values: Mapping[str, object] = MappingProxyType({})

    def __str__(self) -> str:
        return self.message % self.values


def repeated(items: Iterable[str | None]) -> list[int]:
    """Positions of items that were there before."""
    seen: Counter[str] = Counter()
    positions = []
    for position, item in enumerate(items):
        if item is not None:
            if seen[item]:
                positions.append(position)
            seen[item] += 1
    return positions


def listed(names: Iterable[str]) -> str:
    """The names as a sentence lists them; a set in the order of the alphabet."""
    return ", ".join(sorted(names) if isinstance(names, frozenset) else names)
