"""The share of a whole city, from units of different size and response."""

from collections.abc import Sequence
from math import fsum, inf, isfinite, sqrt
from statistics import NormalDist
from typing import NamedTuple

from surveyapp.stats.checking import confidence, part_of, same_length, whole, wholes
from surveyapp.stats.intervals import wilson


class Estimate(NamedTuple):
    """An estimate from weighted units, with how certain it is.

    `se` is the standard error of the stratified estimate and `df` its degrees of freedom;
    `n_eff` is the number of answers behind the interval, infinite when nothing is uncertain.
    `covered` is the part of the eligible that belongs to units with answers.
    """

    estimate: float
    se: float
    low: float
    high: float
    n_eff: float
    df: int
    covered: float


class _Unit(NamedTuple):
    """One unit with answers: `unseen` scales its variance, `floor` its part of the floor."""

    size: float
    n: int
    favourable: int
    unseen: float
    floor: float


def city_share(
    populations: Sequence[int],
    n: Sequence[int],
    favourable: Sequence[int],
    *,
    level: float = 0.95,
) -> Estimate | None:
    """Share of favourable answers in a city: every unit counts by its eligible persons.

    The interval is Wilson's with an effective number of answers. Its variance is never taken
    to be smaller than if all units varied as the city does, because a large unit with few
    answers that happen to be alike says nothing of its own variation. Units without answers
    are left out and lower `covered`.

    Parameters
    ----------
    populations : sequence of int
        Eligible persons of each unit, at least its `n`.
    n : sequence of int
        Valid answers of each unit.
    favourable : sequence of int
        Favourable answers of each unit, at most its `n`.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate or None
        Shares from 0 to 1. None if no unit has answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 5. Franco, Little, Louis and Slud (2019),
    Comparative study of confidence intervals for proportions in complex sample surveys.

    Examples
    --------
    >>> city = city_share([190, 141, 212, 124], [16, 25, 21, 13], [15, 18, 18, 12])
    >>> [round(x, 4) for x in (city.estimate, city.low, city.high)]
    [0.8633, 0.7676, 0.9235]
    """
    sizes = wholes("populations", populations)
    counts, hits = _answers(n, favourable, sizes)
    for size, count in zip(sizes, counts, strict=True):
        part_of("n", count, "population", size)
    units = [
        _Unit(size, count, hit, (size - count) / size, _floor(size, count))
        for size, count, hit in zip(sizes, counts, hits, strict=True)
        if count
    ]
    return _estimate(units, fsum(sizes), confidence(level))


def weighted_share(
    weights: Sequence[float],
    n: Sequence[int],
    favourable: Sequence[int],
    *,
    level: float = 0.95,
) -> Estimate | None:
    """Share of favourable answers in a city where the eligible are not known for every unit.

    As `city_share`, but every unit counts by its clients of the year, and nobody is taken to
    be seen in full: the eligible are not known, so the population is taken to be very large.

    Parameters
    ----------
    weights : sequence of float
        Clients of the year in each unit; above 0 where there are answers.
    n : sequence of int
        Valid answers of each unit.
    favourable : sequence of int
        Favourable answers of each unit, at most its `n`.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate or None
        Shares from 0 to 1; `covered` is a part of the clients. None if no unit has answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    Examples
    --------
    >>> city = weighted_share([600, 400], [40, 50], [30, 45])
    >>> [round(x, 4) for x in (city.estimate, city.low, city.high)]
    [0.81, 0.7062, 0.8832]
    """
    sizes = [_weight(weight) for weight in weights]
    counts, hits = _answers(n, favourable, sizes)
    for size, count in zip(sizes, counts, strict=True):
        if count and not size:
            raise ValueError(f"weight {size!r} for a unit with {count} answers")
    units = [
        _Unit(size, count, hit, 1.0, 1 / count)
        for size, count, hit in zip(sizes, counts, hits, strict=True)
        if count
    ]
    return _estimate(units, fsum(sizes), confidence(level))


def _estimate(units: list[_Unit], all_sizes: float, level: float) -> Estimate | None:
    if not units:
        return None
    answering = fsum(unit.size for unit in units)
    estimate = fsum(unit.size * (unit.favourable / unit.n) for unit in units) / answering
    pooled = estimate * (1 - estimate)
    spread = fsum((unit.size / answering) ** 2 * unit.floor for unit in units)
    own = fsum((unit.size / answering) ** 2 * _variance(unit, pooled) for unit in units)
    variance = max(own, pooled * spread)
    df = max(sum(unit.n for unit in units) - len(units), 1)
    tail = (1 - level) / 2
    if pooled == 0 or variance == 0:
        # All answers are alike or everybody answered: there is no variance to go by.
        n_eff = 1 / spread if spread else inf
        quantile = -NormalDist().inv_cdf(tail)
    else:
        from scipy import special

        n_eff = pooled / variance
        quantile = -float(special.stdtrit(df, tail))
    low, high = wilson(estimate, n_eff, quantile)
    return Estimate(estimate, sqrt(own), low, high, n_eff, df, answering / all_sizes)


def _variance(unit: _Unit, pooled: float) -> float:
    """Return the variance of the unit's own share; a single answer borrows the city's."""
    if unit.n == 1:
        return pooled * unit.floor
    p = unit.favourable / unit.n
    return unit.unseen * p * (1 - p) / (unit.n - 1)


def _floor(population: int, n: int) -> float:
    return (population - n) / ((population - 1) * n) if population > n else 0.0


def _answers(
    n: Sequence[int], favourable: Sequence[int], sizes: Sequence[float]
) -> tuple[list[int], list[int]]:
    """Return valid and favourable answers of each unit, checked."""
    counts, hits = wholes("n", n), wholes("favourable", favourable)
    same_length(units=sizes, n=counts, favourable=hits)
    for count, hit in zip(counts, hits, strict=True):
        part_of("favourable", hit, "n", count)
    return counts, hits


def _weight(value: object) -> float:
    if isinstance(value, float):
        if not isfinite(value) or value < 0:
            raise ValueError(f"weight must be a finite number from 0 up, got {value!r}")
        return value
    return whole("weight", value)
