"""The page of one question, and the share by gender on a unit's page."""

import json
import re
from datetime import date

import pytest
from sqlalchemy import update

from surveyapp import i18n, stats
from surveyapp.access import Role
from surveyapp.models import FormLength, ReleasedUnit
from surveyapp.periods import Period
from tests.client import tree, words
from tests.released import answered, happy, mix, release
from tests.web.test_results import chart_data, row

# What the pages make of the results: test_results_edges asks them on both databases.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

JANUARY = date(2026, 1, 1)
T1 = Period.parse("2026-T1")
NOJD = "/resultat/fraga/hel_nojd"


def printed(favourable, n, population=None):
    """A share and its interval, as a table has them."""
    share, low, high = (
        i18n.rounded(100 * each) for each in stats.share(favourable, n, population=population)
    )
    return f"{share} %", f"[{low}–{high}]"


def numbers(thing):
    """Every number anywhere in what a chart is given."""
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, list):
        return [number for each in thing for number in numbers(each)]
    return [thing] if isinstance(thing, (int, float)) and not isinstance(thing, bool) else []


def test_results_of_a_question_are_for_those_who_are_signed_in(client, put_out):
    put_out(Alvik=(25, 35))

    assert client.get(NOJD).location.startswith("/logga-in")


@pytest.mark.usefixtures("reader")
def test_every_unit_stands_by_name_with_its_figures(client, put_out):
    put_out(followups=20, Alvik=(27, 33), Bromma=(31, 41), Årsta=(12, 15))

    page = client.get(NOJD)

    assert row(page, "Alvik")[0][:5] == [*printed(27, 33, 80), "33", "", "80"]
    assert row(page, "Årsta")[0] == [*printed(12, 15, 80), "15", "få svar", "80", "–"]
    text = words(page)
    assert text.index("Alvik") < text.index("Bromma") < text.index("Årsta")
    assert "I staden är andelen" in text
    assert "Föregående:" in text


@pytest.mark.usefixtures("reader")
def test_withheld_unit_is_in_no_number_of_the_page(client, put_out):
    put_out(Alvik=(6, 7), Bromma=(9, 11), Centrum=(31, 41), Dal=(30, 42))

    page = client.get(f"{NOJD}?utjamnat=1")

    assert row(page, "Alvik") == [["Färre än 10 svar - visas inte.", "–", "–", "–"]]
    why = "Visas inte, för att andra enheters svar inte ska kunna räknas fram."
    assert row(page, "Bromma") == [[why, "–", "–", "–"]]
    drawn = json.dumps(chart_data(page)[1])
    assert "Centrum" in drawn
    assert not {"Alvik", "Bromma"} & set(re.findall(r"\w+", drawn))
    assert "ska kunna räknas fram" in words(page)


@pytest.mark.usefixtures("reader")
def test_shares_and_limits_leave_in_whole_per_cent(client, put_out):
    put_out(
        followups=200, Alvik=(471, 613), Bromma=(289, 317), Centrum=(531, 704), Dal=(420, 511)
    )

    page = client.get(NOJD)

    for chart in chart_data(page):
        for trace in chart["data"]:
            exact = ("x",) if "error_x" not in trace else ()  # numbers of answers are exact
            shares = {k: v for k, v in trace.items() if k in ("x", "y", "error_x")
                      and k not in exact}  # fmt: skip
            assert all(abs(each - round(each)) < 1e-9 for each in numbers(shares))
    assert not re.search(r"\d,\d+ %(?!-gräns)", words(page))
    assert "0.76" not in page.text


@pytest.mark.usefixtures("reader")
def test_unit_that_differs_from_the_rest_is_marked(client, put_out):
    put_out(followups=70, Alvik=(95, 200), Bromma=(181, 200), Centrum=(180, 200), Dal=(9, 12))

    page = client.get(NOJD)

    assert row(page, "Alvik")[0][-1] == "Markerad: statistiskt säkerställd"
    assert row(page, "Dal")[0][-1] == "–"
    assert "Markerad skillnad: så stora skillnader uppstår sällan av slump" in words(page)
    assert "Ingen säker skillnad. Det betyder inte att enheterna är lika." in words(page)
    no_indicator = client.get("/resultat/fraga/hel_klagomal")
    assert "Mot resten av staden" not in words(no_indicator)


@pytest.mark.usefixtures("reader")
def test_smoothed_values_are_shown_when_asked_for(client, put_out):
    put_out(followups=100, Alvik=(20, 25), Bromma=(45, 52), Centrum=(34, 42))

    assert "Utjämnat värde" not in words(client.get(NOJD))
    page = client.get(f"{NOJD}?utjamnat=1")

    assert "Utjämnat värde: lutar mot stadens nivå när svaren är få." in words(page)
    assert row(page, "Alvik")[0][-1] == "83 %"
    assert row(page, "Hela staden")[0][-1] == "–"
    again = tree(page.text).find(".//a[@rel='prev']").get("href")
    assert "utjamnat=1" in again


@pytest.mark.usefixtures("reader")
def test_unit_chart_says_who_is_outside_and_how_many_would_be_by_chance(client, put_out):
    alike = dict.fromkeys(("Bromma", "Centrum", "Dal", "Ekö", "Farsta"), (240, 300))
    even = dict.fromkeys(("Gröndal", "Hallen", "Iris", "Jord", "Knalle", "Lid"), (241, 300))
    put_out(followups=200, Alvik=(296, 300), Mo=(188, 300), **alike, **even)

    page = client.get(NOJD)

    text = words(page)
    assert "Utanför 99,8 %-gränsen, över: Alvik." in text
    assert "under: Mo." in text
    assert "13 enheter jämförs." in text
    assert "i genomsnitt 0,65 av dem" in text
    assert "överspridning" in text
    assert row(page, "Alvik")[-1][-1] == "utanför 99,8 %-gränsen, över"
    assert not re.search(r"bäst|sämst|rangordn", text, re.IGNORECASE)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "counts", [{"Alvik": (25, 35)}, {"Alvik": (6, 7), "Bromma": (5, 8)}], ids=["one", "none"]
)
def test_page_without_units_to_compare_says_so(client, put_out, counts):
    put_out(**counts)

    page = client.get(f"{NOJD}?utjamnat=1")

    assert page.status_code == 200
    assert "Färre än två enheter har de 30 svar som en jämförelse kräver." in words(page)
    assert len(chart_data(page)) == 1


@pytest.mark.usefixtures("reader")
def test_unit_that_was_not_asked_is_no_nought(client, session, city):
    short, full = city("Kort", "Lång")
    answered(session, short, JANUARY, happy(25, of=35), form_length=FormLength.SHORT)
    answered(session, full, JANUARY, mix(40, "kon_antal", ("1", 30), ("2", 10)))
    release(session, "2026-T1")

    page = client.get("/resultat/fraga/kon_antal")

    assert row(page, "Kort") == [["Frågan ställdes inte.", "–", "–"]]
    assert "Namngivna handläggare per person: 1." in words(page)


@pytest.mark.usefixtures("reader")
def test_contradicted_number_due_is_told_to_those_who_can_correct_it(client, session, put_out):
    unit, _ = put_out(followups=20, Alvik=(25, 35), Bromma=(31, 41))
    session.execute(
        update(ReleasedUnit).where(ReleasedUnit.unit_id == unit.id).values(followups_due=30)
    )
    session.commit()

    page = client.get(NOJD)

    assert row(page, "Alvik")[0][:5] == [*printed(25, 35), "35", "", "30"]
    assert "Alvik har fler svar än uppföljningar att göra (30)." in words(page)
    assert "Rätta antalet." in words(page)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "address",
    [
        "/resultat/fraga/finns_inte",
        "/resultat/fraga/bak_kon",  # background is in no share
        "/resultat/fraga/hel_fritext",  # has answers, and no share
        f"{NOJD}?period=2025",
        f"{NOJD}?period=2026-T9",
        f"{NOJD}?period=i+går",
        "/resultat/fraga/%3Cscript%3E",
    ],
)
def test_what_does_not_exist_is_not_found(client, put_out, address):
    put_out(Alvik=(25, 35), Bromma=(31, 41))

    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("reader")
def test_question_of_a_later_version_was_not_asked(client, session, make):
    make.published(version=2)
    for unit in (make.unit(), make.unit()):
        answered(session, unit, date(2024, 1, 1), happy(25, of=35))
        answered(session, unit, JANUARY, happy(25, of=35))
    release(session, "2024-T1", "2026-T1")

    page = client.get("/resultat/fraga/hel_trygg_4?period=2024-T1")

    assert page.status_code == 404
    assert "Frågan ställdes inte." in words(page)
    assert client.get("/resultat/fraga/hel_trygg_4?period=2026-T1").status_code == 200


@pytest.mark.usefixtures("reader")
def test_nothing_released_says_what_comes_first(client, city):
    city("Alvik")

    assert "Inget är släppt än." in words(client.get(NOJD))


@pytest.mark.usefixtures("reader")
def test_name_that_looks_like_markup_stays_a_name(client, session, make):
    make.published(version=1)
    for code, name in (("a", "<script>alert(1)</script>"), ("b", "Bromma")):
        answered(session, make.unit(code=code, name=name), JANUARY, happy(31, of=41))
    release(session, "2026-T1")

    page = client.get(NOJD)

    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in words(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in chart_data(page)[1]["data"][-1]["text"]


def test_own_unit_is_set_apart(client, make, put_out):
    own, *_ = put_out(Alvik=(25, 35), Bromma=(31, 41), Centrum=(40, 50))
    client.log_in(make.account(role=Role.UNIT_MANAGER, units=[own]))

    page = client.get(NOJD)

    assert [e.text for e in tree(page.text).findall(".//th[@class='own']/a")] == ["Alvik"] * 2
    assert "Alvik: 71 % [54–85], 35 svar." in words(page)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("rest", "told", "silent"),
    [
        (
            ((4, 5), (5, 6)),
            "Kvinnor jämfört med män: +4 procentenheter [−3; +12].",
            "visas inte var för sig",
        ),
        (
            ((6, 7),),
            "Kvinnor och män visas inte var för sig",
            "jämfört med män",
        ),
    ],
)
def test_unit_page_shows_women_and_men_or_says_why_not(
    client, session, city, rest, told, silent
):
    unit, other = city("Hägersten", "Bromma")
    groups = zip(("kvinna", "man", "annat", "vill_ej"), ((239, 266), (104, 121), *rest),
                 strict=False)  # fmt: skip
    for code, (favourable, n) in groups:
        forms = [form | {"bak_kon": code} for form in happy(favourable, of=n)]
        answered(session, unit, JANUARY, forms)
    answered(session, other, JANUARY, happy(300, of=400))
    release(session, "2026-T1")

    page = client.get("/resultat/hägersten")

    nojd = next(e for e in tree(page.text).iter("article") if e.get("id") == "hel_nojd")
    text = " ".join(" ".join(nojd.itertext()).split())
    assert told in text
    assert silent not in text
    women = " ".join(printed(239, 266))  # the number due is not known
    assert (women in text) == ("+4" in text)
