"""The pages of results, as people get them."""

import json
import re
from datetime import date

import pytest
from sqlalchemy import select

from surveyapp import i18n
from surveyapp.access import Role
from surveyapp.i18n import rounded
from surveyapp.limits import Limits
from surveyapp.models import Channel, FormLength, Outcome, Release
from surveyapp.periods import Period
from surveyapp.reporting import Basis, Figure, Status
from surveyapp.stats import share
from surveyapp.stats.coverage import coverage, grid
from surveyapp.web.results import wording
from tests.client import tree, words
from tests.released import answered, due, happy, mix, offered, release

# What the pages make of the results: test_results_edges asks them on both databases.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

JANUARY, APRIL, MAY = (date(2026, month, 1) for month in (1, 4, 5))


def chart_data(page):
    """Everything that the page gives the chart library."""
    return [json.loads(e.text) for e in tree(page.text).iter("script") if e.get("type")
            == "application/json"]  # fmt: skip


def row(page, name):
    """The cells of a unit in every table of the page."""
    rows = list(tree(page.text).iter("tr"))
    texts = [[" ".join("".join(cell.itertext()).split()) for cell in tr] for tr in rows]
    return [cells[1:] for cells in texts if cells[0].split(" (")[0] == name]


def overview(page, name):
    """A unit's cells in the table of the city page, by the first two words of the column."""
    table = tree(page.text).find(".//div[@class='overview']")
    heads = [" ".join("".join(th.itertext()).split()[:2]) for th in table.iter("th")
             if th.get("scope") == "col"]  # fmt: skip
    return dict(zip(heads[1:], row(page, name)[0], strict=True))


@pytest.mark.parametrize(
    ("favourable", "n", "population", "printed"),
    [
        (26, 31, None, "84 % [66–95], 31 svar"),
        (352, 398, 980, "88 % [86–91], 398 svar"),
        (10, 12, 31, "83 % [58–94], 12 svar, få svar"),
        (1000, 1250, None, "80 % [78–82], 1 250 svar"),
    ],
)
@pytest.mark.usefixtures("swedish")
def test_figure_is_printed_as_swedish_writes_it(favourable, n, population, printed):
    figure = Figure(
        Status.SHOWN,
        n=n,
        interval=share(favourable, n, population=population),
        population=population,
        is_few=n < 30,
    )

    assert wording.figure_words(figure, Limits()).replace(i18n.THIN, " ") == printed


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.FEW, "Färre än 10 svar - visas inte."),
        (
            Status.WITHHELD,
            "Visas inte, för att andra enheters svar inte ska kunna räknas fram.",
        ),
        (Status.ALIKE, "Alla svarade lika - visas inte."),
        (Status.NO_ANSWERS, "Inga svar."),
        (Status.NOT_ASKED, "Frågan ställdes inte."),
    ],
)
@pytest.mark.usefixtures("swedish")
def test_withheld_figure_says_why(status, sentence):
    assert wording.figure_words(Figure(status), Limits()) == sentence


@pytest.mark.usefixtures("swedish")
def test_city_without_weights_says_so():
    figure = Figure(Status.SHOWN, n=40, interval=share(30, 40), basis=Basis.UNKNOWN)

    assert wording.city_words(figure).endswith("utan vikter")


@pytest.mark.parametrize("address", ["/resultat", "/resultat/farsta", "/metod"])
def test_results_are_for_those_who_are_signed_in(client, city, address):
    city("Farsta")

    assert client.get(address).location.startswith("/logga-in")


@pytest.mark.usefixtures("reader")
def test_page_without_results_says_what_comes_first(client, city):
    city("Farsta")

    for address in ("/resultat", "/resultat/farsta"):
        page = client.get(address)
        assert "Inget är släppt än." in words(page)
        assert "den 9:e i månaden efter" in words(page)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("period", ["2026-T2", "2025", "i går", "2026-T9"])
def test_period_that_is_not_released_is_not_found(client, session, city, period):
    answered(session, *city("Farsta"), JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    assert client.get("/resultat", query_string={"period": period}).status_code == 404


@pytest.mark.usefixtures("reader")
def test_unknown_unit_is_not_found(client):
    assert client.get("/resultat/atlantis").status_code == 404


@pytest.mark.usefixtures("reader")
def test_small_unit_is_on_no_page_and_in_no_chart(client, session, city):
    small, beside, large = city("Alvik", "Bromma", "Centrum")
    answered(session, small, JANUARY, happy(6, of=7))
    answered(session, beside, JANUARY, happy(27, of=33))
    answered(session, large, JANUARY, happy(31, of=41))
    due(session, small, Period.parse("2026-T1").months, 2)
    release(session, "2026-T1")

    page = client.get("/resultat")

    assert overview(page, "Alvik")["är nöjda"] == "för få svar"
    assert overview(page, "Bromma")["är nöjda"] == "dold"
    assert overview(page, "Centrum")["är nöjda"] == "76 % [60–88]"
    said = words(page)
    assert "för få svar: Färre än 10 svar - visas inte." in said
    assert "dold: Visas inte, för att andra enheters svar inte ska kunna" in said
    drawn = json.dumps(chart_data(page))
    assert not any(name in drawn for name in ("Alvik", "Bromma", "Centrum"))
    unit = client.get("/resultat/alvik")
    assert chart_data(unit)[0]["data"] == []
    assert "86" not in words(unit)
    assert not {"6", "7", "8"} & set(words(unit).replace("[", " ").split())


@pytest.mark.usefixtures("reader")
def test_twelve_to_date_are_shown_and_neither_tertial(client, session, city):
    small, *others = city("Alvik", "Bromma", "Centrum")
    for each in others:
        for month in (JANUARY, MAY):
            answered(session, each, month, happy(25, of=35))
    answered(session, small, JANUARY, happy(6, of=7))
    answered(session, small, MAY, happy(4, of=5))
    due(session, small, Period.parse("2026-T2+").months[1:], 4)
    due(session, small, [JANUARY], 3)
    release(session, "2026-T1", "2026-T2")

    to_date = client.get("/resultat/alvik?period=2026-T2%2B")

    assert "83 % [58–94], 12 svar, få svar" in words(to_date)
    assert "Senast, tertial 2 2026: Färre än 10 svar - visas inte." in words(to_date)
    assert "fördelningen visas inte" in words(to_date)
    for text in ("2026-T1", "2026-T2"):
        tertial = words(client.get("/resultat/alvik", query_string={"period": text}))
        assert "83 %" not in tertial
        assert "12 svar" not in tertial


@pytest.mark.usefixtures("reader")
def test_team_unit_is_judged_by_its_own_number_and_says_it(client, session, city, make):
    team, single = city("Team", "Singel")
    make.attribute(team, "named_officers_per_client", "3", date(2017, 1, 1))
    forms = mix(63, "kon_antal", ("1", 9), ("2", 21), ("3", 28), ("4plus", 5))
    answered(session, team, JANUARY, forms)
    answered(session, single, JANUARY, mix(40, "kon_antal", ("1", 30), ("2", 10)))
    release(session, "2026-T1")

    page = client.get("/resultat")

    assert overview(page, "Team")["haft kontakt"] == "92 % [82–97] högst 3"
    assert overview(page, "Singel")["haft kontakt"] == "75 % [59–87] högst 1"
    assert "Namngivna handläggare per person: 1 / 3." in words(page)


@pytest.mark.usefixtures("reader")
def test_question_outside_the_short_form_was_not_asked(client, session, city):
    short, full = city("Kort", "Lång")
    answered(session, short, JANUARY, happy(25, of=35), form_length=FormLength.SHORT)
    answered(session, full, JANUARY, mix(40, "kon_antal", ("1", 30), ("2", 10)))
    release(session, "2026-T1")

    page = client.get("/resultat")

    assert overview(page, "Kort")["haft kontakt"] == "ställdes inte"
    assert "0 %" not in row(page, "Kort")[0]


@pytest.mark.usefixtures("reader")
def test_unit_page_shows_the_distribution_and_what_is_outside_it(client, session, city):
    unit, other = city("Farsta", "Bromma")
    steps = (("mycket_nojd", 30), ("ganska_nojd", 5), ("varken", 5), ("vet_ej", 4))
    answered(session, unit, JANUARY, mix(44, "hel_nojd", *steps))
    answered(session, other, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    page = client.get("/resultat/farsta")

    assert "Det vanligaste svaret är ”Mycket nöjd”: 75 % av 40 svar." in words(page)
    assert row(page, "Varken nöjd eller missnöjd") == [["5", "13 %"]]
    assert "Utanför andelen: Vet inte / ingen åsikt 4." in words(page)


@pytest.mark.usefixtures("reader")
def test_unit_without_noted_handouts_has_no_response_rate(client, session, city):
    unit, other = city("Farsta", "Bromma")
    for each in (unit, other):
        answered(session, each, APRIL, happy(26, of=32), channel=Channel.PAPER)
    offered(session, other, APRIL, Outcome.HANDED_OUT, 40, channel=Channel.PAPER)
    release(session, "2026-T1")

    page = client.get("/resultat")

    assert row(page, "Bromma")[-1][-3:] == ["40", "80 %", "80 %"]
    assert row(page, "Farsta")[-1][-3:] == ["–", "–", "–"]
    assert "det är inte noterat hur många formulär som lämnades ut (papper)" in words(page)


def test_own_unit_is_set_apart(client, session, city, make):
    own, other = city("Farsta", "Bromma")
    for each in (own, other):
        answered(session, each, JANUARY, happy(26, of=31))
    release(session, "2026-T1")
    client.log_in(make.account(role=Role.UNIT_MANAGER, units=[own]))

    page = client.get("/resultat")

    own_rows = tree(page.text).findall(".//th[@class='own']")
    assert {"".join(each.itertext()).strip() for each in own_rows} == {"Farsta"}


@pytest.mark.usefixtures("reader")
def test_only_pages_with_charts_let_the_library_style(client, session, city):
    answered(session, *city("Farsta"), JANUARY, happy(25, of=35))
    assert "sha256" not in client.get("/resultat").headers["Content-Security-Policy"]
    release(session, "2026-T1")

    page = client.get("/resultat")

    assert "sha256" in page.headers["Content-Security-Policy"]
    assert "plotly" in tree(page.text).find(".//figure").get("data-script")
    assert "<script src" not in page.text


@pytest.mark.usefixtures("reader")
def test_method_page_holds_the_limits_and_the_versions(client, make):
    make.published(version=2)

    page = client.get("/metod")

    assert "Färre än 10 svar" in words(page)
    assert row(page, "2") == [["2025-01-01"]]


@pytest.fixture
def analyst(make, client):
    return client.log_in(make.account(role=Role.CITY_ANALYST, name="analytiker"))


@pytest.mark.usefixtures("analyst")
def test_analyst_releases_a_period_after_confirming(client, session, city):
    answered(session, *city("Farsta"), date(2024, 1, 1), happy(25, of=35))

    assert "tertial 1 2024" in words(client.get("/resultat/slapp"))
    unsure = client.post("/resultat/slapp", data={"period": "2024-T1"})
    assert unsure.status_code == 422
    assert "Kryssa i rutan för att gå vidare." in words(unsure)

    session.rollback()  # let go of what was read before the page writes
    sure = {"period": "2024-T1", "is_sure": "y"}
    page = client.post("/resultat/slapp", data=sure, follow_redirects=True)
    assert "Resultaten för tertial 1 2024 är släppta." in words(page)
    done = session.scalars(select(Release)).one()
    assert (done.period, done.released_by) == ("2024-T1", "analytiker")


@pytest.mark.usefixtures("analyst")
def test_release_that_is_refused_says_why(client, session, city):
    (unit,) = city("Farsta")
    for month in (1, 5):
        answered(session, unit, date(2024, month, 1), happy(25, of=35))

    page = client.post("/resultat/slapp", data={"period": "2024-T2", "is_sure": "y"})

    assert page.status_code == 409
    assert "2024-T1" in words(page)


def test_release_is_for_those_who_may_in_the_whole_city(client, make):
    client.log_in(make.account(role=Role.UNIT_MANAGER))
    assert client.get("/resultat/slapp").status_code == 403

    client.log_in(make.account(role=Role.CITY_ANALYST, units=[make.unit()]))
    assert client.get("/resultat/slapp").status_code == 403


@pytest.mark.usefixtures("reader")
def test_method_page_counts_the_coverage_that_it_states(client):
    page = client.get("/metod")

    for n in (10, 20):
        cells = row(page, str(n))[0]
        assert len(cells) == len(grid(n))
        for cell, population in zip(cells, grid(n), strict=True):
            stated = [float(each.replace(",", ".")) for each in cell.split(" / ")]
            counted = [100 * each for each in coverage(n, population)]
            assert stated == pytest.approx(counted, abs=0.051)
            assert stated[0] >= 95
    assert "surveyapp bench coverage" in words(page)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "said",
    [
        "Resten är alla andra enheter, även de som inte visas",
        "Har den ena sidan färre än 30 svar görs ingen jämförelse.",
        "den som ser på en enda jämförelse får svaret av dess intervall",
        "Kvinnor och män i en enhet och period har samma handläggare",
        "jämförs med dem sammanräknade, för ett år då den var de andra",
        "räknas gränserna från den andelen i hela procent",
        "ges de upp till 300 svar, skiljer de sig mer upp till 100 eller 30",
        "Med färre än 8 enheter räknas ingenting.",
    ],
)
def test_method_page_says_what_the_pages_do(client, said):
    assert said in words(client.get("/metod"))


@pytest.mark.usefixtures("reader")
def test_method_page_has_every_part_in_its_contents(client):
    page = tree(client.get("/metod").text)

    links = [a.get("href") for a in page.find(".//nav[@class='contents']").iter("a")]
    titles = [h.get("id") for h in page.find(".//main").iter("h2") if h.get("id") != "contents"]
    assert links == [f"#{id}" for id in titles]
    said = " ".join("".join(page.find(".//main").itertext()).split())
    for due_for, population in (
        ("Om 80 skulle följas upp är", 80),
        ("inte är känt är det", None),
    ):
        _, low, high = share(32, 40, population=population)
        assert re.search(
            f"{due_for}( strecket)? .{rounded(100 * low)}–{rounded(100 * high)}.", said
        )
    assert "en inomklasskorrelation på 0,02" in said
