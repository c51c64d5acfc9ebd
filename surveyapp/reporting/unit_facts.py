"""What is true of each unit in a whole period: how it works, and its figures of the year."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import Unit, UnitAttribute, UnitYear
from surveyapp.periods import next_month
from surveyapp.reporting.ground import Ground


class Driver(enum.StrEnum):
    """A fact that results are set against. The list is fixed: who looks first and asks then
    will always find something."""

    ORGANISATION_FORM = "organisationsform"
    CONTACT_ROUTE = "kontaktvag"
    CLIENTS_PER_OFFICER = "arenden-per-handlaggare"
    TURNOVER = "rorlighet"

    @property
    def attribute(self) -> str:
        """The dated attribute that it is; empty for a figure of the year."""
        return _ATTRIBUTES.get(self, "")


_ATTRIBUTES = {
    Driver.ORGANISATION_FORM: "organisation_form",
    Driver.CONTACT_ROUTE: "contact_route",
}


class Known(enum.StrEnum):
    """Whether there is one value for the whole period."""

    KNOWN = "known"
    CHANGED = "changed"  # within the period
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fact:
    """A unit's category or number. Only `KNOWN` has one."""

    known: Known
    category: str = ""
    number: float | None = None
    is_invented: bool = False


class Facts:
    """The facts of all units of a period, read in two queries."""

    def __init__(
        self,
        ground: Ground,
        attributes: Mapping[tuple[int, str], Collection[UnitAttribute]],
        years: Mapping[int, UnitYear],
    ) -> None:
        self._ground = ground
        self._attributes = attributes
        self._years = years
        self._found: dict[tuple[int, Driver], Fact] = {}

    @classmethod
    def read(cls, session: Session, ground: Ground) -> "Facts":
        ids = [unit.id for unit in ground.units]
        attributes: dict[tuple[int, str], list[UnitAttribute]] = {}
        for row in session.scalars(
            select(UnitAttribute).where(
                UnitAttribute.unit_id.in_(ids),
                UnitAttribute.attribute.in_(_ATTRIBUTES.values()),
            )
        ):
            attributes.setdefault((row.unit_id, row.attribute), []).append(row)
        years = session.scalars(
            select(UnitYear).where(
                UnitYear.unit_id.in_(ids), UnitYear.year == ground.product.period.year
            )
        )
        return cls(ground, attributes, {row.unit_id: row for row in years})

    def of(self, unit: Unit, driver: Driver) -> Fact:
        """What is true of the unit on all days of the period on which it existed."""
        if (unit.id, driver) not in self._found:
            self._found[unit.id, driver] = self._fact(unit, driver)
        return self._found[unit.id, driver]

    def _fact(self, unit: Unit, driver: Driver) -> Fact:
        if driver.attribute:
            return self._attribute(unit, driver.attribute)
        number = self._number(unit, driver)
        return Fact(Known.UNKNOWN) if number is None else Fact(Known.KNOWN, number=number)

    def _attribute(self, unit: Unit, attribute: str) -> Fact:
        first, last = self._days(unit)
        rows = [
            row
            for row in self._attributes.get((unit.id, attribute), ())
            if row.valid_from <= last and (row.valid_to is None or row.valid_to >= first)
        ]
        if len({row.value for row in rows}) > 1:
            return Fact(Known.CHANGED)
        days = sum(
            (min(row.valid_to or last, last) - max(row.valid_from, first)).days + 1
            for row in rows
        )
        if days <= (last - first).days:
            return Fact(Known.UNKNOWN)
        is_invented = any(row.is_invented for row in rows)
        return Fact(Known.KNOWN, category=rows[0].value, is_invented=is_invented)

    def _days(self, unit: Unit) -> tuple[date, date]:
        """The first and the last day of the period on which the unit existed."""
        months = self._ground.product.period.months
        first, after = max(months[0], unit.valid_from), next_month(months[-1])
        last = min(after - timedelta(days=1), unit.valid_to or after)
        return first, max(first, last)

    def _number(self, unit: Unit, driver: Driver) -> float | None:
        year = self._years.get(unit.id)
        if year is None:
            return None
        if driver is Driver.TURNOVER:
            return None if year.turnover_pct is None else float(year.turnover_pct)
        if year.clients is None or not year.officers_in_service:
            return None
        return year.clients / year.officers_in_service
