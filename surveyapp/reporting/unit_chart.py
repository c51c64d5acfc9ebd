"""The unit chart (funnel): how far from the city a unit's share may lie by chance alone.

Every limit is reckoned exactly for one unit's own number of answers; there is no curve between
them. The target is the city's share. Where a unit is hidden it is the share as printed: many
limits together would otherwise tell the city's decimals, and with them the hidden unit.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp import stats
from surveyapp.models import Unit
from surveyapp.reporting.city import UnitRow
from surveyapp.reporting.figures import (
    HIDDEN,
    Basis,
    Figure,
    weighing,
    whole_per_cent,
)
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure
from surveyapp.stats import FunnelUnit

FALSE_ALARM = 0.05  # how often a unit like all others is outside the 95 per cent limits


class Place(enum.StrEnum):
    """Where a unit lies among the limits."""

    INSIDE = "inside"
    BELOW_95 = "below_95"
    ABOVE_95 = "above_95"
    BELOW_998 = "below_998"
    ABOVE_998 = "above_998"


@dataclass(frozen=True)
class ChartedUnit:
    """A unit in the chart, its limits in whole per cent from the lowest to the highest:
    99.8, 95, 95 and 99.8. `place` rests on exact numbers."""

    unit: Unit
    n: int
    share: float
    limits: tuple[float, float, float, float]
    place: Place


@dataclass(frozen=True)
class UnitChart:
    """Units with enough answers to be compared, by name.

    `spread` is the overdispersion factor phi; where it is above 1 the limits are wider than
    chance alone would have them. `target_is_rounded` says that a hidden unit is kept safe.
    """

    target: float
    target_is_rounded: bool
    spread: float
    is_widened: bool
    units: tuple[ChartedUnit, ...]

    @property
    def false_alarms(self) -> float:
        """Units expected outside the 95 per cent limits though none differs."""
        return FALSE_ALARM * len(self.units)


def unit_chart(
    ground: Ground, measure: Measure, city: Figure, rows: Sequence[UnitRow]
) -> UnitChart | None:
    """The chart of one question; None if fewer than two units can be compared."""
    compared = [row for row in rows if row.figure.is_shown and not row.figure.is_few]
    if city.interval is None or len(compared) < 2:
        return None
    is_rounded = any(row.figure.status in HIDDEN for row in rows)
    target = city.interval.estimate if is_rounded else _city_share(ground, measure)
    answers = [ground.answers(row.unit, measure) for row in compared]
    if not 0 < target < 1:
        return None
    found = stats.funnel(
        target, [each.n for each in answers], [each.favourable for each in answers]
    )
    assert found.phi is not None  # noqa: S101 - shown units have answers
    return UnitChart(
        target=city.interval.estimate,
        target_is_rounded=is_rounded,
        spread=round(found.phi, 1),
        is_widened=found.phi > 1,
        units=tuple(
            _charted(row.unit, row.figure, judged)
            for row, judged in zip(compared, found.adjusted, strict=True)
        ),
    )


def _charted(unit: Unit, figure: Figure, judged: FunnelUnit | None) -> ChartedUnit:
    """A unit as it is drawn. Where units vary so much that its answers count as none, chance
    explains any share."""
    assert figure.n is not None  # noqa: S101 - only shown units are compared
    assert figure.interval is not None  # noqa: S101
    limits, place = (0.0, 0.0, 1.0, 1.0), Place.INSIDE
    if judged is not None:
        low_998, low, high, high_998 = map(
            whole_per_cent,
            (judged.lower_998, judged.lower, judged.upper, judged.upper_998),
        )
        limits, place = (low_998, low, high, high_998), _place(judged)
    return ChartedUnit(unit, figure.n, figure.interval.estimate, limits, place)


def _place(judged: FunnelUnit) -> Place:
    share = judged.favourable / judged.n
    if share < judged.lower_998:
        return Place.BELOW_998
    if share > judged.upper_998:
        return Place.ABOVE_998
    if share < judged.lower:
        return Place.BELOW_95
    return Place.ABOVE_95 if share > judged.upper else Place.INSIDE


def _city_share(ground: Ground, measure: Measure) -> float:
    """The city's share unrounded: for reckoning, never to be shown."""
    answers = [ground.answers(unit, measure) for unit in ground.units]
    basis, sizes = weighing(
        answers,
        [ground.due[unit.id] for unit in ground.units],
        [ground.weights[unit.id] for unit in ground.units],
    )
    n, favourable = [each.n for each in answers], [each.favourable for each in answers]
    if basis is Basis.UNKNOWN:
        return sum(favourable) / sum(n)
    weighted = stats.city_share if basis is Basis.DUE else stats.weighted_share
    estimate = weighted(sizes, n, favourable)
    assert estimate is not None  # noqa: S101 - a shown unit has answers
    return estimate.estimate
