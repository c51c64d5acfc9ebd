"""Who became whom: the units before and after each other, and the days that it happened."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.models import Unit, UnitSuccession

_SWEDISH = str.maketrans({"å": "{", "ä": "|", "ö": "}"})  # the three signs after z


def by_name(units: Iterable[Unit]) -> list[Unit]:
    """Units in Swedish order: å, ä and ö come last. Databases disagree about it."""
    return sorted(units, key=lambda unit: unit.name.lower().translate(_SWEDISH))


@dataclass(frozen=True)
class Merger:
    """Units that became another one, or went into it, on a day."""

    old: tuple[Unit, ...]
    new: Unit
    takes_effect_on: date


class Successions:
    """Every succession, read once and asked for many times."""

    def __init__(self, units: Mapping[int, Unit], rows: Iterable[UnitSuccession]) -> None:
        self.units = units
        self._rows = list(rows)

    @classmethod
    def read(cls, session: Session) -> "Successions":
        units = {unit.id: unit for unit in session.scalars(select(Unit))}
        return cls(units, session.scalars(select(UnitSuccession)))

    def before(self, unit_id: int) -> list[Unit]:
        """The units that became this one or went into it, and those before them, by name."""
        return self._reached(unit_id, [(row.new_id, row.old_id) for row in self._rows])

    def after(self, unit_id: int) -> list[Unit]:
        """The units that this one became or went into, and those after them, by name."""
        return self._reached(unit_id, [(row.old_id, row.new_id) for row in self._rows])

    def divided(self, unit_id: int) -> list[Unit]:
        """Those before the unit that went into others too, so that they are not its alone."""
        before = self.before(unit_id)
        family = {unit_id, *(unit.id for unit in before)}
        gone = {row.old_id for row in self._rows if row.new_id not in family}
        return [unit for unit in before if unit.id in gone]

    def mergers(self, among: Collection[Unit]) -> list[Merger]:
        """What happened between these units, in order; with all that went in the same day."""
        ids = {unit.id for unit in among}
        places = {
            (row.takes_effect_on, row.new_id)
            for row in self._rows
            if row.old_id in ids and row.new_id in ids
        }
        return [self._merger(new_id, day) for day, new_id in sorted(places)]

    def came_from(self, unit_id: int) -> list[Merger]:
        """What the unit was made of, in order."""
        days = {row.takes_effect_on for row in self._rows if row.new_id == unit_id}
        return [self._merger(unit_id, day) for day in sorted(days)]

    def went_into(self, unit_id: int) -> list[Merger]:
        """What the unit became part of, in order."""
        places = {(r.takes_effect_on, r.new_id) for r in self._rows if r.old_id == unit_id}
        return [self._merger(new_id, day) for day, new_id in sorted(places)]

    def _merger(self, new_id: int, day: date) -> Merger:
        old = [
            self.units[row.old_id]
            for row in self._rows
            if row.new_id == new_id and row.takes_effect_on == day
        ]
        return Merger(tuple(by_name(old)), self.units[new_id], day)

    def _reached(self, unit_id: int, steps: Collection[tuple[int, int]]) -> list[Unit]:
        found: set[int] = set()
        waiting = [unit_id]
        while waiting:
            here = waiting.pop()
            fresh = {to for start, to in steps if start == here} - found
            found |= fresh
            waiting += fresh
        return by_name(self.units[id] for id in found - {unit_id})
