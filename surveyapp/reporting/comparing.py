"""Comparisons of a period as a page asks for them: whose, of what, and with whom."""

import enum
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy.orm import Session

from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.periods import Period
from surveyapp.reporting.comparisons import (
    Comparison,
    Counted,
    Hindrance,
    against_group,
    against_itself,
    city_against_itself,
    columns,
    counted,
    hindered,
)
from surveyapp.reporting.figures import Answers, Basis, Status
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure, measures
from surveyapp.reporting.products import Product, find_product, products
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.rest import AgainstRest
from surveyapp.reporting.ways import Way, Ways

NOBODY = Counted(Answers(), None, None, Status.NOT_ASKED)  # a unit that is not in the period


class Against(enum.StrEnum):
    """What something is compared with."""

    REST = "rest"
    YEAR_BEFORE = "year_before"
    SAME_WAY = "same_way"
    WAY = "way"


@dataclass(frozen=True)
class ComparedLine:
    """One comparison. Without a unit it is the city's, `before` is the year it is set against.

    `officers` and `other_officers` are the numbers that a derived indicator is judged by on
    each side. `group` are the units on the other side, if they are some of the city only, and
    `left_out` those of their kind with too few answers.
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


@dataclass(frozen=True)
class Compared:
    """The comparisons of one page. `unclear` are units whose way of working is not known, or
    changed during the period: they are in no group."""

    period: Period
    lines: tuple[ComparedLine, ...]
    unclear: tuple[tuple[Unit, Hindrance], ...]
    source: Provenance
    limits: Limits = field(repr=False)

    @property
    def is_with_itself(self) -> bool:
        """Whether anything is set against an earlier year."""
        return any(line.before is not None for line in self.lines)

    @property
    def has_uncertain(self) -> bool:
        """Whether any difference may be none at all."""
        return any(
            line.comparison.is_shown and not line.comparison.is_certain for line in self.lines
        )


class Comparing:
    """What can be compared in a released period."""

    def __init__(self, session: Session, product: Product) -> None:
        self._session = session
        self._asked = [measure for measure in measures(session) if measure.indicator]
        self._ground = Ground(session, product, self._asked)
        ways = Ways.read(session, [unit.id for unit in self.units])
        self._ways = {unit.id: ways.of(unit, self._ground.months(unit)) for unit in self.units}
        self._numbers: dict[int, Counter[int]] = {}
        self._grounds: dict[Period, Ground] = {}
        self._counted: dict[tuple[Period, int], dict[int, Counted]] = {}

    @classmethod
    def read(cls, session: Session, period: Period) -> "Comparing | None":
        """What a period has; None if it is not released."""
        product = find_product(session, period)
        return None if product is None else cls(session, product)

    @property
    def period(self) -> Period:
        return self._ground.product.period

    @property
    def units(self) -> list[Unit]:
        """By name."""
        return self._ground.units

    @property
    def questions(self) -> list[Measure]:
        """Every indicator's question, as the newest version that holds it puts it."""
        newest: dict[str, Measure] = {}
        for measure in self._asked:
            newest.setdefault(measure.question.id, measure)
        return list(newest.values())

    @property
    def ways(self) -> list[Way]:
        """The ways of working that units had through the period."""
        return sorted({way for way in self._ways.values() if isinstance(way, Way)})

    def compared(
        self,
        against: Against,
        *,
        way: Way | None = None,
        unit: Unit | None = None,
        question: str | None = None,
    ) -> Compared:
        """One unit or all, in one question or all, against the same thing.

        `way` is for `Against.WAY`, and one of `ways`.
        """
        chosen = [unit] if unit else self.units
        of_way = against in (Against.SAME_WAY, Against.WAY)
        unclear = [(u, w) for u in self.units if isinstance(w := self._ways[u.id], Hindrance)]
        return Compared(
            self.period,
            tuple(
                line
                for measure in self._chosen(question)
                for line in self._lines(against, way, chosen, measure, is_one=unit is not None)
            ),
            tuple(unclear) if of_way else (),
            self._ground.source,
            self._ground.limits,
        )

    def _chosen(self, question: str | None) -> list[Measure]:
        """The indicators that were asked, or those of one question, asked or not."""
        if question is None:
            return [measure for measure in self._asked if self._ground.was_held(measure)]
        found = [measure for measure in self._asked if measure.question.id == question]
        return [measure for measure in found if self._ground.was_held(measure)] or found[:1]

    def _lines(
        self,
        against: Against,
        way: Way | None,
        units: Sequence[Unit],
        measure: Measure,
        *,
        is_one: bool,
    ) -> Iterator[ComparedLine]:
        if against is Against.YEAR_BEFORE:
            before = self._year_before()
            for unit in units:
                yield self._unit_before(unit, measure, before)
            yield self._city_before(measure, before)
            return
        for unit in units:
            if against is Against.REST:
                yield self._rest(unit, measure)
            elif is_one and against is Against.SAME_WAY and self._is_alone(unit):
                yield from (
                    self._unit_before(unit, measure, self._ground_of(earlier))
                    for earlier in self._earlier
                )
            else:
                yield self._group(unit, measure, way or self._ways[unit.id])

    # Against the rest of the city.

    @cached_property
    def _family(self) -> AgainstRest:
        return AgainstRest(self._session, self._ground, self._asked)

    def _rest(self, unit: Unit, measure: Measure) -> ComparedLine:
        own = self._ground.named_officers(unit, measure)
        others = self._numbers_of(measure) - Counter(own)
        return ComparedLine(
            measure,
            unit,
            self._family.of(unit, measure),
            officers=own,
            other_officers=tuple(sorted(others)),
            basis=self._family.basis(measure),
        )

    def _numbers_of(self, measure: Measure) -> Counter[int]:
        """How many units have each number of named officers, where it matters."""
        if measure.series not in self._numbers:
            self._numbers[measure.series] = Counter(
                number
                for unit in self.units
                for number in self._ground.named_officers(unit, measure)
            )
        return self._numbers[measure.series]

    # Against other units.

    def _is_alone(self, unit: Unit) -> bool:
        way = self._ways[unit.id]
        return isinstance(way, Way) and list(self._ways.values()).count(way) == 1

    def _group(self, unit: Unit, measure: Measure, way: Way | Hindrance) -> ComparedLine:
        """A unit against all other units of a way of working that can be compared."""
        officers = self._ground.named_officers(unit, measure)
        if isinstance(way, Hindrance):
            return ComparedLine(measure, unit, Comparison(way), officers=officers)
        counts, limits = self._counts(self._ground, measure), self._ground.limits
        same = [u for u in self.units if u.id != unit.id and self._ways[u.id] == way]
        group = [each for each in same if hindered(counts[each.id], limits) is None]
        others = [counts[each.id] for each in group]
        return ComparedLine(
            measure,
            unit,
            against_group(counts[unit.id], others, limits),
            officers=officers,
            other_officers=_officers(self._ground, group, measure),
            basis=columns(others)[0],
            group=tuple(group),
            left_out=tuple(each for each in same if each not in group),
        )

    # Against earlier years.

    @cached_property
    def _earlier(self) -> list[Product]:
        """The same period of earlier years, the newest first."""
        here = self.period
        return [
            product
            for product in products(self._session)
            if product.period.year < here.year
            and str(replace(product.period, year=here.year)) == str(here)
        ]

    def _year_before(self) -> Ground | None:
        """The same period of the year before; None if it is not released."""
        year = self.period.year - 1
        found = [each for each in self._earlier if each.period.year == year]
        return self._ground_of(found[0]) if found else None

    def _ground_of(self, product: Product) -> Ground:
        if product.period not in self._grounds:
            self._grounds[product.period] = Ground(self._session, product, self._asked)
        return self._grounds[product.period]

    def _unit_before(self, unit: Unit, measure: Measure, before: Ground | None) -> ComparedLine:
        period = self._period_of(before)
        officers = self._ground.named_officers(unit, measure)
        if before is None:
            comparison = Comparison(Hindrance.NO_EARLIER, is_of_other=True)
            return ComparedLine(measure, unit, comparison, period, officers)
        if not all(unit.existed_in(month) for p in (self.period, period) for month in p.months):
            comparison = Comparison(Hindrance.NOT_THERE)
            return ComparedLine(measure, unit, comparison, period, officers)
        comparison = against_itself(
            self._counts(self._ground, measure)[unit.id],
            self._counts(before, measure).get(unit.id, NOBODY),
            self._ground.limits,
        )
        return ComparedLine(
            measure,
            unit,
            self._or_changed(comparison, before, measure, unit),
            period,
            officers,
            before.named_officers(unit, measure),
        )

    def _city_before(self, measure: Measure, before: Ground | None) -> ComparedLine:
        period = self._period_of(before)
        officers = _officers(self._ground, self.units, measure)
        if before is None:
            comparison = Comparison(Hindrance.NO_EARLIER, is_of_other=True)
            return ComparedLine(measure, None, comparison, period, officers)
        return ComparedLine(
            measure,
            None,
            self._or_changed(
                city_against_itself(self._ground, before, measure), before, measure, None
            ),
            period,
            officers,
            _officers(before, before.units, measure),
        )

    def _period_of(self, before: Ground | None) -> Period:
        """The earlier period; that of the year before where it is not released."""
        if before is None:
            return replace(self.period, year=self.period.year - 1)
        return before.product.period

    def _or_changed(
        self, comparison: Comparison, before: Ground, measure: Measure, unit: Unit | None
    ) -> Comparison:
        """That the question changed, where the indicator was asked about in other words."""
        if not (comparison.is_of_other and comparison.status is Status.NOT_ASKED):
            return comparison
        held = before.tallies.version_ids(before.product.release_ids, unit.id if unit else None)
        is_changed = any(
            held & other.versions.keys()
            for other in self._asked
            if other.indicator == measure.indicator
        )
        return Comparison(Hindrance.CHANGED, is_of_other=True) if is_changed else comparison

    def _counts(self, ground: Ground, measure: Measure) -> dict[int, Counted]:
        place = (ground.product.period, measure.series)
        if place not in self._counted:
            self._counted[place] = counted(ground, measure)
        return self._counted[place]


def _officers(ground: Ground, units: Sequence[Unit], measure: Measure) -> tuple[int, ...]:
    """The numbers of named officers among units, for a question that is judged by them."""
    if not measure.question.derived:
        return ()
    return tuple(sorted({n for unit in units for n in ground.named_officers(unit, measure)}))
