"""The city page with one unit, with a region's four hundred, and with names that are markup."""

import gzip
from datetime import date
from random import Random

import pytest
from sqlalchemy import event

from surveyapp import publishing
from surveyapp.access import Role
from surveyapp.models import Unit
from surveyapp.periods import Period
from tests.client import tree, words
from tests.released import answered, copy_released, due, happy, mix, release

JANUARY = date(2026, 1, 1)
REGION, FEW = 400, 11  # ordering units
HEAVIEST = 60_000  # bytes, compressed


@pytest.fixture
def reader(make, client):
    return client.log_in(make.account(role=Role.READER))


@pytest.fixture
def few(session, make):
    """Some released units that differ."""
    document = publishing.parsed(make.published(version=2))
    units = [make.unit(code=f"enhet-{n:03}", name=f"Enhet {n:03}") for n in range(1, FEW + 1)]
    rng = Random(1)
    for unit in units:
        answered(session, unit, JANUARY, [random_form(document, rng) for _ in range(40)])
        due(session, unit, Period.parse("2026-T1").months, 20)
    release(session, "2026-T1")
    return units


def random_form(document, rng):
    """A form where nearly everybody is satisfied, as they are."""
    choices = {q.id: q.options_for(1) for q in document.questions if q.type == "single"}
    return {id: rng.choice((*options[:2], *options)).code for id, options in choices.items()}


@pytest.fixture
def region(session, make, few):
    """Four hundred units, each with a name of its own and most with figures of their own."""
    others = [
        Unit(
            code=f"enhet-{n:03}",
            name=f"Enhet {n:03}",
            district="",
            valid_from=date(2007, 1, 1),
        )
        for n in range(FEW + 1, REGION + 1)
    ]
    make.store(*others)
    for place, unit in enumerate(few):
        copy_released(session, unit, others[place::FEW], times=lambda number: 1 + number % 20)
    return [*few, *others]


@pytest.fixture
def count_queries(app, session):
    """How many statements a page sends."""

    def count(ask):
        sent = []
        with app.app_context():
            from surveyapp.db import db

            engine = db.engine
        listener = lambda *args: sent.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        ask()
        event.remove(engine, "before_cursor_execute", listener)
        return len(sent)

    return count


@pytest.mark.usefixtures("reader", "region")
def test_page_of_a_region_is_light_and_names_every_unit_once_a_table(client):
    page = client.get("/resultat?period=2026-T1")

    table = tree(page.text).find(".//div[@class='overview']")
    names = [
        "".join(th.itertext()).strip() for th in table.iter("th") if th.get("scope") == "row"
    ]
    assert names == ["Hela staden", *(f"Enhet {n:03}" for n in range(1, REGION + 1))]
    assert len(gzip.compress(page.data)) <= HEAVIEST
