"""How often the interval of a share holds the true one: counted in every way there is."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import special

from surveyapp.stats import share
from surveyapp.stats.coverage import SIZES, coverage, grid
from surveyapp.stats.intervals import TIE

# Two equal tails are left out, each at most this large: ties are settled in favour of
# the narrower interval.
LEAST = 1 - 2 * Fraction(1, 40) * Fraction(TIE)


# Least and mean coverage, and mean width in percentage points, of the published table: it
# has three decimals, some of them rounded twice.
PUBLISHED = {
    5: "1.000 1.000 16.7 .952 .989 42.8 .976 .990 64.0 .975 .990 68.1",
    10: "1.000 1.000 9.1 .968 .991 36.4 .960 .984 48.5 .961 .984 51.2",
    20: ".987 .998 8.6 .952 .980 25.4 .952 .977 35.0 .958 .977 37.0",
    50: ".977 .991 6.1 .951 .974 16.1 .951 .969 22.1 .951 .969 23.4",
    100: ".959 .984 4.6 .951 .968 11.4 .951 .965 15.5 .950 .964 16.4",
    300: ".953 .974 2.7 .950 .961 6.5 .950 .959 8.8 .950 .958 9.3",
}


def held(n, population, favourable, intervals):
    """The part of all samples whose interval holds the true share, exactly."""
    others = population - favourable
    held = sum(
        comb(favourable, x) * comb(others, n - x)
        for x, interval in enumerate(intervals)
        if interval.low <= favourable / population <= interval.high
    )
    return Fraction(held, comb(population, n))


@pytest.mark.parametrize(
    ("n", "population"),
    [(n, N) for n in (1, 2, 3, 5, 10, 13, 20, 40) for N in (n, n + 1, 2 * n + 1, 5 * n)]
    + [(9, 90), (100, 110), (100, 200)],
)
def test_share_covers_every_share_that_a_population_can_have(n, population):
    intervals = [share(x, n, population=population) for x in range(n + 1)]
    for favourable in range(population + 1):
        assert held(n, population, favourable, intervals) >= LEAST, favourable


@pytest.mark.parametrize("n", [1, 2, 5, 10, 20, 50, 100, 300])
def test_share_covers_every_share_that_an_unknown_population_can_have(n):
    intervals = [share(x, n) for x in range(n + 1)]
    low, high = np.array([each[1:] for each in intervals]).T
    # Coverage is lowest beside a limit, where one more interval does not hold the share.
    beside = [np.nextafter(limit, way) for limit in (low, high) for way in (0.0, 1.0)]
    true = np.concatenate([*beside, low, high, np.linspace(0, 1, 2001)])[:, None]
    chance = np.diff(special.bdtr(np.arange(n + 1), n, true), axis=1, prepend=0.0)
    covering = (chance * ((low <= true) & (true <= high))).sum(axis=1)
    assert covering.min() >= 0.95 - 1e-12


@pytest.mark.parametrize(("n", "population"), [(5, 6), (5, 10), (10, 100), (20, 40)])
def test_coverage_is_what_counting_every_sample_gives(n, population):
    intervals = [share(x, n, population=population) for x in range(n + 1)]
    true = [a for a in range(population + 1) if 50 * population <= 100 * a <= 99 * population]
    each = [held(n, population, a, intervals) for a in true]
    widths = [
        sum(
            Fraction(comb(a, x) * comb(population - a, n - x), comb(population, n))
            * Fraction(interval.high - interval.low)
            for x, interval in enumerate(intervals)
        )
        for a in true
    ]
    expected = min(each), sum(each) / len(each), sum(widths) / len(widths)
    assert coverage(n, population) == pytest.approx([float(x) for x in expected], abs=1e-12)


def test_coverage_in_an_unknown_population_is_near_that_in_a_very_large_one():
    assert coverage(20, None) == pytest.approx(coverage(20, 20_000), abs=2e-3)


def test_lower_level_covers_less_and_is_narrower():
    wide, narrow = coverage(20, 40), coverage(20, 40, level=0.8)
    assert 0.8 <= narrow.least < wide.least
    assert narrow.width < wide.width


@pytest.mark.parametrize("n", SIZES)
def test_coverage_is_as_published(n):
    found = [coverage(n, population) for population in grid(n)]
    published = [float(each) for each in PUBLISHED[n].split()]
    assert [x for each in found for x in each[:2]] == pytest.approx(
        [x for place in (0, 3, 6, 9) for x in published[place : place + 2]], abs=6e-4
    )
    assert [100 * each.width for each in found] == pytest.approx(published[2::3], abs=0.06)
    assert min(each.least for each in found) >= 0.95 - 1e-9


@pytest.mark.parametrize(
    ("n", "population", "quoted"), [(0, 5, "0"), (6, 5, "6"), (1, 1, "population 1 has no")]
)
def test_coverage_refuses_what_cannot_be(n, population, quoted):
    with pytest.raises(ValueError, match=quoted):
        coverage(n, population)
