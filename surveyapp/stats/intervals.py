"""Intervals for the share of favourable answers: plain numbers in, an Interval out."""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, inf, lgamma
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveyapp.stats.checking import answers, confidence, part_of, same_length, whole

FloatArray = NDArray[np.float64]

# Two tail probabilities that are equal on paper differ in the last bits from one platform
# to another; this settles such ties the same way everywhere.
TIE = 1 + 1e-9

# A term this much smaller than the sum before it no longer changes the sum.
NEGLIGIBLE = 1e-17


class Interval(NamedTuple):
    """An estimate and its limits, all in the same unit."""

    estimate: float
    low: float
    high: float


def wilson(p: float, k: float, c: float) -> tuple[float, float]:
    """Wilson score limits for a share that is as certain as one from `k` answers.

    Parameters
    ----------
    p : float
        The estimated share, 0 to 1.
    k : float
        Effective number of answers, above 0; ``math.inf`` when nothing is uncertain.
    c : float
        Quantile of the normal or t distribution, from 0 up.

    Returns
    -------
    tuple of float
        The lower and the upper limit, 0 to 1. Exactly 0 and 1 at the ends of the scale, and
        `p` twice when `k` is infinite.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson(0.8, 50.0, 1.96)]
    [0.6696, 0.8876]
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p must be a share from 0 to 1, got {p!r}")
    if not k > 0:
        raise ValueError(f"k must be above 0, got {k!r}")
    if not 0 <= c < inf:
        raise ValueError(f"c must be a finite number from 0 up, got {c!r}")
    low, high = wilson_limits(p, k, c)
    return float(low), float(high)


def wilson_limits(p: Any, k: Any, c: Any) -> tuple[FloatArray, FloatArray]:
    """Wilson score limits as `wilson`, for arrays of many shares at once and unchecked.

    Parameters
    ----------
    p, k, c : array_like
        Shares, effective numbers of answers and quantiles, of shapes that fit together.

    Returns
    -------
    tuple of ndarray
        The lower and the upper limits, in the shape that the arguments have together.

    Examples
    --------
    >>> low, high = wilson_limits(np.array([0.8, 1.0]), np.array([50.0, 50.0]), 1.96)
    >>> [round(float(limit), 4) for limit in (*low, *high)]
    [0.6696, 0.9286, 0.8876, 1.0]
    """
    pull = c * c / k
    centre = (p + pull / 2) / (1 + pull)
    half = np.sqrt(pull * p * (1 - p) + pull * pull / 4) / (1 + pull)
    # The limits lie within 0 to 1 on paper; rounding could put them just outside.
    low = np.where(p == 0, 0.0, np.maximum(0.0, centre - half))
    high = np.where(p == 1, 1.0, np.minimum(1.0, centre + half))
    return low, high


def share(
    favourable: int, n: int, *, population: int | None = None, level: float = 0.95
) -> Interval | None:
    """Exact interval for the share of favourable answers among all who could have answered.

    The population is known: the shares it can have that do not make the observed number of
    favourable answers too unlikely, counted with the hypergeometric distribution. The limits
    are attainable (whole persons) and never contradict the answers given. The population is
    not known: Clopper and Pearson's interval, which is the limit for a very large one. Both
    cover at least `level` whatever the true share is, if who answered has nothing to do with
    what they would have said.

    Parameters
    ----------
    favourable : int
        Favourable answers, ``0 <= favourable <= n``.
    n : int
        Valid answers to the question.
    population : int, optional
        Persons who could have answered, at least `n`. None when it is not known.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    Interval or None
        Shares from 0 to 1; no width if everybody answered. None if nobody did. When nearly
        everybody answered the estimate can lie outside the limits, by less than one person.

    Raises
    ------
    ValueError
        If an argument is outside its limits; a population smaller than `n` is never mended.

    References
    ----------
    Buonaccorsi (1987), A note on confidence intervals for proportions in finite populations.
    Clopper and Pearson (1934).

    Examples
    --------
    >>> [round(x, 4) for x in share(72, 80, population=292)]
    [0.9, 0.8253, 0.9486]
    >>> [round(x, 4) for x in share(83, 95)]
    [0.8737, 0.7897, 0.933]
    >>> share(0, 0, population=46) is None
    True
    """
    favourable, n, level = whole("favourable", favourable), whole("n", n), confidence(level)
    part_of("favourable", favourable, "n", n)
    if population is not None:
        population = whole("population", population)
        part_of("n", n, "population", population)
    if n == 0:
        return None
    # Checked before the cache is asked: to a cache 3, 3.0 and True are one key.
    return _share(favourable, n, population, level)


def shares(
    favourable: Sequence[int],
    n: Sequence[int],
    populations: Sequence[int | None] | None = None,
    *,
    level: float = 0.95,
) -> list[Interval | None]:
    """Exact intervals of many shares at once, each exactly what `share` gives for it.

    Parameters
    ----------
    favourable : sequence of int
        Favourable answers of each, at most its `n`.
    n : sequence of int
        Valid answers of each.
    populations : sequence of int or None, optional
        Persons who could have answered, at least `n`; None where they are not known. None
        instead of a sequence when none of them is.
    level : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    list of Interval or None
        Shares from 0 to 1 in the same order; None where there are no answers.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the sequences differ in length.

    Examples
    --------
    >>> first, second, third = shares([72, 83, 0], [80, 95, 0], [292, None, 46])
    >>> first == share(72, 80, population=292), second == share(83, 95), third
    (True, True, None)
    """
    counts, hits = answers(n, favourable)
    known: list[int | None] = [None] * len(counts) if populations is None else [*populations]
    same_length(n=counts, populations=known)
    level = confidence(level)
    for place, (count, population) in enumerate(zip(counts, known, strict=True)):
        if population is not None:
            known[place] = whole("population", population)
            part_of("n", count, "population", population)
    unknown = [i for i, each in enumerate(known) if each is None and counts[i]]
    limits = _clopper_pearson(
        np.array([hits[i] for i in unknown]),
        np.array([counts[i] for i in unknown]),
        (1 - level) / 2,
    )
    found = [
        _share(hit, count, population, level) if count and population is not None else None
        for hit, count, population in zip(hits, counts, known, strict=True)
    ]
    for i, low, high in zip(unknown, *(limit.tolist() for limit in limits), strict=True):
        found[i] = Interval(hits[i] / counts[i], low, high)
    return found


def asked_population(population: int | None, n_question: int, n_all: int) -> int | None:
    """How many of the population a question concerns, when some have no opinion on it.

    "Don't know" and "does not apply" are not answers: the question then concerns the part
    of the population that has one, taken to be as large as among those who were asked.

    Parameters
    ----------
    population : int or None
        Persons who could have answered, at least `n_all`. None when it is not known.
    n_question : int
        Valid answers to the question, at most `n_all`.
    n_all : int
        The valid answers and those who said that they do not know or it does not apply.

    Returns
    -------
    int or None
        Persons, at least `n_question`, rounded to the nearest (half upwards). The population
        itself if nobody answered at all; None if it is not known.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    Examples
    --------
    >>> asked_population(400, 90, 120)
    300
    """
    n_question, n_all = whole("n_question", n_question), whole("n_all", n_all)
    part_of("n_question", n_question, "n_all", n_all)
    if population is None:
        return None
    population = whole("population", population)
    part_of("n_all", n_all, "population", population)
    if n_all == 0:
        return population
    return (2 * population * n_question + n_all) // (2 * n_all)


@lru_cache(maxsize=16_384)
def _share(favourable: int, n: int, population: int | None, level: float) -> Interval:
    tail = (1 - level) / 2
    if population is None:
        low, high = _clopper_pearson(favourable, n, tail)
        return Interval(favourable / n, float(low), float(high))
    # Counting the unfavourable answers instead turns an upper limit into a lower one.
    fewest = _fewest_favourable(favourable, n, population, tail * TIE)
    most = population - _fewest_favourable(n - favourable, n, population, tail * TIE)
    return Interval(favourable / n, fewest / population, most / population)


def _clopper_pearson(favourable: Any, n: Any, tail: float) -> tuple[FloatArray, FloatArray]:
    from scipy import special

    others = n - favourable
    low = special.betaincinv(np.maximum(favourable, 1), others + 1, tail)
    high = special.betaincinv(favourable + 1, np.maximum(others, 1), 1 - tail)
    return np.where(favourable > 0, low, 0.0), np.where(others > 0, high, 1.0)


def _fewest_favourable(x: int, n: int, population: int, tail: float) -> int:
    """Return the smallest number A in the population for which x or more is likely enough."""
    log_samples = _log_comb(population, n)
    low, high = x, x + population - n
    while low < high:
        middle = (low + high) // 2
        if _is_likelier(x, n, middle, population, log_samples, tail):
            high = middle
        else:
            low = middle + 1
    return low


def _is_likelier(
    x: int, n: int, favourable: int, population: int, log_samples: float, tail: float
) -> bool:
    """Tell whether P(X >= x) > tail for X hypergeometric(population, favourable, n).

    The terms are summed outwards from x, where each is a smaller part of the one before it:
    most questions are settled by the first term and its ratio.
    """
    if x * population <= n * favourable:
        # The median is the mean rounded down or up, so at least half lies from x upwards.
        return True
    spare = population - favourable - n
    log_term = _log_comb(favourable, x) + _log_comb(spare + n, n - x) - log_samples
    term, total = exp(log_term), 0.0
    ratio = (favourable - x) * (n - x) / ((x + 1) * (spare + x + 1))
    if term <= tail * (1 - ratio):
        return False
    while term > total * NEGLIGIBLE and total <= tail:
        total += term
        term *= (favourable - x) * (n - x) / ((x + 1) * (spare + x + 1))
        x += 1
    return total > tail


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
