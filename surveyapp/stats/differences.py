"""Differences between two shares or two means: what they are, and whether by chance."""

from collections.abc import Sequence
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from surveyapp.stats.checking import confidence, number, part_of, whole
from surveyapp.stats.intervals import FloatArray, wilson_limits
from surveyapp.stats.means import Moments, mean_limits, moments, score_table

# Halves are rounded upwards, also those that rounding has put just below.
HALF = 0.5 + 1e-9

# A sum of tail probabilities takes this many terms at a time.
TERMS = 64

# Terms this much smaller than the sum of those before them no longer change it.
NEGLIGIBLE = 1e-17


class Difference(NamedTuple):
    """First minus second, its limits, and the p-value of no difference (None: unknown)."""

    estimate: float
    low: float
    high: float
    p_value: float | None


def share_difference(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    *,
    deff1: float = 1.0,
    deff2: float = 1.0,
    level: float = 0.95,
) -> Difference | None:
    """Difference between two shares of favourable answers, the first minus the second.

    Asks whether units or years differ as workplaces: there is no finite population
    correction. The interval is Newcombe's hybrid score interval, the p-value Fisher's
    mid-p, doubled; both with the answers divided by the design effects. The two can
    disagree close to the limit, where the test is the stricter.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Favourable answers, and valid answers, of the first and the second.
    deff1, deff2 : float
        Design effects, at least 1; see `assumed_design_effect`.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Difference or None
        On the scale -1 to 1. None if one of them has no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods, method 10. Lydersen, Fagerland and Laake (2009),
    Recommended tests for association in 2x2 tables.

    Examples
    --------
    >>> [round(x, 4) for x in share_difference(18, 20, 435, 501)]
    [0.0317, -0.1711, 0.1108, 0.7409]
    >>> share_difference(0, 0, 435, 501) is None
    True
    """
    x1, n1 = _checked("x1", x1, "n1", n1)
    x2, n2 = _checked("x2", x2, "n2", n2)
    deff1 = number("deff1", deff1, least=1)
    deff2 = number("deff2", deff2, least=1)
    level = confidence(level)
    if not n1 or not n2:
        return None
    p1, k1, p2, k2 = (np.array([each]) for each in (x1 / n1, n1 / deff1, x2 / n2, n2 / deff2))
    return share_differences(p1, k1, p2, k2, level)[0]


def mean_difference(
    counts1: Sequence[int],
    counts2: Sequence[int],
    scores: Sequence[float],
    *,
    level: float = 0.95,
) -> Difference | None:
    """Difference between two mean scores, the first minus the second.

    The interval puts together the limits that `mean` gives for populations that are not
    known. The p-value is that of Welch's t test; it is None where the variance of one of
    the means is unknown (a single answer) or both are 0.

    Parameters
    ----------
    counts1, counts2 : sequence of int
        Answers of the first and the second that have each of the `scores`.
    scores : sequence of float
        The scores of the answers, 0 to 100.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Difference or None
        On the scale -100 to 100. None if one of them has no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Zou and Donner (2008), Construction of confidence limits about effect measures: a general
    approach. Welch (1947).

    Examples
    --------
    >>> found = mean_difference([5, 5, 8, 11, 21], [6, 4, 5, 12, 25], [0, 25, 50, 75, 100])
    >>> [round(x, 4) for x in found]
    [-3.1154, -16.5152, 10.5586, 0.6493]
    """
    table, values = score_table([counts1, counts2], scores)
    level = confidence(level)
    first, second = (moments(row, values) for row in table)
    if first is None or second is None:
        return None
    estimate = first.mean - second.mean
    low1, high1 = mean_limits(first, None, level)
    low2, high2 = mean_limits(second, None, level)
    low = estimate - hypot(first.mean - low1, high2 - second.mean)
    high = estimate + hypot(high1 - first.mean, second.mean - low2)
    return Difference(100 * estimate, 100 * low, 100 * high, _welch(first, second))


def share_differences(
    p1: FloatArray, k1: FloatArray, p2: FloatArray, k2: FloatArray, level: float
) -> list[Difference]:
    """Differences between shares that are as certain as from `k1` and `k2` answers."""
    from scipy import special

    quantile = -float(special.ndtri((1 - level) / 2))
    low1, high1 = wilson_limits(p1, k1, quantile)
    low2, high2 = wilson_limits(p2, k2, quantile)
    estimate = p1 - p2
    low = estimate - np.hypot(p1 - low1, high2 - p2)
    high = estimate + np.hypot(high1 - p1, p2 - low2)
    whole = (np.floor(each + HALF) for each in (k1 * p1, k1, k2 * p2, k2))
    tested = doubled_mid_p(*whole)
    columns = (each.tolist() for each in (estimate, low, high, tested))
    return [Difference(*row) for row in zip(*columns, strict=True)]


def doubled_mid_p(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray) -> FloatArray:
    """Fisher's mid-p of each pair of whole counts, doubled.

    The number of favourable answers of the first, given that of both, is hypergeometric. Its
    probabilities are summed upwards and downwards from `x1` as parts of that of `x1`, and the
    sums put in relation to each other, so that no probability needs to be computed itself.
    """
    above = _tail(x1, n1, x2, n2)
    below = _tail(n1 - x1, n1, n2 - x2, n2)
    return np.minimum(1.0, 2 * (np.minimum(above, below) + 0.5) / (1 + above + below))


def _tail(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray) -> FloatArray:
    """P(X > x1) / P(X = x1) for each, X hypergeometric given x1 + x2."""
    total, last = np.zeros(x1.shape), np.ones(x1.shape)
    going = np.arange(len(x1))
    step = np.arange(TERMS, dtype=float)
    while len(going):
        left1, left2 = (n1 - x1)[:, None] - step, x2[:, None] - step
        done1, done2 = x1[:, None] + step, (n2 - x2)[:, None] + step
        # Beyond the last possible count the ratio is 0, and so is the product ever after.
        ratios = np.maximum(left1, 0) * np.maximum(left2, 0) / ((done1 + 1) * (done2 + 1))
        with np.errstate(over="ignore", invalid="ignore"):
            terms = last[:, None] * np.cumprod(ratios, axis=1)
            total[going] += terms.sum(axis=1)
        last = terms[:, -1]
        more = np.isfinite(last) & (last > total[going] * NEGLIGIBLE)
        going, last = going[more], last[more]
        x1, n1 = x1[more] + TERMS, n1[more]
        x2, n2 = x2[more] - TERMS, n2[more]
    # Too large for a float, whether or not it was then multiplied by 0.
    return np.nan_to_num(total, nan=np.inf, posinf=np.inf)


def _welch(first: Moments, second: Moments) -> float | None:
    from scipy import special

    if min(first.n, second.n) == 1 or not first.variance + second.variance:
        return None
    v1, v2 = first.variance / first.n, second.variance / second.n
    df = (v1 + v2) ** 2 / (v1**2 / (first.n - 1) + v2**2 / (second.n - 1))
    t = abs(first.mean - second.mean) / sqrt(v1 + v2)
    return 2 * float(special.stdtr(df, -t))


def _checked(name: str, x: int, of_name: str, n: int) -> tuple[int, int]:
    x, n = whole(name, x), whole(of_name, n)
    part_of(name, x, of_name, n)
    return x, n
