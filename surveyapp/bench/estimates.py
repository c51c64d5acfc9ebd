"""How long the statistics of a release take, whatever is read and shown."""

import math
import time
from collections.abc import Callable
from statistics import NormalDist, median

import click
import numpy as np

from surveyapp import stats
from surveyapp.bench.printing import machine, print_table, spread

N_SHARES = 15_660  # 145 units by 108 figures
N_UNITS, N_QUESTIONS = 400, 7
LARGEST = 30_000  # answers of one unit to one question

Z = NormalDist().inv_cdf(0.975)
City = tuple[list[int], list[int], list[int]]


@click.command()
@click.option("--runs", default=7, show_default=True, type=click.IntRange(1, 50))
@click.option("--quick", is_flag=True, help="A tenth of the work and two runs: does it work?")
def statistics(runs: int, quick: bool) -> None:
    """Compute intervals and comparisons, as many as a large release needs.

    The shares are made up and new in every run, so that none is remembered from before.
    """
    runs, part = (2, 10) if quick else (runs, 1)
    n_shares, n_units = N_SHARES // part, N_UNITS // part
    random = np.random.default_rng(1)
    timed: dict[str, list[float]] = {}

    def measure(what: str, work: Callable[..., object], *arguments: object) -> None:
        began = time.process_time()
        work(*arguments)
        timed.setdefault(what, []).append(1000 * (time.process_time() - began))

    # Named where they are printed: the yardstick is the same formula without arrays.
    loop = f"{n_shares:,} Wilson, plain Python loop"
    wilson = f"{n_shares:,} Wilson"
    exact = f"{n_shares:,} exact"
    unknown = f"{n_shares:,} exact, number due unknown"
    rest = f"{n_units * N_QUESTIONS:,} units against the rest"
    for run in range(runs + 1):
        if run == 1:
            timed.clear()  # in the first one SciPy is imported
        due, n, favourable = _city(random, n_shares, 3_000)
        many, hits = np.array(n), np.array(favourable)
        cities = [_city(random, n_units, LARGEST) for _ in range(N_QUESTIONS)]
        measure(loop, _plain, favourable, n)
        measure(wilson, stats.wilson_limits, hits / many, many, Z)
        measure(exact, stats.shares, favourable, n, due)
        measure(unknown, stats.shares, favourable, n)
        measure(rest, _against_rest, cities)
    yardstick = median(timed[loop])
    print_table(
        f"Statistics of a release, {runs} times each: median (range)",
        ["CPU ms", "times the loop"],
        {
            what: [spread(each, digits=2), f"{median(each) / yardstick:.2f}"]
            for what, each in timed.items()
        },
        [
            machine("no database"),
            f"the units of the comparisons have up to {LARGEST:,} answers each",
        ],
    )


def _city(random: np.random.Generator, n_units: int, largest: int) -> City:
    """Persons due, answers and favourable ones of made-up units."""
    due = np.exp(random.uniform(math.log(20), math.log(largest), n_units)).astype(int)
    n = np.maximum(random.binomial(due, random.uniform(0.2, 0.9, n_units)), 1)
    favourable = random.binomial(n, random.uniform(0.7, 0.97, n_units))
    return due.tolist(), n.tolist(), favourable.tolist()


def _against_rest(cities: list[City]) -> list[list[stats.Difference | None]]:
    return [stats.units_against_rest(*city) for city in cities]


def _plain(favourable: list[int], n: list[int]) -> list[tuple[float, float]]:
    """Wilson's limits one by one."""
    limits = []
    for x, k in zip(favourable, n, strict=True):
        p, pull = x / k, Z * Z / k
        centre = (p + pull / 2) / (1 + pull)
        half = math.sqrt(pull * p * (1 - p) + pull * pull / 4) / (1 + pull)
        limits.append((max(0.0, centre - half), min(1.0, centre + half)))
    return limits
