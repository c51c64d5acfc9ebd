"""p-values adjusted for many tests: other programs, equations they must satisfy, edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.stats import benjamini_hochberg, holm
from tests.stats.golden import cases, name

p_values = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize("case", cases("multiplicity", "multiplicity_py"), ids=name)
def test_adjusted_p_values_meet_reference(case):
    p, expected, tolerance = case["inputs"]["p"], case["expected"], case["tolerance"]
    assert holm(p) == pytest.approx(expected["holm"], abs=tolerance)
    assert benjamini_hochberg(p) == pytest.approx(expected["bh"], abs=tolerance)


@given(p_values)
def test_adjusted_p_values_are_what_their_definitions_say(p):
    m, order = len(p), sorted(range(len(p)), key=p.__getitem__)
    for rank, place in enumerate(order, 1):
        steps = [min(1, (m - j + 1) * p[order[j - 1]]) for j in range(1, rank + 1)]
        assert holm(p)[place] == pytest.approx(max(steps), abs=1e-15)
        steps = [min(1, m * p[order[j - 1]] / j) for j in range(rank, m + 1)]
        assert benjamini_hochberg(p)[place] == pytest.approx(min(steps), abs=1e-15)


@given(p_values, st.randoms())
def test_order_of_the_tests_changes_nothing(p, random):
    order = list(range(len(p)))
    random.shuffle(order)
    for adjust in (holm, benjamini_hochberg):
        assert adjust([p[i] for i in order]) == [adjust(p)[i] for i in order]


@given(p_values)
def test_adjusting_makes_larger_and_holm_the_largest(p):
    for own, listed, marked in zip(p, benjamini_hochberg(p), holm(p), strict=True):
        assert own - 1e-15 <= listed <= marked + 1e-15 <= 1 + 1e-15


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_few_tests(adjust):
    assert adjust([]) == []
    assert adjust([0.03]) == [0.03]
    assert adjust([0, 1]) == [0.0, 1.0]


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan, None, "0.1", True])
@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_what_is_no_p_value_is_refused(adjust, p):
    with pytest.raises(ValueError, match=repr(p)):
        adjust([0.5, p])
