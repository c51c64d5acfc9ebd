"""Differences with weighted groups: another program, equations they must satisfy, edges."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.stats import (
    assumed_design_effect,
    city_share,
    share,
    share_difference,
    unit_against_group,
    unit_against_rest,
    units_against_rest,
    weighted_difference,
    weighted_share,
    wilson,
)
from tests.stats.golden import cases, name

Z = 1.959963984540054

unit = st.integers(1, 500).flatmap(
    lambda population: st.integers(0, population).flatmap(
        lambda n: st.tuples(st.just(population), st.just(n), st.integers(0, n))
    )
)
cities = st.lists(unit, min_size=2, max_size=6).map(
    lambda units: [list(column) for column in zip(*units, strict=True)]
)
CITY = [160, 246, 271, 90], [46, 16, 139, 33], [37, 15, 112, 33]
DEFFS = [1.3, 1.0, 2.5, 1.8]


def without(place, *columns):
    return [[*column[:place], *column[place + 1 :]] for column in columns]


def worth(populations, n, favourable, deffs):
    """The share of weighted units and their effective answers, from the definition."""
    sizes, n, x, deffs = (np.array(each, float) for each in (populations, n, favourable, deffs))
    w, p = sizes / sizes.sum(), x / n
    estimate = (w * p).sum()
    pooled = (w * (p * (1 - p) + (p - estimate) ** 2)).sum()
    own = np.where(n > 1, p * (1 - p) / np.maximum(n - 1, 1), pooled)
    least = pooled * (w**2 * deffs / n).sum()
    if pooled == 0:
        return estimate, 1 / (w**2 * deffs / n).sum()
    return estimate, estimate * (1 - estimate) / max((w**2 * deffs * own).sum(), least)


def as_known(difference):
    return None if difference is None else pytest.approx(difference, abs=1e-9)


@pytest.mark.parametrize("case", cases("unit_vs_rest"), ids=name)
def test_unit_against_rest_meets_reference(case):
    given, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    city, place = (given["N"], given["n"], given["x"]), given["unit_index"] - 1
    got = unit_against_rest(*city, place, level=given["level"])
    assert got == pytest.approx(
        tuple(expected[part] for part in ("diff", "lo", "hi", "p_midp")), abs=tolerance
    )
    own = given["x"][place] / given["n"][place]
    assert own - got.estimate == pytest.approx(expected["rest"], abs=tolerance)
    weight = given["N"][place] / sum(given["N"])
    assert (1 - weight) * got.estimate == pytest.approx(expected["diff_vs_city"], abs=tolerance)
    assert units_against_rest(*city, level=given["level"])[place] == as_known(got)
    _, n_eff = worth(*without(place, *city, [1] * len(given["N"])))
    assert n_eff == pytest.approx(expected["rest_n_eff"], rel=1e-9)


def test_unit_against_others_of_one_form_is_as_in_the_story_of_the_team():
    deff, group_deff = assumed_design_effect(66, 130), assumed_design_effect(210, 480)
    assert (round(deff, 2), round(group_deff, 2)) == (1.64, 1.68)
    got = unit_against_group(58, 66, [480], [210], [171], deff=deff, group_deffs=[group_deff])
    assert [math.floor(100 * part + 0.5) for part in got[:3]] == [6, -8, 17]
    assert got.p_value > 0.05
    assert [math.floor(100 * x + 0.5) for x in share(58, 66, population=130)] == [88, 81, 92]


@pytest.mark.parametrize("place", range(4))
def test_unit_against_rest_is_put_together_from_wilsons(place):
    got = unit_against_rest(*CITY, place, deffs=DEFFS)
    rest, n_eff = worth(*without(place, *CITY, DEFFS))
    p = CITY[2][place] / CITY[1][place]
    own = CITY[1][place] / DEFFS[place]
    (low1, high1), (low2, high2) = wilson(p, own, Z), wilson(rest, n_eff, Z)
    assert got.estimate == pytest.approx(p - rest)
    assert got.low == pytest.approx(p - rest - math.hypot(p - low1, high2 - rest))
    assert got.high == pytest.approx(p - rest + math.hypot(high1 - p, rest - low2))
    whole = [math.floor(each + 0.5) for each in (own * p, own, n_eff * rest, n_eff)]
    assert got.p_value == pytest.approx(share_difference(*whole).p_value)


@settings(deadline=None, max_examples=80)
@given(cities, st.data())
def test_all_units_at_once_are_those_of_each(city, data):
    deffs = data.draw(st.lists(st.floats(1, 4), min_size=len(city[0]), max_size=len(city[0])))
    got = units_against_rest(*city, deffs=deffs)
    for place, each in enumerate(got):
        one = unit_against_rest(*city, place, deffs=deffs)
        rest = without(place, *city, deffs)
        group = unit_against_group(
            city[2][place],
            city[1][place],
            *rest[:3],
            deff=deffs[place],
            group_deffs=rest[3],
        )
        assert one == as_known(each)
        assert group == as_known(each)


@settings(deadline=None, max_examples=80)
@given(cities)
def test_unit_against_the_city_is_a_part_of_unit_against_the_rest(city):
    whole = city_share(*city)
    answering = [i for i, n in enumerate(city[1]) if n]
    total = sum(city[0][i] for i in answering)
    for place in answering:
        got = unit_against_rest(*city, place)
        if got is None:
            assert len(answering) == 1
            continue
        p = city[2][place] / city[1][place]
        assert p - whole.estimate == pytest.approx(
            (1 - city[0][place] / total) * got.estimate, abs=1e-12
        )


@settings(deadline=None, max_examples=60)
@given(cities)
def test_units_against_rest_of_the_others_have_the_other_sign(city):
    populations, n, favourable = city
    others = [a - b for a, b in zip(n, favourable, strict=True)]
    pairs = zip(
        units_against_rest(*city), units_against_rest(populations, n, others), strict=True
    )
    for got, other in pairs:
        assert (got is None) == (other is None)
        if got is not None:
            assert got[:3] == pytest.approx(
                (-other.estimate, -other.high, -other.low), abs=1e-9
            )


def test_rest_with_answers_alike_is_worth_what_its_weights_are():
    got = unit_against_rest([50, 90, 30], [20, 8, 5], [11, 8, 5], 0)
    n_eff = 1 / (0.75**2 / 8 + 0.25**2 / 5)
    low, _ = wilson(1, n_eff, Z)
    _, high = wilson(0.55, 20, Z)
    assert got.high == pytest.approx(-0.45 + math.hypot(high - 0.55, 1 - low))


def test_floor_holds_back_a_rest_with_a_large_unit_of_few_answers():
    got = unit_against_rest([500, 2906, 1400], [300, 9, 316], [240, 9, 270], 0)
    assert got.high - got.low > 0.25


def test_comparing_knows_no_end_of_the_population():
    seen, hardly = ([46, 16, 139, 33], [4600, 1600, 13_900, 3300])
    assert unit_against_rest(seen, *CITY[1:], 0) == as_known(
        unit_against_rest(hardly, *CITY[1:], 0)
    )


def test_weights_may_be_anything_that_stands_in_for_the_eligible():
    clients = [160.5, 246.0, 271.25, 90.0]
    got = unit_against_rest(clients, *CITY[1:], 1)
    rest = weighted_share(*without(1, clients, *CITY[1:]))
    assert 15 / 16 - got.estimate == pytest.approx(rest.estimate)
    # Where nothing stands in for them, the counts are added.
    added = unit_against_rest(CITY[1], *CITY[1:], 1)
    assert 15 / 16 - added.estimate == pytest.approx((37 + 112 + 33) / (46 + 139 + 33))


def test_unit_without_answers_is_in_no_rest_and_has_no_difference():
    with_empty = [*CITY[0], 500], [*CITY[1], 0], [*CITY[2], 0]
    got = units_against_rest(*with_empty)
    assert got[4] is None
    assert got[:4] == [as_known(each) for each in units_against_rest(*CITY)]


def test_no_answers_give_no_difference():
    assert units_against_rest([40, 60], [9, 0], [3, 0]) == [None, None]
    assert units_against_rest([], [], []) == []
    assert unit_against_rest([40, 60], [9, 0], [3, 0], 0) is None
    assert unit_against_group(0, 0, [40], [9], [3]) is None
    assert unit_against_group(3, 9, [40], [0], [0]) is None
    assert weighted_difference([40], [9], [3], [40], [0], [0]) is None
    assert weighted_difference([40], [0], [0], [40], [9], [3]) is None


def test_weighted_difference_is_put_together_from_wilsons():
    last_year = [150, 260, 60], [50, 20, 30], [36, 19, 21]
    deffs = [1.2, 1.0, 1.9]
    got = weighted_difference(*CITY, *last_year, deffs1=DEFFS, deffs2=deffs)
    (p1, k1), (p2, k2) = worth(*CITY, DEFFS), worth(*last_year, deffs)
    (low1, high1), (low2, high2) = wilson(p1, k1, Z), wilson(p2, k2, Z)
    assert got.estimate == pytest.approx(p1 - p2)
    assert got.low == pytest.approx(p1 - p2 - math.hypot(p1 - low1, high2 - p2))
    assert got.high == pytest.approx(p1 - p2 + math.hypot(high1 - p1, p2 - low2))
    whole = [math.floor(each + 0.5) for each in (k1 * p1, k1, k2 * p2, k2)]
    assert got.p_value == pytest.approx(share_difference(*whole).p_value)


@settings(deadline=None, max_examples=60)
@given(cities, cities)
def test_weighted_difference_the_other_way_has_the_other_sign(one, other):
    got, turned = weighted_difference(*one, *other), weighted_difference(*other, *one)
    if got is None:
        assert turned is None
    else:
        assert got == pytest.approx(
            (-turned.estimate, -turned.high, -turned.low, turned.p_value), abs=1e-9
        )
        first, second = weighted_share(*one), weighted_share(*other)
        assert got.estimate == pytest.approx(first.estimate - second.estimate, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(cities, st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_higher_level_holds_the_lower(city, one, other):
    narrow, wide = (units_against_rest(*city, level=each) for each in sorted((one, other)))
    for inner, outer in zip(narrow, wide, strict=True):
        if inner is not None:
            assert outer.low <= inner.low + 1e-12
            assert inner.high <= outer.high + 1e-12


@pytest.mark.parametrize(
    ("city", "options", "quoted"),
    [
        (([40, 60], [41, 5], [3, 5]), {}, "n 41 is larger than population 40"),
        (([40, 0], [4, 1], [3, 1]), {}, "weight 0.0 for a unit with 1 answers"),
        (([40, 60], [4, 5], [3, 6]), {}, "favourable 6 is larger than n 5"),
        (([40, 60], [4, 5], [3]), {}, "favourable 1"),
        (([40], [4, 5], [3, 5]), {}, "populations 1"),
        (([40, 60], [4, 5], [3, 5]), {"deffs": [1.0]}, "deffs 1"),
        (([40, 60], [4, 5], [3, 5]), {"deffs": [1.0, 0.5]}, "0.5"),
        (([40, None], [4, 5], [3, 5]), {}, "None"),
        (([40, math.nan], [4, 5], [3, 5]), {}, "nan"),
        (([40, 60], [4, -5], [3, 5]), {}, "-5"),
        (([40, 60], [4, 5], [3, 5]), {"level": 1.0}, "1.0"),
    ],
)
def test_units_against_rest_refuse_what_disagrees(city, options, quoted):
    with pytest.raises(ValueError, match=quoted):
        units_against_rest(*city, **options)
    with pytest.raises(ValueError, match=quoted):
        unit_against_rest(*city, 0, **options)


@pytest.mark.parametrize("place", [2, -1, 0.0, None])
def test_unit_that_is_none_of_them_is_refused(place):
    with pytest.raises(ValueError, match=repr(place)):
        unit_against_rest([40, 60], [4, 5], [3, 5], place)


@pytest.mark.parametrize(
    ("given", "options", "quoted"),
    [
        ((6, 5, [40], [9], [3]), {}, "favourable 6 is larger than n 5"),
        ((1, 5, [8], [9], [3]), {}, "n 9 is larger than population 8"),
        ((1, 5, [40], [9, 9], [3, 3]), {}, "group_populations 1"),
        ((1, 5, [40], [9], [3]), {"deff": 0.0}, "0.0"),
        ((1, 5, [40], [9], [3]), {"group_deffs": [-1]}, "-1"),
        ((1, 5, [40], [9], [3]), {"level": "95"}, "95"),
    ],
)
def test_unit_against_group_refuses_what_cannot_be(given, options, quoted):
    with pytest.raises(ValueError, match=quoted):
        unit_against_group(*given, **options)


@pytest.mark.parametrize(
    ("one", "other", "options", "quoted"),
    [
        (([8], [9], [3]), ([40], [9], [3]), {}, "n 9 is larger than population 8"),
        (([40], [9], [3]), ([40], [9], [10]), {}, "favourable 10"),
        (([40], [9], [3]), ([40, 50], [9], [3]), {}, "populations2 2"),
        (([40], [9], [3]), ([40], [9], [3]), {"deffs2": [0.2]}, "0.2"),
        (([40], [9], [3]), ([40], [9], [3]), {"level": 0.0}, "0.0"),
    ],
)
def test_weighted_difference_refuses_what_cannot_be(one, other, options, quoted):
    with pytest.raises(ValueError, match=quoted):
        weighted_difference(*one, *other, **options)
