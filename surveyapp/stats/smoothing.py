"""Smoothed shares: those of small units are drawn towards the level of the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from surveyapp.stats.checking import answers, part_of, same_length, whole
from surveyapp.stats.intervals import FloatArray
from surveyapp.stats.per_unit import PerUnit

STEPS = 100  # far more than any likelihood tried has needed
LONGEST_STEP = 2.0  # in the logarithm of a parameter
GAIN = 1e-9  # a step that promises less than this in log-likelihood is not worth taking


@dataclass(frozen=True)
class SmoothedShares(PerUnit[float | None]):
    """The smoothed share of each unit; None for one without answers.

    `mu` is the level of the city and `m` the number of answers that it counts as beside a
    unit's own; infinite when the units vary no more than by chance. Both are None without
    any answers.
    """

    mu: float | None
    m: float | None


def smoothed_shares(
    populations: Sequence[int | None], n: Sequence[int], favourable: Sequence[int]
) -> SmoothedShares:
    """Shares for which those who did not answer are guessed to be somewhat like the city.

    A point estimate and secondary: it is biased towards the city for a unit that really
    differs, it changes when other units do, and it has no honest interval. Never in tests,
    never for a withheld unit.

    Parameters
    ----------
    populations : sequence of int or None
        Eligible persons of each unit, at least its `n`. None where they are not known: then
        all answers together are taken to be a small part of the population.
    n : sequence of int
        Valid answers of each unit.
    favourable : sequence of int
        Favourable answers of each unit, at most its `n`.

    Returns
    -------
    SmoothedShares
        A sequence of shares from 0 to 1 in the order of the units.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Kleinman (1973), Proportions with extraneous variance: a beta-binomial distribution, by
    maximum likelihood. Tarone (1979), Testing the goodness of fit of the binomial
    distribution, for whether the units vary at all. Ghosh and Meeden (1997), Bayesian
    Methods for Finite Population Sampling: only those who did not answer are predicted.

    Examples
    --------
    >>> smoothed = smoothed_shares([60, 300, 90], [12, 200, 80], [11, 150, 72])
    >>> [round(share, 4) for share in smoothed]
    [0.8676, 0.7538, 0.8978]
    >>> round(smoothed.mu, 4), round(smoothed.m, 1)
    (0.8326, 32.3)
    """
    counts, hits = answers(n, favourable)
    sizes = [None if size is None else whole("population", size) for size in populations]
    same_length(populations=sizes, n=counts)
    for size, count in zip(sizes, counts, strict=True):
        if size is not None:
            part_of("n", count, "population", size)
    places = [place for place, count in enumerate(counts) if count]
    if not places:
        return SmoothedShares((None,) * len(counts), None, None)
    mu, m = _beta(*(np.array([each[i] for i in places], float) for each in (hits, counts)))
    return SmoothedShares(
        tuple(
            _smoothed(hit, count, size, mu, m) if count else None
            for hit, count, size in zip(hits, counts, sizes, strict=True)
        ),
        mu,
        m,
    )


def _smoothed(favourable: int, n: int, population: int | None, mu: float, m: float) -> float:
    predicted = mu if m == inf else (favourable + mu * m) / (n + m)
    seen = 0.0 if population is None else n / population
    return seen * (favourable / n) + (1 - seen) * predicted


def _beta(x: FloatArray, n: FloatArray) -> tuple[float, float]:
    """Return mu and m of the distribution that makes the counts most likely."""
    p = float(x.sum() / n.sum())
    if p in (0, 1):
        return p, inf
    excess = float(((x - n * p) ** 2).sum() / (p * (1 - p)))
    # Equal on paper where every unit has a single answer: then nothing is known of m.
    if excess <= float(n.sum()) * (1 + 1e-12):
        return p, inf
    a, b = _most_likely(x, n, p)
    return a / (a + b), a + b


def _most_likely(x: FloatArray, n: FloatArray, p: float) -> tuple[float, float]:
    """Return the two parameters of the beta distribution: Newton's method, damped.

    In their logarithms, from which they cannot leave the possible.
    """
    place = np.log(np.array([p, 1 - p]) * n.mean())
    value, damping = _log_likelihood(place, x, n), 1.0
    for _ in range(STEPS):
        slope, curvature = _derivatives(place, x, n)
        # Made positive, every curvature leads upwards.
        curved, axes = np.linalg.eigh(curvature)
        step = axes @ ((axes.T @ slope) / (np.abs(curved) + damping))
        step /= max(1.0, np.abs(step).max() / LONGEST_STEP)
        if slope @ step < GAIN:
            break
        new_value = _log_likelihood(place + step, x, n)
        if new_value > value:
            place, value, damping = place + step, new_value, damping / 8
        else:
            damping = 4 * damping
    a, b = np.exp(place)
    return float(a), float(b)


def _log_likelihood(place: FloatArray, x: FloatArray, n: FloatArray) -> float:
    """Log-likelihood of the beta-binomial distribution, but for what does not change."""
    from scipy import special

    a, b = np.exp(place)
    return float((special.betaln(x + a, n - x + b) - special.betaln(a, b)).sum())


def _derivatives(
    place: FloatArray, x: FloatArray, n: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Its first and second derivatives by the logarithms of the two parameters."""
    from scipy import special

    ab = np.exp(place)
    counts = np.stack([x, n - x])
    own, both = ab[:, None], ab.sum()
    together = (special.psi(n + both) - special.psi(both)).sum()
    first = (special.psi(counts + own) - special.psi(own)).sum(axis=1) - together
    bend = (special.zeta(2, counts + own) - special.zeta(2, own)).sum(axis=1)
    second = np.diag(bend) - (special.zeta(2, n + both) - special.zeta(2, both)).sum()
    return ab * first, second * np.outer(ab, ab) + np.diag(ab * first)
