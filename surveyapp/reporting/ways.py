"""How units work: their form of organisation and how many named officers a person has."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import NAMED_OFFICERS, Unit, UnitAttribute
from surveyapp.reporting.comparisons import Hindrance

FORM = "organisation_form"


class Way(NamedTuple):
    """A way of working that units have in common. Written `team-3`."""

    form: str
    officers: int

    def __str__(self) -> str:
        return f"{self.form}-{self.officers}"


class Ways:
    """The way of working of every unit, month by month, read in one query."""

    def __init__(self, rows: Iterable[UnitAttribute]) -> None:
        self._rows: dict[tuple[int, str], list[UnitAttribute]] = {}
        for row in rows:
            self._rows.setdefault((row.unit_id, row.attribute), []).append(row)

    @classmethod
    def read(cls, session: Session, unit_ids: Collection[int]) -> "Ways":
        return cls(
            session.scalars(
                select(UnitAttribute).where(
                    UnitAttribute.unit_id.in_(unit_ids),
                    UnitAttribute.attribute.in_((FORM, NAMED_OFFICERS)),
                )
            )
        )

    def of(self, unit: Unit, months: Sequence[date]) -> Way | Hindrance:
        """What held through all these months; or that it changed, or nobody has said it.

        One officer is what there is where nobody has said another number.
        """
        days = [max(month, unit.valid_from) for month in months]
        found = {
            (self._on(unit.id, FORM, day), int(self._on(unit.id, NAMED_OFFICERS, day) or 1))
            for day in days
        }
        if len(found) > 1:
            return Hindrance.WAY_CHANGED
        form, officers = next(iter(found), (None, 1))
        return Way(form, officers) if form else Hindrance.WAY_UNKNOWN

    def _on(self, unit_id: int, attribute: str, day: date) -> str | None:
        for row in self._rows.get((unit_id, attribute), ()):
            if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
                return row.value
        return None
