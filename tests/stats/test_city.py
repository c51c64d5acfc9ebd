"""The share of a city: another program, equations it must satisfy, edges."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.stats import city_mean, city_share, weighted_share, wilson
from tests.stats.golden import cases, name

Z = 1.959963984540054

unit = st.integers(1, 500).flatmap(
    lambda population: st.integers(0, population).flatmap(
        lambda n: st.tuples(st.just(population), st.just(n), st.integers(0, n))
    )
)
cities = st.lists(unit, min_size=1, max_size=6).map(
    lambda units: [list(column) for column in zip(*units, strict=True)]
)


SCORES = [0, 25, 50, 75, 100]


@pytest.mark.parametrize("case", cases("city_prop", "poststrat"), ids=name)
def test_city_share_meets_reference(case):
    given, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    got = city_share(given["N"], given["n"], given["x"], level=given["level"])
    assert got.estimate == pytest.approx(expected["est"], abs=tolerance)
    assert got.low == pytest.approx(expected["lo"], abs=tolerance)
    assert got.high == pytest.approx(expected["hi"], abs=tolerance)
    assert got.df == expected.get("df", sum(given["n"]) - len(given["n"]))
    assert got.n_eff == pytest.approx(expected["n_eff"], rel=1e-9)
    assert got.se == pytest.approx(expected.get("se", got.se), abs=tolerance)
    assert got.covered == 1


@pytest.mark.parametrize("case", cases("city_mean"), ids=name)
def test_city_mean_meets_reference(case):
    given, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    got = city_mean(given["N"], given["counts"], given["scores"], level=given["level"])
    assert (got.estimate, got.se, got.low, got.high) == pytest.approx(
        (expected["est"], expected["se"], expected["lo"], expected["hi"]), abs=tolerance
    )
    assert got.df == expected["df"]
    assert got.covered == 1


@settings(deadline=None, max_examples=80)
@given(cities)
def test_city_mean_of_a_yes_and_a_no_is_the_city_share(city):
    populations, n, favourable = city
    counts = [[n - x, x] for n, x in zip(n, favourable, strict=True)]
    share, mean = city_share(*city), city_mean(populations, counts, [0, 100])
    if share is None:
        assert mean is None
    else:
        assert [*mean[:4]] == pytest.approx(
            [100 * part for part in (share.estimate, share.se, share.low, share.high)]
        )
        assert mean[4:] == pytest.approx(share[4:])


def test_city_mean_has_a_floor_for_a_large_unit_with_answers_alike():
    counts = [[0, 0, 0, 0, 9], [40, 60, 70, 80, 66], [20, 50, 50, 70, 70]]
    got = city_mean([2906, 1400, 900], counts, SCORES)
    assert got.high - got.low > 10 * got.se


@pytest.mark.parametrize("score", [0, 33.3, 50, 100])
def test_city_mean_of_answers_alike_still_has_a_width(score):
    got = city_mean([90, 30], [[8, 0], [5, 0]], [score, 77])
    n_eff = 1 / (0.75**2 * 82 / 89 / 8 + 0.25**2 * 25 / 29 / 5)
    assert got.n_eff == pytest.approx(n_eff)
    assert got.se == 0
    assert (got.low, got.high) == pytest.approx(
        [100 * limit for limit in wilson(score / 100, n_eff, Z)]
    )


def test_city_mean_where_everybody_answered_is_a_point():
    got = city_mean([10, 30], [[1, 9], [18, 12]], [0, 100])
    assert (got.low, got.estimate, got.high, got.se) == pytest.approx((52.5, 52.5, 52.5, 0))


def test_city_mean_leaves_out_a_unit_without_answers_and_says_so():
    got = city_mean([190, 141, 69], [[1, 15], [7, 18], [0, 0]], [0, 100])
    assert got.covered == pytest.approx(331 / 400)
    assert city_mean([190, 69], [[0, 0], [0, 0]], [0, 100]) is None


def test_single_answer_borrows_the_variation_of_the_city():
    got = city_mean([60, 40], [[0, 1], [5, 15]], [0, 100])
    estimate = 0.6 + 0.4 * 0.75
    pooled = estimate * (1 - estimate)
    own = 0.6**2 * pooled * 59 / 59 + 0.4**2 * 0.5 * 0.75 * 0.25 / 19
    assert got.se == pytest.approx(100 * math.sqrt(own))


@pytest.mark.parametrize(
    ("populations", "counts", "scores", "quoted"),
    [
        ([40, 60], [[2, 39], [1, 1]], [0, 100], "n 41 is larger than population 40"),
        ([40, 60], [[2, 9], [1]], [0, 100], "counts 1"),
        ([40], [[2, 9], [1, 1]], [0, 100], "units 1"),
        ([40, 60], [[2, 9], [1, -1]], [0, 100], "-1"),
        ([40, 60], [[2, 9], [1, 1]], [0, 101], "101"),
    ],
)
def test_city_mean_refuses_what_disagrees(populations, counts, scores, quoted):
    with pytest.raises(ValueError, match=quoted):
        city_mean(populations, counts, scores)


def test_floor_holds_back_a_large_unit_with_few_answers_alike():
    got = city_share([2906, 1400, 900, 400], [9, 316, 260, 150], [9, 270, 237, 139])
    pooled = got.estimate * (1 - got.estimate)
    assert got.n_eff < pooled / got.se**2 / 10
    assert got.high - got.low > 10 * got.se


def test_unit_counts_by_its_persons_and_not_by_its_answers():
    assert city_share([900, 100], [10, 90], [5, 90]).estimate == pytest.approx(0.55)


def test_unit_without_answers_is_left_out_and_said_to_be():
    got = city_share([190, 141, 69], [16, 25, 0], [15, 18, 0])
    assert got.covered == pytest.approx(331 / 400)
    assert got._replace(covered=1) == city_share([190, 141], [16, 25], [15, 18])


def test_unit_without_persons_changes_nothing():
    assert city_share([190, 0], [16, 0], [15, 0]) == city_share([190], [16], [15])


@pytest.mark.parametrize("share_of", [city_share, weighted_share])
def test_no_answers_give_no_estimate(share_of):
    assert share_of([40, 60], [0, 0], [0, 0]) is None
    assert share_of([], [], []) is None


def test_city_where_everybody_answered_is_a_point():
    got = city_share([10, 30], [10, 30], [9, 12])
    assert (got.low, got.estimate, got.high, got.se) == (0.525, 0.525, 0.525, 0)
    assert got.n_eff == math.inf


@pytest.mark.parametrize("favourable", [0, 1])
def test_answers_all_alike_still_leave_a_width(favourable):
    got = city_share([90, 30], [8, 5], [8 * favourable, 5 * favourable])
    n_eff = 1 / (0.75**2 * 82 / 89 / 8 + 0.25**2 * 25 / 29 / 5)
    assert got.n_eff == pytest.approx(n_eff)
    assert (got.low, got.high) == pytest.approx(wilson(favourable, n_eff, Z))


def test_estimate_that_rounds_to_the_end_of_the_scale_still_has_a_width():
    got = city_share([10**18, 4], [100, 2], [100, 1])
    assert got.estimate == got.high == 1
    assert got.low == pytest.approx(1 / (1 + Z**2 / 100))


@settings(deadline=None, max_examples=80)
@given(cities)
def test_city_share_of_the_others_is_the_mirror_image(city):
    populations, n, favourable = city
    got = city_share(populations, n, favourable)
    others = city_share(populations, n, [a - b for a, b in zip(n, favourable, strict=True)])
    if got is None:
        assert others is None
    else:
        assert (got.estimate, got.low, got.high, got.se) == pytest.approx(
            (1 - others.estimate, 1 - others.high, 1 - others.low, others.se), abs=1e-9
        )
        assert 0 <= got.low <= got.estimate + 1e-12 <= got.high + 2e-12 <= 1 + 3e-12


@settings(deadline=None, max_examples=80)
@given(cities, st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_higher_level_holds_the_lower(city, one, other):
    narrow, wide = (
        city_share(*city, level=min(one, other)),
        city_share(*city, level=max(one, other)),
    )
    if narrow is not None:
        assert wide.low <= narrow.low + 1e-12
        assert narrow.high <= wide.high + 1e-12


@settings(deadline=None, max_examples=80)
@given(cities)
def test_weighted_share_is_the_city_share_of_very_many(city):
    populations, n, favourable = city
    weighted = weighted_share(populations, n, favourable)
    many = city_share([size * 10**9 for size in populations], n, favourable)
    assert weighted == many or weighted == pytest.approx(many, rel=1e-6, abs=1e-6)


def test_weighted_share_takes_clients_whatever_the_answers():
    got = weighted_share([3.5, 6.5], [20, 1], [10, 1])
    assert got.estimate == pytest.approx(0.825)
    pooled = 0.825 * 0.175
    assert got.se**2 == pytest.approx(0.35**2 * 0.25 / 19 + 0.65**2 * pooled)


@pytest.mark.parametrize(
    ("populations", "n", "favourable", "quoted"),
    [
        ([40, 60], [41, 5], [3, 5], "n 41 is larger than population 40"),
        ([40, 0], [4, 1], [3, 1], "n 1 is larger than population 0"),
        ([40, 60], [4, 5], [3, 6], "favourable 6 is larger than n 5"),
        ([40, 60], [4, 5], [3], "favourable 1"),
        ([40], [4, 5], [3, 5], "units 1"),
        ([40, 60], [4, -5], [3, 0], "-5"),
        ([40, 60.5], [4, 5], [3, 0], "60.5"),
        ([40, None], [4, 5], [3, 0], "None"),
    ],
)
def test_city_share_refuses_what_disagrees(populations, n, favourable, quoted):
    with pytest.raises(ValueError, match=quoted):
        city_share(populations, n, favourable)


@pytest.mark.parametrize("weight", [-1, -0.5, math.nan, math.inf, 0, 0.0, None, "7", True])
def test_weighted_share_refuses_an_impossible_weight(weight):
    with pytest.raises(ValueError, match=repr(weight)):
        weighted_share([40, weight], [4, 5], [3, 5])


@pytest.mark.parametrize("level", [0.0, 1.0, math.nan, 95])
@pytest.mark.parametrize("share_of", [city_share, weighted_share])
def test_shares_of_a_city_refuse_an_impossible_level(share_of, level):
    with pytest.raises(ValueError, match=repr(level)):
        share_of([40, 60], [4, 5], [3, 5], level=level)
