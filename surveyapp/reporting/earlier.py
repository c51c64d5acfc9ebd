"""A unit or the city against itself in an earlier year, also where the unit was others then."""

from collections.abc import Sequence
from dataclasses import replace

from surveyapp.models import Unit
from surveyapp.organising import Successions
from surveyapp.periods import Period
from surveyapp.reporting.comparisons import (
    ComparedLine,
    Comparison,
    Hindrance,
    as_told,
    between_years,
    counted,
    counted_of,
    hindered,
)
from surveyapp.reporting.figures import Figure, Status
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.products import Product
from surveyapp.reporting.succession import are_comparable, family, pooled

LEAST_COVERED = 0.95  # of the city, before its figure is compared with another year's


def earlier_years(period: Period, among: Sequence[Product]) -> list[Product]:
    """The same period of earlier years, the newest first."""
    return [
        product
        for product in among
        if product.period.year < period.year
        and str(replace(product.period, year=period.year)) == str(period)
    ]


def year_before(period: Period, among: Sequence[Product]) -> Product | None:
    """The same period of the year before; None if it is not released."""
    found = [
        each for each in earlier_years(period, among) if each.period.year == period.year - 1
    ]
    return found[0] if found else None


class Earlier:
    """Comparisons of a period with one of an earlier year; `before` is None if there is none.

    A unit that was not there for the whole of both is counted together with those it came
    from, on each side as far as they were there: all the months must be covered.
    """

    def __init__(
        self,
        now: Ground,
        before: Ground | None,
        asked: Sequence[Measure],
        successions: Successions,
    ) -> None:
        self._now = now
        self._before = before
        self._asked = asked
        self._successions = successions

    @property
    def period(self) -> Period:
        """The earlier period; that of the year before where it is not released."""
        if self._before is not None:
            return self._before.product.period
        period = self._now.product.period
        return replace(period, year=period.year - 1)

    def of_unit(self, unit: Unit, measure: Measure) -> ComparedLine:
        """A unit, or it and those it came from, in one question."""
        officers = self._now.named_officers(unit, measure)
        if self._before is None:
            return self._not_released(measure, unit, officers)
        own, other = (
            family(ground, unit, self._successions) for ground in (self._now, self._before)
        )
        line = ComparedLine(
            measure,
            unit,
            self._of_units(own, other, measure),
            self.period,
            officers_of(self._now, own, measure),
            officers_of(self._before, other, measure),
        )
        if own == other == [unit]:
            return line
        return replace(
            line,
            pooled=tuple(own) if own != [unit] else (),
            pooled_before=tuple(other) if other != [unit] else (),
        )

    def of_city(self, measure: Measure) -> ComparedLine:
        """The city in one question."""
        officers = officers_of(self._now, self._now.units, measure)
        if self._before is None:
            return self._not_released(measure, None, officers)
        return ComparedLine(
            measure,
            None,
            self._city(measure, self._before),
            self.period,
            officers,
            officers_of(self._before, self._before.units, measure),
        )

    def _not_released(
        self, measure: Measure, unit: Unit | None, officers: tuple[int, ...]
    ) -> ComparedLine:
        comparison = Comparison(Hindrance.NO_EARLIER, is_of_other=True)
        return ComparedLine(measure, unit, comparison, self.period, officers)

    def _of_units(
        self, own: Sequence[Unit], other: Sequence[Unit], measure: Measure
    ) -> Comparison:
        assert self._before is not None  # noqa: S101 - asked before
        sides = ((self._now, own, False), (self._before, other, True))
        if not all(_is_covered(ground, units) for ground, units, _is_of_other in sides):
            return Comparison(Hindrance.NOT_THERE)
        for ground, units, is_of_other in sides:
            why_not = self._hindered(ground, units, measure, is_of_other=is_of_other)
            if why_not is not None:
                return why_not
        now, before = (
            [counted_of(ground, unit, measure) for unit in units]
            for ground, units, _is_of_other in sides
        )
        return between_years(now, before)

    def _hindered(
        self, ground: Ground, units: Sequence[Unit], measure: Measure, *, is_of_other: bool
    ) -> Comparison | None:
        """What stands in the way on one side; of several units each is shown, or none is."""
        limits = ground.limits
        if len(units) == 1:
            counts = counted_of(ground, units[0], measure)
            found = hindered(counts, limits, is_of_other=is_of_other)
        elif not are_comparable(ground, units, measure):
            found = Comparison(Status.NOT_ASKED, is_of_other)
        else:
            found = _too_little(pooled(ground, units, measure), is_of_other=is_of_other)
        if found is None or found.status is not Status.NOT_ASKED:
            return found
        return self._or_changed(found, ground, measure, units)

    def _city(self, measure: Measure, before: Ground) -> Comparison:
        """The city, if both figures are of nearly all of it."""
        sides, shares = [], []
        for ground in (self._now, before):
            figure, is_of_other = ground.city(measure), ground is before
            if (found := _too_little(figure, is_of_other=is_of_other)) is not None:
                if found.status is Status.NOT_ASKED:
                    return self._or_changed(found, ground, measure, ground.units)
                return found
            if figure.covered is None or figure.covered < LEAST_COVERED:
                return Comparison(Hindrance.NOT_COVERED, is_of_other)
            assert figure.interval is not None  # noqa: S101 - it is shown
            sides.append(list(as_told(counted(ground, measure), figure).values()))
            shares.append(figure.interval.estimate)
        found = between_years(*sides)
        assert found.own is not None  # noqa: S101 - it is shown
        assert found.other is not None  # noqa: S101 - and the other side with it
        now, then = shares
        return replace(
            found,
            own=replace(found.own, share=now),
            other=replace(found.other, share=then),
        )

    def _or_changed(
        self, found: Comparison, ground: Ground, measure: Measure, units: Sequence[Unit]
    ) -> Comparison:
        """That the question changed, where one that it took the place of was asked."""
        held = set().union(*(ground.versions(unit) for unit in units))
        is_changed = any(
            held & other.versions.keys()
            for other in self._asked
            if other.chain == measure.chain and other.series != measure.series
        )
        is_told = found.is_of_other or len(units) > 1
        return (
            Comparison(Hindrance.CHANGED, found.is_of_other)
            if is_changed and is_told
            else found
        )


def officers_of(ground: Ground, units: Sequence[Unit], measure: Measure) -> tuple[int, ...]:
    """The numbers of named officers among units that a derived indicator is judged by."""
    numbers = (n for unit in units for n in ground.named_officers(unit, measure))
    return tuple(dict.fromkeys(numbers))


def _is_covered(ground: Ground, units: Sequence[Unit]) -> bool:
    """Whether one of the units existed in every month of the period."""
    return all(
        any(unit.existed_in(month) for unit in units) for month in ground.product.period.months
    )


def _too_little(figure: Figure, *, is_of_other: bool) -> Comparison | None:
    """That a figure of several units is not shown, or has few answers."""
    if not figure.is_shown:
        return Comparison(figure.status, is_of_other)
    return Comparison(Hindrance.TOO_FEW, is_of_other) if figure.is_few else None
