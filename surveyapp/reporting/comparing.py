"""Comparisons of a period as a page asks for them: whose, of what, and with whom."""

import enum
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy.orm import Session

from surveyapp import organising
from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.periods import Period
from surveyapp.reporting.comparisons import (
    ComparedLine,
    Comparison,
    Counted,
    Hindrance,
    against_group,
    columns,
    counted,
    hindered,
)
from surveyapp.reporting.earlier import Earlier, earlier_years, officers_of, year_before
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure, measures
from surveyapp.reporting.products import Product, find_product, products
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.rest import AgainstRest
from surveyapp.reporting.ways import Way, Ways


class Against(enum.StrEnum):
    """What something is compared with."""

    REST = "rest"
    YEAR_BEFORE = "year_before"
    SAME_WAY = "same_way"
    WAY = "way"


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
        self._ground = Ground.read(session, product, self._asked)
        ways = Ways.read(session, [unit.id for unit in self.units])
        self._ways = {unit.id: ways.of(unit, self._ground.months(unit)) for unit in self.units}
        self._numbers: dict[int, Counter[int]] = {}
        self._counted: dict[int, dict[int, Counted]] = {}

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
        return [self._ground.as_put(measure) for measure in newest.values()]

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
                replace(line, measure=self._ground.as_put(measure))
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
            for unit in units:
                yield self._year_before.of_unit(unit, measure)
            yield self._year_before.of_city(measure)
            return
        for unit in units:
            if against is Against.REST:
                yield self._rest(unit, measure)
            elif is_one and against is Against.SAME_WAY and self._is_alone(unit):
                yield from (each.of_unit(unit, measure) for each in self._earlier_years)
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
        counts, limits = self._counts(measure), self._ground.limits
        same = [u for u in self.units if u.id != unit.id and self._ways[u.id] == way]
        group = [each for each in same if hindered(counts[each.id], limits) is None]
        others = [counts[each.id] for each in group]
        return ComparedLine(
            measure,
            unit,
            against_group(counts[unit.id], others, limits),
            officers=officers,
            other_officers=officers_of(self._ground, group, measure),
            basis=columns(others)[0],
            group=tuple(group),
            left_out=tuple(each for each in same if each not in group),
        )

    # Against earlier years.

    @cached_property
    def _earlier_years(self) -> list[Earlier]:
        """The same period of earlier years, the newest first."""
        return [
            self._set_against(product)
            for product in earlier_years(self.period, products(self._session))
        ]

    @cached_property
    def _year_before(self) -> Earlier:
        return self._set_against(year_before(self.period, products(self._session)))

    def _set_against(self, product: Product | None) -> Earlier:
        before = None if product is None else Ground.read(self._session, product, self._asked)
        return Earlier(self._ground, before, self._asked, self._successions)

    @cached_property
    def _successions(self) -> organising.Successions:
        return organising.Successions.read(self._session)

    def _counts(self, measure: Measure) -> dict[int, Counted]:
        if measure.series not in self._counted:
            self._counted[measure.series] = counted(self._ground, measure)
        return self._counted[measure.series]
