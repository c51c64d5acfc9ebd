"""The page of one unit: a period in full, and the indicators over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from surveyapp.counting import WHO_QUESTION
from surveyapp.limits import Limits, limits
from surveyapp.models import FigureKind, Reason, Unit, UnitSuccession
from surveyapp.periods import Period
from surveyapp.reporting.bases import Bases
from surveyapp.reporting.distributions import Distribution, distribution
from surveyapp.reporting.figures import Figure, unit_figure
from surveyapp.reporting.measures import Measure, Tallies, measures
from surveyapp.reporting.offers import Offers, Responses, offers, responses, total
from surveyapp.reporting.officers import Officers
from surveyapp.reporting.products import Decisions, Product, parts_of, products
from surveyapp.reporting.who import Who, WhoCounts, officers_are_told, who


@dataclass(frozen=True)
class QuestionResult:
    """One question in the period: its share, where it has one, and its distribution."""

    measure: Measure
    figure: Figure | None
    distribution: Distribution
    officers: tuple[int, ...]


@dataclass(frozen=True)
class Point:
    """An indicator in one period."""

    period: Period
    figure: Figure
    officers: tuple[int, ...]


@dataclass(frozen=True)
class Segment:
    """Points that may be compared with each other, the first one first."""

    measure: Measure
    points: tuple[Point, ...]


@dataclass(frozen=True)
class History:
    """An indicator over time. Between segments the question changed too much to compare."""

    segments: tuple[Segment, ...]

    @property
    def measure(self) -> Measure:
        """The indicator as it is asked now."""
        return self.segments[-1].measure


@dataclass(frozen=True)
class Neighbour:
    """A unit that this one came from or went into, and when."""

    unit: Unit
    takes_effect_on: date


@dataclass(frozen=True)
class UnitResults:
    """Everything the page of a unit shows. `months` is None where they are not shown."""

    unit: Unit
    period: Period
    questions: tuple[QuestionResult, ...]
    histories: tuple[History, ...]
    responses: Responses
    who: Who
    months: tuple[tuple[date, Offers], ...] | None
    came_from: tuple[Neighbour, ...]
    went_into: tuple[Neighbour, ...]
    limits: Limits = field(repr=False)

    @property
    def indicators(self) -> tuple[QuestionResult, ...]:
        return tuple(each for each in self.questions if each.measure.indicator)


def unit_periods(session: Session, unit: Unit) -> list[Period]:
    """The released periods in which the unit existed, newest first."""
    return [product.period for product in _products(session, unit)]


def _products(session: Session, unit: Unit) -> list[Product]:
    return [
        product
        for product in products(session)
        if any(unit.existed_in(month) for month in product.period.months)
    ]


def unit_results(session: Session, unit: Unit, period: Period) -> UnitResults | None:
    """A unit's results of a period; None if it is not released or the unit was not there."""
    among = _products(session, unit)
    product = next((each for each in among if str(each.period) == str(period)), None)
    if product is None:
        return None
    page = _Page(session, unit, among)
    came_from, went_into = _neighbours(session, unit)
    return UnitResults(
        unit=unit,
        period=product.period,
        questions=tuple(page.questions(product)),
        histories=tuple(page.histories()),
        responses=page.responses(product),
        who=page.who_answered(product),
        months=page.months(product),
        came_from=came_from,
        went_into=went_into,
        limits=page.limits,
    )


class _Page:
    """What all parts of the page need, read once for all periods."""

    def __init__(self, session: Session, unit: Unit, among: Sequence[Product]) -> None:
        self.unit = unit
        self.among = among
        self.limits = limits(session)
        self.measures = measures(session)
        questions = {WHO_QUESTION}.union(*(each.question_ids for each in self.measures))
        releases = {id for product in among for id in product.release_ids}
        self.tallies = Tallies.read(session, releases, questions, unit_id=unit.id)
        self.decided = Decisions.read(session, among, unit_id=unit.id)
        self.officers = Officers.read(session, [unit.id])
        self.offers = offers(session, releases, unit_id=unit.id)
        self.who = WhoCounts.read(session, releases, unit_id=unit.id)
        self.bases = Bases.read(session, releases, unit_id=unit.id)

    def questions(self, product: Product) -> Iterator[QuestionResult]:
        """Every question that the unit's forms of the period held."""
        held = self.tallies.version_ids(product.release_ids, self.unit.id)
        for measure in self.measures:
            if held & measure.versions.keys():
                figure = self._figure(product, measure) if measure.has_share else None
                yield QuestionResult(
                    measure,
                    figure,
                    self._distribution(product, measure, figure),
                    self._judged_by(product, measure),
                )

    def histories(self) -> Iterator[History]:
        """Each indicator, in every released part and year; the year to date moves on."""
        followed = [product for product in reversed(self.among) if not product.period.to_date]
        by_indicator: dict[str, list[Measure]] = {}
        for measure in self.measures:
            if measure.indicator:
                by_indicator.setdefault(measure.indicator, []).append(measure)
        for of_indicator in by_indicator.values():
            segments = _segments(
                sorted(of_indicator, key=lambda measure: measure.numbers),
                [(p, self.tallies.version_ids(p.release_ids, self.unit.id)) for p in followed],
            )
            if segments:
                yield History(
                    tuple(
                        Segment(measure, tuple(self._point(p, measure) for p in periods))
                        for measure, periods in segments
                    )
                )

    def responses(self, product: Product) -> Responses:
        return responses(
            self.who.of(product, self.unit.id).total(),
            total(self.offers, product.release_ids, self.unit.id, product.period.months),
            due=self.bases.due(product, self.unit.id),
            reason=self.decided.of_counts(product.period, self.unit.id),
            limits=self.limits,
        )

    def who_answered(self, product: Product) -> Who:
        counts = self.who.of(product, self.unit.id)
        reason = self.decided.reason(product.period, self.unit.id, FigureKind.WHO)
        withheld = self.decided.of_counts(product.period, self.unit.id)
        return who(counts, reason=reason or withheld, limits=self.limits)

    def months(self, product: Product) -> tuple[tuple[date, Offers], ...] | None:
        """Offers month by month, unless a part of the period is withheld: they tell it."""
        for part in (product, *parts_of(product, self.among)):
            if not self.responses(part).is_shown:
                return None
        return tuple(
            (month, total(self.offers, product.release_ids, self.unit.id, [month]))
            for month in product.period.months
            if self.unit.existed_in(month)
        )

    def _figure(self, product: Product, measure: Measure) -> Figure:
        return unit_figure(
            self.tallies.answers(product.release_ids, self.unit.id, measure),
            due=self.bases.due(product, self.unit.id),
            reason=self._reason(product, FigureKind.SHARE, measure),
            limits=self.limits,
        )

    def _distribution(
        self, product: Product, measure: Measure, figure: Figure | None
    ) -> Distribution:
        """The distribution, never where the share is withheld."""
        if figure is not None and not figure.is_shown:
            return Distribution(figure.status)
        return distribution(
            measure,
            self.tallies.codes(product.release_ids, self.unit.id, measure),
            officers=self.officers.numbers(self.unit.id, self._months(product)),
            reason=self._reason(product, FigureKind.DISTRIBUTION, measure),
            others_are_withheld=not self._may_tell_others(product),
            limits=self.limits,
            parts_of_it=[
                self.tallies.codes(part.release_ids, self.unit.id, measure)
                for part in parts_of(product, self.among)
                if part is not product
            ],
        )

    def _may_tell_others(self, product: Product) -> bool:
        """Whether forms without a valid answer may be told: with them, all forms less those
        in the figures are those with the officer's help."""
        return self.responses(product).is_shown and officers_are_told(
            self.who.of(product, self.unit.id),
            reason=self.decided.reason(product.period, self.unit.id, FigureKind.CHANNEL),
            limits=self.limits,
        )

    def _point(self, product: Product, measure: Measure) -> Point:
        return Point(
            product.period,
            self._figure(product, measure),
            self._judged_by(product, measure),
        )

    def _judged_by(self, product: Product, measure: Measure) -> tuple[int, ...]:
        if not measure.question.derived:
            return ()
        return self.officers.numbers(self.unit.id, self._months(product))

    def _reason(self, product: Product, kind: FigureKind, measure: Measure) -> Reason | None:
        return self.decided.reason(product.period, self.unit.id, kind, measure.question_ids)

    def _months(self, product: Product) -> list[date]:
        return [month for month in product.period.months if self.unit.existed_in(month)]


def _segments(
    measures_of_one: Sequence[Measure], followed: Sequence[tuple[Product, set[int]]]
) -> list[tuple[Measure, list[Product]]]:
    """The periods of each measure of one indicator, in order.

    A period without forms stays with the measure before it.
    """
    places: dict[int, list[Product]] = {measure.series: [] for measure in measures_of_one}
    current = measures_of_one[0]
    for product, version_ids in followed:
        for measure in measures_of_one:
            if version_ids & measure.versions.keys():
                places[measure.series].append(product)
                current = measure
        if not version_ids:
            places[current.series].append(product)
    return [(m, places[m.series]) for m in measures_of_one if places[m.series]]


def _neighbours(
    session: Session, unit: Unit
) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
    """The units that this one came from, and those it went into."""
    rows = session.execute(
        select(Unit, UnitSuccession)
        .join(
            UnitSuccession,
            or_(
                and_(UnitSuccession.old_id == Unit.id, UnitSuccession.new_id == unit.id),
                and_(UnitSuccession.new_id == Unit.id, UnitSuccession.old_id == unit.id),
            ),
        )
        .order_by(UnitSuccession.takes_effect_on, Unit.name)
    )
    came_from: list[Neighbour] = []
    went_into: list[Neighbour] = []
    for other, succession in rows:
        place = came_from if succession.old_id == other.id else went_into
        place.append(Neighbour(other, succession.takes_effect_on))
    return tuple(came_from), tuple(went_into)
