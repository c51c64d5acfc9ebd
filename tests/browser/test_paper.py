"""Keying paper forms with nothing but a keyboard."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from surveyapp import publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import Answer, FreeText, Response
from surveyapp.questionnaire import Option, load
from tests.browser.conftest import axe_faults
from tests.make import QUESTIONNAIRES

pytestmark = pytest.mark.browser
# What the keys do is the same on every database; that sheets are stored is asked of both.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

PILE = (
    "month=2026-04&language=sv&form_length=full&followup_type=care_home"
    "&service_group=care_home&handed_over_by=unknown"
)
SHEET = f"/papper/hasselby/{publishing.KEY}/1?{PILE}"
DIGITS = "1131221232311121"  # the sixteen questions with boxes that are shown to everybody
SAVED = "Blanketten är sparad."
FIRST, SECOND, THIRD = "q_bak_svarar", "q_bak_hjalpare", "q_bem_respekt"


@pytest.fixture
def unit(make):
    make.published(2)
    return make.unit(code="hasselby", name="Hässelby-Vällingby")


@pytest.fixture
def registrar(page, make, unit, sign_in):
    sign_in(page, make.account(units=[unit]))
    return page


@pytest.fixture
def sheet(registrar):
    registrar.goto(SHEET)
    expect(registrar.locator(f"#{SECOND}")).to_have_class("row__key")
    expect(registrar.locator(".row--off")).to_have_count(2)  # the script runs
    return registrar


def press(page, keys):
    """Press each key of a text, or one key by its name; how many presses it was."""
    names = [keys] if len(keys) > 1 and keys[0].isupper() else list(keys)
    for name in names:
        page.keyboard.press(name)
    return len(names)


def saved(page):
    expect(page.get_by_role("status").filter(has_text=SAVED)).to_be_visible()


def answers(session, *questions):
    session.rollback()
    rows = session.execute(
        select(Answer.question, Answer.value, Answer.missing).where(
            Answer.question.in_(questions)
        )
    )
    return {question: value or missing for question, value, missing in rows}


def test_ten_forms_in_a_row_take_one_key_for_each_question(sheet, session):
    for n in range(1, 11):
        expect(sheet.locator(f"#{FIRST}")).to_be_focused()
        n_keys = press(sheet, DIGITS) + press(sheet, "Enter")
        saved(sheet)
        assert n_keys == 17  # as many as there are questions
        expect(sheet.get_by_role("status")).to_contain_text(
            f"{n} blankett{'er' if n > 1 else ''} registrerad"
        )

    assert session.scalar(select(func.count()).select_from(Response)) == 10
    counted = select(Answer.question, Answer.value, func.count()).where(
        Answer.question.in_(["bak_svarar", "bem_lyssnar", "bak_kon"])
    )
    rows = session.execute(counted.group_by(Answer.question, Answer.value)).all()
    assert sorted(map(tuple, rows)) == [
        ("bak_kon", "kvinna", 10), ("bak_svarar", "sjalv", 10), ("bem_lyssnar", "ibland", 10)
    ]  # fmt: skip


@once
def test_key_without_a_box_stays_and_the_next_one_replaces_it(sheet):
    press(sheet, "18")

    wrong = sheet.locator(f"#{THIRD}")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(sheet.locator(f"#{THIRD}-fault")).to_have_text("Skriv 1–6, x, o eller b.")
    press(sheet, "Enter")
    expect(wrong).to_be_focused()

    press(sheet, "2")

    expect(wrong).to_have_value("2")
    expect(wrong).not_to_have_attribute("aria-invalid", "true")
    expect(sheet.locator(f"#{THIRD}-fault")).to_be_empty()
    expect(sheet.locator("#q_bem_lyssnar")).to_be_focused()


@once
def test_marks_and_enter_go_on_and_arrow_up_goes_back(sheet, session):
    press(sheet, "1xoB")
    press(sheet, "Enter")
    expect(sheet.locator("#q_kon_vet_namn")).to_be_focused()
    for _ in range(3):
        press(sheet, "ArrowUp")
    expect(sheet.locator("#q_bem_lyssnar")).to_be_focused()
    press(sheet, "2")
    expect(sheet.locator("#q_bem_paverka")).to_be_focused()
    sheet.get_by_role("button", name="Spara blanketten").press("Enter")
    saved(sheet)

    questions = ("bem_respekt", "bem_lyssnar", "bem_paverka", "bem_info")
    assert answers(session, *questions) == {
        "bem_respekt": "invalid", "bem_lyssnar": "oftast", "bem_paverka": "blank",
        "bem_info": "blank",
    }  # fmt: skip


@once
def test_question_that_does_not_apply_is_passed_but_can_be_reached(sheet, session):
    follow_up = sheet.locator(".row", has=sheet.locator(f"#{SECOND}"))
    press(sheet, "1")
    expect(sheet.locator(f"#{THIRD}")).to_be_focused()
    expect(follow_up).to_have_class("row row--off")
    press(sheet, "ArrowUp")
    press(sheet, "5")
    expect(sheet.locator(f"#{THIRD}")).to_be_focused()
    sheet.get_by_role("button", name="Spara blanketten").press("Enter")
    saved(sheet)

    expect(sheet.get_by_role("status")).to_contain_text("1 svar ströks: frågan gällde inte.")
    assert answers(session, "bak_hjalpare") == {"bak_hjalpare": "not_shown"}


@once
def test_question_that_applies_is_not_passed(sheet):
    press(sheet, "2")

    expect(sheet.locator(f"#{SECOND}")).to_be_focused()
    expect(sheet.locator(".row--off")).to_have_count(1)


@once
def test_number_in_the_text_is_warned_of_and_saved_when_looked_at(sheet, session):
    press(sheet, DIGITS)
    sheet.keyboard.type("Bra")
    press(sheet, "Shift+Enter")
    sheet.keyboard.type("Ring 08-123 45 67")
    expect(sheet.locator("#q_hel_fritext-fault")).to_contain_text("kan peka ut någon")
    press(sheet, "Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("08-123 45 67")
    expect(sheet.locator("#q_hel_fritext")).to_be_focused()
    press(sheet, "Tab")
    press(sheet, "Space")
    press(sheet, "Enter")
    saved(sheet)

    assert session.scalars(select(FreeText.text)).all() == ["Bra\nRing 08-123 45 67"]


@once
def test_digit_in_the_text_field_says_that_the_keys_have_slipped(sheet):
    press(sheet, DIGITS + "3")

    expect(sheet.locator("#q_hel_fritext-fault")).to_contain_text("förskjutet")


@once
def test_question_with_twelve_boxes_takes_two_digits(registrar, session):
    document = load(publishing.file_of(QUESTIONNAIRES, publishing.KEY, 1))
    first, *rest = document.questions
    more = [Option(code=f"fler{n}", text=first.options[0].text) for n in range(4, 13)]
    longer = first.model_copy(update={"options": (*first.options, *more)})
    other = document.model_copy(update={"key": "prov", "questions": (longer, *rest)})
    with writing(session):
        publishing.publish(
            session, other, valid_from=date(2026, 1, 1), author="Anna", publisher="Birgit"
        )
    registrar.goto(f"/papper/hasselby/prov/1?{PILE}")
    expect(registrar.locator(".row--off")).to_have_count(2)
    first, third = registrar.locator(f"#{FIRST}"), registrar.locator(f"#{THIRD}")

    press(registrar, "1")
    expect(first).to_be_focused()  # a second digit may follow
    press(registrar, "2")
    expect(first).to_have_value("12")
    expect(third).to_be_focused()
    press(registrar, "ArrowUp")
    press(registrar, "ArrowUp")
    press(registrar, "1")
    press(registrar, "3")
    expect(first).to_have_attribute("aria-invalid", "true")
    press(registrar, "1")
    press(registrar, "Enter")
    expect(first).to_have_value("1")
    expect(third).to_be_focused()


@once
def test_case_officer_says_with_keys_that_there_was_no_contact(page, make, unit, sign_in):
    sign_in(page, make.account(role=Role.CASE_OFFICER, units=[unit]))
    page.goto(SHEET)
    expect(page.get_by_role("link", name="Ja, eller jag är osäker")).to_be_focused()
    assert axe_faults(page) == []
    press(page, "Tab")
    press(page, "Enter")
    expect(page.locator(f"#{FIRST}")).to_be_focused()
    expect(page.locator(".row--off")).to_have_count(2)  # the script runs
    press(page, DIGITS)
    press(page, "Enter")
    saved(page)
    expect(page.get_by_role("heading", name="Har du haft kontakt")).to_be_visible()


def test_plain_form_without_script_saves(browser, address, make, unit, sign_in, session):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, make.account(units=[unit]))
    page.goto(SHEET)
    page.locator(f"#{FIRST}").fill("1")
    page.locator(f"#{THIRD}").fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Fråga 3: Det finns ingen ruta 9.")
    expect(page.locator(f"#{THIRD}")).to_be_focused()
    page.locator(f"#{THIRD}").fill("6")
    page.keyboard.press("Enter")
    saved(page)
    context.close()

    assert answers(session, "bem_respekt") == {"bem_respekt": "vet_ej"}


@once
def test_pages_are_accessible_and_fit(registrar):
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for path in ("/papper", "/papper?begin=1", SHEET):
        registrar.goto(path)
        if path == SHEET:
            press(registrar, "1x9")
        for width in (360, 640, 800, 1280):
            registrar.set_viewport_size({"width": width, "height": 800})
            assert axe_faults(registrar) == [], (path, width)
            assert registrar.evaluate(wide) == 0, (path, width)
