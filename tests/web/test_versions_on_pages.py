"""Two versions in a year on the pages: what stands apart, and how each question was put."""

import json

import pytest

from tests.client import tree, words
from tests.merged import answers_through_a_merger

# What the pages make of the results: test_versions_in_a_year asks them on both databases.
pytestmark = [
    pytest.mark.usefixtures("reader", "units"),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
SAFE = "Andel äldre som känner sig trygga i kontakten med biståndshandläggaren"
OLD, NEW = "version 1, 2023-01–2023-05", "version 2, 2023-06–2023-12"
UNIT, OLD_UNIT = "norra-innerstaden", "norrmalm"


@pytest.fixture
def units(session, make):
    return answers_through_a_merger(session, make)


def rows(page):
    """Every row of the page's tables, as the words of its cells."""
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in tr]
        for tr in tree(page.text).iter("tr")
    ]


def over_time(client, question, **choices):
    return client.get("/resultat/utveckling", query_string={"fraga": question} | choices)


def labels(page):
    """What the drawings say to those who do not see them."""
    return " ".join(e.get("aria-label") or "" for e in tree(page.text).iter())


def data(page):
    """What the chart library draws."""
    scripts = (e for e in tree(page.text).iter("script") if e.get("type") == "application/json")
    return [json.loads(e.text) for e in scripts]


def test_city_and_unit_tell_the_two_questions_apart(client):
    city = client.get("/resultat?period=2023")
    unit = client.get(f"/resultat/{OLD_UNIT}?period=2023")

    assert [f"{SAFE} ({OLD})", "68 %", "[60–75]", "160", ""] in rows(city)
    assert [f"{SAFE} ({NEW})", "74 %", "[68–80]", "230", ""] in rows(city)
    assert [f"{SAFE} ({OLD})", "68 %", "[56–78]", "80", ""] in rows(unit)
    assert [f"{SAFE} ({NEW})", "60 %", "[45–74]", "50", ""] in rows(unit)
    told = "Version 2: Hjälptexten säger nu att kontakt via Äldre direkt räknas."
    assert told in words(city)
    assert told in words(unit)
    assert told not in words(client.get("/resultat?period=2023-T1"))


def test_question_that_was_not_asked_is_no_zero_anywhere(client):
    city = client.get("/resultat?period=2023")
    across = client.get("/resultat/fraga/hel_trygg?period=2023")
    gone = client.get("/resultat/fraga/bem_sprak?period=2023-T1")

    of_unit = next(row for row in rows(city) if row[0] == "Norra innerstaden")
    assert "ställdes inte" in of_unit
    assert ["Norra innerstaden", "Frågan ställdes inte."] in [row[:2] for row in rows(across)]
    assert "Norra innerstaden Frågan ställdes inte." in words(across)  # beside the drawing
    assert "ställdes inte" in json.dumps(data(across), ensure_ascii=False)
    assert gone.status_code == 404
    assert "Frågan ställdes inte." in words(gone)
    for page in (city, across, gone):
        assert "0 %," not in words(page)


@pytest.mark.parametrize(
    ("question", "period"), [("bem_sprak", "tertial 1 2023"), ("kon_byte", "tertial 3 2023")]
)
def test_line_that_begins_or_ends_says_not_asked_beside_it(client, question, period):
    page = over_time(client, question, enhet=UNIT)

    untold = [row for row in rows(page) if row[0] == period]
    assert untold
    assert {row[2] for row in untold} == {"Frågan ställdes inte."}
    assert f"{period}: Frågan ställdes inte." in labels(page).replace("\xa0", " ")
    (chart,) = data(page)
    assert "ställdes inte" in {note["text"] for note in chart["layout"]["annotations"]}
    ys = [y for trace in chart["data"] for y in trace["y"]]
    assert ys
    assert min(ys) > 0


def test_both_sides_of_a_break_say_which_question_they_are(client):
    page = over_time(client, "hel_trygg_4", enhet=UNIT)

    periods = [row[0] for row in rows(page)]
    assert "tertial 2 2023 (version 1)" in periods
    assert "tertial 2 2023 (version 2)" in periods
    said = words(page)
    assert "Svar: Mycket trygg, Ganska trygg, Varken trygg eller otrygg, Ganska otrygg" in said
    assert "Svar: Mycket trygg, Ganska trygg, Ganska otrygg, Mycket otrygg" in said
    texts = {note["text"] for note in data(page)[0]["layout"]["annotations"]}
    assert {"Version 1", "Version 2"} <= texts


def test_question_is_shown_as_each_version_put_it(client):
    page = client.get("/resultat/fraga/bem_respekt?period=2023")
    said = words(page)

    assert "Version 1, 2023-01–2023-05 Bemöter biståndshandläggaren dig med respekt?" in said
    assert "Version 2, 2023-06–2023-12 Jämfört med version 1: likvärdig." in said
    assert "Bestämt av" in said
    assert "Bemöter biståndshandläggaren dig på ett respektfullt sätt?" in said
    assert "Besvarad på: Svenska." in said
    assert {e.get("lang") for e in tree(page.text).iter("h4")} == {"sv", "fi", "en"}
    assert "Kohteleeko käsittelijä sinua kunnioittavalla tavalla?" in said
    of_first = words(client.get("/resultat/fraga/bem_respekt?period=2023-T1"))
    assert "Bemöter biståndshandläggaren dig med respekt?" in of_first
    assert "på ett respektfullt sätt?" not in of_first


def test_broken_question_leads_to_the_one_that_it_cannot_be_added_to(client):
    page = client.get("/resultat/fraga/hel_trygg?period=2023")

    assert "Perioden hade också en fråga som inte går att lägga ihop med den här:" in words(
        page
    )
    links = [a.get("href") for a in tree(page.text).iter("a")]
    assert "/resultat/fraga/hel_trygg_4?period=2023" in links
    assert "Jämfört med version 1" not in words(page)


def test_question_without_a_share_has_its_wording_too(client):
    page = client.get("/resultat/fraga/til_vag?period=2023")

    assert "likvärdig, med en anmärkning. Videosamtal är ett nytt svar." in words(page)
    assert "Frågan har ingen andel positiva svar." in words(page)
    unit = client.get(f"/resultat/{OLD_UNIT}?period=2023")
    assert 'href="/resultat/fraga/til_vag?period=2023"' in unit.text
