"""The mean score in one unit: another program, equations it must satisfy, edges."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from surveyapp.stats import mean, wilson
from tests.stats.golden import cases, name

SCORES = [0, 25, 50, 75, 100]
Z = 1.959963984540054

answers = st.lists(st.integers(0, 200), min_size=5, max_size=5)
unseen = st.one_of(st.none(), st.integers(0, 500))


def due(counts, others):
    return None if others is None else sum(counts) + others


@pytest.mark.parametrize("case", cases("mean_unit"), ids=name)
def test_mean_meets_reference(case):
    given, expected = case["inputs"], case["expected"]
    got = mean(given["counts"], given["scores"], population=given["N"], level=given["level"])
    assert got == pytest.approx(
        (expected["mean"], expected["lo"], expected["hi"]), abs=case["tolerance"]
    )


@pytest.mark.parametrize(
    "case", [c for c in cases("edge") if c["inputs"]["estimator"] == "mean"], ids=name
)
def test_mean_meets_reference_at_the_edges(case):
    given = case["inputs"]
    assert mean(given["counts"], given["scores"], population=given["N"]) is None
    assert case["expected"]["result"] is None


@settings(deadline=None, max_examples=80)
@given(answers, unseen)
def test_mean_is_as_certain_as_its_definition_says(counts, others):
    values = np.repeat(np.array(SCORES) / 100, counts)
    n, population = len(values), due(counts, others)
    got = mean(counts, SCORES, population=population)
    if n < 2 or population == n or values.min() == values.max():
        return
    u, unanswered = values.mean(), 1 if population is None else 1 - n / population
    k = u * (1 - u) / (unanswered * values.var(ddof=1) / n)
    low, high = wilson(u, k, special.stdtrit(n - 1, 0.975))
    if population is not None:
        low = max(low, n * u / population)
        high = min(high, (n * u + population - n) / population)
    assert got == pytest.approx((100 * u, 100 * low, 100 * high), abs=1e-9)


@settings(deadline=None, max_examples=80)
@given(answers, unseen)
def test_mean_of_the_scale_turned_round_is_the_mirror_image(counts, others):
    population = due(counts, others)
    got = mean(counts, SCORES, population=population)
    turned = mean(counts[::-1], SCORES, population=population)
    if sum(counts) == 0:
        assert got is turned is None
    else:
        assert got == pytest.approx(
            (100 - turned.estimate, 100 - turned.high, 100 - turned.low), abs=1e-9
        )
        assert -1e-9 <= got.low <= got.estimate + 1e-9 <= got.high + 2e-9 <= 100 + 3e-9


@settings(deadline=None, max_examples=60)
@given(answers, unseen, st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_higher_level_holds_the_lower(counts, others, one, other):
    population = due(counts, others)
    narrow, wide = (
        mean(counts, SCORES, population=population, level=level)
        for level in sorted((one, other))
    )
    if narrow is not None:
        assert wide.low <= narrow.low + 1e-9
        assert narrow.high <= wide.high + 1e-9


@settings(deadline=None, max_examples=40)
@given(answers.filter(any))
def test_mean_in_a_very_large_population_is_as_in_an_unknown_one(counts):
    assert mean(counts, SCORES, population=10**13) == pytest.approx(
        mean(counts, SCORES), abs=1e-6
    )


@pytest.mark.parametrize("counts", [[0, 1, 2, 4, 15], [0, 0, 1, 0, 0], [0, 0, 0, 0, 7]])
def test_mean_of_everybody_is_a_point(counts):
    got = mean(counts, SCORES, population=sum(counts))
    assert got.low == got.estimate == got.high


@pytest.mark.parametrize("score", [0, 33.3, 50, 100])
@pytest.mark.parametrize("n", [1, 2, 18])
def test_answers_alike_are_worth_as_much_as_a_yes_or_no(score, n):
    got = mean([n, 0], [score, 12.5])
    assert (got.low, got.high) == pytest.approx(
        [100 * limit for limit in wilson(score / 100, n, Z)]
    )
    in_40 = mean([n, 0], [score, 12.5], population=40)
    low, high = wilson(score / 100, n * 39 / (40 - n), Z)
    given = n * score / 100
    assert (in_40.low, in_40.high) == pytest.approx(
        (100 * max(low, given / 40), 100 * min(high, (given + 40 - n) / 40))
    )


def test_limits_do_not_contradict_the_answers():
    # Nobody can have more than 100, so with 20.75 of 21 given it is at most 21.75 of 22.
    assert mean([0, 0, 0, 1, 20], SCORES, population=22).high == pytest.approx(100 * 21.75 / 22)
    assert mean([20, 1, 0, 0, 0], SCORES, population=22).low == pytest.approx(100 * 0.25 / 22)


@pytest.mark.parametrize("p", [(0.02, 0.03, 0.1, 0.25, 0.6), (0.2, 0.2, 0.2, 0.2, 0.2)])
def test_mean_covers_as_often_as_said(p):
    """Every sample of 9 out of very many, with its probability."""
    true = float(np.dot(p, SCORES))
    covered = total = 0.0
    for counts in product(range(10), repeat=5):
        if sum(counts) != 9:
            continue
        ways = math.factorial(9) / math.prod(map(math.factorial, counts))
        chance = ways * math.prod(q**n for q, n in zip(p, counts, strict=True))
        got = mean(counts, SCORES)
        total += chance
        covered += chance * (got.low <= true <= got.high)
    assert total == pytest.approx(1)
    assert covered >= 0.95


@pytest.mark.parametrize(
    ("counts", "scores", "population", "quoted"),
    [
        ([1, 2], [0, 100], 2, "n 3 is larger than population 2"),
        ([0, 0], [0, 100], -1, "-1"),
        ([1, 2], [0, 50, 100], None, "counts 2"),
        ([1, 2], [0, 101], None, "101"),
        ([1, 2], [-1, 100], None, "-1"),
        ([1, 2], [0, math.nan], None, "nan"),
        ([1, -2], [0, 100], None, "-2"),
        ([1, 2.0], [0, 100], None, "2.0"),
    ],
)
def test_mean_refuses_what_cannot_be(counts, scores, population, quoted):
    with pytest.raises(ValueError, match=quoted):
        mean(counts, scores, population=population)
