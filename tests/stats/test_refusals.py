"""Impossible input is refused by every function, wherever it stands, and quoted."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp import stats
from surveyapp.stats.coverage import coverage

not_a_number = st.one_of(
    st.integers(max_value=-1),
    st.floats(max_value=-1e-9),
    st.sampled_from([float("nan"), float("inf")]),
    st.booleans(),
    st.text(max_size=3),
)
not_a_count = st.one_of(not_a_number, st.floats())

CITY = {"n": [4, 5], "favourable": [3, 5]}
UNITS = {"n": [40] * 8, "favourable": [30] * 8}

# What each function takes, all of it possible; counts first, then other numbers.
TAKES = [
    (stats.share, {"favourable": 3, "n": 5, "population": 9}, {}),
    (stats.shares, {**CITY, "populations": [9, 9]}, {}),
    (stats.mean, {"counts": [4, 5], "population": 30}, {"scores": [0, 100]}),
    (stats.city_share, {**CITY, "populations": [40, 60]}, {}),
    (stats.weighted_share, CITY, {"weights": [40, 60]}),
    (stats.share_difference, {"x1": 3, "n1": 5, "x2": 3, "n2": 5}, {"deff1": 1, "deff2": 1}),
    (stats.mean_difference, {"counts1": [4, 5], "counts2": [4, 5]}, {"scores": [0, 100]}),
    (
        stats.unit_against_rest,
        {**CITY, "unit": 1},
        {"populations": [40, 60], "deffs": [1, 1]},
    ),
    (stats.units_against_rest, CITY, {"populations": [40, 60], "deffs": [1, 1]}),
    (
        stats.unit_against_group,
        {"favourable": 3, "n": 5, "group_n": [4, 5], "group_favourable": [3, 5]},
        {"group_populations": [40, 60], "deff": 1, "group_deffs": [1, 1]},
    ),
    (
        stats.weighted_difference,
        {"n1": [4, 5], "favourable1": [3, 5], "n2": [4, 5], "favourable2": [3, 5]},
        {"populations1": [40, 60], "populations2": [40, 60], "deffs1": [1, 1]},
    ),
    (stats.holm, {}, {"p_values": [0.1, 0.2]}),
    (stats.benjamini_hochberg, {}, {"p_values": [0.1, 0.2]}),
    (stats.funnel, CITY, {"target": 0.9}),
    (
        stats.assumed_design_effect,
        {"n": 5, "population": 9},
        {"icc": 0.02, "per_officer": 75},
    ),
    (stats.nonresponse, {"populations": [40, 60], "n": [4, 5], "favourable": 7}, {}),
    (stats.smoothed_shares, {**CITY, "populations": [40, 60]}, {}),
    (
        stats.driver_effect,
        {**UNITS, "seed": 1},
        {"deffs": [1] * 8},
    ),
    (coverage, {"n": 5, "population": 9}, {}),
]
PLACES = [
    pytest.param(function, argument, bad, {**counts, **numbers}, id=f"{name}-{argument}")
    for function, counts, numbers in TAKES
    for bad, arguments in ((not_a_count, counts), (not_a_number, numbers))
    for argument in arguments
    for name in [function.__name__]
]
FIXED = {"driver_effect": {"driver": [0, 1] * 4}}


@pytest.mark.parametrize(("function", "argument", "bad", "takes"), PLACES)
@given(data=st.data())
def test_what_cannot_be_is_refused_and_quoted(function, argument, bad, takes, data):
    value = data.draw(bad)
    good = takes[argument]
    given = [*good[:-1], value] if isinstance(good, list) else value
    arguments = takes | {argument: given} | FIXED.get(function.__name__, {})
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        function(**arguments)


@pytest.mark.parametrize(("function", "counts", "numbers"), TAKES)
def test_what_can_be_is_not_refused(function, counts, numbers):
    assert function(**counts, **numbers, **FIXED.get(function.__name__, {})) is not None


@pytest.mark.parametrize("level", [0.0, 1.0, 95, None, "0.95"])
@pytest.mark.parametrize(
    ("function", "counts", "numbers"),
    [each for each in TAKES if "level" in (each[0].__kwdefaults__ or {})],
)
def test_level_that_is_none_is_refused(function, counts, numbers, level):
    with pytest.raises(ValueError, match=repr(level)):
        function(**counts, **numbers, level=level)


def test_the_slow_part_of_scipy_is_never_imported_and_the_rest_late():
    program = """
import sys
from surveyapp import stats
assert "scipy" not in sys.modules
stats.share(3, 5), stats.mean([4, 5], [0, 100]), stats.city_share([9], [5], [3])
stats.funnel(0.9, [5], [3]), stats.smoothed_shares([9, 9], [5, 8], [1, 8])
stats.mean_difference([4, 5], [4, 5], [0, 100]), stats.share_difference(3, 5, 4, 5)
stats.driver_effect([40] * 8, [30] * 8, [0, 1] * 4)
assert "scipy.special" in sys.modules
assert "scipy.stats" not in sys.modules and "scipy.optimize" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
