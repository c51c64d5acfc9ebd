"""What goes with the share of a unit: another program, every allocation, edges."""

import math
from fractions import Fraction
from itertools import combinations
from statistics import linear_regression, mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from surveyapp.stats import DriverTest, driver_effect, driver_p_values
from tests.stats.golden import cases, name

N = [231, 397, 628, 478, 192, 835, 645, 397, 111, 365]
FAVOURABLE = [189, 337, 520, 383, 162, 744, 486, 317, 97, 293]
DRIVER = [0, 0, 1, 0, 1, 0, 0, 1, 0, 0]

units = st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
cities = st.lists(units, min_size=8, max_size=10).map(
    lambda units: [list(column) for column in zip(*units, strict=True)]
)


@pytest.mark.parametrize("case", cases("driver"), ids=name)
def test_driver_effect_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    got = driver_effect(given["n"], given["x"], given["driver"])
    assert got._asdict() == pytest.approx(
        {
            "difference": expected["diff_equal_weight"],
            "p_permutation": expected["p_permutation"],
            "allocations": expected["allocations"],
            "slope": expected["slope"],
            "se": expected["slope_se"],
            "low": expected["slope_lo"],
            "high": expected["slope_hi"],
            "p_value": expected["p_kh"],
            "tau2": expected["tau2"],
        },
        abs=case["tolerance"],
    )


def of_all_allocations(n, favourable, k, driver):
    """The part of all choices of k units that differ as much from the others, exactly."""
    y = [Fraction(x, m) for m, x in zip(n, favourable, strict=True)]

    def difference(chosen):
        others = [each for place, each in enumerate(y) if place not in chosen]
        return abs(mean(y[place] for place in chosen) - mean(others))

    own = difference([place for place, step in enumerate(driver) if step])
    every = [difference(chosen) for chosen in combinations(range(len(y)), k)]
    return sum(each >= own for each in every), len(every)


@settings(deadline=None, max_examples=40)
@given(cities, st.data())
def test_every_allocation_is_counted_once(city, data):
    h = len(city[0])
    k = data.draw(st.integers(1, h - 1))
    driver = data.draw(st.permutations([1] * k + [0] * (h - k)))
    as_large, allocations = of_all_allocations(*city, k, driver)
    got = driver_effect(*city, driver)
    assert got.allocations == allocations == math.comb(h, k)
    assert got.p_permutation == as_large / allocations
    assert got.p_permutation >= 1 / allocations


def test_more_allocations_than_can_be_gone_through_are_counted():
    random = np.random.default_rng(5)
    n = random.integers(50, 500, 40)
    favourable = random.binomial(n, 0.85)
    driver = [1, 0] * 20
    got = driver_effect(n.tolist(), favourable.tolist(), driver)
    y = favourable / n
    own = abs(y[::2].mean() - y[1::2].mean())
    tried = np.array([random.permutation(y) for _ in range(20_000)])
    as_large = np.abs(tried[:, ::2].mean(axis=1) - tried[:, 1::2].mean(axis=1)) >= own
    assert got.allocations == math.comb(40, 20)
    # Five standard deviations of the random share.
    assert got.p_permutation == pytest.approx(
        as_large.mean(), abs=5 * as_large.std() / math.sqrt(20_000)
    )


@pytest.mark.parametrize("rare", [0, 1])
def test_rare_driver_of_many_units_is_counted_too(rare):
    n, favourable = [100] * 200, [50 + place % 40 for place in range(200)]
    got = driver_effect(n, favourable, [rare] * 2 + [1 - rare] * 198)
    assert got.allocations == math.comb(200, 2)
    own = abs(sum(favourable[:2]) / 2 - sum(favourable[2:]) / 198)
    total = sum(favourable)
    as_large = [
        abs(sum(pair) / 2 - (total - sum(pair)) / 198) >= own - 1e-9
        for pair in combinations(favourable, 2)
    ]
    assert got.p_permutation == sum(as_large) / len(as_large)


def test_common_driver_of_very_many_units_is_tried_at_random():
    n, favourable = [100] * 60, [50 + place % 40 for place in range(60)]
    got = driver_effect(n, favourable, [0, 1] * 30)
    assert got.allocations == 9_999
    assert got.p_permutation * 10_000 == pytest.approx(round(got.p_permutation * 10_000))


def test_numeric_driver_is_tried_at_random_from_its_seed():
    driver = [1.0, 3, 2.5, 1, 4, 1, 2, 3, 1, 1]
    got = driver_effect(N, FAVOURABLE, driver)
    assert got == driver_effect(N, FAVOURABLE, driver, seed=1)
    other = driver_effect(N, FAVOURABLE, driver, seed=2)
    assert got.allocations == 9_999
    assert got.p_permutation != other.p_permutation
    assert got.p_permutation == pytest.approx(other.p_permutation, abs=0.03)
    y = [x / n for x, n in zip(FAVOURABLE, N, strict=True)]
    assert got.difference == pytest.approx(linear_regression(driver, y).slope)


def test_least_p_value_of_a_numeric_driver_is_one_in_ten_thousand():
    n = [1000] * 12
    favourable = [400 + 40 * place for place in range(12)]
    got = driver_effect(n, favourable, list(range(12)))
    assert got.p_permutation == 1 / 10_000


def test_numeric_driver_on_another_scale_is_the_same_driver():
    driver = [1.0, 3, 2.5, 1, 4, 1, 2, 3, 1, 1]
    got = driver_effect(N, FAVOURABLE, driver)
    scaled = driver_effect(N, FAVOURABLE, [7 - 100 * step for step in driver])
    assert scaled.p_permutation == got.p_permutation
    assert (scaled.difference, scaled.slope, scaled.high) == pytest.approx(
        (-got.difference / 100, -got.slope / 100, -got.low / 100)
    )
    assert (scaled.p_value, scaled.tau2) == pytest.approx((got.p_value, got.tau2))


def test_yes_and_no_turned_round_turn_the_sign():
    got = driver_effect(N, FAVOURABLE, DRIVER)
    turned = driver_effect(N, FAVOURABLE, [1 - step for step in DRIVER])
    assert (turned.difference, turned.slope, turned.low, turned.high) == pytest.approx(
        (-got.difference, -got.slope, -got.high, -got.low)
    )
    assert (turned.p_permutation, turned.allocations) == (got.p_permutation, got.allocations)


@settings(deadline=None, max_examples=60)
@given(cities, st.data())
def test_tau2_leaves_as_much_as_there_are_degrees_of_freedom(city, data):
    h = len(city[0])
    driver = data.draw(st.lists(st.integers(0, 4), min_size=h, max_size=h))
    if len(set(driver)) == 1:
        return
    got = driver_effect(*city, driver)
    n, x = (np.array(each, float) for each in city)
    p = np.where((x == 0) | (x == n), (x + 1) / (n + 2), x / n)
    weight = 1 / (p * (1 - p) / n + got.tau2)
    design = np.stack([np.ones(h), driver], axis=1)
    inverse = np.linalg.inv(design.T @ (weight[:, None] * design))
    fitted = inverse @ design.T @ (weight * (x / n))
    left = (weight * (x / n - design @ fitted) ** 2).sum()
    assert (got.slope, got.se) == pytest.approx((fitted[1], math.sqrt(inverse[1, 1])))
    if got.tau2:
        assert left == pytest.approx(h - 2)
    else:
        assert left <= h - 2
    half = special.stdtrit(h - 2, 0.975) * got.se
    assert (got.low, got.high) == pytest.approx((got.slope - half, got.slope + half))
    assert got.p_value == pytest.approx(
        2 * special.stdtr(h - 2, -abs(got.slope) / got.se), abs=1e-12
    )


def test_design_effects_make_units_less_certain():
    got = driver_effect(N, FAVOURABLE, DRIVER, deffs=[2.0] * 10)
    # Twice the variance of each leaves less of what is seen to be between units.
    assert got.tau2 < driver_effect(N, FAVOURABLE, DRIVER).tau2
    assert got.difference == driver_effect(N, FAVOURABLE, DRIVER).difference


def test_unit_without_answers_is_left_out():
    got = driver_effect([*N, 0], [*FAVOURABLE, 0], [*DRIVER, 1])
    assert got == driver_effect(N, FAVOURABLE, DRIVER)


def test_true_and_false_are_yes_and_no():
    assert driver_effect(N, FAVOURABLE, [step == 1 for step in DRIVER]) == driver_effect(
        N, FAVOURABLE, DRIVER
    )


def test_units_all_alike_have_no_effect():
    got = driver_effect([40] * 8, [40] * 8, [1, 0] * 4)
    assert (got.difference, got.slope, got.tau2) == (0, 0, 0)
    assert got.p_permutation == got.p_value == 1
    assert got.se > 0


@pytest.mark.parametrize(
    ("change", "quoted"),
    [
        ({"n": N[:7], "favourable": FAVOURABLE[:7], "driver": DRIVER[:7]}, "got 7"),
        ({"n": [0, 0, 0, *N[3:]], "favourable": [0, 0, 0, *FAVOURABLE[3:]]}, "got 7"),
        ({"driver": [2] * 10}, "got only 2"),
        ({"driver": DRIVER[1:]}, "driver 9"),
        ({"driver": [math.nan, *DRIVER[1:]]}, "nan"),
        ({"driver": ["yes", *DRIVER[1:]]}, "yes"),
        ({"favourable": [900, *FAVOURABLE[1:]]}, "favourable 900 is larger than n 231"),
        ({"n": [-1, *N[1:]]}, "-1"),
        ({"seed": -1}, "-1"),
        ({"seed": 0.5}, "0.5"),
        ({"deffs": [1.0]}, "deffs 1"),
        ({"deffs": [0.5, *[1.0] * 9]}, "0.5"),
    ],
)
def test_driver_effect_refuses_what_cannot_be(change, quoted):
    given = {"n": N, "favourable": FAVOURABLE, "driver": DRIVER} | change
    with pytest.raises(ValueError, match=quoted):
        driver_effect(given.pop("n"), given.pop("favourable"), given.pop("driver"), **given)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(cities, st.integers(1, 3)), min_size=1, max_size=5), st.data())
def test_many_tests_at_once_have_the_p_values_of_each(wanted, data):
    tests = []
    for (n, favourable), deff in wanted:
        steps = st.lists(st.integers(0, 3), min_size=len(n), max_size=len(n))
        driver = data.draw(steps.filter(lambda each: len(set(each)) > 1))
        tests.append(DriverTest(n, favourable, driver, [deff] * len(n)))

    found = driver_p_values(tests)

    alone = [driver_effect(*test[:3], deffs=test.deffs).p_value for test in tests]
    assert found == pytest.approx(alone, rel=1e-6, abs=1e-12)


def test_no_tests_have_no_p_values():
    assert driver_p_values([]) == []
