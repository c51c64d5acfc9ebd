"""Every page of results in the situations that are easily forgotten, on both databases."""

from datetime import date

import pytest
from sqlalchemy import update

from surveyapp import organising
from surveyapp.models import ReleasedUnit
from tests.client import words
from tests.over_time import succeed
from tests.released import answered, copy_released, due, happy, mix, release

pytestmark = pytest.mark.usefixtures("reader")

T1 = [date(2026, month, 1) for month in (1, 2, 3, 4)]
PAGES = {
    "city": "/resultat",
    "unit": "/resultat/alvik",
    "question": "/resultat/fraga/hel_nojd",
    "rest": "/resultat/jamfor?period=2026-T1&enhet=alvik&med=resten&fraga=hel_nojd",
    "year": "/resultat/jamfor?period=2026-T1&enhet=alvik&med=forra-aret&fraga=hel_nojd",
    "trend": "/resultat/utveckling?enhet=alvik&fraga=hel_nojd",
    "driver": "/resultat/samband?period=2026-T1&fraga=hel_nojd&med=organisationsform",
}


def alone(session, city, make):
    """One unit in the whole city."""
    (alvik,) = city("Alvik")
    answered(session, alvik, T1[0], happy(30, of=40))


def withheld(session, city, make):
    """Every unit has too few answers."""
    for unit in city("Alvik", "Bromma"):
        answered(session, unit, T1[0], happy(5, of=7))


def silent(session, city, make):
    """A unit that nobody has answered about."""
    _alvik, *others = city("Alvik", "Bromma", "Centrum")
    for unit in others:
        answered(session, unit, T1[0], happy(30, of=40))


def contradicted(session, city, make):
    """A unit with more answers than follow-ups due."""
    for unit in city("Alvik", "Bromma"):
        answered(session, unit, T1[0], happy(30, of=40))
        due(session, unit, T1, 20)


def twice_merged(session, city, make):
    """A unit that is part of two successions: it came from one, and took in another."""
    (alvik,) = city("Alvik")
    for name, day in (("Bromma", date(2026, 2, 1)), ("Centrum", date(2026, 3, 1))):
        before = make.unit(name=name, valid_to=date(2026, day.month - 1, 28))
        succeed(make, alvik, before, on=day)
        answered(session, before, T1[0], happy(25, of=35))
    answered(session, alvik, T1[3], happy(30, of=40))


SITUATIONS = {
    alone: {
        "city": "75 % [59–87]",
        "unit": "75 % [59–87], 40 svar",
        "question": "Färre än två enheter har de 30 svar som en jämförelse kräver.",
        "rest": "Det finns ingen annan enhet att jämföra med.",
        "year": "Det finns inga resultat för tertial 1 2025.",
        "trend": "75 % [59–87], 40 svar",
        "driver": "Ingen enhet kan visas.",
    },
    withheld: {
        "city": "färre än 10",
        "unit": "Färre än 10 svar - visas inte.",
        "question": "Färre än 10 svar - visas inte.",
        "rest": "Alvik: Färre än 10 svar - visas inte.",
        "year": "Det finns inga resultat för tertial 1 2025.",
        "trend": "Färre än 10 svar - visas inte.",
        "driver": "Ingen enhet kan visas.",
    },
    silent: {
        "city": "inga svar",
        "unit": "Inga svar.",
        "question": "Alvik Inga svar.",
        "rest": "Alvik: Inga svar.",
        "year": "Det finns inga resultat för tertial 1 2025.",
        "trend": "Senast, tertial 1 2026: Inga svar.",
        "driver": "Ingen enhet kan visas.",
    },
    contradicted: {
        "city": "75 % [59–87]",
        "unit": "Alvik har fler formulär (40) än uppföljningar som skulle göras (30).",
        "question": "Alvik har fler svar än uppföljningar att göra (30).",
        "rest": "Alvik: 75 %, jämfört med 75 %",
        "year": "Det finns inga resultat för tertial 1 2025.",
        "trend": "75 % [59–87], 40 svar",
        "driver": "Ingen enhet kan visas.",
    },
    twice_merged: {
        "city": "75 % [59–87]",
        "unit": "75 % [59–87], 40 svar",
        "question": "75 % [59–87]",
        "rest": "Alvik: 75 %, jämfört med 71 %",
        "year": "Det finns inga resultat för tertial 1 2025.",
        "trend": "Inklusive föregångare, tertial 1 2026: 73 %",
        "driver": "Ingen enhet kan visas.",
    },
}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.__name__)
def test_pages_say_what_there_is_in_a_rare_situation(client, session, city, make, situation):
    situation(session, city, make)
    release(session, "2026-T1")
    if situation is contradicted:
        alvik = organising.unit_by_code(session, "alvik")
        session.execute(
            update(ReleasedUnit)
            .where(ReleasedUnit.unit_id == alvik.id)
            .values(followups_due=30)
        )
        session.commit()

    for page, address in PAGES.items():
        found = client.get(address)
        assert found.status_code == 200, page
        assert SITUATIONS[situation][page] in words(found).replace("\xa0", " "), page


def test_four_hundred_units_are_on_every_page(client, session, city, make):
    units = city("Alvik", "Bromma")
    for each in units:
        answered(session, each, T1[0], happy(30, of=40))
    release(session, "2026-T1")
    others = [make.unit(name=f"Enhet {number}") for number in range(398)]
    copy_released(session, units[0], others)

    said = {}
    for page, address in PAGES.items():
        if page != "city":  # tests/web/test_overview.py looks at it with a region
            found = client.get(address)
            assert found.status_code == 200, page
            said[page] = words(found).replace("\xa0", " ")
    assert all("Alvik" in each for each in said.values())
    assert "Enhet 397" in said["question"]
    assert "Enhet 397" in said["driver"]
    assert "(15 960 svar)" in said["rest"]


def test_period_without_a_release_and_made_up_parts_are_not_found(client, session, city, make):
    alone(session, city, make)
    release(session, "2026-T1")

    for address in (
        "/resultat?period=2026-T9",
        "/resultat?period=2025-T1",
        "/resultat/alvik?period=2025-T1",
        "/resultat/alvik?period=%3Cscript%3E",
        "/resultat/fraga/hel_nojd?period=2025-T1",
        "/resultat/jamfor?period=2025-T1&enhet=alvik&med=resten&fraga=",
        "/resultat/samband?period=2025-T1&fraga=hel_nojd&med=organisationsform",
        "/resultat/utveckling?enhet=alvik&visa=veckor",
        "/resultat/utveckling?enhet=%3Cscript%3E",
    ):
        assert client.get(address).status_code == 404, address


def test_question_that_version_1_did_not_ask_is_no_nought_anywhere(client, session, make):
    make.published(version=1)
    for name in ("Alvik", "Bromma"):
        unit = make.unit(code=name.lower(), name=name)
        answered(session, unit, T1[0], mix(40, "kon_antal", ("1", 30), ("2", 10)))
    release(session, "2026-T1")

    for address in (PAGES["driver"], PAGES["rest"], PAGES["trend"]):
        found = client.get(address.replace("hel_nojd", "bem_sprak"))
        assert found.status_code == 404  # no version that is published holds it
    for page in ("driver", "rest", "question"):
        assert "0 % [" not in words(client.get(PAGES[page]))
