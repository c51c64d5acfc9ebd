"""The page of one unit: a period in full, and the indicators over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason, Unit
from surveyapp.organising import Merger
from surveyapp.periods import Period
from surveyapp.reporting.channels import Channels, channels
from surveyapp.reporting.distributions import Distribution, distribution
from surveyapp.reporting.figures import Figure
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.nonresponse import Asked, NonResponse, nonresponse
from surveyapp.reporting.offers import Offers, Responses, offers, responses, total
from surveyapp.reporting.products import Product, parts_of
from surveyapp.reporting.provenance import Provenance, provenance
from surveyapp.reporting.records import Records, products_of
from surveyapp.reporting.trends import History, chains, histories
from surveyapp.reporting.who import FormCounts, Who, officers_are_told, who


@dataclass(frozen=True)
class QuestionResult:
    """One question in the period: its share, where it has one, and its distribution."""

    measure: Measure
    figure: Figure | None
    distribution: Distribution
    officers: tuple[int, ...]


@dataclass(frozen=True)
class UnitResults:
    """Everything the page of a unit shows. `months` is None where they are not shown."""

    unit: Unit
    period: Period
    questions: tuple[QuestionResult, ...]
    histories: tuple[History, ...]
    nonresponse: NonResponse
    months: tuple[tuple[date, Offers], ...] | None
    came_from: tuple[Merger, ...]
    went_into: tuple[Merger, ...]
    source: Provenance
    source_over_time: Provenance | None  # of the histories; None where there are none
    limits: Limits = field(repr=False)

    @property
    def responses(self) -> Responses:
        return self.nonresponse.responses

    @property
    def who(self) -> Who:
        return self.nonresponse.who

    @property
    def indicators(self) -> tuple[QuestionResult, ...]:
        return tuple(each for each in self.questions if each.measure.indicator)


def unit_periods(session: Session, unit: Unit) -> list[Period]:
    """The released periods in which the unit existed or was answered for, newest first."""
    return [product.period for product in products_of(session, unit)]


def unit_results(session: Session, unit: Unit, period: Period) -> UnitResults | None:
    """A unit's results of a period; None if it is not released or the unit was not there."""
    among = products_of(session, unit)
    product = next((each for each in among if str(each.period) == str(period)), None)
    if product is None:
        return None
    page = _Page(session, unit, among)
    questions = tuple(page.questions(product))
    return UnitResults(
        unit=unit,
        period=product.period,
        questions=questions,
        histories=tuple(page.histories(product)),
        nonresponse=nonresponse(
            page.responses(product),
            page.who_answered(product),
            page.channels(product),
            map(_asked, questions),
        ),
        months=page.months(product),
        came_from=tuple(page.records.successions.came_from(unit.id)),
        went_into=tuple(page.records.successions.went_into(unit.id)),
        source=page.source(product),
        source_over_time=page.records.source(in_years=product.period.is_year),
        limits=page.limits,
    )


def _asked(result: QuestionResult) -> Asked:
    if result.figure is not None:
        return Asked(result.measure, result.figure.n, [result.figure])
    return Asked(result.measure, result.distribution.n)


class _Page:
    """What all parts of the page need, read once for all periods."""

    def __init__(self, session: Session, unit: Unit, among: Sequence[Product]) -> None:
        self.unit = unit
        self.among = among
        self.records = Records(session, unit)
        self.limits = self.records.limits
        self.tallies, self.decided = self.records.tallies, self.records.decided
        releases = {id for product in among for id in product.release_ids}
        self.offers = offers(session, releases, unit_id=unit.id)
        self.who = FormCounts.read(session, releases, Dimension.WHO, unit_id=unit.id)
        self.by_channel = FormCounts.read(session, releases, Dimension.CHANNEL, unit_id=unit.id)

    def questions(self, product: Product) -> Iterator[QuestionResult]:
        """Every question that the unit's forms of the period held."""
        held = self.tallies.version_ids(product.release_ids, self.unit.id)
        for measure in self.records.measures:
            if held & measure.versions.keys():
                figure = (
                    self.records.figure(product, self.unit, measure)
                    if measure.has_share
                    else None
                )
                yield QuestionResult(
                    measure.as_put(held, product.period.months, self.records.measures),
                    figure,
                    self._distribution(product, measure, figure),
                    self._judged_by(product, measure),
                )

    def source(self, product: Product) -> Provenance:
        return provenance([product], self.tallies, self.records.measures, unit_id=self.unit.id)

    def histories(self, product: Product) -> list[History]:
        """The indicators over time: in years if the period is one, otherwise in its parts."""
        asked = [chain for chain in chains(self.records.measures) if chain[-1].indicator]
        return histories(self.records, asked, in_years=product.period.is_year)

    def responses(self, product: Product) -> Responses:
        return responses(
            self.who.of(product, self.unit.id).total(),
            total(self.offers, product.release_ids, self.unit.id, product.period.months),
            due=self.records.bases.due(product, self.unit.id),
            reason=self.decided.of_counts(product.period, self.unit.id),
            limits=self.limits,
            offers_are_told=not self._offers_tell_a_part(product),
        )

    def _offers_tell_a_part(self, product: Product) -> bool:
        """Whether the year's offers, which hold no late forms, tell what a part withholds."""
        parts = parts_of(product, self.among)
        has_late = self.who.has_late(product, parts, self.unit.id)
        return has_late and self.decided.hides_a_part(parts, self.unit.id)

    def who_answered(self, product: Product) -> Who:
        counts = self.who.of(product, self.unit.id)
        reason = self.decided.reason(product.period, self.unit.id, FigureKind.WHO)
        withheld = self.decided.of_counts(product.period, self.unit.id)
        return who(counts, reason=reason or withheld, limits=self.limits)

    def channels(self, product: Product) -> Channels:
        reason = self.decided.reason(product.period, self.unit.id, FigureKind.CHANNEL)
        return channels(
            self.by_channel.of(product, self.unit.id),
            self.who.of(product, self.unit.id).total(),
            reason=reason or self.decided.of_counts(product.period, self.unit.id),
            limits=self.limits,
        )

    def months(self, product: Product) -> tuple[tuple[date, Offers], ...] | None:
        """Offers month by month, unless a part of the period is withheld: they tell it."""
        for part in (product, *parts_of(product, self.among)):
            if not self.responses(part).is_shown:
                return None
        return tuple(
            (month, total(self.offers, product.release_ids, self.unit.id, [month]))
            for month in self.records.months(product, self.unit)
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
            officers=self.records.officers.numbers(
                self.unit.id, self.records.months(product, self.unit)
            ),
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
            reason=self.records.decided.reason(
                product.period, self.unit.id, FigureKind.CHANNEL
            ),
            limits=self.limits,
        )

    def _judged_by(self, product: Product, measure: Measure) -> tuple[int, ...]:
        return self.records.officers_of(product, self.unit, measure)

    def _reason(self, product: Product, kind: FigureKind, measure: Measure) -> Reason | None:
        return self.records.reason(product, self.unit, kind, measure)
