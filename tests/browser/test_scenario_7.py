"""A small unit with 7 answers, then 12: what nobody may see, and what everybody may."""

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from surveyapp.access import Role
from surveyapp.models import Channel, Outcome
from surveyapp.periods import Period
from tests.browser.conftest import axe_faults
from tests.browser.looking import draw
from tests.browser.test_chart_files import saved, words_of
from tests.released import answered, due, happy, offered, release

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

JANUARY, MAY = date(2026, 1, 1), date(2026, 5, 1)
TERTIAL_1, TERTIAL_2, TO_DATE = "2026-T1", "2026-T2", "2026-T2%2B"
AXIS = {"0%", "100%"}
FEW = "Färre än 10 svar - visas inte."
BESIDE = "Visas inte, för att andra enheters svar inte ska kunna räknas fram."
EVERYBODY = [
    (Role.CITY_ANALYST, False),
    (Role.UNIT_MANAGER, True),
    (Role.CASE_OFFICER, True),
    (Role.READER, False),
]


def women_and_men(forms, n_women):
    """The forms, the first of them by women."""
    return [
        form | {"bak_kon": "kvinna" if number < n_women else "man"}
        for number, form in enumerate(forms)
    ]


@pytest.fixture
def city(session, make):
    """Units by their names; so many answers in a month, of which so many are positive."""
    make.published(1)
    units = {}

    def add(name, month, favourable, n, **fields):
        unit = units.setdefault(name, None) or make.unit(code=name.lower(), name=name)
        units[name] = unit
        answered(session, unit, month, women_and_men(happy(favourable, of=n), n - 2), **fields)
        return unit

    add.units = units
    return add


@pytest.fixture
def small(session, city):
    """Tertial 1: Alvik has 7 answers, 6 of them positive, and 31 are due until August."""
    alvik = city("Alvik", JANUARY, 6, 7)
    city("Bromma", JANUARY, 27, 33)
    city("Centrum", JANUARY, 31, 41)
    offered(session, alvik, JANUARY, Outcome.DECLINED, 3)
    months = Period.parse("2026-T2+").months
    due(session, alvik, months[:1], 10)
    due(session, alvik, months[1:], 3)
    release(session, TERTIAL_1)
    return alvik


@pytest.fixture
def as_reader(page, make, sign_in):
    sign_in(page, make.account(role=Role.READER))
    return page


def source_of(page, address):
    """The page as it is sent, without the proof that a form is ours."""
    text = page.request.get(address).text()
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text)


def row(page, caption, name):
    """The cells of a unit in the table with this caption."""
    table = page.locator("table", has=page.locator("caption", has_text=caption))
    found = table.locator("tbody tr", has=page.locator("th", has_text=name))
    return [" ".join(cell.split()) for cell in found.locator("td").all_inner_texts()]


def files(page):
    """The words of every chart's file."""
    return [words_of(saved(page, chart, "SVG")[1]) for chart in page.locator(".chart").all()]


def test_1_seven_answers_leave_no_trace_for_anybody(page, session, make, city, sign_in):
    """Letter by letter the pages are those of another small unit with other answers."""
    alvik = city("Alvik", JANUARY, 6, 7)
    twin = city("Tvilling", JANUARY, 1, 9, channel=Channel.PAPER)
    city("Bromma", JANUARY, 27, 33)
    offered(session, alvik, JANUARY, Outcome.DECLINED, 3)
    due(session, alvik, Period.parse(TERTIAL_1).months, 8)
    release(session, TERTIAL_1)

    for role, is_own in EVERYBODY:
        page.context.clear_cookies()
        sign_in(page, make.account(role=role, units=[alvik, twin] if is_own else []))
        for query in ("?period=2026-T1", "", "?period=2026-T2", "?period=i+fjol"):
            mine = source_of(page, f"/resultat/alvik{query}")
            others = source_of(page, f"/resultat/tvilling{query}")
            twins = mine.replace("Alvik", "Tvilling").replace("alvik", "tvilling")
            assert twins == others, (role, query)
        page.goto("/resultat/alvik")
        expect(page.locator("main")).to_contain_text(FEW)
        assert files(page) == [
            each.replace("Tvilling", "Alvik")
            for each in (page.goto("/resultat/tvilling"), files(page))[1]
        ], role


@pytest.mark.usefixtures("small")
def test_2_city_stays_and_the_next_smallest_is_hidden_too(as_reader):
    page = as_reader
    page.goto("/resultat?period=2026-T1")

    assert (
        row(page, "Andel äldre som", "Hela staden")[-1].replace("\xa0", " ") == "79 % [69–87]"
    )
    page.locator("summary", has_text="Siffrorna som tabell").click()
    assert row(page, "Stadens indikatorer", "nöjda med kontakten")[2] == "81"  # 7 among them
    for name, words, sentence in (("Alvik", "för få svar", FEW), ("Bromma", "dold", BESIDE)):
        assert row(page, "Andel äldre som", name)[-1] == words
        assert row(page, "Formulär, erbjudna", name) == [sentence]
        expect(page.locator("main")).to_contain_text(f"{words}: {sentence}")
        page.goto(f"/resultat/{name.lower()}?period=2026-T1")
        expect(page.locator("main")).to_contain_text(
            f"Antal formulär och svarsfrekvens: {sentence}"
        )
        said = page.locator("main").inner_text()
        assert {"".join(each.split()) for each in re.findall(r"\d+\s%", said)} == AXIS
        assert not re.search(r"\[\d|\d svar[, ]", said.replace("10 svar -", ""))
        page.goto("/resultat?period=2026-T1")
    assert row(page, "Andel äldre som", "Centrum")[-1].replace("\xa0", " ") == "76 % [60–88]"


@pytest.mark.usefixtures("small")
def test_3_and_4_nothing_moves_until_twelve_are_shown_and_neither_tertial(
    as_reader, session, city, app
):
    page = as_reader
    addresses = ("/resultat", "/resultat/alvik")
    before = [source_of(page, address) for address in addresses]
    city("Alvik", MAY, 4, 5)
    for name in ("Bromma", "Centrum"):
        city(name, MAY, 30, 40)

    assert [source_of(page, address) for address in addresses] == before
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2026-09-09")
    release(session, TERTIAL_2)

    page.goto(f"/resultat/alvik?period={TO_DATE}")
    main = page.locator("main")
    expect(main).to_contain_text("83 % [58–94], 12 svar, få svar")
    assert not re.search("[▲▼↑↓→]|säkerställd|jämfört", main.inner_text())
    colours = page.locator(".dot").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).fill)"
    )
    assert len(set(colours)) == 1
    for tertial in (TERTIAL_1, TERTIAL_2):
        for address in ("/resultat/alvik", "/resultat"):
            source = source_of(page, f"{address}?period={tertial}")
            assert "83" not in re.sub(r"\d\d[.]\d+|[0-9a-f]{12}", "", source)
            assert "12 svar" not in source
        page.goto(f"/resultat/alvik?period={tertial}")
        expect(page.locator("main")).to_contain_text(FEW)
        assert all("%" not in each.replace("0 %", "") for each in files(page))


def test_4_without_the_number_due_the_interval_is_longer(as_reader, session, city):
    for name, *numbers in (("Alvik", 10, 12), ("Bromma", 27, 33), ("Centrum", 31, 41)):
        city(name, JANUARY, *numbers)
    release(session, TERTIAL_1)

    as_reader.goto("/resultat/alvik")

    expect(as_reader.locator("main")).to_contain_text("83 % [52–98], 12 svar, få svar")


def test_5_no_breakdown_no_distribution_no_number_of_proxies(as_reader, session, city):
    city("Alvik", JANUARY, 10, 12)
    city("Bromma", JANUARY, 27, 33)
    release(session, TERTIAL_1)

    page = as_reader
    page.goto("/resultat/alvik")

    main = page.locator("main")
    expect(main).to_contain_text(
        "Färre än 30 formulär, eller färre än 10 i en grupp - visas inte."
    )
    expect(main).to_contain_text("fördelningen visas inte")
    assert page.locator(".chart--stack").count() == 0
    page.goto("/resultat")
    assert "Alvik" not in page.locator("table", has_text="Svarade själv").inner_text()
    source = source_of(page, "/resultat/alvik").lower()
    assert not re.search(">kvinnor<|>män<|svarade själv", source)


@pytest.mark.usefixtures("small")
def test_7_there_is_no_view_of_all_but_one(as_reader):
    page = as_reader
    page.goto("/resultat")

    assert page.locator("main :is(select, input)").evaluate_all(
        "all => all.map((each) => each.name)"
    ) == ["period"]
    plain = source_of(page, "/resultat?period=2026-T1")
    for extra in ("utom=alvik", "enhet=alvik", "kon=kvinna", "enheter=bromma,centrum"):
        other = source_of(page, f"/resultat?period=2026-T1&{extra}")
        assert re.sub(r'name="next" value="[^"]*"', "", other) == re.sub(
            r'name="next" value="[^"]*"', "", plain
        )


@pytest.mark.parametrize("favourable", [0, 12])
def test_8_twelve_alike_are_not_shown(as_reader, session, city, favourable):
    city("Alvik", JANUARY, favourable, 12)
    for name in ("Bromma", "Centrum"):
        city(name, JANUARY, 27, 33)
    release(session, TERTIAL_1)

    page = as_reader
    page.goto("/resultat/alvik")

    expect(page.locator("main")).to_contain_text("Alla svarade lika - visas inte.")
    assert not re.search(r"\b(100|0) %,|12 svar", page.locator("main").inner_text())
    page.goto("/resultat")
    assert row(page, "Andel äldre som", "Alvik")[-1] == "alla lika"


@pytest.mark.usefixtures("small")
def test_9_case_officer_sees_what_the_release_shows_and_nothing_earlier(
    page, make, city, sign_in
):
    alvik = city("Alvik", MAY, 4, 5)
    sign_in(page, make.account(role=Role.CASE_OFFICER, units=[alvik]))
    officer = [
        source_of(page, a) for a in ("/resultat/alvik", "/resultat/alvik?period=2026-T2")
    ]
    page.context.clear_cookies()
    sign_in(page, make.account(role=Role.READER))
    reader = [source_of(page, a) for a in ("/resultat/alvik", "/resultat/alvik?period=2026-T2")]

    inside = re.compile("<main.*</main>", re.DOTALL)
    assert [inside.search(text)[0] for text in officer] == [
        inside.search(text)[0] for text in reader
    ]
    assert "Perioden är inte släppt" in officer[1]


@pytest.mark.usefixtures("small")
def test_pages_of_the_small_unit_are_for_everybody(as_reader):
    for address in ("/resultat", "/resultat/alvik", "/resultat/bromma"):
        as_reader.goto(address)
        draw(as_reader)
        assert axe_faults(as_reader) == []
