"""What the method page says in numbers: each is worked out by the code that the pages use."""

from dataclasses import dataclass
from functools import cache

from surveyapp import stats
from surveyapp.i18n import gettext as _
from surveyapp.i18n import number, percent, rounded
from surveyapp.limits import FLOOR
from surveyapp.stats import Interval
from surveyapp.stats import coverage as enumerated

MOST_ANSWERS = 100  # of the table: the command has larger sizes, which take longer to count
EXAMPLE = (32, 40, 80)  # positive answers, answers and follow-ups due


@dataclass(frozen=True)
class CoverageRow:
    """So many answers, and the coverage for each population; the last is not known."""

    n: int
    cells: tuple[enumerated.Coverage, ...]


@cache
def coverage_rows() -> tuple[CoverageRow, ...]:
    """How often the interval holds the true share, counted once in the life of the process."""
    return tuple(
        CoverageRow(n, tuple(enumerated.coverage(n, size) for size in enumerated.grid(n)))
        for n in enumerated.SIZES
        if FLOOR.any_figure <= n <= MOST_ANSWERS
    )


def coverage_words(found: enumerated.Coverage) -> str:
    """Least and mean coverage in per cent, and the mean width: `95,1 / 97,4 / 16,1`."""
    return " / ".join(number(100 * each, 1) for each in found)


def example_words() -> str:
    """What a number of answers says with and without the number due."""
    favourable, n, due = EXAMPLE
    known, unknown = (stats.share(favourable, n, population=size) for size in (due, None))
    assert known is not None and unknown is not None  # noqa: S101, PT018 - n is above 0
    return _(
        "An example: %(favourable)s positive answers of %(n)s are %(share)s. If %(due)s were "
        "due the line is %(known)s; if that is not known it is %(unknown)s.",
        favourable=favourable,
        n=n,
        share=percent(known.estimate),
        due=due,
        known=_interval(known),
        unknown=_interval(unknown),
    )


def _interval(found: Interval) -> str:
    return f"[{rounded(100 * found.low)}–{rounded(100 * found.high)}]"


def assumed_similarity() -> float:
    """How alike two answers about the same officer are taken to be: what a second one adds to
    the design effect."""
    return stats.assumed_design_effect(2, 2) - 1
