"""The city page: every indicator for the city and each unit, who answered, how many did."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from surveyapp import organising
from surveyapp.limits import Limits, limits
from surveyapp.models import FigureKind, Reason, Unit
from surveyapp.periods import Period, next_month
from surveyapp.reporting.bases import Bases
from surveyapp.reporting.figures import Answers, Figure, city_figure, unit_figure
from surveyapp.reporting.measures import (
    Measure,
    Tallies,
    measures,
)
from surveyapp.reporting.offers import NONE, Offers, Responses, offers, responses, total
from surveyapp.reporting.officers import Officers
from surveyapp.reporting.products import Decisions, Product, find_product
from surveyapp.reporting.who import Who, WhoCounts, officers_are_told, who
from surveyapp.withholding import ALL_FORMS


@dataclass(frozen=True)
class UnitRow:
    """A unit's figure. `officers` are the numbers a derived indicator judged it by."""

    unit: Unit
    figure: Figure
    officers: tuple[int, ...] = ()


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator in a period: the city and every unit, by name."""

    measure: Measure
    city: Figure
    units: tuple[UnitRow, ...]


@dataclass(frozen=True)
class UnitForms:
    """How many answered in a unit, and who."""

    unit: Unit
    responses: Responses
    who: Who


@dataclass(frozen=True)
class CityResults:
    """Everything the city page shows of a period."""

    period: Period
    indicators: tuple[IndicatorResult, ...]
    units: tuple[UnitForms, ...]
    responses: Responses
    who: Who
    limits: Limits = field(repr=False)


def city_results(session: Session, period: Period) -> CityResults | None:
    """The city's results of a period; None if it is not released."""
    product = find_product(session, period)
    if product is None:
        return None
    asked = [measure for measure in measures(session) if measure.indicator]
    questions = set().union(*(measure.question_ids for measure in asked))
    tallies = Tallies.read(session, product.release_ids, questions)
    city = _City(session, product, tallies)
    in_use = tallies.version_ids(product.release_ids)
    return CityResults(
        period=period,
        indicators=tuple(
            city.indicator(measure) for measure in asked if in_use & measure.versions.keys()
        ),
        units=tuple(city.forms(unit) for unit in city.units),
        responses=city.all_responses(),
        who=city.who_answered(),
        limits=city.limits,
    )


class _City:
    """What all parts of the page need, read once for all units."""

    def __init__(self, session: Session, product: Product, tallies: Tallies) -> None:
        self.product = product
        self.tallies = tallies
        self.limits = limits(session)
        self.units = _units(session, product.period, tallies.unit_ids)
        ids = [unit.id for unit in self.units]
        self.decided = Decisions.read(session, [product])
        bases = Bases.read(session, product.release_ids)
        self.due = {id: bases.due(product, id) for id in ids}
        self.weights = {unit.id: self._weight(unit, bases) for unit in self.units}
        self.officers = Officers.read(session, ids)
        self.offers = offers(session, product.release_ids)
        counts = WhoCounts.read(session, product.release_ids)
        self.who = {id: counts.of(product, id) for id in ids}

    def _weight(self, unit: Unit, bases: Bases) -> int | None:
        """Clients times months: a unit that was merged in July had them for half a year."""
        clients = bases.clients(self.product, unit.id)
        if clients is None:
            return None
        return clients * sum(unit.existed_in(month) for month in self.product.period.months)

    def _offers_of(self, unit_id: int) -> Offers:
        return total(self.offers, self.product.release_ids, unit_id, self.product.period.months)

    def indicator(self, measure: Measure) -> IndicatorResult:
        answers = {
            unit.id: self.tallies.answers(self.product.release_ids, unit.id, measure)
            for unit in self.units
        }
        return IndicatorResult(
            measure,
            city=city_figure(
                list(answers.values()),
                due=[self.due[unit.id] for unit in self.units],
                clients=[self.weights[unit.id] for unit in self.units],
                reason=self._reason(None, FigureKind.SHARE, measure.question_ids),
                limits=self.limits,
            ),
            units=tuple(self._row(unit, measure, answers[unit.id]) for unit in self.units),
        )

    def _row(self, unit: Unit, measure: Measure, answers: Answers) -> UnitRow:
        figure = unit_figure(
            answers,
            due=self.due[unit.id],
            reason=self._reason(unit.id, FigureKind.SHARE, measure.question_ids),
            limits=self.limits,
        )
        if not measure.question.derived:
            return UnitRow(unit, figure)
        months = [m for m in self.product.period.months if unit.existed_in(m)]
        return UnitRow(unit, figure, self.officers.numbers(unit.id, months))

    def forms(self, unit: Unit) -> UnitForms:
        withheld = self.decided.of_counts(self.product.period, unit.id)
        found = responses(
            self.who[unit.id].total(),
            self._offers_of(unit.id),
            due=self.due[unit.id],
            reason=withheld,
            limits=self.limits,
        )
        reason = self._reason(unit.id, FigureKind.WHO) or withheld
        return UnitForms(unit, found, who(self.who[unit.id], reason=reason, limits=self.limits))

    def all_responses(self) -> Responses:
        due = [self.due[unit.id] for unit in self.units]
        known = [each for each in due if each is not None]
        offered: Offers = sum((self._offers_of(u.id) for u in self.units), NONE)
        return responses(
            sum(self.who[unit.id].total() for unit in self.units),
            offered,
            due=sum(known) if len(known) == len(due) else None,
            reason=self._reason(None, FigureKind.FORMS),
            limits=self.limits,
        )

    def who_answered(self) -> Who:
        counts = sum(self.who.values(), Counter[str]())
        reason = self._reason(None, FigureKind.WHO)
        are_told = officers_are_told(
            counts, reason=self._reason(None, FigureKind.CHANNEL), limits=self.limits
        )
        return who(counts, reason=reason, limits=self.limits, with_officers=are_told)

    def _reason(
        self, unit_id: int | None, kind: FigureKind, questions: Collection[str] = (ALL_FORMS,)
    ) -> Reason | None:
        return self.decided.reason(self.product.period, unit_id, kind, questions)


def _units(session: Session, period: Period, with_answers: set[int]) -> list[Unit]:
    """Units that existed in the period, and any other that has answers in it, by name."""
    first, last = period.months[0], next_month(period.months[-1]) - timedelta(days=1)
    still_there = or_(Unit.valid_to.is_(None), Unit.valid_to >= first)
    existed = and_(Unit.valid_from <= last, still_there)
    found = session.scalars(select(Unit).where(or_(existed, Unit.id.in_(with_answers))))
    return organising.by_name(found)
