"""The mean score in one unit."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from surveyapp.stats.checking import confidence, number, part_of, same_length, whole, wholes
from surveyapp.stats.intervals import FloatArray, Interval, wilson
from surveyapp.stats.weighting import spread


class Moments(NamedTuple):
    """Answers, their mean on the scale 0 to 1, and the variance with divisor n - 1.

    The variance is 0 for a single answer, which tells nothing of it.
    """

    n: int
    mean: float
    variance: float


def mean(
    counts: Sequence[int],
    scores: Sequence[float],
    *,
    population: int | None = None,
    level: float = 0.95,
) -> Interval | None:
    """Mean score of a unit, with Wilson's interval for as many answers as the scores are worth.

    The limits never contradict the answers that are given: those who did not answer can have
    no lower score than 0 and no higher one than 100.

    Parameters
    ----------
    counts : sequence of int
        Answers that have each of the `scores`.
    scores : sequence of float
        The scores of the answers, 0 to 100.
    population : int, optional
        Persons who could have answered, at least the answers. None when it is not known;
        the population is then taken to be very large.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Interval or None
        Scores from 0 to 100. None if there are no answers; no width if all have answered.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Franco, Little, Louis and Slud (2019), Comparative study of confidence intervals for
    proportions in complex sample surveys: Wilson's with an effective number of answers.

    Examples
    --------
    >>> [round(x, 2) for x in mean([0, 0, 2, 3, 8], [0, 25, 50, 75, 100], population=23)]
    [86.54, 77.01, 92.39]
    """
    table, values = score_table([counts], scores)
    level = confidence(level)
    found = moments(table[0], values)
    if population is not None:
        population = whole("population", population)
        part_of("n", 0 if found is None else found.n, "population", population)
    if found is None:
        return None
    n, score, _ = found
    low, high = mean_limits(found, population, level)
    if population is not None:
        given = n * score
        low = max(low, given / population)
        high = min(high, (given + population - n) / population)
    return Interval(100 * score, 100 * low, 100 * high)


def mean_limits(of: Moments, population: int | None, level: float) -> tuple[float, float]:
    """Wilson's limits for a mean, on the scale 0 to 1."""
    from scipy import special

    n, score, variance = of
    tail = (1 - level) / 2
    unseen = 1.0 if population is None else (population - n) / population
    if variance * unseen:
        n_eff = score * (1 - score) / (variance * unseen / n)
        return wilson(score, n_eff, -float(special.stdtrit(n - 1, tail)))
    if population == n:
        return score, score
    # All answers are alike: no answers could vary more than yes and no.
    n_eff = n if population is None else n * (population - 1) / (population - n)
    return wilson(score, n_eff, -float(special.ndtri(tail)))


def moments(counts: FloatArray, values: FloatArray) -> Moments | None:
    """Return what a mean and its interval are computed from, or None without answers."""
    n = int(counts.sum())
    if not n:
        return None
    parts = counts / n
    variance = float(spread(parts, values)) * n / (n - 1) if n > 1 else 0.0
    return Moments(n, float(parts @ values), variance)


def score_table(
    counts: Sequence[Sequence[int]], scores: Sequence[float]
) -> tuple[FloatArray, FloatArray]:
    """Return counts as a table with a row for each unit, and scores on the scale 0 to 1."""
    values = [number("score", score, least=0, most=100) / 100 for score in scores]
    rows = [wholes("counts", row) for row in counts]
    for row in rows:
        same_length(scores=values, counts=row)
    table = np.array(rows, dtype=float).reshape(len(rows), len(values))
    return table, np.array(values, dtype=float)
