"""Import of figures from a file: follow-ups due per month, figures per year of unit or city."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.db import Base
from surveyapp.models import CityYear, Unit, UnitMonth, UnitYear
from surveyapp.organising.tables import Fault, Imported, Row, Table, read_table
from surveyapp.periods import Period

MONTHS = ("unit", "month", "followups_due")
YEARS = ("unit", "year")
YEAR_FIGURES = ("clients", "officers_employed", "officers_in_service", "turnover_pct")
CITY = ("year", "turnover_pct", "turnover_left_city_pct")
NOTE = "source_note"  # for those who read the file; it is not stored

Key = dict[str, Any]  # names of the key's columns to their values
Figures = dict[str, Any]  # names of the other columns to what the file gives


def import_figures(session: Session, text: str) -> Imported:
    """Store the figures of a file; ImportRefused names every faulty line.

    The columns tell what kind of file it is. An empty cell leaves what is stored.
    """
    table = read_table(text)
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    if "month" in table.columns:
        table.check_columns(MONTHS, (NOTE,))
        return _import(session, table, UnitMonth, lambda row: _month(row, units))
    if "unit" in table.columns:
        table.check_columns(YEARS, (*YEAR_FIGURES, NOTE))
        return _import(session, table, UnitYear, lambda row: _year(row, units))
    table.check_columns(CITY, (NOTE,))
    return _import(session, table, CityYear, _city_year)


def _import(
    session: Session,
    table: Table,
    kind: type[Base],
    read: Callable[[Row], tuple[Key, Figures]],
) -> Imported:
    given: dict[tuple[Any, ...], tuple[Key, Figures]] = {}
    lines: dict[tuple[Any, ...], int] = {}

    def take(row: Row) -> None:
        key, figures = read(row)
        place = tuple(key.values())
        if place in lines:
            raise Fault(f"the same is already on line {lines[place]}")
        lines[place] = row.line
        given[place] = key, figures

    table.each(take)
    table.refuse_if_faulty()
    done = [_store(session, kind, key, figures) for key, figures in given.values()]
    session.flush()
    return sum(done, Imported())


def _store(session: Session, kind: type[Base], key: Key, figures: Figures) -> Imported:
    stored = session.get(kind, key)
    if stored is None:
        session.add(kind(**key, **figures))
        return Imported(n_added=1)
    if all(getattr(stored, name) == value for name, value in figures.items()):
        return Imported(n_unchanged=1)
    for name, value in figures.items():
        setattr(stored, name, value)
    return Imported(n_changed=1)


def _month(row: Row, units: Mapping[str, Unit]) -> tuple[Key, Figures]:
    unit, month = _unit(row, units), row.month("month")
    if not unit.existed_in(month):
        raise Fault(f"{unit.code} did not exist in {month:%Y-%m}")
    return (
        {"unit_id": unit.id, "month": month},
        {"followups_due": row.count("followups_due")},
    )


def _year(row: Row, units: Mapping[str, Unit]) -> tuple[Key, Figures]:
    unit, year = _unit(row, units), row.year("year")
    if not any(unit.existed_in(month) for month in Period(year).months):
        raise Fault(f"{unit.code} did not exist in {year}")
    figures: Figures = {
        name: row.percent(name) if name == "turnover_pct" else row.count(name)
        for name in YEAR_FIGURES
        if row.text(name)
    }
    if not figures:
        raise Fault(f"give at least one of {', '.join(YEAR_FIGURES)}")
    employed = figures.get("officers_employed")
    if employed is not None and figures.get("officers_in_service", 0) > employed:
        raise Fault("officers_in_service is more than officers_employed")
    return {"unit_id": unit.id, "year": year}, figures


def _city_year(row: Row) -> tuple[Key, Figures]:
    figures: Figures = {name: row.percent(name) for name in CITY[1:]}
    if figures["turnover_left_city_pct"] > figures["turnover_pct"]:
        raise Fault("turnover_left_city_pct is more than turnover_pct, of which it is a part")
    return {"year": row.year("year")}, figures


def _unit(row: Row, units: Mapping[str, Unit]) -> Unit:
    code = row.required("unit")
    if code not in units:
        raise Fault(f'unknown unit "{code}"')
    return units[code]
