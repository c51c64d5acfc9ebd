"""The assumed design effect: the stories' numbers, its definition, edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.stats import assumed_design_effect

pairs = st.integers(0, 9000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("n", "population", "expected"),
    [(66, 130, 1.64), (210, 480, 1.68), (398, 980, 1.59), (356, 941, 1.53)],
)
def test_design_effect_is_as_in_the_stories(n, population, expected):
    assert round(assumed_design_effect(n, population), 2) == expected


@given(pairs, st.floats(0, 1), st.integers(1, 200))
def test_design_effect_is_what_its_definition_says(pair, icc, per_officer):
    n, population = pair
    officers = max(1, math.floor(population / per_officer + 0.5))
    got = assumed_design_effect(n, population, icc=icc, per_officer=per_officer)
    assert got == max(1, 1 + (n / officers - 1) * icc)


@given(pairs)
def test_unknown_population_is_the_most_cautious(pair):
    n, population = pair
    unknown = assumed_design_effect(n, None)
    assert unknown == assumed_design_effect(n, n)
    assert unknown >= assumed_design_effect(n, population) >= 1


def test_half_an_officer_more_is_one_more():
    assert assumed_design_effect(60, 75, per_officer=50) == pytest.approx(1 + 29 * 0.02)


@pytest.mark.parametrize("n", [0, 1])
def test_officers_with_one_answer_or_none_change_nothing(n):
    assert assumed_design_effect(n, 900) == 1


@pytest.mark.parametrize(
    ("n", "population", "options", "quoted"),
    [
        (10, 9, {}, "n 10 is larger than population 9"),
        (-1, 9, {}, "-1"),
        (3.0, 9, {}, "3.0"),
        (3, 9.0, {}, "9.0"),
        (3, 9, {"icc": 1.5}, "1.5"),
        (3, 9, {"icc": -0.1}, "-0.1"),
        (3, 9, {"per_officer": 0}, "0"),
        (3, 9, {"per_officer": math.inf}, "inf"),
    ],
)
def test_design_effect_refuses_what_cannot_be(n, population, options, quoted):
    with pytest.raises(ValueError, match=quoted):
        assumed_design_effect(n, population, **options)
