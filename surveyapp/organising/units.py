"""Questions about units: which there are, who went into whom, how many follow-ups were due."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import (
    NAMED_OFFICERS,
    Unit,
    UnitMonth,
    attribute_on,
    units_between,
)
from surveyapp.organising.successions import Successions, by_name


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit with this code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def units_on(session: Session, day: date) -> list[Unit]:
    """The units that exist on a day, by name."""
    return by_name(session.scalars(units_between(day, day)))


def named_officers(session: Session, unit_id: int, day: date) -> int:
    """How many named officers a client of the unit has on a day; 1 when nobody has said."""
    value = session.scalar(attribute_on(unit_id, NAMED_OFFICERS, day))
    return 1 if value is None else int(value)


def predecessors(session: Session, unit_id: int) -> list[Unit]:
    """The units that became this one or went into it, and those before them, by name."""
    return Successions.read(session).before(unit_id)


def followups_due(
    session: Session, unit_ids: Collection[int], months: Collection[date]
) -> dict[int, int | None]:
    """Follow-ups due in these months for each unit.

    None if the number is missing for a month in which the unit existed.
    """
    units = session.scalars(select(Unit).where(Unit.id.in_(unit_ids)))
    known = {
        (row.unit_id, row.month): row.followups_due
        for row in session.scalars(
            select(UnitMonth).where(
                UnitMonth.unit_id.in_(unit_ids), UnitMonth.month.in_(months)
            )
        )
    }
    due: dict[int, int | None] = {}
    for unit in units:
        numbers = [known.get((unit.id, month)) for month in months if unit.existed_in(month)]
        given = [number for number in numbers if number is not None]
        due[unit.id] = sum(given) if len(given) == len(numbers) else None
    return due
