"""Comparisons of released periods, for tests of them."""

from surveyapp import stats
from surveyapp.i18n import rounded
from surveyapp.periods import Period
from surveyapp.reporting import Against, Comparing
from tests.released import due

T1 = Period.parse("2026-T1")


def comparing(session, text="2026-T1"):
    return Comparing.read(session, Period.parse(text))


def line_of(session, unit, question="hel_nojd", against=Against.REST, text="2026-T1", **more):
    """The only line of a unit in one question."""
    found = comparing(session, text).compared(against, unit=unit, question=question, **more)
    (line,) = [line for line in found.lines if line.unit is not None]
    return line


def whole(difference):
    """Whole percentage points."""
    return tuple(rounded(100 * each) for each in difference[:3])


def deff(n, population):
    return stats.assumed_design_effect(n, population)


def spread_due(session, unit, n, months=T1.months):
    """Follow-ups due that add up to a number that the months do not divide."""
    due(session, unit, months[1:], n // len(months))
    due(session, unit, months[:1], n - (len(months) - 1) * (n // len(months)))
