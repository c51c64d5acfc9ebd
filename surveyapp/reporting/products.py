"""Which periods have results, and what their releases decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import FigureKind, Reason, Release, Withheld
from surveyapp.periods import Period
from surveyapp.withholding import ALL_FORMS


@dataclass(frozen=True)
class Product:
    """A period with results: the releases whose counts it adds, the last of which decided."""

    period: Period
    release_ids: tuple[int, ...]
    released_on: date  # the last of them


def products(session: Session) -> list[Product]:
    """Everything that can be chosen, newest first; of those that end together the longest."""
    query = select(Release.period, Release.id, Release.released_on)
    rows = session.execute(query.order_by(Release.edition))
    releases = {Period.parse(text): _Made(id, day) for text, id, day in rows}
    found = [Product(period, (made.id,), made.on) for period, made in releases.items()]
    for period in releases:
        if (to_date := _to_date(period, releases)) is not None:
            found.append(to_date)
    return sorted(found, key=_newest_and_longest, reverse=True)


class _Made(NamedTuple):
    """A release: its number and its day."""

    id: int
    on: date


def _to_date(period: Period, releases: Mapping[Period, _Made]) -> Product | None:
    """The year so far, as the release of its last part saw it; not once the year is out."""
    so_far, last = period.year_to_date(), releases[period]
    earlier = [releases[part].id for part in period.earlier_parts() if part in releases]
    if so_far is None or not earlier or max(earlier) > last.id:
        return None
    is_whole_year = period.number == period.parts.n_in_year
    year_is_out = any(each.is_year and each.year == period.year for each in releases)
    if is_whole_year and year_is_out:
        return None
    return Product(so_far, (*earlier, last.id), last.on)


def find_product(session: Session, period: Period) -> Product | None:
    """The product of a period; None if it is not released."""
    found = products(session)  # a year is itself, however its parts are divided
    return next((each for each in found if str(each.period) == str(period)), None)


def released_products(session: Session) -> list[Period]:
    """The periods that can be chosen, newest first."""
    return [product.period for product in products(session)]


def parts_of(product: Product, among: Sequence[Product]) -> list[Product]:
    """The released parts that a year or a year to date is made of."""
    months = set(product.period.months)
    return [
        other
        for other in among
        if not (other.period.is_year or other.period.to_date)
        and months.issuperset(other.period.months)
    ]


def _newest_and_longest(product: Product) -> tuple[object, int]:
    months = product.period.months
    return months[-1], len(months)


class Decisions:
    """Why figures are withheld, as the releases decided it."""

    def __init__(self, rows: Collection[Withheld]) -> None:
        self._reasons = {
            (row.product, row.unit_id, row.question, row.kind): row.reason for row in rows
        }

    @classmethod
    def read(
        cls,
        session: Session,
        chosen: Sequence[Product],
        *,
        unit_ids: Collection[int] | None = None,
    ) -> "Decisions":
        """What was decided for these products; with `unit_ids` only for those units."""
        deciding = {(str(product.period), product.release_ids[-1]) for product in chosen}
        query = select(Withheld).where(Withheld.release_id.in_({id for _, id in deciding}))
        if unit_ids is not None:
            query = query.where(Withheld.unit_id.in_(unit_ids))
        rows = session.scalars(query)
        return cls([row for row in rows if (row.product, row.release_id) in deciding])

    def reason(
        self,
        period: Period,
        unit_id: int | None,
        kind: FigureKind,
        questions: Collection[str] = (ALL_FORMS,),
    ) -> Reason | None:
        """Why a figure is withheld; None if it is not. Without a unit it is the city's."""
        for question in sorted(questions):
            reason = self._reasons.get((str(period), unit_id, question, kind))
            if reason is not None:
                return reason
        return None

    def of_counts(self, period: Period, unit_id: int) -> Reason | None:
        """Why a unit's number of forms and its response rate are withheld, if they are."""
        return self.reason(period, unit_id, FigureKind.FORMS)

    def hides_a_part(self, parts: Iterable[Product], unit_id: int) -> bool:
        """Whether a unit's number of forms is withheld in any of these."""
        return any(self.of_counts(part.period, unit_id) is not None for part in parts)
