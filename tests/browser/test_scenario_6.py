"""The sixth story: Norrmalm and Östermalm become Norra innerstaden, seen in a browser."""

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp import collecting, limits, organising
from surveyapp.access import Role
from surveyapp.collecting import Submission
from surveyapp.db import writing
from surveyapp.models import Outcome, Unit, UnitSuccession
from surveyapp.periods import Parts
from tests.browser.conftest import axe_faults
from tests.released import answered, happy, release
from tests.test_collecting import occasion

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

MERGED, LAST = date(2023, 7, 1), date(2023, 6, 30)
MARCH, JUNE, JULY, SEPTEMBER = (date(2023, month, 1) for month in (3, 6, 7, 9))
PAGE = "/resultat/utveckling?enhet=norra-innerstaden&fraga=hel_nojd"
SIZES = [(360, 740), (800, 1280), (1280, 800)]
SECRET = "a secret that only the tests know"


def submit(session, unit, month, today, units):
    """Send one answer through the door, as a tablet does."""
    submission = Submission(
        occasion(unit=unit.code, month=month),
        Outcome.ANSWERED,
        answers={"bak_svarar": "sjalv", "hel_nojd": "mycket_nojd"},
    )
    with writing(session):
        return collecting.submit(
            session,
            submission,
            today=today,
            units=[each.code for each in units],
            sealer=collecting.sealer(SECRET),
        )


@pytest.fixture
def merged(session, make):
    """All of 2023 released; one follow-up of 29 June came on 3 July."""
    make.published(version=1)
    old = [
        make.unit(code=code, name=name, valid_to=LAST)
        for code, name in (("norrmalm", "Norrmalm"), ("ostermalm", "Östermalm"))
    ]
    new = make.unit(code="norra-innerstaden", name="Norra innerstaden", valid_from=MERGED)
    make.store(
        *[UnitSuccession(old_id=o.id, new_id=new.id, takes_effect_on=MERGED) for o in old]
    )
    answered(session, old[0], MARCH, happy(44, of=55))
    answered(session, old[0], JUNE, happy(39, of=49))
    answered(session, old[1], MARCH, happy(66, of=75))
    answered(session, old[1], JUNE, happy(66, of=75))
    answered(session, new, JULY, happy(70, of=80))
    answered(session, new, SEPTEMBER, happy(101, of=120))
    submit(session, old[0], JUNE, date(2023, 7, 3), [*old, new])
    release(session, "2023-T1", "2023-T2", "2023-T3", "2023")
    return *old, new


@pytest.fixture
def seen(open_page, sign_in, make, app, merged):
    """Open an address at a size, signed in as somebody who reads results."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2024-01-15")
    reader = make.account(role=Role.READER, name="lasare")

    def at(path, size, **options):
        page = open_page("/logga-in", *size, **options)
        sign_in(page, reader)
        page.goto(path)
        return page

    return at


def test_year_is_told_with_each_unit_and_all_together(seen):
    page = seen(f"{PAGE}&visa=ar", (1280, 800))

    finding = page.locator(".chart__finding")
    expect(finding).to_contain_text("slogs ihop till Norra innerstaden den 2023-07-01")
    expect(finding).to_contain_text("86 % [80–90], 200 svar")
    expect(finding).to_contain_text("85 % [81–88], 455 svar")
    page.locator("summary").click()
    told = [" ".join(row.split()) for row in page.locator("tbody tr").all_inner_texts()]
    assert told[1:] == [
        "2023 Norra innerstaden 86 % [80–90] 200",
        "2023 Norrmalm 80 % [71–87] 105",  # with the one that came in July
        "2023 Östermalm 88 % [82–93] 150",
        "2023 Norra innerstaden inklusive föregångare 85 % [81–88] 455",
    ]
    assert not re.search(r"84[,.]5", page.content())  # the mean of the three percentages


def test_tertial_of_the_merger_gives_each_unit_its_own_two_months(seen):
    page = seen(f"{PAGE}&visa=tertial", (1280, 800))

    page.locator("summary").click()
    told = [" ".join(row.split()) for row in page.locator("tbody tr").all_inner_texts()]
    assert [row.split(" ", 3)[3] for row in told if row.startswith("tertial 2")] == [
        "Norra innerstaden 88 % [78–94] 80",  # July and August
        "Norrmalm 80 % [66–90] 50",  # May and June
        "Östermalm 88 % [78–94] 75",
        "Norra innerstaden inklusive föregångare 86 % [80–90] 205",
    ]


@pytest.fixture
def month_by_month(session, make):
    """Stockholm's units as they are shipped: twelve answers each in June and in July."""
    with writing(session):
        organising.load_shipped(session)
        limits.choose_year_parts(session, Parts.MONTH)
    make.published(version=1)
    units = session.scalars(select(Unit)).all()
    session.rollback()
    for month in (JUNE, JULY):
        for unit in units:
            if unit.existed_in(month):
                answered(session, unit, month, happy(10, of=12))
    release(session, "2023-M6", "2023-M7")


@pytest.mark.usefixtures("month_by_month")
def test_month_on_each_side_of_the_merger_has_its_own_units(page, make, sign_in, app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2024-01-15")
    sign_in(page, make.account(role=Role.READER))

    for month, n_units in (("2023-M6", 13), ("2023-M7", 11)):
        page.goto(f"/resultat/fraga/hel_nojd?period={month}")

        table = page.locator("table", has_text="Hela staden").first
        rows = [" ".join(row.split()) for row in table.locator("tbody tr").all_text_contents()]
        city = [row for row in rows if row.startswith("Hela staden")]
        assert len(rows) - len(city) == n_units
        assert f" {12 * n_units} " in city[0]  # every answer once
        assert any(row.startswith("Norrmalm") for row in rows) == (n_units == 13)
        assert any(row.startswith("Norra innerstaden") for row in rows) == (n_units == 11)


def test_merger_stands_between_the_lines_and_names_stay_inside(seen):
    page = seen(PAGE, SIZES[0], java_script_enabled=False)
    for size in SIZES:
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        check_places(page, size)


def check_places(page, size):
    """Old units end before the mark, the new one goes on after it, and no name hits another."""
    mark = page.locator(".turn__line").bounding_box()["x"]
    for old in page.locator(".line--beside .dot").all():
        assert old.bounding_box()["x"] < mark
    for own in page.locator(".line--own .dot").all():
        assert own.bounding_box()["x"] + own.bounding_box()["width"] > mark
    drawing = page.locator(".chart__drawn > svg").bounding_box()
    names = [each.bounding_box() for each in page.locator(".time__name, .turn__label").all()]
    assert len(names) == 5
    for box in names:
        assert box["x"] >= drawing["x"] - 1
        assert box["x"] + box["width"] <= size[0]
    for one, two in ((a, b) for i, a in enumerate(names) for b in names[i + 1 :]):
        assert (
            one["x"] + one["width"] <= two["x"]
            or two["x"] + two["width"] <= one["x"]
            or one["y"] + one["height"] <= two["y"] + 4  # boxes are taller than letters
            or two["y"] + two["height"] <= one["y"] + 4
        )


def test_merger_can_be_reached_and_read_with_the_keyboard(seen):
    page = seen(PAGE, (360, 740))

    mark = page.get_by_role("img", name="Norrmalm och Östermalm slogs ihop")
    for _ in range(40):
        page.keyboard.press("Tab")
        if mark.evaluate("e => e === document.activeElement"):
            break
    expect(mark).to_be_focused()
    expect(page.locator(".chart__finding")).to_contain_text("2023-07-01")
    assert axe_faults(page) == []


def test_library_draws_the_same_lines(seen):
    page = seen(PAGE, (1280, 800))

    page.locator(".chart").scroll_into_view_if_needed()
    expect(page.locator(".chart__library .main-svg").first).to_be_visible()
    expect(page.locator(".chart__library")).to_contain_text("Slogs ihop 2023-07-01")
    for name in ("Norrmalm", "Östermalm", "Norra innerstaden", "Sammanräknat"):
        expect(page.locator(".chart__library")).to_contain_text(name)
    assert page.locator(".chart__library .scatterlayer .trace").count() == 6  # with two bands
