"""The share or mean of a whole city, from units of different size and response."""

from collections.abc import Sequence
from math import fsum
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from surveyapp.stats.checking import (
    answers,
    confidence,
    part_of,
    same_length,
    unit_weights,
    wholes,
)
from surveyapp.stats.intervals import FloatArray, wilson
from surveyapp.stats.means import score_table
from surveyapp.stats.weighting import Strata, weighted, without_correction


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
    counts, hits = answers(n, favourable)
    same_length(units=sizes, n=counts)
    table = np.stack([np.subtract(counts, hits), hits], axis=1).astype(float)
    return _of_persons(sizes, table, np.array([0.0, 1.0]), confidence(level))


def city_mean(
    populations: Sequence[int],
    counts: Sequence[Sequence[int]],
    scores: Sequence[float],
    *,
    level: float = 0.95,
) -> Estimate | None:
    """Mean score of a city: every unit counts by its eligible persons.

    As `city_share`, with the variation of the scores instead of a yes or no.

    Parameters
    ----------
    populations : sequence of int
        Eligible persons of each unit, at least its answers.
    counts : sequence of sequence of int
        Answers of each unit that have each of the `scores`.
    scores : sequence of float
        The scores of the answers, 0 to 100.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Estimate or None
        `estimate`, `se`, `low` and `high` are scores from 0 to 100. None if no unit has
        answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 5.

    Examples
    --------
    >>> counts = [[1, 2, 3, 8, 16], [0, 1, 4, 9, 6]]
    >>> city = city_mean([120, 80], counts, [0, 25, 50, 75, 100])
    >>> [round(x, 2) for x in (city.estimate, city.se, city.low, city.high)]
    [78.0, 3.08, 71.22, 83.55]
    """
    sizes = wholes("populations", populations)
    table, values = score_table(counts, scores)
    same_length(units=sizes, counts=counts)
    found = _of_persons(sizes, table, values, confidence(level))
    if found is None:
        return None
    scaled = {name: 100 * getattr(found, name) for name in ("estimate", "se", "low", "high")}
    return found._replace(**scaled)


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
    counts, hits = answers(n, favourable)
    sizes = unit_weights(weights, counts)
    same_length(units=sizes, n=counts)
    places = [place for place, count in enumerate(counts) if count]
    if not places:
        return None
    strata = without_correction(
        [sizes[place] for place in places],
        [counts[place] for place in places],
        [hits[place] for place in places],
        [1.0] * len(places),
    )
    return _estimate(strata, fsum(sizes), confidence(level))


def _of_persons(
    sizes: list[int], table: FloatArray, values: FloatArray, level: float
) -> Estimate | None:
    """Estimate for persons of whom some have answered: the others are what is uncertain."""
    places, counts = [], [int(count) for count in table.sum(axis=-1)]
    for place, (size, count) in enumerate(zip(sizes, counts, strict=True)):
        part_of("n", count, "population", size)
        if count:
            places.append(place)
    if not places:
        return None
    eligible = np.array([sizes[place] for place in places], dtype=float)
    n = table[places].sum(axis=1)
    unseen, floor = eligible - n, 1 / (np.maximum(eligible - 1, 1) * n)
    strata = Strata(eligible, table[places], values, unseen / eligible, unseen * floor)
    return _estimate(strata, fsum(sizes), level)


def _estimate(strata: Strata, all_sizes: float, level: float) -> Estimate:
    from scipy import special

    city = weighted(strata, np.ones((1, len(strata.sizes))))
    estimate, n_eff = float(city.estimate[0]), float(city.n_eff[0])
    df = max(int(strata.counts.sum()) - len(strata.sizes), 1)
    tail = (1 - level) / 2
    # Where all answers are alike or everybody answered, there is no variance to go by.
    varies = city.varies[0]
    quantile = -float(special.stdtrit(df, tail)) if varies else -NormalDist().inv_cdf(tail)
    low, high = wilson(estimate, n_eff, quantile)
    covered = fsum(strata.sizes) / all_sizes
    return Estimate(estimate, float(city.se[0]), low, high, n_eff, df, covered)
