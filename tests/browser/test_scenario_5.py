"""Scenario 5: a team unit with three named officers, compared like with like."""

from datetime import date

import pytest
from playwright.sync_api import expect

from surveyapp import enrolling
from surveyapp.access import Role
from surveyapp.db import Base, writing
from surveyapp.periods import Period
from tests.browser.answering import hand_over, heading, press, start_answering
from tests.browser.conftest import SECRET, axe_faults
from tests.released import answered, due, mix, release

# tests/test_comparing.py reckons the same story on both databases.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("app"),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

T1 = Period.parse("2026-T1")
SEVERAL = "Jag har flera och vet vad minst en heter"
NAMES = mix(66, "kon_vet_namn", ("ja", 27), ("ja_nagon", 31), ("nej", 5), ("osaker", 3))
NUMBERS = mix(66, "kon_antal", ("1", 9), ("2", 21), ("3", 28), ("4plus", 5), ("minns_ej", 3))
SINGLE = mix(210, "kon_vet_namn", ("ja", 171), ("nej", 30), ("osaker", 9))
SINGLE_NUMBERS = mix(210, "kon_antal", ("1", 150), ("2", 60))


def both(*lists):
    """Each form with its answers to all the questions."""
    return [
        {k: v for part in parts for k, v in part.items()} for parts in zip(*lists, strict=True)
    ]


@pytest.fixture
def units(make):
    """Enhet T works in a team; the single units are one stratum."""
    make.published(1)
    team, single = (
        make.unit(code="enhet-t", name="Enhet T"),
        make.unit(code="e", name="Enhet E"),
    )
    for unit, form, number in ((team, "team", "3"), (single, "single_named", "1")):
        make.attribute(unit, "organisation_form", form, date(2017, 1, 1))
        make.attribute(unit, "named_officers_per_client", number, date(2017, 1, 1))
    return team, single


@pytest.fixture
def released(session, units):
    """What was answered in tertial 1 of 2025 and of 2026."""
    team, single = units
    for year in (2025, 2026):
        months = Period.parse(f"{year}-T1").months
        answered(session, team, months[0], both(NAMES, NUMBERS))
        answered(session, single, months[0], both(SINGLE, SINGLE_NUMBERS))
        for unit, first, others in ((team, 34, 32), (single, 120, 120)):
            due(session, unit, months[:1], first)
            due(session, unit, months[1:], others)
        release(session, f"{year}-T1")
    return units


@pytest.fixture
def staff(page, sign_in, make, released):
    """The unit's quality developer, signed in."""
    sign_in(page, make.account(role=Role.QUALITY_STAFF, units=released[:1]))
    return page


def compare(page, **parts):
    """Choose in the form what is looked at, as people do."""
    for name, label in parts.items():
        page.locator(f"#choose-{name}").select_option(label=label)
    page.get_by_role("button", name="Visa").click()
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    return page.locator("main")


@pytest.mark.parametrize(("place", "is_there"), [(0, True), (1, False)])
def test_tablet_offers_several_names_only_where_there_are_several(
    open_page, session, units, place, is_there
):
    with writing(session):
        unit = units[place]
        code = enrolling.create(session, "Surfplatta 4", [unit.id], secret=SECRET)[1]
    page = open_page("/platta")
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Koppla surfplattan").click()
    hand_over(page)
    start_answering(page)
    while "heter?" not in heading(page).inner_text():
        press(page, "skip")

    assert page.locator(".is-here").get_by_text(SEVERAL).count() == is_there


def test_team_unit_is_compared_with_single_units_as_the_scenario_says(staff):
    staff.goto("/resultat/jamfor")
    main = compare(
        staff,
        enhet="Enhet T",
        med="Andra enheter med egen handläggare (1 per person)",
        fraga="Andel äldre som vet vad deras biståndshandläggare heter",
    )

    expect(main).to_contain_text("Enhet T: 88 %, jämfört med 81 %")
    expect(main).to_contain_text("+6 procentenheter [−8; +17]")
    expect(main).to_contain_text("Skillnaden är inte statistiskt säkerställd.")
    expect(main).to_contain_text("Antagna designeffekter: 1,64 och 1,68.")
    cells = main.locator("tbody tr").first.locator("td").all_inner_texts()
    assert [cell.replace("\xa0", " ") for cell in cells[:3]] == [
        "88 % (66 svar)",
        "81 % (210 svar)",
        "+6 [−8; +17]",
    ]
    assert axe_faults(staff) == []
    here = staff.url
    staff.goto("/")
    staff.goto(here)  # a colleague with the same address sees the same
    expect(staff.locator("main")).to_contain_text("+6 procentenheter [−8; +17]")


def test_shares_stand_on_the_units_own_page_with_their_intervals(staff):
    staff.goto("/resultat/enhet-t?period=2026-T1")
    text = staff.locator("main").inner_text().replace("\xa0", " ")
    assert "88 % [81–92], 66 svar" in text
    assert "92 % [85–96], 63 svar" in text
    assert "högst 3" in text
    assert "14 % [" not in text  # 9 of 63: what it would be by the single units' number

    staff.goto("/resultat/e?period=2026-T1")
    assert "81 % [77–85], 210 svar" in staff.locator("main").inner_text().replace("\xa0", " ")


def test_number_of_officers_is_never_compared_without_its_label(staff):
    question = "Andel äldre som haft kontakt med högst så många handläggare som är namngivna"
    staff.goto("/resultat/jamfor")
    for unit in ("Alla enheter", "Enhet T"):
        main = compare(staff, enhet=unit, med="Resten av staden", fraga=question)
        expect(main).to_contain_text("Namngivna handläggare per person: 1 / 3.")
        expect(main).to_contain_text("högst 3")
    main = compare(staff, fraga="Alla indikatorer")
    expect(main).to_contain_text("Namngivna handläggare per person: 1 / 3.")


def test_unit_that_is_alone_in_its_way_is_set_against_its_earlier_years(staff):
    staff.goto("/resultat/jamfor")
    main = compare(staff, enhet="Enhet T", med="Enheter med samma arbetssätt")

    expect(main).to_contain_text("Enheten jämförs med sina egna tidigare år.")
    expect(main).to_contain_text("Enhet T jämfört med tertial 1 2025")
    expect(main).to_contain_text("0 procentenheter [")
    assert axe_faults(staff) == []


def test_units_that_work_alike_are_listed_where_there_are_any(
    page, session, make, sign_in, units
):
    team, single = units
    second = make.unit(code="f", name="Enhet F")
    make.attribute(second, "organisation_form", "single_named", date(2017, 1, 1))
    for unit in (team, single, second):
        answered(session, unit, T1.months[0], SINGLE)
    release(session, "2026-T1")
    sign_in(page, make.account(role=Role.READER))

    page.goto("/resultat/jamfor?period=2026-T1&enhet=e&med=samma-arbetssatt&fraga=kon_vet_namn")

    main = page.locator("main")
    expect(main).to_contain_text("Jämförs med: Enhet F.")
    expect(main).not_to_contain_text("Enhet T.")
    assert "egna tidigare år" not in main.inner_text()


def test_unit_that_changes_its_way_in_september_is_judged_month_by_month(
    page, session, make, sign_in
):
    make.published(1)
    changing, other = make.unit(code="andrad", name="Ändrad"), make.unit(name="Annan")
    for attribute, before, after in (
        ("organisation_form", "team", "single_named"),
        ("named_officers_per_client", "3", "1"),
    ):
        make.attribute(changing, attribute, before, date(2017, 1, 1), date(2025, 8, 31))
        make.attribute(changing, attribute, after, date(2025, 9, 1))
    forms = mix(40, "kon_antal", ("1", 10), ("2", 20), ("4plus", 10))
    for month in (1, 5, 9):
        for unit in (changing, other):
            answered(session, unit, date(2025, month, 1), forms)
    release(session, "2025-T1", "2025-T2", "2025-T3", "2025")
    sign_in(page, make.account(role=Role.READER))

    page.goto("/resultat/andrad?period=2025")
    text = page.locator("main").inner_text().replace("\xa0", " ")
    assert "58 %" in text  # 30 of 40 until August twice, 10 of 40 from September: 70 of 120
    assert "högst 3 / 1" in text
    for tertial, share in (("T1", "75 %"), ("T2", "75 %"), ("T3", "25 %")):
        page.goto(f"/resultat/andrad?period=2025-{tertial}")
        judged = page.locator("#kon_antal").inner_text().replace("\xa0", " ")
        assert share in judged
        assert ("högst 1" if tertial == "T3" else "högst 3") in judged
    page.goto("/resultat/jamfor?period=2025&enhet=&med=samma-arbetssatt&fraga=kon_antal")
    expect(page.locator("main")).to_contain_text(
        "Arbetssätt ändrat under året, därför inte med i någon grupp: Ändrad."
    )


def test_names_of_officers_have_no_column():
    columns = {
        column.name for table in Base.metadata.tables.values() for column in table.columns
    }

    assert {name for name in columns if "officer" in name} == {
        "officers_employed",
        "officers_in_service",
    }
