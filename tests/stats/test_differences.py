"""Differences between two shares or means: other programs, exact counting, edges."""

import math
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.stats import (
    assumed_design_effect,
    mean,
    mean_difference,
    share_difference,
    wilson,
)
from surveyapp.stats.differences import doubled_mid_p
from tests.stats.golden import cases, name

SCORES = [0, 25, 50, 75, 100]
Z = 1.959963984540054

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
effects = st.floats(1, 5)
answers = st.lists(st.integers(0, 60), min_size=5, max_size=5)


def exact_mid_p(x1, n1, x2, n2):
    """Doubled mid-p in whole numbers."""
    both = x1 + x2
    ways = {
        k: comb(n1, k) * comb(n2, both - k) for k in range(max(0, both - n2), min(n1, both) + 1)
    }
    low = sum(w for k, w in ways.items() if k < x1) + Fraction(ways[x1], 2)
    high = sum(w for k, w in ways.items() if k > x1) + Fraction(ways[x1], 2)
    return min(Fraction(1), 2 * min(low, high) / sum(ways.values()))


@pytest.mark.parametrize("case", cases("diff_prop", "diff_newcombe"), ids=name)
def test_share_difference_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    got = share_difference(
        given["x1"], given["n1"], given["x2"], given["n2"], level=given["level"]
    )
    assert got[:3] == pytest.approx(
        (expected["diff"], expected["lo"], expected["hi"]), abs=case["tolerance"]
    )
    assert got.p_value == pytest.approx(
        expected.get("p_midp", got.p_value), abs=case["tolerance"]
    )


@pytest.mark.parametrize("case", cases("diff_mean"), ids=name)
def test_mean_difference_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    got = mean_difference(
        given["counts1"], given["counts2"], given["scores"], level=given["level"]
    )
    assert got == pytest.approx(
        tuple(expected[part] for part in ("diff", "lo", "hi", "p_value")),
        abs=case["tolerance"],
    )


def percentage_points(difference):
    """As it is printed: whole percentage points."""
    return [math.floor(100 * part + 0.5) for part in difference[:3]]


def test_year_against_year_is_as_in_the_story_of_the_yearly_report():
    this_year, last_year = assumed_design_effect(398, 980), assumed_design_effect(356, 941)
    assert (round(this_year, 2), round(last_year, 2)) == (1.59, 1.53)
    got = share_difference(352, 398, 301, 356, deff1=this_year, deff2=last_year)
    assert percentage_points(got) == [4, -2, 10]
    # Women against men in one unit and year: the same officers, so no design effect.
    assert percentage_points(share_difference(239, 266, 104, 121)) == [4, -3, 12]


@pytest.mark.parametrize("n1", range(1, 7))
@pytest.mark.parametrize("n2", [1, 4, 9])
def test_p_value_is_that_of_counting_every_table(n1, n2):
    for x1 in range(n1 + 1):
        for x2 in range(n2 + 1):
            got = share_difference(x1, n1, x2, n2)
            assert got.p_value == pytest.approx(float(exact_mid_p(x1, n1, x2, n2)), rel=1e-12)


@pytest.mark.parametrize(
    "table",
    [
        (431, 500, 2890, 3100),
        (700, 1000, 1430, 2000),  # more terms than are summed at once
        (60, 150, 3000, 3100),
        (12, 12, 700, 1500),
        (0, 9, 0, 5),
    ],
)
def test_p_value_is_exact_in_large_tables_and_far_out(table):
    assert share_difference(*table).p_value == pytest.approx(
        float(exact_mid_p(*table)), rel=1e-11
    )


def test_p_value_too_small_for_a_float_is_0():
    tables = [(0, 50_000, 100_000, 100_000), (0, 63, 10**9, 10**9)]
    for table in tables:
        assert share_difference(*table).p_value == 0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=8))
def test_many_p_values_are_those_of_each(tables):
    rows = [(*one, *other) for one, other in tables]
    got = doubled_mid_p(*np.array(rows, dtype=float).T)
    assert got == pytest.approx([float(exact_mid_p(*row)) for row in rows], rel=1e-11)


@settings(deadline=None, max_examples=80)
@given(counts, counts, effects, effects)
def test_share_difference_the_other_way_has_the_other_sign(one, other, deff1, deff2):
    got = share_difference(*one, *other, deff1=deff1, deff2=deff2)
    turned = share_difference(*other, *one, deff1=deff2, deff2=deff1)
    assert got == pytest.approx(
        (-turned.estimate, -turned.high, -turned.low, turned.p_value), abs=1e-12
    )
    assert -1 <= got.low <= got.estimate <= got.high <= 1
    assert 0 <= got.p_value <= 1


@settings(deadline=None, max_examples=80)
@given(counts, counts)
def test_share_difference_of_the_others_has_the_other_sign(one, other):
    got = share_difference(*one, *other)
    others = share_difference(one[1] - one[0], one[1], other[1] - other[0], other[1])
    assert got == pytest.approx(
        (-others.estimate, -others.high, -others.low, others.p_value), abs=1e-12
    )


@settings(deadline=None, max_examples=60)
@given(counts, counts, st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_higher_level_holds_the_lower(one, other, level, another):
    narrow, wide = (
        share_difference(*one, *other, level=each) for each in sorted((level, another))
    )
    assert wide.low <= narrow.low + 1e-12
    assert narrow.high <= wide.high + 1e-12
    assert narrow.p_value == wide.p_value


def test_design_effect_makes_answers_fewer():
    # As many times more answers, alike in share, are worth the same.
    got = share_difference(80, 100, 120, 200, deff1=2.0, deff2=4.0)
    assert got == pytest.approx(share_difference(40, 50, 30, 50), abs=1e-12)


def test_interval_is_put_together_from_wilsons():
    (l1, u1), (l2, u2) = wilson(0.9, 20 / 1.5, Z), wilson(0.75, 80, Z)
    got = share_difference(18, 20, 60, 80, deff1=1.5)
    assert got.low == pytest.approx(0.15 - math.hypot(0.9 - l1, u2 - 0.75))
    assert got.high == pytest.approx(0.15 + math.hypot(u1 - 0.9, 0.75 - l2))


def test_share_in_a_few_effective_answers_is_not_told_from_another():
    # Half an answer rounds to one, less to none at all.
    assert share_difference(1, 1, 0, 1, deff1=3.0, deff2=3.0).p_value == 1


def test_equal_shares_of_all_are_no_difference():
    got = share_difference(20, 20, 9, 9)
    assert (got.estimate, got.p_value) == (0, 1)
    assert got.low < 0 < got.high


@pytest.mark.parametrize("given", [(0, 0, 3, 5), (3, 5, 0, 0), (0, 0, 0, 0)])
def test_no_answers_give_no_difference(given):
    assert share_difference(*given) is None


def test_no_answers_give_no_difference_of_means():
    assert mean_difference([0] * 5, [1, 2, 3, 4, 5], SCORES) is None
    assert mean_difference([1, 2, 3, 4, 5], [0] * 5, SCORES) is None


@settings(deadline=None, max_examples=80)
@given(answers.filter(any), answers.filter(any))
def test_mean_difference_the_other_way_has_the_other_sign(one, other):
    got, turned = mean_difference(one, other, SCORES), mean_difference(other, one, SCORES)
    assert got[:3] == pytest.approx((-turned.estimate, -turned.high, -turned.low), abs=1e-9)
    assert (got.p_value is None) == (turned.p_value is None)
    first, second = mean(one, SCORES), mean(other, SCORES)
    assert got.estimate == pytest.approx(first.estimate - second.estimate, abs=1e-9)
    assert got.low == pytest.approx(
        got.estimate - math.hypot(first.estimate - first.low, second.high - second.estimate),
        abs=1e-9,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([0, 0, 0, 0, 8], [0, 9, 0, 0, 0]),  # no variance in either
        ([0, 0, 0, 0, 1], [2, 3, 4, 5, 6]),  # a variance that is not known
        ([2, 3, 4, 5, 6], [1, 0, 0, 0, 0]),
    ],
)
def test_mean_difference_has_no_p_value_without_variances(one, other):
    got = mean_difference(one, other, SCORES)
    assert got.p_value is None
    assert got.low < got.estimate < got.high


def test_one_variance_is_enough_for_a_p_value():
    got = mean_difference([0, 0, 0, 0, 8], [2, 3, 4, 5, 6], SCORES)
    assert 0 < got.p_value < 0.05


@pytest.mark.parametrize(
    ("given", "effects", "quoted"),
    [
        ((6, 5, 1, 2), {}, "x1 6 is larger than n1 5"),
        ((1, 5, 3, 2), {}, "x2 3 is larger than n2 2"),
        ((1, 5, -1, 2), {}, "-1"),
        ((1, 5.0, 1, 2), {}, "5.0"),
        ((1, 5, 1, 2), {"deff1": 0.9}, "0.9"),
        ((1, 5, 1, 2), {"deff2": math.inf}, "inf"),
        ((1, 5, 1, 2), {"deff2": None}, "None"),
        ((1, 5, 1, 2), {"level": 95}, "95"),
    ],
)
def test_share_difference_refuses_what_cannot_be(given, effects, quoted):
    with pytest.raises(ValueError, match=quoted):
        share_difference(*given, **effects)


@pytest.mark.parametrize(
    ("one", "other", "scores", "quoted"),
    [
        ([1, 2], [1], [0, 100], "counts 1"),
        ([1, -2], [1, 2], [0, 100], "-2"),
        ([1, 2], [1, 2], [0, 100.5], "100.5"),
    ],
)
def test_mean_difference_refuses_what_cannot_be(one, other, scores, quoted):
    with pytest.raises(ValueError, match=quoted):
        mean_difference(one, other, scores)
