"""A question over time: what may be joined, where it breaks, and which units were merged.

Lines are drawn from what was decided about comparing versions and from who became whom, never
from matching names. The page of a unit and the page of trends both show what is made here.
"""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import CityYear, Unit
from surveyapp.organising import Merger
from surveyapp.periods import Period
from surveyapp.reporting.comparisons import ComparedLine
from surveyapp.reporting.earlier import Earlier, year_before
from surveyapp.reporting.figures import Figure
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.products import Product
from surveyapp.reporting.records import Records

Chain = Sequence[Measure]  # what one question was in its versions, the first one first


class Role(enum.StrEnum):
    """What a line is to the unit that is looked at."""

    OWN = "own"
    BEFORE = "before"  # a unit that it came from
    AFTER = "after"  # a unit that it went into
    POOLED = "pooled"  # it and those that it came from, counted together


class ChangeKind(enum.StrEnum):
    """What happened to the question between two periods."""

    BREAK = "break"  # another question in its place: no line across
    NEW = "new"  # asked for the first time
    ENDED = "ended"  # no longer asked
    NOTED = "noted"  # the line goes on, with something to know


@dataclass(frozen=True)
class Point:
    """A figure of a period. `months` are those of the period that it is about."""

    period: Period
    figure: Figure
    officers: tuple[int, ...]
    months: tuple[date, ...]


@dataclass(frozen=True)
class Segment:
    """Points that may be compared with each other, the first one first."""

    measure: Measure
    points: tuple[Point, ...]

    def joins(self, index: int) -> bool:
        """Whether a point may be joined to the one before: both shown, with nothing between."""
        if index == 0:
            return False
        one, two = self.points[index - 1], self.points[index]
        follows = one.period.ends_on + timedelta(days=1) == two.period.starts_on
        return follows and one.figure.is_shown and two.figure.is_shown


@dataclass(frozen=True)
class Line:
    """One unit over time, or the city. Between segments nothing may be compared."""

    role: Role
    unit: Unit | None
    segments: tuple[Segment, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for segment in self.segments for point in segment.points)


@dataclass(frozen=True)
class Change:
    """What happened to the question from a period on. `opened_on` is the day from which it was
    asked so, of a question that was not asked before."""

    kind: ChangeKind
    period: Period
    version: int
    note: str
    opened_on: date | None = None


@dataclass(frozen=True)
class History:
    """One question over time, in one kind of period: parts of years, or years.

    `periods` are the released ones in which any of the units was there.
    """

    measure: Measure  # the question as it is asked now
    periods: tuple[Period, ...]
    own: Line
    others: tuple[Line, ...]
    mergers: tuple[Merger, ...]
    changes: tuple[Change, ...]
    divided: tuple[Unit, ...]  # units before it that are not its alone: nothing is pooled

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self.own.segments

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.own, *self.others)


class Turnover(NamedTuple):
    """Case officers who left in a year, as shares of those employed."""

    year: int
    all_reasons: float
    left_city: float


def turnover(session: Session) -> list[Turnover]:
    """The city's turnover of case officers, the first year first."""
    return [
        Turnover(
            row.year, float(row.turnover_pct) / 100, float(row.turnover_left_city_pct) / 100
        )
        for row in session.scalars(select(CityYear).order_by(CityYear.year))
    ]


def chains(measures: Iterable[Measure]) -> list[Chain]:
    """Each question that has a share, with those that took its place, indicators first."""
    found: dict[int, list[Measure]] = {}
    for measure in measures:
        if measure.has_share:
            found.setdefault(measure.chain, []).append(measure)
    each = [sorted(chain, key=lambda measure: measure.numbers) for chain in found.values()]
    return sorted(each, key=lambda chain: chain[-1].indicator is None)


def histories(records: Records, asked: Iterable[Chain], *, in_years: bool) -> list[History]:
    """These questions over time, for the unit of the records or the city.

    A question that the unit has no period for is left out.
    """
    followed = [
        product
        for product in reversed(records.products)
        if product.period.is_year == in_years and not product.period.to_date
    ]
    found = (_History(records, chain, followed).made() for chain in asked)
    return [history for history in found if history.own.segments]


def since_year_before(records: Records, history: History) -> ComparedLine | None:
    """The newest period against the same period of the year before, as one comparison.

    None where the question is no indicator or the year before is not released.
    """
    if history.measure.indicator is None:
        return None
    newest = history.own.segments[-1].points[-1].period
    now = next(product for product in records.products if product.period == newest)
    before = year_before(newest, records.products)
    if before is None:
        return None
    asked = [measure for measure in records.measures if measure.indicator]
    earlier = Earlier(records.at(now), records.at(before), asked, records.successions)
    if records.unit is None:
        return earlier.of_city(history.measure)
    return earlier.of_unit(records.unit, history.measure)


class _History:
    """Makes the history of one question."""

    def __init__(self, records: Records, chain: Chain, followed: Sequence[Product]) -> None:
        self.records = records
        self.chain = chain
        self.followed = [
            product
            for product in followed
            if any(records.was_there(product, unit) for unit in records.units)
        ]

    def made(self) -> History:
        unit = self.records.unit
        own = self._city_line() if unit is None else self._line(Role.OWN, unit)
        others = [] if unit is None else [*self._others(unit)]
        periods = tuple(product.period for product in self.followed)
        drawn = [line.unit for line in others if line.unit is not None]
        return History(
            measure=own.segments[-1].measure if own.segments else self.chain[-1],
            periods=periods,
            own=own,
            others=tuple(others),
            mergers=tuple(self._mergers(drawn, periods)),
            changes=tuple(self._changes()),
            divided=tuple(self.records.successions.divided(unit.id)) if unit else (),
        )

    def _others(self, unit: Unit) -> Iterable[Line]:
        """The lines beside the unit's own, where they have any point."""
        records = self.records
        after = records.successions.after(unit.id)
        lines = [
            *(self._line(Role.BEFORE, each) for each in records.predecessors(unit)),
            *(self._line(Role.AFTER, each) for each in after),
            self._pooled_line(unit),
        ]
        return [line for line in lines if line.points]

    def _city_line(self) -> Line:
        return Line(
            Role.OWN,
            None,
            self._segments(self.followed, None, self.records.versions, self.records.city),
        )

    def _line(self, role: Role, unit: Unit) -> Line:
        records = self.records
        return Line(
            role,
            unit,
            self._segments(
                [product for product in self.followed if records.was_there(product, unit)],
                unit,
                lambda product: records.versions(product, unit),
                lambda product, measure: records.figure(product, unit, measure),
            ),
        )

    def _pooled_line(self, unit: Unit) -> Line:
        records = self.records
        segments = []
        for measure in self.chain:
            points = []
            for product in self.followed:
                if not records.versions(product) & measure.versions.keys():
                    continue
                figure = records.pooled(product, unit, measure)
                if figure is not None:
                    points.append(Point(product.period, figure, (), product.period.months))
            if points:
                segments.append(Segment(measure, tuple(points)))
        return Line(Role.POOLED, unit, tuple(segments))

    def _segments(
        self,
        products: Sequence[Product],
        unit: Unit | None,
        versions: Callable[[Product], set[int]],
        figure: Callable[[Product, Measure], Figure],
    ) -> tuple[Segment, ...]:
        """The periods of each measure, in order.

        A period in which it was not asked, or nobody answered, stays with the one before it.
        """
        points: dict[int, list[Point]] = {measure.series: [] for measure in self.chain}
        current = self.chain[0]
        for product in products:
            held = [m for m in self.chain if versions(product) & m.versions.keys()]
            for measure in held or [current]:
                point = Point(
                    product.period,
                    figure(product, measure),
                    self.records.officers_of(product, unit, measure),
                    self.records.months(product, unit),
                )
                points[measure.series].append(point)
                current = measure
        return tuple(
            Segment(measure, tuple(points[measure.series]))
            for measure in self.chain
            if points[measure.series]
        )

    def _mergers(self, drawn: Sequence[Unit], periods: Sequence[Period]) -> list[Merger]:
        """What happened between the drawn units within the time that is drawn."""
        if self.records.unit is None or not periods:
            return []
        first, last = periods[0].starts_on, periods[-1].ends_on
        found = self.records.successions.mergers([self.records.unit, *drawn])
        return [each for each in found if first < each.takes_effect_on <= last]

    def _changes(self) -> Iterable[Change]:
        """What happened to the question, each thing once: forms begun on an old version come
        in long after the new one opened."""
        reached = -1  # how far along the chain
        newest = 0  # version of that question
        has_forms = has_ended = False
        for product in self.followed:
            versions = self.records.versions(product)
            held = [i for i, m in enumerate(self.chain) if versions & m.versions.keys()]
            for place in held:
                measure = self.chain[place]
                numbers = [measure.number(id) for id in versions & measure.versions.keys()]
                if place > reached:
                    newest = min(numbers)
                    yield from self._begun(reached, place, product.period, has_forms)
                    reached = place
                if place == reached:
                    for number, note in measure.noted(newest, max(numbers)):
                        yield Change(ChangeKind.NOTED, product.period, number, note)
                    newest = max(newest, *numbers)
            if versions and not held and reached >= 0 and not has_ended:
                number = self.chain[reached].numbers[-1]
                yield Change(ChangeKind.ENDED, product.period, number, "")
                has_ended = True
            has_forms = has_forms or bool(versions)

    def _begun(
        self, reached: int, place: int, period: Period, has_forms: bool
    ) -> Iterable[Change]:
        """A question that was not there before: in the place of another, or new."""
        number, opened = self.chain[place].numbers[0], self.chain[place].opened_on
        if reached >= 0:
            passed = self.chain[reached + 1 : place + 1]
            note = " ".join(measure.break_note for measure in passed if measure.break_note)
            yield Change(ChangeKind.BREAK, period, number, note, opened)
        elif has_forms:
            yield Change(ChangeKind.NEW, period, number, "", opened)
