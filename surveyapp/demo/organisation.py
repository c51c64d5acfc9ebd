"""What the demo says about the units. Everything in here is invented except who they are.

The sizes are those of 2017, so that they are of the right order; the way of working, the number
of officers and their turnover are made up, and which unit has which is drawn by nobody's merit.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.errors import N_, SurveyError
from surveyapp.models import (
    NAMED_OFFICERS,
    Unit,
    UnitAttribute,
    UnitMonth,
    UnitSuccession,
    UnitYear,
)
from surveyapp.periods import next_month

FIRST = date(2022, 1, 1)
LAST_DUE = date(2026, 12, 1)
SMALL = "skarholmen"  # few answers there: see the docstring of the package
TEAM = "farsta"  # three named officers for each client, the only unit with a team
TEAM_SINCE = date(2017, 1, 1)
TEAM_OFFICERS = 3

CLIENTS = {
    "bromma": 2105,
    "enskede-arsta-vantor": 2864,
    "farsta": 2222,
    "hasselby-vallingby": 2437,
    "kungsholmen": 1855,
    "skarpnack": 1246,
    "skarholmen": 1185,
    "sodermalm": 3750,
    "hagersten-alvsjo": 2750,
    "rinkeby-kista": 1152,
    "spanga-tensta": 958,
    "jarva": 1152 + 958,
    "norrmalm": 1785,
    "ostermalm": 2566,
    "norra-innerstaden": 1785 + 2566,
}
# Of the thirteen units seven, four, one and one; the two that merged later take one of theirs.
ROUTES = {
    "bromma": "phone_hours_plus_aldre_direkt",
    "hasselby-vallingby": "phone_hours_plus_aldre_direkt",
    "skarpnack": "phone_hours_plus_aldre_direkt",
    "spanga-tensta": "phone_hours_plus_aldre_direkt",
    "kungsholmen": "open_reception_phone",
    "ostermalm": "own_calls_voicemail_to_aldre_direkt",
}
USUAL_ROUTE = "aldre_direkt_all"
# Where it happens that the officer helps the person to answer.
HELPING_OFFICERS = {"bromma", "sodermalm", "norrmalm", "norra-innerstaden"}
# January to December: fewer follow-ups in July and around Christmas.
SEASON = (1.0, 1.0, 1.1, 1.05, 1.05, 1.0, 0.65, 0.9, 1.1, 1.15, 1.1, 0.9)


@dataclass(frozen=True)
class Place:
    """A unit of the demo and the facts that its answers depend on."""

    unit: Unit
    clients: int
    route: str
    named_officers: int
    has_helping_officers: bool
    predecessors: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.unit.code

    @property
    def is_small(self) -> bool:
        return self.code == SMALL


def places(session: Session) -> list[Place]:
    """The units of the demo's years, by code: thirteen that become eleven."""
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    if missing := CLIENTS.keys() - units.keys():
        raise SurveyError(
            N_("The demo needs the units that come with the application; %(unit)s is missing."),
            unit=min(missing),
        )
    went_into = session.execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
    code_of = {unit.id: code for code, unit in units.items()}
    before: dict[str, list[str]] = {}
    for old, new in went_into:
        before.setdefault(code_of[new], []).append(code_of[old])
    return [
        Place(
            unit=units[code],
            clients=CLIENTS[code],
            route=ROUTES.get(code, USUAL_ROUTE),
            named_officers=TEAM_OFFICERS if code == TEAM else 1,
            has_helping_officers=code in HELPING_OFFICERS,
            predecessors=tuple(sorted(set(before.get(code, ())) & CLIENTS.keys())),
        )
        for code in sorted(CLIENTS)
    ]


def invent(session: Session, places: Collection[Place], seed: int) -> Mapping[str, list[int]]:
    """Store what the demo makes up about the units; the follow-ups due, month by month from
    FIRST, by unit code."""
    due: dict[str, list[int]] = {}
    for place in places:
        session.add_all(_attributes(place))
        for year in range(FIRST.year, LAST_DUE.year + 1):
            if _exists_in_year(place.unit, year) and (
                session.get(UnitYear, (place.unit.id, year)) is None  # a real figure stays
            ):
                session.add(_year(place, year, seed))
        due[place.code] = [_followups_due(place, month, seed) for month in months(LAST_DUE)]
        session.add_all(
            UnitMonth(unit_id=place.unit.id, month=month, followups_due=n)
            for month, n in zip(months(LAST_DUE), due[place.code], strict=True)
            if place.unit.existed_in(month)
        )
    session.flush()
    return due


def months(last: date) -> Iterator[date]:
    """Every month from FIRST to the last."""
    month = FIRST
    while month <= last:
        yield month
        month = next_month(month)


def chance(seed: int, *of: object) -> Random:
    """Random numbers for one thing only, so that the order of things does not matter."""
    return Random("/".join(map(str, (seed, *of))))  # noqa: S311 - they guard nothing


def _attributes(place: Place) -> Iterator[UnitAttribute]:
    since = max(place.unit.valid_from, TEAM_SINCE)
    is_team = place.named_officers > 1
    values = {
        "organisation_form": "team" if is_team else "single_named",
        NAMED_OFFICERS: str(place.named_officers),
        "contact_route": place.route,
    }
    for attribute, value in values.items():
        yield UnitAttribute(
            unit_id=place.unit.id,
            attribute=attribute,
            valid_from=since,
            valid_to=place.unit.valid_to,
            value=value,
            is_invented=True,
        )


def _year(place: Place, year: int, seed: int) -> UnitYear:
    rng = chance(seed, place.code, year)
    employed = round(place.clients / rng.uniform(58, 66))
    return UnitYear(
        unit_id=place.unit.id,
        year=year,
        clients=round(place.clients * rng.uniform(0.97, 1.03)),
        officers_employed=employed,
        officers_in_service=round(employed * rng.uniform(0.82, 0.95)),
        turnover_pct=Decimal(round(rng.uniform(70, 210))) / 10,
    )


def _followups_due(place: Place, month: date, seed: int) -> int:
    rng = chance(seed, place.code, month, "due")
    return round(place.clients / 12 * SEASON[month.month - 1] * rng.uniform(0.92, 1.08))


def _exists_in_year(unit: Unit, year: int) -> bool:
    return unit.valid_from.year <= year and (
        unit.valid_to is None or unit.valid_to.year >= year
    )
