"""How many named officers the clients of each unit have, month by month."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import NAMED_OFFICERS, UnitAttribute


class Officers:
    """The numbers of all units, read in one query. Where nobody has said it is 1."""

    def __init__(self, rows: Iterable[UnitAttribute]) -> None:
        self._rows: dict[int, list[UnitAttribute]] = {}
        for row in rows:
            self._rows.setdefault(row.unit_id, []).append(row)

    @classmethod
    def read(cls, session: Session, unit_ids: Collection[int]) -> "Officers":
        return cls(
            session.scalars(
                select(UnitAttribute).where(
                    UnitAttribute.unit_id.in_(unit_ids),
                    UnitAttribute.attribute == NAMED_OFFICERS,
                )
            )
        )

    def numbers(self, unit_id: int, months: Iterable[date]) -> tuple[int, ...]:
        """The numbers that held in these months, in order; more than one if it changed."""
        return tuple(dict.fromkeys(self._on(unit_id, month) for month in months))

    def _on(self, unit_id: int, day: date) -> int:
        for row in self._rows.get(unit_id, ()):
            if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
                return int(row.value)
        return 1
