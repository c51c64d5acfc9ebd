"""The unit chart: another program, exact sums, edges."""

import math
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.stats import funnel
from tests.stats.golden import cases, name

targets = st.floats(0.02, 0.98)
counts = st.lists(
    st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=6
).map(lambda units: ([n for n, _ in units], [x for _, x in units]))


@pytest.mark.parametrize("case", cases("funnel"), ids=name)
def test_funnel_meets_reference(case):
    given, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    chart = funnel(given["target"], given["n"], given["x"])
    assert chart.phi == pytest.approx(expected["phi_winsorised_10"], abs=tolerance)
    for part in ("z", "tail_low", "tail_high"):
        assert [getattr(unit, part) for unit in chart] == pytest.approx(
            expected[part], abs=tolerance
        )
    for part, reference in [
        ("lower", "lower95"),
        ("upper", "upper95"),
        ("lower_998", "lower998"),
        ("upper_998", "upper998"),
    ]:
        limits = [getattr(unit, part) * unit.n for unit in chart]
        assert limits == pytest.approx(expected[reference], abs=tolerance)
    for tail, part, limit in [
        ("tail_low", "low95", 0.025),
        ("tail_high", "high95", 0.025),
        ("tail_low", "low998", 0.001),
        ("tail_high", "high998", 0.001),
    ]:
        assert [getattr(unit, tail) <= limit for unit in chart] == [
            bool(outside) for outside in expected[part]
        ]


@settings(deadline=None)
@given(targets, counts)
def test_unit_is_outside_by_its_tail_and_by_its_limits_alike(target, given):
    for unit in funnel(target, *given):
        if unit is None:
            continue
        share = unit.favourable / unit.n
        assert (unit.tail_low <= 0.025) == (share < unit.lower)
        assert (unit.tail_high <= 0.025) == (share > unit.upper)
        assert (unit.tail_low <= 0.001) == (share < unit.lower_998)
        assert (unit.tail_high <= 0.001) == (share > unit.upper_998)
        assert 0 <= unit.lower_998 <= unit.lower <= unit.upper <= unit.upper_998 <= 1


@pytest.mark.parametrize("n", [1, 2, 7, 30])
@pytest.mark.parametrize("target", [0.1, 0.5, 0.93])
def test_tails_are_sums_of_binomial_probabilities(n, target):
    chances = [comb(n, x) * target**x * (1 - target) ** (n - x) for x in range(n + 1)]
    chart = funnel(target, [n] * (n + 1), range(n + 1))
    for x, unit in enumerate(chart):
        assert unit.tail_low == pytest.approx(sum(chances[: x + 1]), abs=1e-12)
        assert unit.tail_high == pytest.approx(sum(chances[x:]), abs=1e-12)
        assert unit.z == pytest.approx(
            (x - n * target) / math.sqrt(n * target * (1 - target)), abs=1e-12
        )


def test_unit_of_which_all_are_favourable_is_not_above_what_ten_can_be():
    (unit,) = funnel(0.95, [10], [10])
    assert unit.tail_high == pytest.approx(0.95**10)
    assert (unit.upper, unit.upper_998) == (1, 1)


def test_units_that_vary_more_count_as_having_fewer_answers():
    n, favourable = [80, 120, 40, 200], [60, 114, 36, 160]
    chart = funnel(0.86, n, favourable)
    assert chart.phi > 1
    fewer = [math.floor(count / chart.phi + 0.5) for count in n]
    hits = [math.floor(count / chart.phi + 0.5) for count in favourable]
    assert chart.adjusted == funnel(0.86, fewer, hits).units
    assert chart[0] == funnel(0.86, [80], [60])[0]


def test_units_that_vary_less_count_as_they_are():
    chart = funnel(0.9, [80, 120, 40], [72, 108, 36])
    assert chart.phi == pytest.approx(0, abs=1e-12)
    assert chart.adjusted == chart.units


def test_largest_deviations_are_moved_inwards_before_they_are_squared():
    # z is -4, 0 and 2; the 10th percentile of three is at 0.2 of the way to the second.
    n = [100, 100, 100]
    chart = funnel(0.5, n, [30, 50, 60])
    assert chart.phi == pytest.approx(((-4 * 0.8) ** 2 + (2 * 0.8) ** 2) / 3)


def test_unit_without_answers_is_not_in_the_chart():
    chart = funnel(0.9, [80, 0, 40], [60, 0, 36])
    assert (len(chart), chart[1], chart.adjusted[1]) == (3, None, None)
    assert chart.phi == funnel(0.9, [80, 40], [60, 36]).phi


def test_unit_of_less_than_half_an_answer_when_adjusted_is_left_out():
    chart = funnel(0.9, [1, 500, 500], [1, 300, 300])
    assert chart.phi > 2
    assert chart.adjusted[0] is None


@pytest.mark.parametrize("given", [([], []), ([0, 0], [0, 0])])
def test_chart_without_answers_is_empty(given):
    chart = funnel(0.9, *given)
    assert [*chart] == [None] * len(given[0])
    assert chart.phi is None


@pytest.mark.parametrize(
    ("target", "n", "favourable", "quoted"),
    [
        (0.0, [5], [3], "0.0"),
        (1, [5], [3], "1"),
        (math.nan, [5], [3], "nan"),
        (None, [5], [3], "None"),
        (0.9, [5], [6], "favourable 6 is larger than n 5"),
        (0.9, [5, 6], [3], "favourable 1"),
        (0.9, [5.5], [3], "5.5"),
    ],
)
def test_funnel_refuses_what_cannot_be(target, n, favourable, quoted):
    with pytest.raises(ValueError, match=quoted):
        funnel(target, n, favourable)
