"""Where the numbers of a page come from: the period, its release, the questionnaires."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from surveyapp.periods import Period
from surveyapp.reporting.measures import Measure, Tallies
from surveyapp.reporting.products import Product


@dataclass(frozen=True)
class Provenance:
    """The source of the charts of a page. `versions` are those that were answered; `since` is
    the first period of a chart over time."""

    period: Period
    released_on: date
    versions: tuple[int, ...]
    since: Period | None = None


def provenance(
    products: Sequence[Product],
    tallies: Tallies,
    measures: Iterable[Measure],
    *,
    unit_id: int | None = None,
) -> Provenance:
    """The source of the figures of a period, or of several in order; with `unit_id` of that
    unit's."""
    releases = {id for product in products for id in product.release_ids}
    answered = tallies.version_ids(releases, unit_id)
    numbers = {
        number
        for measure in measures
        for version_id, number in zip(measure.versions, measure.numbers, strict=True)
        if version_id in answered
    }
    return Provenance(
        products[-1].period,
        max(product.released_on for product in products),
        tuple(sorted(numbers)),
        since=products[0].period if len(products) > 1 else None,
    )
