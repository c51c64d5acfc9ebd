"""The city page with one unit, with a region's four hundred, and with names that are markup."""

import gzip
from datetime import date
from random import Random

import pytest

from surveyapp import publishing
from surveyapp.models import Unit
from surveyapp.periods import Period
from tests.client import tree, words
from tests.released import answered, copy_released, due, happy, release

JANUARY = date(2026, 1, 1)
# How heavy a page is does not depend on the database.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

REGION, FEW = 400, 11  # ordering units
HEAVIEST = 60_000  # bytes, compressed


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


@pytest.mark.usefixtures("reader", "region")
def test_page_of_a_region_is_light_and_names_every_unit_once_a_table(client):
    page = client.get("/resultat?period=2026-T1")

    table = tree(page.text).find(".//div[@class='overview']")
    names = [
        "".join(th.itertext()).strip() for th in table.iter("th") if th.get("scope") == "row"
    ]
    assert names == ["Hela staden", *(f"Enhet {n:03}" for n in range(1, REGION + 1))]
    assert len(gzip.compress(page.data)) <= HEAVIEST


@pytest.mark.usefixtures("reader")
def test_number_of_queries_is_the_same_for_a_region(client, count_queries, request, few):
    address = "/resultat?period=2026-T1"
    client.get(address)
    with_few = count_queries(lambda: client.get(address))

    request.getfixturevalue("region")

    assert count_queries(lambda: client.get(address)) == with_few
    assert len(cells(client.get(address))) == 1 + REGION


@pytest.mark.usefixtures("reader")
def test_cells_lead_to_units_and_questions(client, few):
    page = client.get("/resultat?period=2026-T1")

    table = tree(page.text).find(".//div[@class='overview']")
    links = [a.get("href") for a in table.iter("a")]
    assert f"/resultat/{few[0].code}?period=2026-T1" in links
    assert "/resultat/fraga/hel_nojd?period=2026-T1" in links
    shown = cells(page)[few[0].name][-1]
    unit = client.get(f"/resultat/{few[0].code}?period=2026-T1")
    assert f"Andel positiva svar: {shown}" in words(unit)


@pytest.mark.usefixtures("reader")
def test_one_unit_alone_stands_beside_the_city(client, session, make):
    make.published(1)
    answered(session, make.unit(name="Ensam"), JANUARY, happy(26, of=31))
    release(session, "2026-T1")

    found = cells(client.get("/resultat"))

    assert found["Ensam"][-1] == found["Hela staden"][-1] == "84 % [66–95]"


@pytest.mark.usefixtures("reader")
def test_where_every_unit_is_withheld_the_city_stands_alone(client, session, make):
    make.published(1)
    for name in ("Alvik", "Bromma", "Centrum"):
        answered(session, make.unit(name=name), JANUARY, happy(6, of=8))
    release(session, "2026-T1")

    page = client.get("/resultat")

    assert {row[-1] for name, row in cells(page).items() if name != "Hela staden"} == {
        "för få svar"
    }
    assert cells(page)["Hela staden"][-1] == "75 % [53–90] få svar"
    assert "8" not in words(page).replace("2026-", "").split()


@pytest.mark.usefixtures("reader")
def test_name_that_looks_like_markup_is_text_everywhere(client, session, make):
    make.published(1)
    name = "<script>alert(1)</script>"
    for each in (name, "Bromma"):
        answered(
            session,
            make.unit(code=each.strip("<")[:6].lower(), name=each),
            JANUARY,
            happy(26, of=31),
        )
    release(session, "2026-T1")

    for address in ("/resultat", "/resultat/script"):
        page = client.get(address)
        assert name in words(page)
        assert "<script>alert" not in page.text


def cells(page):
    """The words of each row of the table, by its name."""
    table = tree(page.text).find(".//div[@class='overview']")
    rows = [
        [" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")
    ]
    return {row[0]: row[1:] for row in rows[1:]}


@pytest.mark.usefixtures("reader")
def test_ways_between_the_pages_keep_what_was_chosen(client, few):
    code = few[0].code

    def ways(address):
        nav = tree(client.get(address).text).find(".//nav[@class='local']")
        return {a.text: (a.get("href"), a.get("aria-current")) for a in nav.iter("a")}

    of_unit = ways(f"/resultat/{code}?period=2026-T1")
    assert of_unit["Staden"] == ("/resultat?period=2026-T1", None)
    assert of_unit["Frågor"] == ("/resultat/fraga/hel_nojd?period=2026-T1", None)
    assert of_unit["Jämför"] == (f"/resultat/jamfor?period=2026-T1&enhet={code}", None)
    assert of_unit["Utveckling"] == (f"/resultat/utveckling?enhet={code}", None)
    assert of_unit["Samband"] == ("/resultat/samband?period=2026-T1", None)
    for address, here in (("/resultat", "Staden"), ("/metod", "Metod")):
        assert [name for name, (_, current) in ways(address).items() if current] == [here]
    over_time = ways(f"/resultat/utveckling?enhet={code}&fraga=hel_nojd")
    assert over_time["Utveckling"] == (
        f"/resultat/utveckling?enhet={code}&fraga=hel_nojd",
        "page",
    )
    assert over_time["Frågor"][0] == "/resultat/fraga/hel_nojd"
