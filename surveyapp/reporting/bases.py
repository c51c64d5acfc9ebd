"""What figures are reckoned from beside the answers, as it stood when they were released."""

from collections.abc import Collection, Mapping
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import ReleasedUnit, Unit
from surveyapp.reporting.products import Product


class Bases:
    """Follow-ups due and clients of every unit and release that was read."""

    def __init__(self, rows: Collection[ReleasedUnit]) -> None:
        self._rows: Mapping[tuple[int, int], ReleasedUnit] = {
            (row.release_id, row.unit_id): row for row in rows
        }

    @classmethod
    def read(
        cls,
        session: Session,
        release_ids: Collection[int],
        *,
        unit_ids: Collection[int] | None = None,
    ) -> Self:
        """The bases of these releases; with `unit_ids` only of those units."""
        query = select(ReleasedUnit).where(ReleasedUnit.release_id.in_(release_ids))
        if unit_ids is not None:
            query = query.where(ReleasedUnit.unit_id.in_(unit_ids))
        return cls(session.scalars(query).all())

    def due(self, product: Product, unit_id: int) -> int | None:
        """Follow-ups due in the period; None if a part of it is not known."""
        known = [row.followups_due for row in self._of(product, unit_id)]
        counted = [n for n in known if n is not None]
        return sum(counted) if counted and len(counted) == len(known) else None

    def clients(self, product: Product, unit_id: int) -> int | None:
        """Clients of the year, as the newest of the releases knew it."""
        rows = self._of(product, unit_id)
        return rows[-1].clients if rows else None

    def weight(self, product: Product, unit: Unit) -> int | None:
        """Clients times months: a unit that was merged in July had them for half a year."""
        clients = self.clients(product, unit.id)
        months = sum(unit.existed_in(month) for month in product.period.months)
        return None if clients is None else clients * months

    def _of(self, product: Product, unit_id: int) -> list[ReleasedUnit]:
        """A unit that did not exist in a part of the period has no row there."""
        keys = [(release_id, unit_id) for release_id in product.release_ids]
        return [self._rows[key] for key in keys if key in self._rows]
