"""How often the interval of a share holds the true share, as the method page says."""

import time

import click

from surveyapp.bench.printing import print_table
from surveyapp.stats import coverage as enumerated

COLUMNS = ["N = 1.1 n", "N = 2 n", "N = 10 n", "N not known"]


@click.command()
@click.option("--quick", is_flag=True, help="The two smallest sizes: does it work?")
def coverage(quick: bool) -> None:
    """Count how often the 95 % interval of a share holds the true share.

    Every true share from 0.50 to 0.99 and every number of favourable answers, without chance:
    the figures are the same on every machine.
    """
    began = time.perf_counter()
    rows = {
        f"n = {n}": [_cell(n, population) for population in enumerated.grid(n)]
        for n in enumerated.SIZES[: 2 if quick else None]
    }
    print_table(
        "Coverage of the interval of a share: least / mean / mean width in percentage points",
        COLUMNS,
        rows,
        [
            "N is the number due, rounded to whole persons; n of them have answered",
            f"exact enumeration, {time.perf_counter() - began:.1f} s",
        ],
    )


def _cell(n: int, population: int | None) -> str:
    found = enumerated.coverage(n, population)
    return f"{found.least:.3f} / {found.mean:.3f} / {100 * found.width:.1f}"
