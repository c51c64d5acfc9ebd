"""Comparisons: one share against another, and what may be said of the difference.

Answers stand for what the units are like as workplaces, so nothing here uses how many of those
due have answered (no finite population correction), and answers about the same case officer
are taken to resemble each other: every unit has its assumed design effect.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from surveyapp import stats
from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.periods import Period
from surveyapp.reporting.figures import HIDDEN, Answers, Basis, Figure, Status, weighing
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure

TOGETHER = 0  # stands for all hidden units; units have numbers from 1


class Hindrance(enum.StrEnum):
    """Why figures are not compared though there may be figures."""

    TOO_FEW = "too_few"  # answers, for comparing
    NO_EARLIER = "no_earlier"  # the period of that year is not released
    NOT_THERE = "not_there"  # the unit did not exist during the whole of both periods
    CHANGED = "changed"  # the question, so much that its figures cannot be compared
    NOT_COVERED = "not_covered"  # too much of the city is not in its figure, or not known
    NO_OTHER = "no_other"  # there is nobody to compare with
    NOT_INDICATOR = "not_indicator"  # only indicators are compared
    WAY_CHANGED = "way_changed"  # the unit's way of working, during the period
    WAY_UNKNOWN = "way_unknown"  # nobody has said how the unit works


class NoMark(enum.StrEnum):
    """Why a comparison cannot be marked, whatever it shows."""

    NOT_TESTED = "not_tested"  # only comparisons with the rest of the city are
    LOW_COVERAGE = "low_coverage"
    UNKNOWN_COVERAGE = "unknown_coverage"


class Points(NamedTuple):
    """A difference and its limits in whole percentage points: with more digits a hidden unit
    could be found by trying."""

    estimate: int
    low: int
    high: int


@dataclass(frozen=True)
class Side:
    """One side of a shown comparison: its share in whole per cent, as a part of 1, and the
    lowest and the highest design effect of its shown units; None if it has none.

    A design effect tells how many have answered, so those of hidden units are left out.
    """

    share: float
    n: int
    design_effects: tuple[float, float] | None


@dataclass(frozen=True)
class Comparison:
    """A difference between two shares, or the reason why there is none.

    `is_of_other` says that the reason lies on the other side. `is_certain` is about the
    unrounded interval alone; `is_marked` holds with all the others in mind, and `no_mark` says
    why that was not asked.
    """

    status: Status | Hindrance
    is_of_other: bool = False
    points: Points | None = None
    own: Side | None = None
    other: Side | None = None
    is_certain: bool = False
    is_marked: bool = False
    no_mark: NoMark | None = None

    def __post_init__(self) -> None:
        for each in (self.points, self.own, self.other):
            if self.is_shown != (each is not None):
                raise ValueError("a shown comparison has numbers, and no other has")
        if not self.is_shown and (self.is_certain or self.is_marked or self.no_mark):
            raise ValueError(f"a comparison that is {self.status} says nothing")
        if self.is_marked and self.no_mark:
            raise ValueError("a comparison that cannot be marked is not")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN


@dataclass(frozen=True)
class ComparedLine:
    """One comparison. Without a unit it is the city's, `before` is the year it is set against.

    `officers` and `other_officers` are the numbers that a derived indicator is judged by on
    each side. `group` are the units on the other side, if they are some of the city only, and
    `left_out` those of their kind with too few answers. `pooled` and `pooled_before` are the
    units that are counted together where a unit is set against a year in which it was others.
    """

    measure: Measure
    unit: Unit | None
    comparison: Comparison
    before: Period | None = None
    officers: tuple[int, ...] = ()
    other_officers: tuple[int, ...] = ()
    basis: Basis | None = None
    group: tuple[Unit, ...] = ()
    left_out: tuple[Unit, ...] = ()
    pooled: tuple[Unit, ...] = ()
    pooled_before: tuple[Unit, ...] = ()


class Counted(NamedTuple):
    """One unit's answers in a period, for comparing: never shown as they are."""

    answers: Answers
    due: int | None
    clients: int | None
    status: Status

    @property
    def design_effect(self) -> float:
        return self.answers.design_effect(self.due)


def counted(ground: Ground, measure: Measure) -> dict[int, Counted]:
    """What every unit answered to a question, and whether its share is shown, by unit id."""
    return {unit.id: counted_of(ground, unit, measure) for unit in ground.units}


def counted_of(ground: Ground, unit: Unit, measure: Measure) -> Counted:
    """The same of one unit."""
    return Counted(
        ground.answers(unit, measure),
        ground.due[unit.id],
        ground.weights[unit.id],
        ground.status(unit, measure),
    )


def as_told(units: Mapping[int, Counted], city: Figure) -> dict[int, Counted]:
    """The units of a shown city, as far as its page tells what they answered.

    Hidden units are put together, with the favourable answers that the city's share in whole
    per cent leaves them. Many comparisons together would otherwise tell the city's decimals,
    and with them what was answered in a single hidden unit.
    """
    hidden = [unit for unit in units.values() if unit.status in HIDDEN]
    if not hidden or city.interval is None:
        return dict(units)
    each = list(units.values())
    of_all = of_shown = weight = 0.0
    for unit, size, n, favourable in zip(each, *columns(each)[1], strict=True):
        if n:
            of_all += size * city.interval.estimate
            if unit.status in HIDDEN:
                weight += size
            else:
                of_shown += size * favourable / n
    share = min(max((of_all - of_shown) / weight, 0), 1)
    n = sum(unit.answers.n for unit in hidden)
    n_all = sum(unit.answers.n_all for unit in hidden)
    sizes = [unit.due for unit in hidden if unit.answers.of_due(unit.due) is not None]
    clients = [unit.clients for unit in hidden if unit.clients]
    together = Counted(
        Answers(n, floor(share * n + 0.5), n_all, was_asked=True),
        sum(filter(None, sizes)) if len(sizes) == len(hidden) else None,
        sum(clients) if len(clients) == len(hidden) else None,
        Status.WITHHELD,
    )
    shown = {id: unit for id, unit in units.items() if unit.status not in HIDDEN}
    return shown | {TOGETHER: together}


def hindered(unit: Counted, limits: Limits, *, is_of_other: bool = False) -> Comparison | None:
    """What stands in the way on one side: the share is not shown, or has few answers."""
    if unit.status is not Status.SHOWN:
        return Comparison(unit.status, is_of_other)
    if unit.answers.n < limits.distribution:
        return Comparison(Hindrance.TOO_FEW, is_of_other)
    return None


def between_years(now: Sequence[Counted], before: Sequence[Counted]) -> Comparison:
    """The same unit or units in two years, which are taken as independent.

    A unit by itself is one share; a unit with those it came from, and the city, are strata.
    Whether there is enough to compare is asked first.
    """
    if len(now) == len(before) == 1:
        one, other = now[0], before[0]
        difference = stats.share_difference(
            one.answers.favourable,
            one.answers.n,
            other.answers.favourable,
            other.answers.n,
            deff1=one.design_effect,
            deff2=other.design_effect,
        )
    else:
        difference = stats.weighted_difference(
            *columns(now)[1],
            *columns(before)[1],
            deffs1=[unit.design_effect for unit in now],
            deffs2=[unit.design_effect for unit in before],
        )
    return shown(difference, side(now), side(before), NoMark.NOT_TESTED)


def against_group(unit: Counted, group: Sequence[Counted], limits: Limits) -> Comparison:
    """A unit against other units put together, each of them shown and with enough answers."""
    why_not = hindered(unit, limits)
    if why_not is not None:
        return why_not
    if not group:
        return Comparison(Hindrance.NO_OTHER)
    difference = stats.unit_against_group(
        unit.answers.favourable,
        unit.answers.n,
        *columns(group)[1],
        deff=unit.design_effect,
        group_deffs=[each.design_effect for each in group],
    )
    return shown(difference, side([unit]), side(group), NoMark.NOT_TESTED)


def columns(units: Sequence[Counted]) -> tuple[Basis, tuple[list[int], list[int], list[int]]]:
    """How units weigh, and their weights, answers and favourable answers."""
    basis, sizes = weighing(
        [unit.answers for unit in units],
        [unit.due for unit in units],
        [unit.clients for unit in units],
    )
    n = [unit.answers.n for unit in units]
    # Weights are only parts of each other, but may not be smaller than the answers.
    times = max(
        (-(-count // size) for count, size in zip(n, sizes, strict=True) if size), default=1
    )
    weights = [size * max(times, 1) for size in sizes]
    return basis, (weights, n, [unit.answers.favourable for unit in units])


def shown(
    difference: stats.Difference | None,
    own: Side,
    other: Side,
    no_mark: NoMark | None,
    *,
    is_marked: bool = False,
) -> Comparison:
    """A comparison with its numbers, whole from here on."""
    assert difference is not None  # noqa: S101 - both sides have answers
    return Comparison(
        Status.SHOWN,
        points=Points(
            whole_points(difference.estimate),
            whole_points(difference.low),
            whole_points(difference.high),
        ),
        own=own,
        other=other,
        is_certain=difference.low > 0 or difference.high < 0,
        is_marked=is_marked and no_mark is None,
        no_mark=no_mark,
    )


def side(units: Sequence[Counted]) -> Side:
    """Units put together as they weigh, as one side of a comparison."""
    _basis, (weights, n, favourable) = columns(units)
    effects = [unit.design_effect for unit in units if unit.status is Status.SHOWN]
    estimate = stats.weighted_share(weights, n, favourable)
    assert estimate is not None  # noqa: S101 - there are answers
    return Side(
        share=whole_points(estimate.estimate) / 100,
        n=sum(n),
        design_effects=(min(effects), max(effects)) if effects else None,
    )


def whole_points(difference: float) -> int:
    """Percentage points, rounded half away from zero.

    >>> whole_points(0.0645), whole_points(-0.085), whole_points(0.004)
    (6, -9, 0)
    """
    size = floor(abs(difference) * 100 + 0.5 + 1e-9)
    return size if difference >= 0 else -size
