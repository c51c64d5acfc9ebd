"""Impossible input is refused with a ValueError that quotes it."""

import operator
from collections.abc import Iterable, Sequence
from typing import SupportsIndex, cast


def whole(name: str, value: object) -> int:
    """Return the count as a plain int, or refuse what is not a whole number from 0 up."""
    try:
        count = operator.index(cast(SupportsIndex, value))
    except TypeError:
        count = -1
    # True is an int to Python, but as a count it is a mistake in the caller.
    if count < 0 or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number from 0 up, got {value!r}")
    return count


def from_one(name: str, value: object) -> int:
    """Return a limit as a plain int, or refuse one that would let everything through."""
    if whole(name, value) < 1:
        raise ValueError(f"{name} must be at least 1, got {value!r}")
    return whole(name, value)


def wholes(name: str, values: Iterable[object]) -> list[int]:
    """Return counts as plain ints; each must be a whole number from 0 up."""
    return [whole(name, value) for value in values]


def same_length(**sequences: Sequence[object]) -> None:
    """Refuse lists that should have one place for each unit and differ in length."""
    if len({len(sequence) for sequence in sequences.values()}) > 1:
        lengths = ", ".join(f"{name} {len(each)}" for name, each in sequences.items())
        raise ValueError(f"one value for each unit is needed, got lengths {lengths}")


def part_of(name: str, part: int, whole_name: str, total: int) -> None:
    """Refuse a part that is larger than what it is a part of."""
    if part > total:
        raise ValueError(f"{name} {part} is larger than {whole_name} {total}")


def confidence(level: object) -> float:
    """Return the level, or refuse what is not a number strictly between 0 and 1."""
    if not isinstance(level, float) or not 0 < level < 1:
        raise ValueError(f"level must be strictly between 0 and 1, got {level!r}")
    return level
