"""Impossible input is refused with a ValueError that quotes it."""

import operator
from collections.abc import Iterable, Sequence
from math import inf, isfinite, nan
from typing import SupportsIndex, cast


def whole(name: str, value: object) -> int:
    """Return the count as a plain int, or refuse what is not a whole number from 0 up."""
    if type(value) is int and value >= 0:  # nearly always
        return value
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


def number(name: str, value: object, *, least: float = -inf, most: float = inf) -> float:
    """Return a finite number as a float, or refuse it, also when it is outside its limits."""
    if type(value) is float and least <= value <= most and isfinite(value):  # nearly always
        return value
    real = isinstance(value, float) or hasattr(value, "__index__")
    # True is a number to Python, but here it is a mistake in the caller.
    converted = float(cast(float, value)) if real and not isinstance(value, bool) else nan
    if not (isfinite(converted) and least <= converted <= most):
        limits = f" from {least:g} to {most:g}" if most < inf else f" from {least:g} up"
        raise ValueError(f"{name} must be a finite number{limits}, got {value!r}")
    return converted


def unit_weights(values: Iterable[object], n: Sequence[int]) -> list[float]:
    """Return what units count by: numbers from 0 up, above 0 for a unit with answers."""
    each = [number("weight", value, least=0) for value in values]
    for weight, count in zip(each, n, strict=False):
        if count and not weight:
            raise ValueError(f"weight {weight!r} for a unit with {count} answers")
    return each


def design_effects(values: Iterable[object] | None, n_units: int) -> list[float]:
    """Return the design effect of each unit, at least 1; 1 for all if none are given."""
    if values is None:
        return [1.0] * n_units
    return [number("design effect", value, least=1) for value in values]


def same_length(**sequences: Sequence[object]) -> None:
    """Refuse lists that should have one place for each unit and differ in length."""
    if len({len(sequence) for sequence in sequences.values()}) > 1:
        lengths = ", ".join(f"{name} {len(each)}" for name, each in sequences.items())
        raise ValueError(f"one value for each unit is needed, got lengths {lengths}")


def answers(n: Iterable[object], favourable: Iterable[object]) -> tuple[list[int], list[int]]:
    """Return valid and favourable answers of each unit as plain ints, if they can be."""
    counts, hits = wholes("n", n), wholes("favourable", favourable)
    same_length(n=counts, favourable=hits)
    for count, hit in zip(counts, hits, strict=True):
        part_of("favourable", hit, "n", count)
    return counts, hits


def part_of(name: str, part: float, whole_name: str, total: float) -> None:
    """Refuse a part that is larger than what it is a part of."""
    if part > total:
        raise ValueError(f"{name} {part} is larger than {whole_name} {total}")


def confidence(level: object) -> float:
    """Return the level, or refuse what is not a number strictly between 0 and 1."""
    if not isinstance(level, float) or not 0 < level < 1:
        raise ValueError(f"level must be strictly between 0 and 1, got {level!r}")
    return level
