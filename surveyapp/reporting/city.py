"""The city page: every indicator for the city and each unit, who answered, how many did."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Unit
from surveyapp.periods import Period
from surveyapp.reporting.channels import Channels, channels
from surveyapp.reporting.figures import Basis, Figure
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure, measures
from surveyapp.reporting.nonresponse import Asked, NonResponse, nonresponse
from surveyapp.reporting.offers import NONE, Offers, Responses, offers, responses, total
from surveyapp.reporting.products import Decisions, find_product, parts_of, products
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.who import FormCounts, Who, officers_are_told, who


@dataclass(frozen=True)
class UnitRow:
    """A unit's figure. `officers` are the numbers a derived indicator judged it by, and `due`
    the follow-ups due, where they are known and may be told."""

    unit: Unit
    figure: Figure
    officers: tuple[int, ...] = ()
    due: int | None = None
    due_is_told: bool = False

    @property
    def has_more_answers_than_due(self) -> bool:
        """Whether the two contradict each other, so that the figure rests on answers alone."""
        return self.due is not None and self.figure.basis is Basis.UNKNOWN


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
    nonresponse: NonResponse
    source: Provenance
    limits: Limits = field(repr=False)

    @property
    def responses(self) -> Responses:
        return self.nonresponse.responses

    @property
    def who(self) -> Who:
        return self.nonresponse.who


def city_results(session: Session, period: Period) -> CityResults | None:
    """The city's results of a period; None if it is not released."""
    product = find_product(session, period)
    if product is None:
        return None
    asked = [measure for measure in measures(session) if measure.indicator]
    ground = Ground.read(session, product, asked)
    forms = _Forms(session, ground)
    indicators = tuple(_indicator(ground, each) for each in asked if ground.was_held(each))
    return CityResults(
        period=period,
        indicators=indicators,
        units=tuple(forms.of(unit) for unit in ground.units),
        nonresponse=nonresponse(
            forms.all_responses(),
            forms.who_answered(),
            forms.channels(),
            map(_asked, indicators),
        ),
        source=ground.source,
        limits=ground.limits,
    )


def _asked(result: IndicatorResult) -> Asked:
    figures = [row.figure for row in result.units] if result.city.is_shown else []
    return Asked(result.measure, result.city.n, figures)


def _indicator(ground: Ground, measure: Measure) -> IndicatorResult:
    return IndicatorResult(
        ground.as_put(measure),
        city=ground.city(measure),
        units=tuple(unit_row(ground, measure, unit) for unit in ground.units),
    )


def unit_row(ground: Ground, measure: Measure, unit: Unit) -> UnitRow:
    """A unit's figure, and the follow-ups due unless its number of forms is withheld."""
    figure = ground.figure(unit, measure)
    is_told = figure.is_shown and ground.reason(unit.id, FigureKind.FORMS) is None
    return UnitRow(
        unit,
        figure,
        ground.named_officers(unit, measure),
        due=ground.due[unit.id] if is_told else None,
        due_is_told=is_told,
    )


class _Forms:
    """How many answered and who, of every unit."""

    def __init__(self, session: Session, ground: Ground) -> None:
        self.ground = ground
        self.product = ground.product
        self.offers = offers(session, self.product.release_ids)
        parts = parts_of(self.product, products(session))
        releases = {id for product in (self.product, *parts) for id in product.release_ids}
        counts = FormCounts.read(session, releases, Dimension.WHO)
        self.who = {unit.id: counts.of(self.product, unit.id) for unit in ground.units}
        self.by_channel = FormCounts.read(session, self.product.release_ids, Dimension.CHANNEL)
        decided = Decisions.read(session, parts)
        # The year's offers hold no late forms, so they tell what a part of it withholds.
        self.telling = {
            unit.id
            for unit in ground.units
            if counts.has_late(self.product, parts, unit.id)
            and decided.hides_a_part(parts, unit.id)
        }

    def of(self, unit: Unit) -> UnitForms:
        limits = self.ground.limits
        withheld = self.ground.reason(unit.id, FigureKind.FORMS)
        found = responses(
            self.who[unit.id].total(),
            self._offers_of(unit.id),
            due=self.ground.due[unit.id],
            reason=withheld,
            limits=limits,
            offers_are_told=unit.id not in self.telling,
        )
        reason = self.ground.reason(unit.id, FigureKind.WHO) or withheld
        return UnitForms(unit, found, who(self.who[unit.id], reason=reason, limits=limits))

    def all_responses(self) -> Responses:
        due = list(self.ground.due.values())
        known = [each for each in due if each is not None]
        offered: Offers = sum((self._offers_of(u.id) for u in self.ground.units), NONE)
        return responses(
            sum(each.total() for each in self.who.values()),
            offered,
            due=sum(known) if len(known) == len(due) else None,
            reason=self.ground.reason(None, FigureKind.FORMS),
            limits=self.ground.limits,
            offers_are_told=not self.telling or self._n_without_offers() > 1,
        )

    def _n_without_offers(self) -> int:
        """How many units with offers do not show them: of one alone the city's would tell."""
        return sum(
            self._offers_of(unit.id).offered > 0 and self.of(unit).responses.offers is None
            for unit in self.ground.units
        )

    def who_answered(self) -> Who:
        counts = sum(self.who.values(), Counter[str]())
        reason = self.ground.reason(None, FigureKind.WHO)
        are_told = officers_are_told(
            counts,
            reason=self.ground.reason(None, FigureKind.CHANNEL),
            limits=self.ground.limits,
        )
        return who(counts, reason=reason, limits=self.ground.limits, with_officers=are_told)

    def channels(self) -> Channels:
        each = [self.by_channel.of(self.product, unit.id) for unit in self.ground.units]
        return channels(
            sum(each, Counter[str]()),
            sum(counts.total() for counts in self.who.values()),
            reason=self.ground.reason(None, FigureKind.CHANNEL)
            or self.ground.reason(None, FigureKind.FORMS),
            limits=self.ground.limits,
        )

    def _offers_of(self, unit_id: int) -> Offers:
        return total(self.offers, self.product.release_ids, unit_id, self.product.period.months)
