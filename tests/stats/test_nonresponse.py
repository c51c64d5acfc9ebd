"""Those who did not answer: another program, equations, edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.stats import nonresponse
from tests.stats.golden import cases, name

groups = st.lists(
    st.integers(0, 400).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))),
    min_size=1,
    max_size=6,
).map(lambda each: ([size for size, _ in each], [n for _, n in each]))


@pytest.mark.parametrize("case", cases("nonresponse"), ids=name)
def test_nonresponse_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    got = nonresponse(given["N"], given["n"], given["x"])
    assert got._asdict() == pytest.approx(
        {
            "response_rate": expected["response_rate"],
            "r_indicator": expected["R"],
            "r_adjusted": expected["R_adjusted"],
            "cv": expected["cv_adjusted"],
            "max_bias": expected["max_bias"],
            "worst_low": expected["worst_case_lo"],
            "worst_high": expected["worst_case_hi"],
        },
        abs=case["tolerance"],
    )


@given(groups)
def test_r_indicator_is_the_spread_of_the_rates_of_persons(given):
    """Every person has the rate of the group: the plain standard deviation of these."""
    sizes, n = given
    got = nonresponse(sizes, n)
    if sum(sizes) < 2:
        return
    rates = np.repeat([k / size if size else 0 for size, k in zip(*given, strict=True)], sizes)
    assert got.r_indicator == pytest.approx(1 - 2 * rates.std(ddof=1), abs=1e-12)
    assert got.response_rate == pytest.approx(rates.mean())
    assert got.r_indicator - 1e-12 <= got.r_adjusted <= 1
    if got.cv is not None:
        assert got.cv * got.response_rate == pytest.approx((1 - got.r_adjusted) / 2, abs=1e-12)


@given(groups, st.integers(0, 10**9))
def test_worst_case_is_when_all_others_think_one_thing(given, draw):
    sizes, n = given
    x = draw % (sum(n) + 1)
    got, total = nonresponse(sizes, n, x), sum(sizes)
    if total:
        assert got.worst_low == x / total
        assert got.worst_high == (total - (sum(n) - x)) / total
        assert got.worst_high - got.worst_low == pytest.approx(1 - got.response_rate)


def test_groups_that_answer_alike_represent_all():
    got = nonresponse([40, 60], [20, 30], 45)
    assert (got.response_rate, got.r_indicator, got.r_adjusted) == (0.5, 1, 1)
    assert got.cv == got.max_bias == 0


def test_chance_alone_takes_nothing_from_the_adjusted_indicator():
    # The rates differ by less than chance makes them do.
    got = nonresponse([40, 60], [20, 31])
    assert got.r_indicator < got.r_adjusted == 1


def test_nobody_has_answered():
    got = nonresponse([40, 60], [0, 0], 0)
    assert (got.response_rate, got.r_indicator, got.cv, got.max_bias) == (0, 1, None, None)
    assert (got.worst_low, got.worst_high) == (0, 1)


def test_without_favourable_answers_there_are_no_bounds_of_a_share():
    got = nonresponse([40, 60], [20, 31])
    assert (got.max_bias, got.worst_low, got.worst_high) == (None, None, None)
    assert got.cv is not None


def test_group_of_one_tells_nothing_of_chance_and_one_of_two_does():
    got = nonresponse([1, 2, 60, 60], [1, 1, 45, 15])
    rates = [1, 0.5, 0.75, 0.25]
    between = sum(
        size * (rate - 62 / 123) ** 2 for size, rate in zip([1, 2, 60, 60], rates, strict=True)
    )
    chance = 0.25 * 2 * (1 - 2 / 123) + 2 * 0.1875 * 60 / 59 * (1 - 60 / 123)
    assert got.r_adjusted == pytest.approx(1 - 2 * math.sqrt((between - chance) / 122))


def test_single_person_has_a_rate_and_no_indicator():
    got = nonresponse([1, 0], [1, 0], 1)
    assert got[:5] == (1, None, None, None, None)
    assert (got.worst_low, got.worst_high) == (1, 1)


@pytest.mark.parametrize("given", [([], []), ([0, 0], [0, 0])])
def test_nobody_eligible_gives_nothing(given):
    assert nonresponse(*given) is None


@pytest.mark.parametrize(
    ("populations", "n", "favourable", "quoted"),
    [
        ([40, 60], [41, 2], None, "n 41 is larger than population 40"),
        ([40, 60], [4], None, "n 1"),
        ([40, 60], [4, 2], 7, "favourable 7 is larger than n 6"),
        ([40, 60], [4, 2], -1, "-1"),
        ([40, 60.0], [4, 2], None, "60.0"),
        ([40, 60], [4, None], None, "None"),
        ([0], [0], 1, "favourable 1 is larger than n 0"),
    ],
)
def test_nonresponse_refuses_what_cannot_be(populations, n, favourable, quoted):
    with pytest.raises(ValueError, match=quoted):
        nonresponse(populations, n, favourable)
