"""Any number of responses straight into the tables: a pool of forms, copied at random."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any, cast
from uuid import UUID

import click
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    delete,
    insert,
    literal,
    select,
)

from surveyapp import publishing
from surveyapp.bench.installation import VERSIONS
from surveyapp.db import Base, db, writing
from surveyapp.demo.answers import Respondents
from surveyapp.demo.forms import Filling, Form
from surveyapp.demo.organisation import places
from surveyapp.models import (
    Answer,
    Release,
    ReleasedOffer,
    ReleasedUnit,
    Response,
    Tally,
    Unit,
    UnitMonth,
)

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
YEARS = (2024, 2025, 2026)  # three years with the same eleven units
PERIOD = "2026-T1"
FORMS_OF_A_UNIT = 120  # in the pool, of each version
AT_ONCE = 20_000
RESPONSE, ANSWER = cast(Table, Response.__table__), cast(Table, Answer.__table__)

_POOL = Table(
    "bench_pool",
    MetaData(),
    Column("form", Integer, index=True),
    Column("question", String(60)),
    Column("value", String(60)),
    Column("missing", String(60)),
    prefixes=["TEMPORARY"],
)
_DRAWN = Table(
    "bench_drawn",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("form", Integer),
    prefixes=["TEMPORARY"],
)


def sizes(chosen: str, *, full: bool, quick: bool) -> list[int]:
    """The numbers of responses to measure, the least first."""
    if quick:
        return [500, 1_000]
    try:
        found = sorted({int(size) for size in chosen.split(",")}) if chosen else list(SIZES)
    except ValueError:
        raise click.BadParameter("write the sizes as 1000,10000") from None
    if found[0] < 1 or found[-1] > MILLION:
        raise click.BadParameter(f"from 1 to {MILLION} responses")
    return [*found, MILLION] if full and MILLION not in found else found


def generate(n: int, *, years: Sequence[int] = YEARS) -> None:
    """Store `n` responses of these years, and so many follow-ups due that all fit in."""
    rng = Random(1)  # noqa: S311 - it guards nothing
    pool = list(_pool())
    of_version = {v: [i for i, f in enumerate(pool) if f.version == v] for v in VERSIONS}
    months = [date(year, month, 1) for year in years for month in range(1, 13)]
    with writing(db.session) as session:
        version_ids = {
            number: published.id
            for number in VERSIONS
            if (published := publishing.published(session, publishing.KEY, number))
        }
        session.add_all(
            UnitMonth(unit_id=place.unit.id, month=month, followups_due=n)
            for place in places(session)
            for month in months
            if place.unit.existed_in(month)
        )
        connection = session.connection()
        for table in (_POOL, _DRAWN):
            table.create(connection)
        session.execute(
            insert(_POOL),
            [
                {"form": number, **entry._asdict()}
                for number, form in enumerate(pool)
                for entry in form.entries
            ],
        )
        ids = sorted(rng.getrandbits(128) for _ in range(n))
        for start in range(0, n, AT_ONCE):
            drawn, rows = [], []
            for id in ids[start : start + AT_ONCE]:
                month = rng.choice(months)
                number = rng.choice(of_version[1 if month < VERSIONS[2] else 2])
                drawn.append({"id": UUID(int=id), "form": number})
                rows.append(_response(UUID(int=id), pool[number], month, version_ids))
            session.execute(insert(RESPONSE), rows)
            session.execute(delete(_DRAWN))
            session.execute(insert(_DRAWN), drawn)
            copied = select(_DRAWN.c.id, _POOL.c.question, _POOL.c.value, _POOL.c.missing)
            session.execute(
                insert(ANSWER).from_select(
                    ["response_id", "question", "value", "missing"],
                    copied.join(_POOL, _POOL.c.form == _DRAWN.c.form).order_by(
                        _DRAWN.c.id, _POOL.c.question
                    ),
                )
            )
        for table in (_POOL, _DRAWN):
            table.drop(connection)


def make_region(n_units: int) -> None:
    """As if so many units had been released, the new ones with the figures of the others."""
    with writing(db.session) as session:
        there = [place.unit for place in places(session)]
        beside = range(len(there) + 1, n_units + 1)
        new = [
            Unit(code=f"unit-{n}", name=f"Unit {n}", district="", valid_from=date(2020, 1, 1))
            for n in beside
        ]
        session.add_all(new)
        session.flush()
        for table in (Tally, ReleasedUnit, ReleasedOffer):
            columns = cast(Table, table.__table__).c
            kept = [column for column in columns if column.name != "unit_id"]
            for number, unit in enumerate(new):
                copied = select(literal(unit.id), *kept).where(
                    columns.unit_id == there[number % len(there)].id
                )
                names = ["unit_id", *(column.name for column in kept)]
                session.execute(insert(table).from_select(names, copied))


def forget_releases() -> None:
    """As if nothing had been released, so that it can be measured again."""
    with writing(db.session) as session:
        release = cast(Table, Release.__table__)
        for table in reversed(Base.metadata.sorted_tables):
            if table is release or any(key.references(release) for key in table.foreign_keys):
                session.execute(delete(table))
        session.expunge_all()


def _pool() -> Iterator[Form]:
    """Forms of every unit that exists in all three years, in both versions."""
    documents = [
        (valid_from, publishing.document(db.session, publishing.KEY, number))
        for number, valid_from in reversed(VERSIONS.items())
    ]
    filling = Filling(documents, seed=1)
    for place in places(db.session):
        if place.unit.existed_in(date(YEARS[-1], 12, 1)):
            people = Respondents(place, seed=1)
            for month in (date(2024, 3, 1), date(2025, 3, 1)):
                yield from filling.forms(people, month, 2 * FORMS_OF_A_UNIT)


def _response(id: UUID, form: Form, month: date, version_ids: dict[int, int]) -> dict[str, Any]:
    return {
        "id": id,
        "receipt": None,
        "unit_id": form.unit_id,
        "month": month,
        "version_id": version_ids[form.version],
        "language": form.language,
        "channel": form.channel,
        "followup_type": form.followup_type,
        "service_group": form.service_group,
        "handed_over_by": form.handed_over_by,
        "form_length": form.form_length,
        "status": form.status,
        "is_settled": True,
    }
