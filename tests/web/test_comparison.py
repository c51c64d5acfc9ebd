"""The page of comparisons: what the address says, in words, charts and tables."""

from datetime import date

import pytest

from surveyapp import i18n
from surveyapp.access import Role
from surveyapp.models import FormLength
from surveyapp.periods import Period
from tests.client import tree, words
from tests.released import answered, due, happy, mix, release
from tests.web.test_results import chart_data

# What the pages make of the results: test_results_edges asks them on both databases.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

T1 = Period.parse("2026-T1")
JANUARY = date(2026, 1, 1)
CERTAIN = "statistiskt säkerställd"
MARK = "Markerad skillnad: så stora skillnader uppstår sällan av slump, även med hänsyn till att många jämförelser görs."  # noqa: E501 - word for word
NO_MARK = "Ingen säker skillnad. Det betyder inte att enheterna är lika."


@pytest.fixture
def look(client):
    """The page of an address, each part of which can be given."""

    def look(period="2026-T1", enhet="", med="resten", fraga=""):
        parts = {"period": period, "enhet": enhet, "med": med, "fraga": fraga}
        return client.get("/resultat/jamfor", query_string=parts)

    return look


def rows(page):
    """The cells of every line of every table, by the name that it begins with."""
    found = {}
    for row in tree(page.text).iter("tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
        found[cells[0]] = cells[1:]
    return found


def fill(session, units, counts, text="2026-T1", population=120):
    """Answers about satisfaction in each unit, with follow-ups due, and their release."""
    for unit, (x, n) in zip(units, counts, strict=True):
        period = Period.parse(text)
        answered(session, unit, period.months[0], happy(x, of=n))
        if population:
            due(session, unit, period.months, population // 4)
    release(session, text)


def test_comparisons_are_for_those_who_are_signed_in(client, city):
    city("Farsta")

    assert client.get("/resultat/jamfor").location.startswith("/logga-in")


@pytest.mark.usefixtures("reader")
def test_page_without_results_says_what_comes_first(client, city):
    city("Farsta")

    assert "Inget är släppt än." in words(client.get("/resultat/jamfor"))


@pytest.mark.parametrize(
    ("given", "enhet", "fraga"),
    [
        ("", "", "hel_nojd"),
        ("?enhet=farsta", "farsta", ""),
        ("?fraga=hel_trygg", "", "hel_trygg"),
    ],
)
@pytest.mark.usefixtures("reader")
def test_address_always_says_everything(client, session, city, given, enhet, fraga):
    fill(session, city("Farsta", "Bromma"), [(26, 31), (28, 35)])

    answer = client.get(f"/resultat/jamfor{given}")

    assert answer.location == (
        f"/resultat/jamfor?period=2026-T1&enhet={enhet}&med=resten&fraga={fraga}"
    )


def test_manager_comes_to_the_own_unit_first(client, session, city, make):
    units = city("Farsta", "Bromma")
    fill(session, units, [(26, 31), (28, 35)])
    client.log_in(make.account(role=Role.UNIT_MANAGER, units=units[:1]))

    assert "enhet=farsta" in client.get("/resultat/jamfor").location


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "part",
    [
        {"period": "2025-T1"},
        {"period": "i går"},
        {"enhet": "atlantis"},
        {"med": "bast"},
        {"med": "bast-3"},
        {"med": "team-3"},
        {"fraga": "bak_svarar"},
        {"fraga": "<script>"},
    ],
)
def test_what_is_made_up_is_not_found(session, city, look, part):
    fill(session, city("Farsta", "Bromma"), [(26, 31), (28, 35)])

    assert look(**part).status_code == 404


@pytest.mark.usefixtures("reader")
def test_what_another_period_had_is_said_not_to_be_in_this_one(session, city, make, look):
    fill(session, city("Farsta", "Bromma"), [(26, 31), (28, 35)])
    make.unit(code="norrmalm", valid_to=date(2023, 6, 30))

    gone, unknown_way = look(enhet="norrmalm"), look(enhet="farsta", med="team-3")

    assert (gone.status_code, unknown_way.status_code) == (404, 404)
    assert "Enheten fanns inte i den här perioden." in words(gone)
    assert "Ingen enhet arbetade så under hela den här perioden." in words(unknown_way)
    assert "Visa" in words(gone)


@pytest.mark.usefixtures("reader")
def test_all_units_in_all_questions_is_too_much_to_show(session, city, look):
    fill(session, city("Farsta", "Bromma"), [(26, 31), (28, 35)])

    assert "Välj en enhet eller en fråga." in words(look())


@pytest.fixture
def one_below(session, city):
    """Four units, of which Järva is far below the others."""
    units = city("Bromma", "Farsta", "Järva", "Älvsjö")
    fill(session, units, [(48, 60), (47, 60), (26, 60), (49, 60)])
    return units


@pytest.mark.usefixtures("reader", "one_below")
def test_only_what_is_marked_is_called_certain_among_many(look):
    page = look(fraga="hel_nojd")

    found = rows(page)
    assert found["Järva"][-1] == f"Markerad: {CERTAIN}"
    assert {found[name][-1] for name in ("Bromma", "Älvsjö", "Farsta")} == {
        "Ingen säker skillnad"
    }
    assert words(page).count(CERTAIN) == 1
    assert "Markerad skillnad i 1 av 4: Järva är lägre." in words(page)
    assert MARK in words(page)
    assert NO_MARK in words(page)
    assert "Intervallet är inte justerat" in words(page)
    filled, open_dots = chart_data(page)[0]["data"]
    assert (len(open_dots["x"]), len(filled["x"])) == (3, 1)
    assert len(tree(page.text).findall(".//*[@class='rows__row differences__row--out']")) == 1


@pytest.mark.usefixtures("reader", "one_below")
def test_alone_the_interval_decides(look):
    below, beside = (
        look(enhet="järva", fraga="hel_nojd"),
        look(enhet="farsta", fraga="hel_nojd"),
    )

    assert "Skillnaden är statistiskt säkerställd." in words(below)
    assert NO_MARK not in words(below)
    assert "Skillnaden är inte statistiskt säkerställd." in words(beside)
    assert NO_MARK in words(beside)


def test_own_unit_is_set_apart_and_units_stand_by_name(client, one_below, make, look):
    client.log_in(make.account(role=Role.UNIT_MANAGER, units=one_below[1:2]))

    page = look(fraga="hel_nojd")

    shown = tree(page.text)
    names = [e.text for e in shown.iter("span") if e.get("class") == "rows__name"]
    assert names == ["Bromma", "Farsta", "Järva", "Älvsjö"]
    own = [e for e in shown.iter("li") if "rows__row--own" in (e.get("class") or "")]
    assert [e.find("span").text for e in own] == ["Farsta"]
    assert "Farsta: +" in words(page)


@pytest.mark.usefixtures("reader")
def test_small_unit_is_in_no_comparison(session, city, look):
    fill(
        session,
        city("Alvik", "Bromma", "Centrum", "Dalen"),
        [(6, 7), (20, 25), (31, 41), (21, 29)],
        population=None,
    )

    for enhet, fraga in (("", "hel_nojd"), ("alvik", ""), ("alvik", "hel_nojd")):
        page = look(enhet=enhet, fraga=fraga)
        assert "Färre än 10 svar - visas inte." in words(page)
        assert "86 %" not in words(page)
    page = look(fraga="hel_nojd")
    assert rows(page)["Bromma"] == [
        "Visas inte, för att andra enheters svar inte ska kunna räknas fram."
    ]
    assert rows(page)["Dalen"] == ["Färre än 30 svar - jämförs inte."]
    assert [trace["y"] for trace in chart_data(page)[0]["data"]] == [[2]]
    assert chart_data(look(enhet="alvik"))[0]["data"] == []


@pytest.mark.usefixtures("reader")
def test_city_where_all_units_are_withheld_compares_nothing(session, city, look):
    fill(session, city("Alvik", "Bromma"), [(6, 7), (3, 5)], population=None)

    page = look(fraga="hel_nojd")

    assert "Ingen jämförelse kan visas." in words(page)
    assert chart_data(page)[0]["data"] == []


@pytest.mark.usefixtures("reader")
def test_only_unit_has_nobody_to_be_compared_with(session, city, look, make):
    (unit,) = city("Alvik")
    make.attribute(unit, "organisation_form", "team", date(2017, 1, 1))
    fill(session, [unit], [(30, 40)])

    assert "Det finns ingen annan enhet att jämföra med." in words(look(enhet="alvik"))
    assert "Det finns inget att jämföra." in words(look(enhet="alvik", med="samma-arbetssatt"))


@pytest.mark.usefixtures("reader")
def test_unit_without_numbers_due_is_not_marked_and_it_says_so(session, city, look):
    fill(session, city("Bromma", "Järva", "Älvsjö"), [(54, 60), (20, 60), (52, 60)],
         population=None)  # fmt: skip

    page = look(fraga="hel_nojd")

    assert CERTAIN not in words(page)
    assert {cells[-1] for cells in list(rows(page).values())[1:]} == {"Kan inte markeras"}
    assert "ingen skillnad markeras: Bromma, Järva, Älvsjö." in words(page)
    assert "De andra enheternas svar är adderade som de är." in words(page)


@pytest.mark.usefixtures("reader")
def test_question_that_was_not_asked_then_says_so(session, make, look):
    make.published(version=2, valid_from=date(2026, 5, 1))
    units = [make.unit(code=code, name=code.title()) for code in ("alvik", "bromma")]
    fill(session, units, [(26, 31), (28, 35)])

    page = look(fraga="hel_trygg_4")

    assert rows(page)["Alvik"] == ["Frågan ställdes inte."]


@pytest.mark.usefixtures("reader")
def test_short_form_leaves_other_questions_not_asked(session, city, look):
    short, full = city("Kort", "Lång")
    answered(session, short, JANUARY, happy(25, of=35), form_length=FormLength.SHORT)
    answered(session, full, JANUARY, mix(40, "kon_antal", ("1", 30), ("2", 10)))
    release(session, "2026-T1")

    assert rows(look(fraga="kon_antal"))["Kort (högst 1)"] == ["Frågan ställdes inte."]


@pytest.mark.usefixtures("reader")
def test_derived_indicator_is_never_compared_without_its_numbers(session, city, make, look):
    team, *single = city("Team", "Bromma", "Farsta")
    make.attribute(team, "organisation_form", "team", date(2017, 1, 1))
    make.attribute(team, "named_officers_per_client", "3", date(2017, 1, 1))
    for unit in (team, *single):
        if unit is not team:
            make.attribute(unit, "organisation_form", "single_named", date(2017, 1, 1))
        answered(
            session, unit, JANUARY, mix(40, "kon_antal", ("1", 20), ("2", 12), ("4plus", 8))
        )
    release(session, "2026-T1")

    for parts in (
        {"fraga": "kon_antal"},
        {"enhet": "team"},
        {"enhet": "team", "fraga": "kon_antal"},
        {"enhet": "bromma", "fraga": "kon_antal"},
        {"enhet": "team", "fraga": "kon_antal", "med": "single_named-1"},
    ):
        assert "Namngivna handläggare per person: 1 / 3." in words(look(**parts)), parts
    alike = look(enhet="bromma", fraga="kon_antal", med="samma-arbetssatt")
    assert "Namngivna handläggare per person: 1." in words(alike)
    assert "Team" not in words(alike).partition("Jämförs med:")[2].partition("Så läser")[0]


@pytest.mark.usefixtures("reader")
def test_year_before_is_compared_and_nothing_is_called_certain_among_many(session, city, look):
    units = city("Bromma", "Farsta")
    fill(session, units, [(15, 60), (20, 60)], "2025-T1")
    fill(session, units, [(54, 60), (52, 60)])

    many = look(enhet="bromma", med="forra-aret")
    alone = look(enhet="bromma", med="forra-aret", fraga="hel_nojd")

    assert CERTAIN not in words(many)
    assert "ligger hela intervallet på ena sidan om 0" in words(many)
    assert "Bara skillnader" not in words(many)
    assert "Bromma: 90 %, jämfört med 25 % för tertial 1 2025." in words(alone)
    assert (
        words(alone).count("Skillnaden är statistiskt säkerställd.") == 4
    )  # in text and table
    assert "Hela staden" in rows(alone)
    first = look(period="2025-T1", enhet="bromma", med="forra-aret")
    no_earlier = "Ingen jämförelse kan visas. Det finns inga resultat för tertial 1 2024."
    assert no_earlier in words(first)


@pytest.mark.usefixtures("reader")
def test_changed_question_says_why_it_is_not_compared(session, make, look):
    make.published(version=2, valid_from=date(2026, 1, 1))
    units = [make.unit(code=code, name=code.title()) for code in ("alvik", "bromma")]
    for year, question in ((2025, "hel_trygg"), (2026, "hel_trygg_4")):
        for unit in units:
            forms = mix(40, question, ("mycket_trygg", 30), ("mycket_otrygg", 10))
            answered(session, unit, date(year, 1, 1), forms)
        release(session, f"{year}-T1")

    page = words(look(enhet="alvik", med="forra-aret", fraga="hel_trygg_4"))

    assert "Frågan är ändrad så mycket att åren inte kan jämföras." in page
    assert "Skalan har inte längre något mellansteg." in page


@pytest.mark.usefixtures("reader")
def test_groups_say_who_is_in_them_and_who_is_not(session, city, make, look):
    units = city("Bromma", "Farsta", "Järva", "Tensta", "Årsta")
    for unit in units[:4]:
        make.attribute(unit, "organisation_form", "single_named", date(2017, 1, 1))
    make.attribute(units[3], "named_officers_per_client", "2", JANUARY, date(2026, 2, 28))
    fill(session, units, [(30, 40), (30, 40), (15, 20), (30, 40), (30, 40)])

    page = words(look(enhet="bromma", med="samma-arbetssatt", fraga="hel_nojd"))

    assert "Jämförs med: Farsta." in page
    assert "färre än 30 svar eller inte visas: Järva." in page
    assert "Arbetssätt ändrat under perioden, därför inte med i någon grupp: Tensta." in page
    assert "Arbetssättet är inte angivet, därför inte med i någon grupp: Årsta." in page


@pytest.mark.usefixtures("reader")
def test_name_of_a_unit_is_no_markup(session, make, look):
    make.published(version=1)
    units = [
        make.unit(code="a", name="<script>alert(1)</script>"),
        make.unit(code="b", name="B"),
    ]
    fill(session, units, [(30, 40), (31, 40)])

    for page in (look(fraga="hel_nojd"), look(enhet="a"), look(enhet="a", fraga="hel_nojd")):
        assert "<script>alert" not in page.text
        assert "alert(1)" in words(page).replace(i18n.THIN, " ")


@pytest.mark.usefixtures("reader")
def test_other_pages_lead_here(client, session, city):
    fill(session, city("Farsta", "Bromma"), [(26, 31), (28, 35)])

    for address in ("/resultat", "/resultat/farsta"):
        links = [e.get("href") for e in tree(client.get(address).text).iter("a")]
        assert any(link.startswith("/resultat/jamfor?period=2026-T1") for link in links)
