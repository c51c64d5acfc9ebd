"""One question of a period across all units: every share, and what is read beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import stats
from surveyapp.counting import WHO_QUESTION
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Tally
from surveyapp.periods import Period
from surveyapp.reporting.city import UnitRow, unit_row
from surveyapp.reporting.comparisons import Comparison
from surveyapp.reporting.figures import Figure, whole_per_cent
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure, measures
from surveyapp.reporting.products import Product, find_product
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.rest import AgainstRest
from surveyapp.reporting.unit_chart import UnitChart, unit_chart

# The most answers with which smoothing takes away more than a tenth of the error, by the
# standard deviation between units (METHODS, section 9).
SMOOTHED_UP_TO = ((0.02, 300), (0.04, 100), (0.08, 30))


@dataclass(frozen=True)
class QuestionAcrossUnits:
    """A question that was held in the period. `before` and `after` are its neighbours, and
    `others` those of its chain, which no figure here can be added to.

    `against_rest` has each unit's comparison with the rest of the city, by unit id; it is
    empty for a question that is no indicator, since only indicators are compared.
    `smoothed` has the shares drawn towards the city's, in whole per cent by unit id, where
    that brings them nearer to the truth.
    """

    period: Period
    measure: Measure
    city: Figure
    units: tuple[UnitRow, ...]
    smoothed: Mapping[int, float]
    against_rest: Mapping[int, Comparison]
    city_due: int | None
    unit_chart: UnitChart | None
    before: Measure | None
    after: Measure | None
    others: tuple[Measure, ...]
    source: Provenance
    limits: Limits = field(repr=False)


def measures_with_share(session: Session) -> list[Measure]:
    """The questions that have a share, in the newest order."""
    return [measure for measure in measures(session) if measure.has_share]


def held_measures(session: Session, product: Product) -> list[Measure]:
    """Those of them that forms of the period held, as it put them."""
    held = set(
        session.scalars(
            select(Tally.version_id)
            .distinct()
            .where(
                Tally.release_id.in_(product.release_ids),
                Tally.dimension == Dimension.TOTAL,
                Tally.question == WHO_QUESTION,
            )
        )
    )
    known = measures_with_share(session)
    return [
        each.as_put(held, product.period.months, known)
        for each in known
        if held & each.versions.keys()
    ]


def indicators_held(session: Session, period: Period) -> list[Measure]:
    """The indicators that forms of the period held; none if it is not released."""
    product = find_product(session, period)
    if product is None:
        return []
    return [measure for measure in held_measures(session, product) if measure.indicator]


def question_across_units(
    session: Session, question_id: str, period: Period
) -> QuestionAcrossUnits | None:
    """A question of a released period; None if no form of the period held it."""
    product = find_product(session, period)
    if product is None:
        return None
    asked = held_measures(session, product)
    measure = next((each for each in asked if question_id in each.question_ids), None)
    if measure is None:
        return None
    indicators = [each for each in asked if each.indicator]
    family = indicators if measure.indicator else [measure]
    ground = Ground.read(session, product, family)
    rows = tuple(unit_row(ground, measure, unit) for unit in ground.units)
    city = ground.city(measure)
    place = asked.index(measure)
    return QuestionAcrossUnits(
        period=product.period,
        measure=measure,
        city=city,
        units=rows,
        smoothed=_smoothed(ground, measure, rows),
        against_rest=_against_rest(session, ground, measure, family),
        city_due=_city_due(ground),
        unit_chart=unit_chart(ground, measure, city, rows),
        before=asked[place - 1] if place else None,
        after=asked[place + 1] if place + 1 < len(asked) else None,
        others=tuple(
            each
            for each in asked
            if each.chain == measure.chain and each.series != measure.series
        ),
        source=ground.source,
        limits=ground.limits,
    )


def _against_rest(
    session: Session, ground: Ground, measure: Measure, family: Sequence[Measure]
) -> dict[int, Comparison]:
    """Marks hold with all units and indicators of the period in mind, so all are compared."""
    if not measure.indicator:
        return {}
    rest = AgainstRest(session, ground, family)
    return {unit.id: rest.of(unit, measure) for unit in ground.units}


def _city_due(ground: Ground) -> int | None:
    """The follow-ups due in the whole city, unless its number of forms is withheld."""
    if ground.reason(None, FigureKind.FORMS) is not None:
        return None
    known = [due for due in ground.due.values() if due is not None]
    return sum(known) if known and len(known) == len(ground.due) else None


def _smoothed(ground: Ground, measure: Measure, rows: Sequence[UnitRow]) -> dict[int, float]:
    """Only shown units take part, so that no hidden one can be found in the others."""
    shown = [row for row in rows if row.figure.is_shown]
    if len(shown) < 2:
        return {}
    answers = [ground.answers(row.unit, measure) for row in shown]
    fitted = stats.smoothed_shares(
        [row.figure.population for row in shown],
        [each.n for each in answers],
        [each.favourable for each in answers],
    )
    if fitted.mu is None or fitted.m is None:
        return {}
    between = sqrt(fitted.mu * (1 - fitted.mu) / (fitted.m + 1))
    most = next((n for spread, n in SMOOTHED_UP_TO if between <= spread), 0)
    return {
        row.unit.id: whole_per_cent(value)
        for row, each, value in zip(shown, answers, fitted, strict=True)
        if value is not None and each.n <= most
    }
