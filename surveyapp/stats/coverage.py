"""How often the interval of a share holds the true share: counted, not simulated."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveyapp.stats.checking import confidence, from_one, part_of
from surveyapp.stats.intervals import FloatArray, shares

LEAST, MOST = 50, 99  # per cent: the true shares that are gone through
STEPS = 10_000  # in which the true share goes from 0 to 1 where the population is unknown

SIZES = (5, 10, 20, 50, 100, 300)


class Coverage(NamedTuple):
    """Least and mean coverage, 0 to 1, and mean width of an interval, as a share."""

    least: float
    mean: float
    width: float


def coverage(n: int, population: int | None, *, level: float = 0.95) -> Coverage:
    """Coverage and width of `share`, by exact enumeration of every number of favourable.

    Every true share from 0.50 to 0.99 that the population can have is gone through, or every
    ten-thousandth if the population is not known. For each, the probability of every number
    of favourable answers is exact, whoever answers being a matter of chance.

    Parameters
    ----------
    n : int
        Valid answers, at least 1.
    population : int or None
        Persons who could have answered, at least `n`; None when it is not known.
    level : float
        The coverage that the interval is to have, strictly between 0 and 1.

    Returns
    -------
    Coverage
        The means are over the true shares, each as important as the others.

    Raises
    ------
    ValueError
        If an argument is outside its limits, or no share that the population can have lies
        between 0.50 and 0.99.

    References
    ----------
    Brown, Cai and DasGupta (2001), Interval estimation for a binomial proportion.

    Examples
    --------
    >>> [round(x, 3) for x in coverage(10, 20)]
    [0.967, 0.991, 0.364]
    """
    n, level = from_one("n", n), confidence(level)
    if population is not None:
        population = from_one("population", population)
        part_of("n", n, "population", population)
    of = STEPS if population is None else population
    true = np.arange(-(-of * LEAST // 100), of * MOST // 100 + 1)
    if not len(true):
        raise ValueError(f"population {population} has no share from 0.50 to 0.99")
    intervals = shares(range(n + 1), [n] * (n + 1), [population] * (n + 1), level=level)
    low, high = np.array([each[1:] for each in intervals if each is not None]).T
    chances = _binomial(n, true / of) if population is None else _drawn(n, population, true)
    held = (low <= true[:, None] / of) & (true[:, None] / of <= high)
    covering = (chances * held).sum(axis=1)
    return Coverage(
        float(covering.min()), float(covering.mean()), float((chances @ (high - low)).mean())
    )


def grid(n: int) -> list[int | None]:
    """The populations to go through with n answers: 1.1, 2 and 10 times n, and unknown."""
    return [(11 * n + 5) // 10, 2 * n, 10 * n, None]


def _binomial(n: int, p: FloatArray) -> FloatArray:
    """Probability of 0, 1, ..., n favourable answers, a row for each true share."""
    x, p = np.arange(n + 1), p[:, None]
    return np.asarray(np.exp(_log_comb(n, x) + x * np.log(p) + (n - x) * np.log1p(-p)))


def _drawn(n: int, population: int, favourable: NDArray[np.int_]) -> FloatArray:
    """The same for a population with these numbers of favourable."""
    x, a = np.arange(n + 1), favourable[:, None]
    log_ways = _log_comb(a, x) + _log_comb(population - a, n - x)
    return np.asarray(np.exp(log_ways - _log_comb(population, n)))


def _log_comb(n: object, k: object) -> FloatArray:
    from scipy import special

    # Where k is larger than n this is minus infinity, as it should be.
    n, k = np.asarray(n, dtype=float), np.asarray(k, dtype=float)
    return np.asarray(
        special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    )
