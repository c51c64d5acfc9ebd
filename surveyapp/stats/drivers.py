"""Does what a unit is like go with how satisfied its elders are? Unit by unit, not answers."""

from collections.abc import Sequence
from math import comb, inf
from typing import NamedTuple

import numpy as np

from surveyapp.stats.checking import answers, design_effects, number, same_length, whole
from surveyapp.stats.intervals import FloatArray

FEWEST_UNITS = 8
PERMUTATIONS = 9_999
LARGEST_HALF = 1_100_000  # sums of one half of the units, when every allocation is counted

# Statistics that are equal on paper differ by rounding; this is on the scale of shares.
TIE = 1e-12


class DriverEffect(NamedTuple):
    """How shares go with a driver, between units.

    `difference` is without weights: of the mean shares of units with and without a yes/no
    driver, or per step of a numeric one. `p_permutation` belongs to it, out of so many
    `allocations`. `slope` is weighted by how certain each unit's share is, and `se`, `low`,
    `high` (95 %) and `p_value` belong to it; `tau2` is the variance between units that the
    driver leaves.
    """

    difference: float
    p_permutation: float
    allocations: int
    slope: float
    se: float
    low: float
    high: float
    p_value: float
    tau2: float


class DriverTest(NamedTuple):
    """What a test is made of, as the arguments of `driver_effect`."""

    n: Sequence[int]
    favourable: Sequence[int]
    driver: Sequence[float]
    deffs: Sequence[float] | None = None


def driver_effect(
    n: Sequence[int],
    favourable: Sequence[int],
    driver: Sequence[float],
    *,
    seed: int = 1,
    deffs: Sequence[float] | None = None,
) -> DriverEffect:
    """How the share of favourable answers goes with a driver that belongs to whole units.

    However many have answered, the evidence is one point for each unit. It says nothing of
    causes, nor of persons. Name the driver before looking, and adjust with `holm` over all
    drivers and questions that are tried.

    Parameters
    ----------
    n : sequence of int
        Valid answers of each unit. Units without answers are left out.
    favourable : sequence of int
        Favourable answers of each unit, at most its `n`.
    driver : sequence of float
        What each unit is like: 0 and 1 (or False and True) for no and yes, else a number.
    seed : int
        Of the random permutations: the same one gives the same result.
    deffs : sequence of float, optional
        Design effect of each unit, at least 1, which multiplies its variance. None is 1
        for all.

    Returns
    -------
    DriverEffect
        Shares from 0 to 1, for a numeric driver per step of it. Of a yes/no driver every
        allocation to the units is counted, and `p_permutation` can be no smaller than
        1 / `allocations`. Of a numeric one, or if a common driver of more than 40 units has
        too many allocations to count, 9 999 random permutations are tried.

    Raises
    ------
    ValueError
        If an argument is outside its limits, fewer than 8 units have answers, or they do
        not differ in the driver.

    References
    ----------
    Knapp and Hartung (2003), Improved tests for a random effects meta-regression with a
    single covariate. Paule and Mandel (1982), Consensus values and weighting factors, for
    `tau2`.

    Examples
    --------
    >>> n = [231, 397, 628, 478, 192, 835, 645, 397]
    >>> favourable = [189, 337, 520, 383, 162, 744, 486, 317]
    >>> found = driver_effect(n, favourable, [0, 1, 0, 0, 1, 1, 0, 0])
    >>> round(found.difference, 4), round(found.p_permutation, 4), found.allocations
    (0.0613, 0.0357, 56)
    >>> [round(x, 4) for x in found[3:8]]
    [0.0672, 0.0209, 0.0161, 0.1183, 0.0182]
    """
    seed = whole("seed", seed)
    points = _points(DriverTest(n, favourable, driver, deffs))
    slope, se, tau2 = (float(each[0]) for each in _regression([points]))
    difference, p_permutation, allocations = _permutation_test(points.y, points.d, seed)
    low, high, p_value = _t_test(slope, se, len(points.d) - 2)
    return DriverEffect(
        difference, p_permutation, allocations, slope, se, low, high, p_value, tau2
    )


def driver_p_values(tests: Sequence[DriverTest]) -> list[float]:
    """The `p_value` of `driver_effect` for many tests at once, without the permutations.

    Holm's method needs the p-value of every test that could have been looked at.

    Parameters
    ----------
    tests : sequence of DriverTest
        What `driver_effect` would get.

    Returns
    -------
    list of float
        One p-value for each test, 0 to 1.

    Raises
    ------
    ValueError
        As `driver_effect`, for any of them.

    Examples
    --------
    >>> n = [231, 397, 628, 478, 192, 835, 645, 397]
    >>> favourable = [189, 337, 520, 383, 162, 744, 486, 317]
    >>> team = DriverTest(n, favourable, [0, 1, 0, 0, 1, 1, 0, 0])
    >>> load = DriverTest(n, favourable, [72, 65, 80, 74, 70, 61, 88, 76])
    >>> [round(p, 4) for p in driver_p_values([team, load])]
    [0.0182, 0.0014]
    """
    if not tests:
        return []
    points = [_points(test) for test in tests]
    slopes, errors, _ = _regression(points)
    return [
        _t_test(float(slope), float(se), len(each.d) - 2)[2]
        for slope, se, each in zip(slopes, errors, points, strict=True)
    ]


class _Points(NamedTuple):
    """The units with answers: their shares, the variances of these, and the driver."""

    y: FloatArray
    v: FloatArray
    d: FloatArray


def _points(test: DriverTest) -> _Points:
    counts, hits = answers(test.n, test.favourable)
    steps = [_step(each) for each in test.driver]
    effects = design_effects(test.deffs, len(counts))
    same_length(n=counts, driver=steps, deffs=effects)
    answering = [place for place, count in enumerate(counts) if count]
    count, x, d, effect = (
        np.array([each[place] for place in answering], dtype=float)
        for each in (counts, hits, steps, effects)
    )
    if len(d) < FEWEST_UNITS:
        raise ValueError(f"at least {FEWEST_UNITS} units with answers, got {len(d)}")
    if d.min() == d.max():
        only = test.driver[answering[0]]
        raise ValueError(f"driver must differ between units, got only {only!r}")
    y = x / count
    # A unit where all agree is not without variation.
    guarded = np.where((x == 0) | (x == count), (x + 1) / (count + 2), y)
    return _Points(y, effect * guarded * (1 - guarded) / count, d)


def _regression(tests: Sequence[_Points]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return slope, its standard error and tau2 of each test, with weights 1 / (v + tau2).

    tau2 is where the weighted squares Q are as large as their degrees of freedom, or 0 if they
    are smaller already. Knapp and Hartung's factor, Q divided by these but at least 1, is
    then always 1.
    """
    widest = max(len(each.d) for each in tests)
    y, v, d = (
        np.array(
            [np.pad(each, (0, widest - len(each)), constant_values=beyond) for each in row]
        )
        for row, beyond in zip(zip(*tests, strict=True), (0, inf, 0), strict=True)
    )
    df = np.array([len(each.d) - 2 for each in tests])
    low = np.zeros(len(tests))
    varies = _fit(y, v, d)[2] > df
    high = np.where(varies, [float(np.ptp(each.y)) ** 2 for each in tests], 0)
    while (still := varies & (_fit(y, v + high[:, None], d)[2] > df)).any():
        high[still] *= 2
    while True:
        middle = (low + high) / 2
        if not ((low < middle) & (middle < high)).any():
            break
        above = _fit(y, v + middle[:, None], d)[2] > df
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    slope, variance, _ = _fit(y, v + high[:, None], d)
    return slope, np.sqrt(variance), high


def _fit(
    y: FloatArray, v: FloatArray, d: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted least squares, a test in each row: the slope, its variance, and the weighted
    squares left."""
    weight = 1 / v
    every = weight.sum(axis=1, keepdims=True)
    d = d - (weight * d).sum(axis=1, keepdims=True) / every
    y = y - (weight * y).sum(axis=1, keepdims=True) / every
    across = (weight * d * d).sum(axis=1)
    slope = (weight * d * y).sum(axis=1) / across
    left = (weight * (y - slope[:, None] * d) ** 2).sum(axis=1)
    return slope, 1 / across, left


def _t_test(slope: float, se: float, df: int) -> tuple[float, float, float]:
    from scipy import special

    half = -float(special.stdtrit(df, 0.025)) * se
    return slope - half, slope + half, 2 * float(special.stdtr(df, -abs(slope / se)))


def _permutation_test(y: FloatArray, d: FloatArray, seed: int) -> tuple[float, float, int]:
    """Return the unweighted difference or slope, its p-value and out of how many."""
    if set(d.tolist()) == {0.0, 1.0}:
        with_it = d == 1
        h = len(y)
        k = min(int(with_it.sum()), h - int(with_it.sum()))  # those with it or those without
        difference = float(y[with_it].mean() - y[~with_it].mean())
        if _sums_of_half(h - h // 2, k) <= LARGEST_HALF:
            allocations = comb(h, k)
            return difference, _as_large(y, k, abs(difference)) / allocations, allocations
    # The statistic in units of the driver's own spread is on the scale of shares.
    spread = float(np.linalg.norm(d - d.mean()))
    own, y = (d - d.mean()) / spread, y - y.mean()
    difference = float(own @ y) / spread
    random = np.random.default_rng(seed)
    tried = random.permuted(np.tile(own, (PERMUTATIONS, 1)), axis=1) @ y
    as_large = int((np.abs(tried) >= abs(own @ y) - TIE).sum())
    return difference, (1 + as_large) / (1 + PERMUTATIONS), PERMUTATIONS


def _as_large(y: FloatArray, k: int, difference: float) -> int:
    """In how many choices of k units their mean is so far from that of the others.

    The sums over units in one half of the list and in the other are put together in order,
    so that 137 846 528 820 choices of 20 units out of 40 need not be gone through.
    """
    y = y - y.mean()
    # All deviations from the mean sum to 0, so that of k units alone decides: their sum s
    # makes a difference of s h / (k (h - k)).
    limit = (difference - TIE) * k * (len(y) - k) / len(y)
    half = len(y) // 2
    first, second = _sums(y[:half], k), _sums(y[half:], k)
    found = 0
    for size, sums in enumerate(first):
        if k - size < len(second):
            others = np.sort(second[k - size])
            # Where the limit is below 0, everything is as large.
            below = np.searchsorted(others, -limit - sums, side="right")
            above = len(others) - np.searchsorted(others, limit - sums, side="left")
            found += int(np.minimum(below + above, len(others)).sum())
    return found


def _sums(y: FloatArray, most: int) -> list[FloatArray]:
    """Return the sums of every choice of 0, 1, ... up to `most` of the values."""
    sums = [np.zeros(1)]
    for value in y:
        longer = [*sums, np.zeros(0)][: most + 1]
        for size in range(1, len(longer)):
            longer[size] = np.concatenate([longer[size], sums[size - 1] + value])
        sums = longer
    return sums


def _sums_of_half(units: int, k: int) -> int:
    return sum(comb(units, size) for size in range(min(units, k) + 1))


def _step(value: object) -> float:
    return float(value) if isinstance(value, bool) else number("driver", value)
