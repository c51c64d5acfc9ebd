"""What every figure of a released period rests on: of all units, or of those looked at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from surveyapp import organising
from surveyapp.counting import WHO_QUESTION
from surveyapp.limits import Limits, limits
from surveyapp.models import FigureKind, Reason, Unit
from surveyapp.periods import Period, next_month
from surveyapp.reporting.bases import Bases
from surveyapp.reporting.figures import (
    Answers,
    Figure,
    Status,
    city_figure,
    unit_figure,
    unit_status,
)
from surveyapp.reporting.measures import Measure, Tallies
from surveyapp.reporting.officers import Officers
from surveyapp.reporting.products import Decisions, Product
from surveyapp.reporting.provenance import Provenance, provenance
from surveyapp.withholding import ALL_FORMS


@dataclass(frozen=True)
class Sources:
    """What was read of some periods and units, to make figures from."""

    limits: Limits
    measures: Sequence[Measure]
    tallies: Tallies
    decided: Decisions
    bases: Bases
    officers: Officers


class Ground:
    """The units of a period by name, what they answered, and what else figures rest on.

    `due` has the follow-ups due by unit id and `weights` the clients of the year times the
    months that the unit existed; None where that is not known. `answers` are counts, also of
    what is withheld: only `figure` and `city` say what may be shown.
    """

    def __init__(self, product: Product, units: Sequence[Unit], sources: Sources) -> None:
        self.product = product
        self.units = list(units)
        self.limits = sources.limits
        self.tallies = sources.tallies
        self.officers = sources.officers
        self.due = {unit.id: sources.bases.due(product, unit.id) for unit in units}
        self.weights = {unit.id: sources.bases.weight(product, unit) for unit in units}
        self._decided = sources.decided
        self._measures = sources.measures
        self._answers: dict[tuple[int, int], Answers] = {}

    @classmethod
    def read(cls, session: Session, product: Product, measures: Sequence[Measure]) -> Self:
        """One period and all its units, for these questions."""
        questions = {WHO_QUESTION}.union(*(measure.question_ids for measure in measures))
        tallies = Tallies.read(session, product.release_ids, questions)
        units = _units(session, product.period, tallies.unit_ids)
        return cls(
            product,
            units,
            Sources(
                limits=limits(session),
                measures=measures,
                tallies=tallies,
                decided=Decisions.read(session, [product]),
                bases=Bases.read(session, product.release_ids),
                officers=Officers.read(session, [unit.id for unit in units]),
            ),
        )

    @property
    def source(self) -> Provenance:
        """Where the figures come from."""
        return provenance([self.product], self.tallies, self._measures)

    def was_held(self, measure: Measure) -> bool:
        """Whether any form of the period held the question."""
        return bool(
            self.tallies.version_ids(self.product.release_ids) & measure.versions.keys()
        )

    def as_put(self, measure: Measure) -> Measure:
        """The question as the period put it; apart from the others of its chain."""
        held = self.tallies.version_ids(self.product.release_ids)
        return measure.as_put(held, self.product.period.months, self._measures)

    def answers(self, unit: Unit, measure: Measure) -> Answers:
        """What a unit answered to one question, added up once."""
        key = unit.id, measure.series
        if key not in self._answers:
            releases = self.product.release_ids
            self._answers[key] = self.tallies.answers(releases, unit.id, measure)
        return self._answers[key]

    def figure(self, unit: Unit, measure: Measure) -> Figure:
        """The share of one unit."""
        if not self.versions(unit):
            return Figure(Status.NO_ANSWERS)
        return unit_figure(
            self.answers(unit, measure),
            due=self.due[unit.id],
            reason=self.reason(unit.id, FigureKind.SHARE, measure.question_ids),
            limits=self.limits,
        )

    def status(self, unit: Unit, measure: Measure) -> Status:
        """What there is to show of a unit's share, where the share itself is not needed."""
        if not self.versions(unit):
            return Status.NO_ANSWERS
        return unit_status(
            self.answers(unit, measure),
            due=self.due[unit.id],
            reason=self.reason(unit.id, FigureKind.SHARE, measure.question_ids),
            limits=self.limits,
        )

    def city(self, measure: Measure) -> Figure:
        """The share of the city, from all its units, shown or not."""
        if not any(self.versions(unit) for unit in self.units):
            return Figure(Status.NO_ANSWERS)
        return city_figure(
            [self.answers(unit, measure) for unit in self.units],
            due=[self.due[unit.id] for unit in self.units],
            clients=[self.weights[unit.id] for unit in self.units],
            reason=self.reason(None, FigureKind.SHARE, measure.question_ids),
            limits=self.limits,
        )

    def named_officers(self, unit: Unit, measure: Measure) -> tuple[int, ...]:
        """The numbers that a derived indicator is judged by; empty for other questions."""
        if not measure.question.derived:
            return ()
        return self.officers.numbers(unit.id, self.months(unit))

    def months(self, unit: Unit) -> tuple[date, ...]:
        """The months of the period that a figure of the unit is about: those in which it
        existed, or all where it never did and was answered for all the same."""
        months = self.product.period.months
        return tuple(month for month in months if unit.existed_in(month)) or months

    def versions(self, unit: Unit) -> set[int]:
        """The versions that were answered in the unit; who answered is in every form."""
        return self.tallies.version_ids(self.product.release_ids, unit.id)

    def reason(
        self, unit_id: int | None, kind: FigureKind, questions: Collection[str] = (ALL_FORMS,)
    ) -> Reason | None:
        """Why a figure is withheld; None if it is not. Without a unit it is the city's."""
        return self._decided.reason(self.product.period, unit_id, kind, questions)


def _units(session: Session, period: Period, with_answers: set[int]) -> list[Unit]:
    """Units that existed in the period, and any other that has answers in it, by name."""
    first, last = period.months[0], next_month(period.months[-1]) - timedelta(days=1)
    still_there = or_(Unit.valid_to.is_(None), Unit.valid_to >= first)
    existed = and_(Unit.valid_from <= last, still_there)
    found = session.scalars(select(Unit).where(or_(existed, Unit.id.in_(with_answers))))
    return organising.by_name(found)
