"""Import of units, successions and attributes from one file: all of it or nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.models import (
    NAMED_OFFICERS,
    OfferTally,
    Response,
    Unit,
    UnitAttribute,
    UnitSuccession,
)
from surveyapp.organising.tables import Fault, Imported, Row, Table, read_table

COLUMNS = (
    "kind",
    "code",
    "name",
    "district",
    "valid_from",
    "valid_to",
    "successor",
    "attribute",
    "value",
)
NOTE = "source_note"  # for those who read the file; it is not stored

YES_NO = ("yes", "no")
# The attributes a unit may have over time, and the values they may take.
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "organisation_form": ("single_named", "team", "daily_allocation", "other"),
    NAMED_OFFICERS: tuple(str(number) for number in range(1, 21)),
    "contact_route": (
        "aldre_direkt_all",
        "phone_hours_plus_aldre_direkt",
        "open_reception_phone",
        "own_calls_voicemail_to_aldre_direkt",
    ),
    "has_discharge_officers": YES_NO,
    "has_care_home_officers": YES_NO,
    "has_followup_officer": YES_NO,
}
FIGURES = ("clients", "officers_employed", "officers_in_service", "turnover_pct")

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE = 60

K = TypeVar("K")
V = TypeVar("V")
Succession = tuple[str, str]  # code of the old unit, code of the new one
Attribute = tuple[str, str, date]  # unit, attribute, first day


@dataclass(frozen=True)
class _Unit:
    name: str
    district: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class _Value:
    value: str
    valid_to: date | None
    is_invented: bool = False


@dataclass
class _Organisation:
    """Everything that is known, by what names it."""

    units: dict[str, _Unit] = field(default_factory=dict)
    successions: dict[Succession, date] = field(default_factory=dict)
    attributes: dict[Attribute, _Value] = field(default_factory=dict)


@dataclass
class _File(_Organisation):
    """What the file says, and on which line."""

    lines: dict[object, int] = field(default_factory=dict)
    faulty_units: set[str] = field(default_factory=set)

    def take(self, row: Row) -> None:
        """Read one row for itself; how rows fit together is looked at afterwards."""
        kinds = {
            "unit": self._take_unit,
            "succession": self._take_succession,
            "attribute": self._take_attribute,
        }
        kind = row.required("kind")
        if kind not in kinds:
            raise Fault(f'kind: write unit, succession or attribute, not "{kind}"')
        kinds[kind](row)

    def _take_unit(self, row: Row) -> None:
        code = row.required("code")
        self.faulty_units.add(code)
        if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
            raise Fault(f'code: write small letters a to z, digits and hyphens, not "{code}"')
        row.must_be_empty(("successor", "attribute", "value"), "on a line of kind unit")
        unit = _Unit(row.required("name"), row.required("district"), *_validity(row))
        self._note(row, code, f"the unit {code}")
        self.units[code] = unit
        self.faulty_units.discard(code)

    def _take_succession(self, row: Row) -> None:
        old, new = row.required("code"), row.required("successor")
        row.must_be_empty(
            ("name", "district", "valid_to", "attribute", "value"),
            "on a line of kind succession",
        )
        if old == new:
            raise Fault("successor: a unit cannot succeed itself")
        day = row.day("valid_from")
        self._note(row, (old, new), f"the succession of {old} by {new}")
        self.successions[old, new] = day

    def _take_attribute(self, row: Row) -> None:
        code, name, value = (row.required(each) for each in ("code", "attribute", "value"))
        row.must_be_empty(("name", "district", "successor"), "on a line of kind attribute")
        if name in FIGURES:
            raise Fault(f"attribute: {name} is a yearly figure; use surveyapp units figures")
        if name not in ATTRIBUTES:
            raise Fault(f'attribute: unknown "{name}". Known: {", ".join(ATTRIBUTES)}')
        if value not in ATTRIBUTES[name]:
            allowed = (
                "a whole number from 1 to 20"
                if name == NAMED_OFFICERS
                else " or ".join(ATTRIBUTES[name])
            )
            raise Fault(f'value: {name} is {allowed}, not "{value}"')
        first, last = _validity(row)
        self._note(row, (code, name, first), f"{name} of {code} from {first}")
        self.attributes[code, name, first] = _Value(value, last)

    def _note(self, row: Row, key: object, what: str) -> None:
        if key in self.lines:
            raise Fault(f"{what} is already on line {self.lines[key]}")
        self.lines[key] = row.line


def import_units(session: Session, text: str) -> Imported:
    """Store units, successions and attributes; ImportRefused names every faulty line.

    The same file again changes nothing. What the file does not mention stays as it is.
    """
    table = read_table(text)
    table.check_columns(COLUMNS, (NOTE,))
    file = _File()
    table.each(file.take)
    before = _stored(session)
    after = _Organisation(
        before.units | file.units,
        before.successions | file.successions,
        before.attributes | file.attributes,
    )
    _check_units(session, table, file, before, after)
    _check_successions(table, file, after)
    _check_attributes(table, file, after)
    table.refuse_if_faulty()
    _store(session, file, before)
    return sum(
        (
            _counted(file.units, before.units),
            _counted(file.successions, before.successions),
            _counted(file.attributes, before.attributes),
        ),
        Imported(),
    )


def _validity(row: Row) -> tuple[date, date | None]:
    first, last = row.day("valid_from"), row.day_or_none("valid_to")
    if last is not None and last < first:
        raise Fault(f"valid_to: {last} is before valid_from {first}")
    return first, last


def _stored(session: Session) -> _Organisation:
    units = session.scalars(select(Unit)).all()
    codes = {unit.id: unit.code for unit in units}
    return _Organisation(
        {u.code: _Unit(u.name, u.district, u.valid_from, u.valid_to) for u in units},
        {
            (codes[row.old_id], codes[row.new_id]): row.takes_effect_on
            for row in session.scalars(select(UnitSuccession))
        },
        {
            (codes[row.unit_id], row.attribute, row.valid_from): _Value(
                row.value, row.valid_to, row.is_invented
            )
            for row in session.scalars(select(UnitAttribute))
        },
    )


def _check_units(
    session: Session, table: Table, file: _File, before: _Organisation, after: _Organisation
) -> None:
    """A unit keeps its name and first day, and cannot end before what is counted for it.

    The day of a merger may be corrected all the same: the new unit then begins on another day,
    and the old one may end before its last answers. They stay its own, and are counted with
    those of the unit that it went into.
    """
    succeeded = {old for old, _ in after.successions}
    successors = {new for _, new in after.successions}
    for code, unit in file.units.items():
        known = before.units.get(code)
        if known is None:
            continue
        line = file.lines[code]
        kept = ("name", "district", *(() if code in successors else ("valid_from",)))
        for column in kept:
            was = getattr(known, column)
            if was != getattr(unit, column):
                table.fault(
                    line,
                    f"{column}: {code} is stored with {was}, and that stays. "
                    "A new name is a new unit that succeeds it",
                )
        if code not in succeeded and unit.valid_to not in (None, known.valid_to):
            last = _last_month(session, code)
            if last is not None and last > unit.valid_to:
                table.fault(
                    line,
                    f"valid_to: {code} has answers or offers in {last:%Y-%m}, "
                    f"after {unit.valid_to}",
                )


def _last_month(session: Session, code: str) -> date | None:
    """The last month in which something was collected for the unit."""
    unit_id = select(Unit.id).where(Unit.code == code).scalar_subquery()
    months = [
        session.scalar(select(func.max(table.month)).where(table.unit_id == unit_id))
        for table in (Response, OfferTally)
    ]
    return max((month for month in months if month is not None), default=None)


def _check_successions(table: Table, file: _File, after: _Organisation) -> None:
    """A succession takes effect the day after the old unit's last, when the new one exists."""
    for (old, new), day in after.successions.items():
        line = _line_of(file, (old, new), old, new)
        if line is None or {old, new} & file.faulty_units:
            continue
        if unknown := [code for code in (old, new) if code not in after.units]:
            table.fault(line, f'unknown unit "{unknown[0]}"')
            continue
        last, successor = after.units[old].valid_to, after.units[new]
        if last is None:
            reason = f"valid_to of {old} is missing: a unit that is succeeded has a last day"
        elif day != last + timedelta(days=1):
            reason = (
                f"{new} succeeds {old} on {day}, but the last day of {old} is {last}; "
                "a succession takes effect the day after"
            )
        elif day < successor.valid_from or (successor.valid_to or day) < day:
            reason = f"{new} does not exist on {day}, when it succeeds {old}"
        else:
            continue
        table.fault(line, reason)


def _check_attributes(table: Table, file: _File, after: _Organisation) -> None:
    """An attribute is of a unit that exists, within its time, and one value at a time."""
    for key, value in file.attributes.items():
        code, name, first = key
        unit = after.units.get(code)
        if code in file.faulty_units:
            continue
        line = file.lines[key]
        if unit is None:
            table.fault(line, f'unknown unit "{code}"')
        elif first < unit.valid_from or (
            unit.valid_to is not None and max(first, value.valid_to or first) > unit.valid_to
        ):
            ends = f" to {unit.valid_to}" if unit.valid_to else ""
            table.fault(line, f"{name}: {code} exists from {unit.valid_from}{ends} only")
    for one, next_ in pairwise(sorted(after.attributes)):
        last = after.attributes[one].valid_to
        if one[:2] != next_[:2] or (last is not None and last < next_[2]):
            continue
        if (place := _line_of(file, next_, one)) is not None:
            code, name, first = one
            ends = f"to {last}" if last else "without an end"
            table.fault(
                place,
                f"{name} of {code} from {next_[2]} overlaps the value from {first} {ends}",
            )


def _line_of(file: _File, *keys: object) -> int | None:
    """The line of the first of these that the file holds."""
    return next((file.lines[key] for key in keys if key in file.lines), None)


def _counted(given: Mapping[K, V], stored: Mapping[K, V]) -> Imported:
    added = sum(key not in stored for key in given)
    same = sum(stored.get(key) == value for key, value in given.items())
    return Imported(added, len(given) - added - same, same)


def _store(session: Session, file: _File, before: _Organisation) -> None:
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    for code, given in file.units.items():
        if code in units:
            units[code].valid_from, units[code].valid_to = given.valid_from, given.valid_to
        else:
            units[code] = Unit(code=code, **vars(given))
            session.add(units[code])
    session.flush()
    for (old, new), day in file.successions.items():
        session.merge(
            UnitSuccession(old_id=units[old].id, new_id=units[new].id, takes_effect_on=day)
        )
    for (code, name, first), value in file.attributes.items():
        if before.attributes.get((code, name, first)) != value:
            session.merge(
                UnitAttribute(
                    unit_id=units[code].id, attribute=name, valid_from=first, **vars(value)
                )
            )
    session.flush()
