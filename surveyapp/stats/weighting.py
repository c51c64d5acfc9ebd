"""Strata of different size put together, and how many answers the sum is worth."""

from dataclasses import dataclass

import numpy as np

from surveyapp.stats.intervals import FloatArray


def spread(parts: FloatArray, values: FloatArray) -> FloatArray:
    """Variance of values that occur in these parts, along the last axis; 0 if one does.

    As a sum over pairs of values, which no rounding can lift from 0.
    """
    apart = (values[:, None] - values[None, :]) ** 2
    return np.asarray((parts @ apart * parts).sum(axis=-1) / 2)


@dataclass(frozen=True)
class Strata:
    """Answers of strata that have some: one row each, one column for each value.

    `values` lie from 0 to 1. `unseen` scales the variance of a stratum and `floor` is its
    part of the least variance that a sum may have; both hold its design effect.
    """

    sizes: FloatArray
    counts: FloatArray
    values: FloatArray
    unseen: FloatArray
    floor: FloatArray


@dataclass(frozen=True)
class Weighted:
    """Sums of strata: their estimates and standard errors, and the answers behind them.

    `varies` tells whether the answers differ, so that `n_eff` comes from their variance.
    """

    estimate: FloatArray
    se: FloatArray
    n_eff: FloatArray
    varies: FloatArray


def without_correction(
    sizes: list[float], n: list[int], favourable: list[int], deffs: list[float]
) -> Strata:
    """The strata as if drawn from very many: no finite population correction."""
    count, hits, effect = (np.array(each, dtype=float) for each in (n, favourable, deffs))
    return Strata(
        np.array(sizes, dtype=float),
        np.stack([count - hits, hits], axis=1),
        np.array([0.0, 1.0]),
        effect,
        effect / count,
    )


def weighted(strata: Strata, members: FloatArray) -> Weighted:
    """Put strata together, one sum for each row of `members`, which has 1 for those in it.

    The variance of a sum is never taken to be smaller than if all its strata varied as the
    sum does. Source: Cochran (1977), ch. 5, for the estimate and its standard error.
    """
    sizes = strata.sizes / strata.sizes.max()
    n = strata.counts.sum(axis=1)
    parts = strata.counts / n[:, None]
    mass = members @ (sizes[:, None] * parts)
    # Where all answers are at one end of the scale this is 0 or 1 to the last bit.
    estimate = (mass @ strata.values) / mass.sum(axis=1)
    total = mass.sum(axis=1)
    pooled = spread(mass / total[:, None], strata.values)
    single = n == 1
    of_mean = np.where(single, 0.0, spread(parts, strata.values) / np.maximum(n - 1, 1))
    shares = members @ (sizes**2 * strata.floor) / total**2
    borrowed = pooled * (members @ (sizes**2 * strata.floor * single)) / total**2
    own = members @ (sizes**2 * strata.unseen * of_mean) / total**2 + borrowed
    variance = np.maximum(own, pooled * shares)
    bernoulli = estimate * (1 - estimate)
    varies = (bernoulli > 0) & (variance > 0)
    with np.errstate(divide="ignore"):
        alike = 1 / shares  # infinite when everybody answered
    n_eff = np.divide(bernoulli, variance, out=alike, where=varies)
    return Weighted(estimate, np.sqrt(own), n_eff, varies)
