"""What is too small to show."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.stats import (
    Unprotectable,
    alike,
    breakdown_allowed,
    may_release,
    merged_categories,
    withheld_units,
)
from tests.stats.golden import cases, name


@pytest.mark.parametrize("case", cases("suppress"), ids=name)
def test_withheld_units_meet_reference(case):
    given, expected = case["inputs"], case["expected"]
    few, beside = withheld_units(
        given["units"],
        threshold=given["threshold"],
        total_published=given["total_published"],
    )
    assert (few, beside) == (set(expected["primary"]), set(expected["secondary"]))


@pytest.mark.parametrize("case", cases("merge"), ids=name)
def test_merged_categories_meet_reference(case):
    given = case["inputs"]
    groups = merged_categories(given["counts"], threshold=given["threshold"])
    assert groups == case["expected"]["groups"]


@pytest.mark.parametrize("case", cases("release"), ids=name)
def test_may_release_meets_reference(case):
    assert may_release(**case["inputs"]) is case["expected"]["may_release"]


def test_small_unit_needs_no_cover_when_the_total_is_not_shown():
    assert withheld_units({"A": 41, "B": 7}, total_published=False) == ({"B"}, set())


def test_units_tie_by_id_whatever_their_order():
    assert withheld_units({"D": 71, "C": 71, "B": 6}) == ({"B"}, {"C"})


def test_units_that_cannot_be_compared_tie_by_order():
    assert withheld_units({"D": 71, 4: 71, None: 6}) == ({None}, {"D"})


@pytest.mark.parametrize("units", [{"A": 7}, {"A": 7, "B": 0}, {"A": 3, "B": 4}])
def test_total_of_units_that_cannot_be_hidden_is_refused(units):
    with pytest.raises(Unprotectable, match="'A'"):
        withheld_units(units)


@pytest.mark.parametrize("units", [{}, {"A": 0}, {"A": 12}])
def test_nothing_small_withholds_nothing(units):
    assert withheld_units(units) == (set(), set())


@pytest.mark.parametrize("n", [-1, 2.0, None, "7", True])
def test_withheld_units_refuse_what_is_not_a_count(n):
    with pytest.raises(ValueError, match=repr(n)):
        withheld_units({"A": 41, "B": n})


def groupings(size):
    for n_cuts in range(size):
        for cuts in combinations(range(1, size), n_cuts):
            edges = [0, *cuts, size]
            yield [list(range(*edges[i : i + 2])) for i in range(len(edges) - 1)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=7), st.integers(1, 5))
def test_merged_categories_equal_trying_every_grouping(counts, threshold):
    fitting = [
        groups
        for groups in groupings(len(counts))
        if not any(0 < sum(counts[i] for i in group) < threshold for group in groups)
    ]
    expected = max(fitting, key=len, default=None)  # the first of the finest
    assert merged_categories(counts, threshold=threshold) == expected


def test_long_scale_is_merged_too():
    assert len(merged_categories([1, 2] * 200)) == 200


def test_too_few_answers_for_one_group_are_not_grouped():
    assert merged_categories([0, 2, 0]) is None


def test_no_answers_have_nothing_to_hide():
    assert merged_categories([0, 0]) == [[0], [1]]
    assert merged_categories([]) == []


@pytest.mark.parametrize("count", [-1, 2.0, None])
def test_merged_categories_refuse_what_is_not_a_count(count):
    with pytest.raises(ValueError, match=repr(count)):
        merged_categories([4, count])


@pytest.mark.parametrize(("last", "new"), [(-1, 0), (80, -1), (80, 1.5)])
def test_may_release_refuses_what_is_not_a_count(last, new):
    with pytest.raises(ValueError, match=r"-1|1\.5"):
        may_release(last, new)


@pytest.mark.parametrize(
    ("favourable", "n", "population", "expected"),
    [
        (12, 12, 400, True),  # few
        (0, 12, 400, True),  # few, and none favourable
        (29, 29, None, True),  # few, of nobody knows how many
        (30, 30, 400, False),  # enough that nobody is pointed out
        (30, 30, None, False),
        (63, 63, 70, True),  # nine of ten
        (62, 62, 70, False),
        (0, 63, 70, True),
        (11, 12, 400, False),  # not alike
        (1, 63, 63, False),
        (0, 0, 70, False),  # no answers are not alike
    ],
)
def test_alike_tells_when_a_share_tells_on_each_person(favourable, n, population, expected):
    assert alike(favourable, n, population) is expected


def test_alike_takes_other_limits():
    assert alike(30, 30, 400, few=31)
    assert alike(62, 62, 70, nearly_all=0.8)


@pytest.mark.parametrize(
    ("favourable", "n", "population", "quoted"),
    [(6, 5, 9, "6"), (5, 5, 4, "4"), (-1, 5, 9, "-1"), (5, 5.0, 9, "5.0")],
)
def test_alike_refuses_counts_that_disagree(favourable, n, population, quoted):
    with pytest.raises(ValueError, match=quoted):
        alike(favourable, n, population)


@pytest.mark.parametrize("nearly_all", [0, -0.5, 1.5, float("nan")])
def test_alike_refuses_an_impossible_part(nearly_all):
    with pytest.raises(ValueError, match=str(nearly_all)):
        alike(5, 5, 9, nearly_all=nearly_all)


@pytest.mark.parametrize(
    ("counts", "n", "expected"),
    [
        ([20, 10], 30, True),
        ([19, 10], 29, False),  # too few in all
        ([25, 9], 34, False),  # too few in one
        ([34, 0], 34, True),  # an empty category hides nobody
        ([20, 11], 40, False),  # nine in no category can be worked out
        ([20, 10], 40, True),
        ([], 30, True),
    ],
)
def test_breakdown_is_all_or_nothing(counts, n, expected):
    assert breakdown_allowed(counts, n) is expected


def test_breakdown_takes_other_limits():
    assert not breakdown_allowed([20, 10], 30, threshold=11)
    assert not breakdown_allowed([20, 10], 30, few=31)


def test_breakdown_refuses_more_in_the_parts_than_in_all():
    with pytest.raises(ValueError, match="40 is larger than n 39"):
        breakdown_allowed([20, 20], 39)


@pytest.mark.parametrize("threshold", [0, -3, 2.5, None])
def test_threshold_that_lets_everything_through_is_refused(threshold):
    calls = [
        lambda: withheld_units({"A": 41}, threshold=threshold),
        lambda: merged_categories([4], threshold=threshold),
        lambda: may_release(80, 5, threshold=threshold),
        lambda: breakdown_allowed([40], 40, threshold=threshold),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=f"threshold.*{threshold}"):
            call()
