"""The share in one unit: other programs, equations it must satisfy, edges."""

import math
import re
from fractions import Fraction
from functools import cache
from math import comb

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveyapp.stats import asked_population, share, shares, wilson, wilson_limits
from tests.stats.golden import cases, name

Z = 1.959963984540054

not_a_count = st.one_of(
    st.integers(max_value=-1), st.floats(), st.booleans(), st.none(), st.text(max_size=3)
)


@st.composite
def samples(draw):
    """Favourable answers, answers and population."""
    population = draw(st.integers(1, 3000))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, population


@cache
def ways(population, n, favourable):
    """In how many samples each number of favourable answers occurs."""
    others = population - favourable
    return [comb(favourable, x) * comb(others, n - x) for x in range(n + 1)]


def possible(x, n, population, level):
    """Numbers favourable in the population that the answers do not rule out."""
    limit = comb(population, n) * (1 - level) / 2 * Fraction(1_000_000_001, 1_000_000_000)
    return [
        favourable
        for favourable in range(x, x + population - n + 1)
        if sum(ways(population, n, favourable)[x:]) > limit
        and sum(ways(population, n, favourable)[: x + 1]) > limit
    ]


@pytest.mark.parametrize("case", cases("prop_exact", "prop_exact_py"), ids=name)
def test_share_meets_reference(case):
    given, expected, population = case["inputs"], case["expected"], case["inputs"]["N"]
    got = share(given["x"], given["n"], population=population, level=given["level"])
    assert got.low * population == pytest.approx(expected["favourable_lo"], abs=1e-9)
    assert got.high * population == pytest.approx(expected["favourable_hi"], abs=1e-9)
    assert got.low == pytest.approx(expected["lo"], abs=case["tolerance"])
    assert got.high == pytest.approx(expected["hi"], abs=case["tolerance"])
    assert got.estimate == pytest.approx(given["x"] / given["n"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("prop_unknown_N"), ids=name)
def test_share_of_an_unknown_population_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    got = share(given["x"], given["n"], level=given["level"])
    assert got == pytest.approx(
        (expected["p"], expected["lo"], expected["hi"]), abs=case["tolerance"]
    )


@pytest.mark.parametrize("case", cases("prop_wilson_fpc", "prop_unknown_N"), ids=name)
def test_wilson_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    n, population = given["n"], given["N"]
    k = n if population is None else n * (population - 1) / (population - n)
    low = expected.get("wilson_lo", expected["lo"])
    high = expected.get("wilson_hi", expected["hi"])
    assert wilson(given["x"] / n, k, Z) == pytest.approx((low, high), abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("prop_statsmodels"), ids=name)
def test_share_and_wilson_meet_a_second_program(case):
    given, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    low, high = wilson(given["x"] / given["n"], given["n"], Z)
    assert (low, high) == pytest.approx(
        (expected["wilson_lo"], expected["wilson_hi"]), abs=tolerance
    )
    assert share(given["x"], given["n"], level=given["level"]) == pytest.approx(
        (expected["p"], expected["beta_lo"], expected["beta_hi"]), abs=tolerance
    )


@pytest.mark.parametrize(
    "case", [c for c in cases("edge") if c["inputs"]["estimator"] == "prop"], ids=name
)
def test_share_meets_reference_at_the_edges(case):
    given, expected = case["inputs"], case["expected"]
    if "error" in expected:
        with pytest.raises(ValueError, match=str(given["n"])):
            share(given["x"], given["n"], population=given["N"])
    elif "result" in expected:
        assert share(given["x"], given["n"], population=given["N"]) is None
    else:
        assert share(given["x"], given["n"], population=given["N"]) == pytest.approx(
            (expected["p"], expected["lo"], expected["hi"]), abs=case["tolerance"]
        )


@pytest.mark.parametrize("population", range(1, 17))
@pytest.mark.parametrize("level", [Fraction(4, 5), Fraction(19, 20)])
def test_share_equals_counting_every_sample(population, level):
    for n in range(1, population + 1):
        for x in range(n + 1):
            got = share(x, n, population=population, level=float(level))
            expected = possible(x, n, population, level)
            assert got.low == expected[0] / population, (x, n)
            assert got.high == expected[-1] / population, (x, n)


@settings(deadline=None, max_examples=60)
@given(samples())
def test_share_of_the_others_is_the_mirror_image(sample):
    x, n, population = sample
    got, mirrored = share(x, n, population=population), share(n - x, n, population=population)
    assert got.low == pytest.approx(1 - mirrored.high, abs=1e-12)
    assert got.high == pytest.approx(1 - mirrored.low, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(samples(), st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_higher_level_holds_the_lower(sample, one, other):
    x, n, population = sample
    narrow = share(x, n, population=population, level=min(one, other))
    wide = share(x, n, population=population, level=max(one, other))
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@settings(deadline=None, max_examples=60)
@given(samples())
def test_limits_are_attainable_and_never_contradict_the_answers(sample):
    x, n, population = sample
    got = share(x, n, population=population)
    assert got.low in {favourable / population for favourable in range(population + 1)}
    assert got.high in {favourable / population for favourable in range(population + 1)}
    assert x / population <= got.low <= got.high <= (x + population - n) / population
    # The estimate lies between two whole persons; only the nearest may be left possible.
    assert got.low - 1 / population < got.estimate < got.high + 1 / population


@pytest.mark.parametrize(("x", "n"), [(0, 8), (1, 1), (83, 95), (392, 442), (21, 21)])
def test_very_large_population_is_as_an_unknown_one(x, n):
    assert share(x, n, population=10_000_000) == pytest.approx(share(x, n), abs=2e-6)


def test_share_is_right_in_the_largest_population():
    # In whole numbers: 183 171 favourable leave the sample 2.52 %, one fewer 2.45 %;
    # 183 494 leave it 2.57 % and one more 2.49 %.
    got = share(150_000, 180_000, population=220_000)
    assert (round(got.low * 220_000), round(got.high * 220_000)) == (183_171, 183_494)


@pytest.mark.parametrize("n", [1, 12, 5000])
def test_share_of_everybody_is_a_point(n):
    got = share(n // 3, n, population=n)
    assert got.low == got.estimate == got.high == n // 3 / n


@given(value=not_a_count)
@pytest.mark.parametrize("argument", ["favourable", "n", "population"])
def test_share_refuses_what_is_not_a_count(argument, value):
    arguments = {"favourable": 3, "n": 5, "population": 9} | {argument: value}
    assume(arguments["population"] is not None)
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        share(arguments.pop("favourable"), arguments.pop("n"), **arguments)


def test_remembered_answer_does_not_let_a_bad_one_through():
    assert share(1, 1, population=3) is not None
    with pytest.raises(ValueError, match="True"):
        share(True, 1, population=3)


@pytest.mark.parametrize(
    ("x", "n", "population", "quoted"),
    [(6, 5, 9, "6"), (6, 5, None, "6"), (4, 5, 4, "population 4"), (0, 0, -1, "-1")],
)
def test_share_refuses_counts_that_disagree(x, n, population, quoted):
    with pytest.raises(ValueError, match=quoted):
        share(x, n, population=population)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95, math.nan, math.inf, "0.95", None])
def test_share_refuses_an_impossible_level(level):
    with pytest.raises(ValueError, match=repr(level)):
        share(3, 5, population=9, level=level)


@given(st.floats(0, 1), st.floats(0.5, 1e6), st.floats(0, 10))
def test_wilson_holds_its_share(p, k, c):
    low, high = wilson(p, k, c)
    assert 0 <= low <= p + 1e-12
    assert p - 1e-12 <= high <= 1


def test_wilson_is_a_point_when_nothing_is_uncertain():
    assert wilson(0.8, math.inf, Z) == (0.8, 0.8)


@pytest.mark.parametrize(
    ("p", "k", "c"),
    [
        (0.0, 7.0, Z),
        (0.0, 1e300, Z),  # c * c / k is so small that its square is 0
        (1e-18, 3065.2771950224446, 2.272593290897168),  # rounding would go below 0
    ],
)
def test_wilson_reaches_the_bottom_of_the_scale(p, k, c):
    assert wilson(p, k, c)[0] == 0.0


@pytest.mark.parametrize(
    ("p", "k", "c"),
    [
        (1.0, 7.0, Z),
        (1.0, 9617.765417448987, 1.785500242814394),  # rounding would stop short of 1
        (0.9999999999999999, 1676.5089374592, 2.359144153903664),  # or go above it
    ],
)
def test_wilson_reaches_the_top_of_the_scale(p, k, c):
    assert wilson(p, k, c)[1] == 1.0


@pytest.mark.parametrize(
    ("p", "k", "c", "quoted"),
    [
        (1.2, 9.0, 2.0, "1.2"),
        (math.nan, 9.0, 2.0, "nan"),
        (0.5, 0.0, 2.0, "0.0"),
        (0.5, math.nan, 2.0, "nan"),
        (0.5, 9.0, -2.0, "-2.0"),
        (0.5, 9.0, math.inf, "inf"),
    ],
)
def test_wilson_refuses_what_cannot_be(p, k, c, quoted):
    with pytest.raises(ValueError, match=quoted):
        wilson(p, k, c)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.5, 1e6)), min_size=1, max_size=9),
    st.floats(0, 10),
)
def test_many_wilson_limits_are_those_of_each(given, c):
    low, high = wilson_limits(*np.array(given).T, c)
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == [wilson(*g, c) for g in given]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(samples(), st.booleans()), max_size=8), st.floats(0.5, 0.999))
def test_many_shares_are_those_of_each(given, level):
    x, n = ([sample[place] for sample, _ in given] for place in (0, 1))
    populations = [sample[2] if known else None for sample, known in given]
    got = shares(x, n, populations, level=level)
    each = [
        share(*pair, population=population, level=level)
        for *pair, population in zip(x, n, populations, strict=True)
    ]
    assert got == each
    assert shares(x, n, level=level) == [share(*p, level=level) for p in zip(x, n, strict=True)]


def test_many_shares_have_none_where_nobody_answered():
    assert shares([0, 3, 0], [0, 5, 0], [9, 9, None]) == [None, share(3, 5, population=9), None]


@pytest.mark.parametrize(
    ("x", "n", "populations", "quoted"),
    [
        ([6], [5], None, "6"),
        ([1], [5], [4], "4"),
        ([1], [5], [5.5], "5.5"),
        ([1], [5], [9, 9], "populations 2"),
        ([1, 2], [5], None, "favourable 2"),
        ([-1], [5], None, "-1"),
    ],
)
def test_many_shares_refuse_counts_that_disagree(x, n, populations, quoted):
    with pytest.raises(ValueError, match=quoted):
        shares(x, n, populations)


@pytest.mark.parametrize(
    ("population", "n_question", "n_all", "expected"),
    [
        (400, 120, 120, 400),  # everybody has an opinion
        (400, 90, 120, 300),
        (5, 1, 2, 3),  # a half is rounded upwards
        (120, 7, 120, 7),  # everybody was asked
        (400, 0, 120, 0),
        (400, 0, 0, 400),  # nobody has said anything yet
        (None, 90, 120, None),
    ],
)
def test_question_concerns_those_with_an_opinion(population, n_question, n_all, expected):
    assert asked_population(population, n_question, n_all) == expected


@settings(deadline=None)
@given(samples())
def test_question_concerns_at_least_those_who_answered(sample):
    n_question, n_all, population = sample
    assert n_question <= asked_population(population, n_question, n_all) <= population


@pytest.mark.parametrize(
    ("population", "n_question", "n_all", "quoted"),
    [(400, 121, 120, "121"), (100, 90, 120, "100"), (400, -1, 120, "-1"), (4.0, 1, 2, "4.0")],
)
def test_question_refuses_counts_that_disagree(population, n_question, n_all, quoted):
    with pytest.raises(ValueError, match=quoted):
        asked_population(population, n_question, n_all)
