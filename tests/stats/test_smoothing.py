"""Smoothed shares: another program, a grid, equations, edges."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from surveyapp.stats import smoothed_shares
from tests.stats.golden import cases, name

units = st.integers(1, 300).flatmap(
    lambda population: st.integers(0, population).flatmap(
        lambda n: st.tuples(st.just(population), st.just(n), st.integers(0, n))
    )
)
cities = st.lists(units, min_size=1, max_size=8).map(
    lambda units: [list(column) for column in zip(*units, strict=True)]
)


def log_likelihood(mu, m, n, x):
    """Of the beta-binomial distribution, but for the binomial coefficients."""
    n, x = np.array(n, float), np.array(x, float)
    a, b = np.asarray(mu * m)[..., None], np.asarray((1 - mu) * m)[..., None]
    return (special.betaln(x + a, n - x + b) - special.betaln(a, b)).sum(axis=-1)


@pytest.mark.parametrize("case", cases("pooling"), ids=name)
def test_smoothed_shares_meet_reference(case):
    given, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    got = smoothed_shares(given["N"], given["n"], given["x"])
    assert [*got] == pytest.approx(expected["eb_finite"], abs=tolerance)
    assert got.mu == pytest.approx(expected["mu"], abs=tolerance)
    unknown = smoothed_shares([None] * len(given["n"]), given["n"], given["x"])
    assert [*unknown] == pytest.approx(expected["eb"], abs=tolerance)
    if expected["M"] is None:
        assert got.m == math.inf
    else:
        found = log_likelihood(got.mu, got.m, given["n"], given["x"])
        assert found == pytest.approx(-expected["minus_loglik"], abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_no_point_of_a_grid_is_likelier(seed):
    random = np.random.default_rng(seed)
    h, mu, m = random.integers(2, 30), random.uniform(0.1, 0.97), 10 ** random.uniform(-1, 3)
    n = random.integers(1, 400, h)
    x = random.binomial(n, random.beta(mu * m, (1 - mu) * m, h))
    got = smoothed_shares([None] * h, n.tolist(), x.tolist())
    grid_mu, grid_m = np.meshgrid(np.linspace(0.01, 0.99, 50), np.logspace(-3, 6, 50))
    best = log_likelihood(grid_mu, grid_m, n, x).max()
    m = min(got.m, 1e6)  # infinitely many are as likely as very many
    assert log_likelihood(got.mu, m, n, x) >= best - 1e-5


@settings(deadline=None, max_examples=80)
@given(cities)
def test_smoothed_share_lies_between_the_units_and_the_citys(city):
    got = smoothed_shares(*city)
    for share, population, n, x in zip(got, *city, strict=True):
        if not n:
            assert share is None
            continue
        low, high = sorted((x / n, got.mu))
        assert low - 1e-9 <= share <= high + 1e-9
        if n == population:
            assert share == x / n
        predicted = got.mu if got.m == math.inf else (x + got.mu * got.m) / (n + got.m)
        seen = n / population
        assert share == pytest.approx(seen * x / n + (1 - seen) * predicted)


@settings(deadline=None, max_examples=60)
@given(cities)
def test_smoothed_shares_of_the_others_are_the_mirror_image(city):
    populations, n, favourable = city
    others = [a - b for a, b in zip(n, favourable, strict=True)]
    pairs = zip(smoothed_shares(*city), smoothed_shares(populations, n, others), strict=True)
    for share, other in pairs:
        assert share is None or share == pytest.approx(1 - other, abs=1e-5)


def test_units_that_vary_as_by_chance_are_all_at_the_level_of_the_city():
    got = smoothed_shares([None, None], [40, 60], [32, 48])
    assert ([*got], got.mu, got.m) == ([0.8, 0.8], 0.8, math.inf)


@pytest.mark.parametrize("alike", [0, 1])
def test_units_where_all_answers_are_alike(alike):
    got = smoothed_shares([90, 30], [8, 5], [8 * alike, 5 * alike])
    assert ([*got], got.mu, got.m) == ([alike, alike], alike, math.inf)


def test_single_answers_tell_nothing_of_how_units_vary():
    assert smoothed_shares([9] * 7, [1] * 7, [1, 1, 0, 1, 1, 1, 0]).m == math.inf


def test_units_with_nothing_in_common_keep_their_own_shares():
    got = smoothed_shares([None] * 6, [50] * 6, [50, 0, 50, 50, 0, 50])
    assert [*got] == pytest.approx([1, 0, 1, 1, 0, 1], abs=1e-3)


@pytest.mark.parametrize("given", [([], [], []), ([9, 0], [0, 0], [0, 0])])
def test_no_answers_give_no_shares(given):
    got = smoothed_shares(*given)
    assert [*got] == [None] * len(given[0])
    assert got.mu is got.m is None


def test_result_is_a_sequence_that_cannot_be_changed():
    got = smoothed_shares([60, 300, 90], [12, 200, 80], [11, 150, 72])
    assert (len(got), got[-1], got[:2]) == (3, got.units[2], got.units[:2])
    with pytest.raises(AttributeError):
        got.mu = 0.5
    with pytest.raises(TypeError):
        got[0] = 0.5


@pytest.mark.parametrize(
    ("populations", "n", "favourable", "quoted"),
    [
        ([40, 60], [41, 2], [3, 1], "n 41 is larger than population 40"),
        ([40, 60], [4, 2], [3, 3], "favourable 3 is larger than n 2"),
        ([40], [4, 2], [3, 1], "populations 1"),
        ([40, 60], [4, 2], [3], "favourable 1"),
        ([40, 60.5], [4, 2], [3, 1], "60.5"),
        ([40, 60], [4, True], [3, 1], "True"),
    ],
)
def test_smoothed_shares_refuse_what_cannot_be(populations, n, favourable, quoted):
    with pytest.raises(ValueError, match=quoted):
        smoothed_shares(populations, n, favourable)
