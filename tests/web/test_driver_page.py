"""The page of what goes with a result."""

import json
from datetime import date
from decimal import Decimal

import pytest

from surveyapp.models import UnitAttribute, UnitYear
from tests.client import tree, words
from tests.released import answered, happy, release
from tests.web.test_results import chart_data, row

# What the pages make of the results: test_results_edges asks them on both databases.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

JANUARY = date(2026, 1, 1)
LONG_AGO = date(2017, 1, 1)
NAMES = ("Alvik", "Bromma", "Centrum", "Dal", "Ekö", "Farsta", "Gröndal", "Hallen", "Iris")
FORM = "/resultat/samband?fraga=hel_nojd&med=organisationsform"
TURNOVER = "/resultat/samband?fraga=hel_nojd&med=rorlighet"


@pytest.fixture
def released(session, make):
    """Nine units of 40 answers and more; the first three work in teams."""

    def put_out(names=NAMES, n=40):
        make.published(version=1)
        units = [make.unit(code=f"u{i}", name=name) for i, name in enumerate(names)]
        for place, unit in enumerate(units):
            answered(session, unit, JANUARY, happy(n - 12 + place, of=n + place))
            form = "team" if place < 3 else "single_named"
            make.attribute(unit, "organisation_form", form, LONG_AGO)
            turnover = Decimal(70 + place) / 10
            make.store(UnitYear(unit_id=unit.id, year=2026, turnover_pct=turnover))
        release(session, "2026-T1")
        return units

    return put_out


def test_page_is_for_those_who_are_signed_in(client):
    assert client.get("/resultat/samband").location.startswith("/logga-in")


@pytest.mark.usefixtures("reader")
def test_covariation_is_said_with_its_interval_and_never_as_a_cause(client, released):
    released()

    page = client.get(FORM)

    text = words(page)
    assert "Samvariation: enheter med ”team” (3 av 9) mot övriga" in text
    assert "procentenheter [" in text
    assert "p-värde" in text
    assert "säger inget säkert om personer" in text
    assert "under ungefär 10 procentenheter oftast inte" in text
    assert "Holms metod" in text
    assert "orsak" not in text
    assert "aldrig bli mindre än 0,01" in text  # 1 of 84
    assert row(page, "Alvik")[0][:3] == ["1", "team", "70 %"]


@pytest.mark.usefixtures("reader")
def test_units_stand_in_groups_or_along_a_number(client, released):
    released()

    groups, numbers = (chart_data(client.get(address))[0] for address in (FORM, TURNOVER))

    assert groups["layout"]["xaxis"]["ticktext"] == ["egen handläggare", "team"]
    assert {round(x) for x in groups["data"][-1]["x"]} == {0, 1}
    assert numbers["data"][-1]["x"] == [7.0, 7.1, 7.2, 7.3, 7.4, 7.5, 7.6, 7.7, 7.8]
    for chart in (groups, numbers):
        assert all(abs(y - round(y)) < 1e-9 for y in chart["data"][-1]["y"])


@pytest.mark.usefixtures("reader")
def test_withheld_units_are_nowhere_on_the_page(client, session, released, make):
    make_hidden = {"Lidö": 7, "Mariatorget": 10}
    make.published(version=1)
    for name, n in make_hidden.items():
        unit = make.unit(name=name)
        answered(session, unit, JANUARY, happy(n - 3, of=n))
        make.attribute(unit, "organisation_form", "team", LONG_AGO)
    units = [make.unit(name=name) for name in NAMES]
    for place, unit in enumerate(units):
        answered(session, unit, JANUARY, happy(28 + place, of=40 + place))
        make.attribute(unit, "organisation_form", "team" if place < 3 else "other", LONG_AGO)
    release(session, "2026-T1")

    page = client.get(FORM)

    assert "(3 av 9)" in words(page)
    assert "Lidö" not in page.text
    assert "Mariatorget" not in page.text


@pytest.mark.usefixtures("reader")
def test_fewer_than_eight_units_are_shown_and_nothing_is_reckoned(client, released):
    released(NAMES[:7])

    page = client.get(FORM)

    text = words(page)
    assert "7 enheter kan jämföras. Med färre än 8 räknas ingenting ut" in text
    assert "p-värde" not in text
    assert len(chart_data(page)[0]["data"][-1]["x"]) == 7


@pytest.mark.usefixtures("reader")
def test_one_fact_at_a_time(client, released):
    released()

    page = client.get(f"{FORM}&med=rorlighet")

    assert page.status_code == 400
    assert "Bara en uppgift i taget" in words(page)
    assert chart_data(page) == []


@pytest.mark.usefixtures("reader")
def test_of_several_ways_one_is_chosen(client, session, released, make):
    units = released()
    attribute = session.get_one(UnitAttribute, (units[0].id, "organisation_form", LONG_AGO))
    attribute.value = "other"
    session.commit()

    page = client.get(FORM)
    assert "Välj vilket arbetssätt som ska ställas mot övriga." in words(page)
    options = [
        o.get("value") for o in tree(page.text).findall(".//select[@name='varde']/option")
    ]
    assert options == ["", "single_named", "team", "other"]

    assert "(2 av 9)" in words(client.get(f"{FORM}&varde=team"))
    made_up = client.get(f"{FORM}&varde=%3Cscript%3E")
    assert made_up.status_code == 200
    assert "Välj vilket arbetssätt" in words(made_up)


@pytest.mark.usefixtures("reader")
def test_unit_that_changed_is_named(client, released, make, session):
    units = released([*NAMES, "Jord"])
    first = session.get_one(UnitAttribute, (units[0].id, "organisation_form", LONG_AGO))
    first.valid_to, first.is_invented = date(2026, 2, 28), True
    second = session.get_one(UnitAttribute, (units[1].id, "organisation_form", LONG_AGO))
    second.is_invented = True
    session.commit()
    make.attribute(units[0], "organisation_form", "single_named", date(2026, 3, 1))

    text = words(client.get(FORM))

    assert "Utelämnade, eftersom det ändrades under perioden: Alvik." in text
    assert "Uppgiften om hur de arbetar är påhittad: Bromma." in text


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "query",
    [
        "fraga=finns_inte&med=rorlighet",
        "fraga=hel_nojd&med=alder",
        "fraga=hel_nojd&med=rorlighet&period=2025",
        "fraga=hel_nojd&med=rorlighet&period=2026-T9",
        "fraga=%3Cscript%3E",
    ],
)
def test_what_does_not_exist_is_not_found(client, released, query):
    released(NAMES[:2])

    assert client.get(f"/resultat/samband?{query}").status_code == 404


@pytest.mark.usefixtures("reader")
def test_page_asks_for_an_indicator_and_a_fact(client, released):
    released(NAMES[:2])

    for query in ("", "?fraga=hel_nojd", "?med=rorlighet"):
        page = client.get(f"/resultat/samband{query}")
        assert "Välj en indikator och en uppgift." in words(page)
    no_indicator = client.get("/resultat/samband?fraga=hel_klagomal&med=rorlighet")
    assert "Frågan är ingen indikator i perioden." in words(no_indicator)


@pytest.mark.usefixtures("reader")
def test_all_withheld_leaves_words_alone(client, released):
    released(NAMES[:3], n=13)  # 13, 14 and 15 are few, and the page may show them
    page = client.get("/resultat/samband?fraga=kon_antal&med=organisationsform")

    assert "Ingen enhet kan visas." in words(page)
    assert chart_data(page) == []


@pytest.mark.usefixtures("reader")
def test_name_that_looks_like_markup_stays_a_name(client, released):
    released(["<script>alert(1)</script>", *NAMES[1:]])

    page = client.get(FORM)

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in json.dumps(chart_data(page)[0])


@pytest.mark.usefixtures("reader")
def test_nothing_released_says_what_comes_first(client):
    assert "Inget är släppt än." in words(client.get("/resultat/samband"))
