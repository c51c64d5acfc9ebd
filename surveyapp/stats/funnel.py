"""Unit chart: is a unit further from the target than its number of answers explains?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveyapp.stats.checking import answers, number
from surveyapp.stats.intervals import FloatArray
from surveyapp.stats.per_unit import PerUnit

Counts = NDArray[np.int64]

TAIL = 0.025  # at most this much beyond the limits of 95 %, at each end
TAIL_998 = 0.001  # and beyond those of 99.8 %


class FunnelUnit(NamedTuple):
    """A unit in the chart, with its exact limits at its own number of answers.

    `tail_low` is the probability of at most as many favourable answers and `tail_high` of at
    least as many, if the unit's share is the target. A unit is outside the limits of 95 % if
    and only if one of them is at most 0.025: its share is then below `lower` or above
    `upper`. For 99.8 % it is 0.001, `lower_998` and `upper_998`.
    """

    n: int
    favourable: int
    tail_low: float
    tail_high: float
    lower: float
    upper: float
    lower_998: float
    upper_998: float
    z: float


@dataclass(frozen=True)
class Funnel(PerUnit[FunnelUnit | None]):
    """A unit chart: a FunnelUnit for each unit, or None for one without answers.

    `phi` is how many times more the units vary than chance explains, None without answers.
    `adjusted` are the units when each is counted as having 1/phi of its answers; they are
    the same as the units themselves while `phi` is at most 1.
    """

    phi: float | None
    adjusted: tuple[FunnelUnit | None, ...]


def funnel(target: float, n: Sequence[int], favourable: Sequence[int]) -> Funnel:
    """Exact binomial limits around a target for each unit, and how much the units vary.

    The limits belong to whole numbers of answers, so they are drawn at each unit and never
    as a line between units. They are not corrected for the number of units.

    Parameters
    ----------
    target : float
        The share of the city, taken as certain; strictly between 0 and 1.
    n : sequence of int
        Valid answers of each unit.
    favourable : sequence of int
        Favourable answers of each unit, at most its `n`.

    Returns
    -------
    Funnel
        A sequence with one place for each unit; shares from 0 to 1.

    Raises
    ------
    ValueError
        If an argument is outside its limits or the lists differ in length.

    References
    ----------
    Spiegelhalter (2005), Funnel plots for comparing institutional performance, for the
    chart, and Handling over-dispersion of performance indicators, for `phi`: the mean of the
    squared z-scores, after those beyond the 10th and 90th percentile are moved there. The
    tail probabilities take the place of his interpolated limits.

    Examples
    --------
    >>> chart = funnel(0.9, [80, 120, 40], [63, 111, 36])
    >>> [round(x, 4) for x in chart[0][2:6]]
    [0.0021, 0.9992, 0.825, 0.9625]
    >>> round(chart.phi, 4)
    2.5778
    """
    if number("target", target, least=0, most=1) in (0, 1):
        raise ValueError(f"target must be strictly between 0 and 1, got {target!r}")
    counts, hits = answers(n, favourable)
    units = _units(target, counts, hits)
    z = np.array([unit.z for unit in units if unit is not None])
    if not len(z):
        return Funnel(units, None, units)
    # Percentiles of type 7, as in the reference.
    phi = float(np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2))
    if phi <= 1:
        return Funnel(units, phi, units)
    fewer = [int(count / phi + 0.5) for count in counts]
    fewer_hits = [int(hit / phi + 0.5) for hit in hits]
    return Funnel(units, phi, _units(target, fewer, fewer_hits))


def _units(target: float, counts: list[int], hits: list[int]) -> tuple[FunnelUnit | None, ...]:
    from scipy import special

    places = [place for place, count in enumerate(counts) if count]
    n = np.array([counts[place] for place in places], dtype=np.int64)
    x = np.array([hits[place] for place in places], dtype=np.int64)

    def low_tail(k: Counts) -> FloatArray:
        return np.asarray(special.bdtr(k, n, target))

    def high_tail(k: Counts) -> FloatArray:
        return np.where(k > 0, special.bdtrc(np.maximum(k, 1) - 1, n, target), 1.0)

    columns = (
        n,
        x,
        low_tail(x),
        high_tail(x),
        _first(lambda k: low_tail(k) > TAIL, n) / n,
        (_first(lambda k: high_tail(k) <= TAIL, n) - 1) / n,
        _first(lambda k: low_tail(k) > TAIL_998, n) / n,
        (_first(lambda k: high_tail(k) <= TAIL_998, n) - 1) / n,
        (x / n - target) / np.sqrt(target * (1 - target) / n),
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    found = {place: FunnelUnit(*row) for place, row in zip(places, rows, strict=True)}
    return tuple(found.get(place) for place in range(len(counts)))


def _first(holds: Callable[[Counts], NDArray[np.bool]], n: Counts) -> Counts:
    """Return for each unit the least count from 0 up that it holds for, or n + 1."""
    low, high = np.zeros_like(n), n + 1
    while (low < high).any():
        middle = (low + high) // 2
        yes = holds(np.minimum(middle, n)) & (middle <= n)
        low, high = np.where(yes | (low >= high), low, middle + 1), np.where(yes, middle, high)
    return low
