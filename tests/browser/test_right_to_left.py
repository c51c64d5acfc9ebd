"""Answering in Arabic and Persian: all is mirrored, and numbers are not turned round."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp import enrolling, publishing
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import Answer, FreeText, Response
from surveyapp.questionnaire import load
from tests.browser.answering import (
    answer,
    deliver,
    hand_over,
    is_wider_than_the_window,
    kind,
    press,
    stored,
    violations,
)
from tests.browser.conftest import CLOCK, SECRET, enrol
from tests.web.answering import page_of, token

# How it looks and what the keys do is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
SAMPLE = load(Path("tests/samples/right_to_left.yaml"))
LANGUAGES = {"ar": "العربية", "fa": "فارسی"}
SIZES = ((360, 740), (800, 1280))
# Where the middle of what is seen lies, by a name for it.
PLACES = """(selectors) => Object.fromEntries(Object.entries(selectors)
  .map(([name, selector]) => [name, document.querySelector(selector)])
  .filter(([, each]) => each?.checkVisibility({ visibilityProperty: true }))
  .map(([name, each]) => [name, each.getBoundingClientRect()])
  .map(([name, { left, right }]) => [name, (left + right) / 2]))"""
SEEN = {
    "back": "[data-part=back]",
    "next": "[data-part=next]",
    "stop": "[data-part=stop]",
    "progress": "[data-part=progress]",
    "circle": ".is-here .option input",
    "words": ".is-here .option__text",
}


@pytest.fixture
def unit(session, make):
    """A unit where the sample is answered."""
    with writing(session):
        publishing.publish(
            session, SAMPLE, valid_from=date(2022, 1, 1), author="Anna", publisher="Birgit"
        )
    return make.unit(code="farsta", name="Farsta")


def look(page):
    """The screen in every size: nothing too wide, and axe finds nothing."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert not is_wider_than_the_window(page), (kind(page), width)
    assert violations(page) == [], kind(page)


def expect_mirrored(page):
    """The way on leads to the left, and what is read first stands to the right."""
    at = page.evaluate(PLACES, SEEN)
    assert at["next"] < at["back"]
    assert at["stop"] < at["progress"]
    if "circle" in at:
        assert at["words"] < at["circle"]


def walk(page, language):
    """Through all screens with somebody's help, the fields by keys alone; each is looked at."""
    texts = SAMPLE.texts
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", language)
    look(page)
    for other, name in LANGUAGES.items():
        link = page.locator(".languages a", has_text=name)
        expect(link).to_have_attribute("dir", "rtl")
        expect(link).to_have_attribute("lang", other)
    press(page, "next")
    expect(page.locator(".is-here")).to_contain_text("\u206810\u2069")
    press(page, "next")
    look(page)
    answer(page, 1)
    press(page, "next")
    press(page, "next")

    told = texts.progress[language].replace("{n}", "\u20681\u2069")
    expect(page.locator("[data-part=progress]")).to_have_text(
        told.replace("{total}", "\u20684\u2069")
    )
    expect_mirrored(page)
    look(page)
    chosen = page.locator(".is-here input:checked")
    page.locator(".is-here input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_value("med_hjalp")
    page.keyboard.press("ArrowLeft")  # the way on, from right to left
    expect(chosen).to_have_value("annan")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_value("med_hjalp")
    press(page, "next")
    expect(page.locator(".is-here")).to_have_id("bak_hjalpare")
    answer(page, 0)
    press(page, "next")
    expect(page.locator(".is-here")).to_have_id("bem_respekt")
    look(page)
    page.locator("[data-size='3']").click()
    look(page)
    page.locator("[data-size='1']").click()
    answer(page, 0)
    press(page, "next")
    answer(page, 1)
    press(page, "next")
    expect(page.locator(".is-here")).to_have_id("hel_fritext")
    page.locator(".is-here textarea").fill("شكرا 08")
    expect_mirrored(page)
    look(page)
    press(page, "next")
    expect(page.locator(".is-here h2")).to_contain_text("\u20685\u2069")
    look(page)
    page.locator(".is-here button").click()
    expect(page.locator(".done__text").first).to_be_visible()
    number = page.locator("bdi.whole")
    expect(number).to_have_text("08-80 65 65")
    expect(number).to_have_attribute("dir", "ltr")
    look(page)


def expect_stored(session, language):
    assert stored(session, select(Response.language)) == [(language,)]
    assert dict(stored(session, select(Answer.question, Answer.value))) == {
        "bak_svarar": "med_hjalp",
        "bak_hjalpare": "anhorig",
        "bem_respekt": "alltid",
        "kon_antal": "2plus",
        "hel_fritext": "written",
    }
    assert stored(session, select(FreeText.text)) == [("شكرا 08",)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tablet_is_answered_from_right_to_left(open_page, session, unit, language):
    with writing(session):
        code = enrolling.create(session, "Surfplatta 4", [unit.id], secret=SECRET)[1]
    page = open_page("/platta", script=CLOCK)
    enrol(page, code)
    name = page.locator(".tile", has_text=LANGUAGES[language]).locator(".option__text")
    expect(name).to_have_attribute("dir", "rtl")
    expect(name).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "ltr")

    hand_over(page, LANGUAGES[language])
    walk(page, language)
    expect(page.locator(".done__officer a")).to_have_attribute("dir", "ltr")
    assert deliver(page)

    expect_stored(session, language)


def test_letter_is_answered_from_right_to_left(open_page, session, unit):
    page = open_page("/kod/ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#code")).to_have_css("direction", "ltr")
    look(page)
    signed = token(unit=unit.code, month=date(2026, 5, 1), language="ar")
    page.goto(f"{page_of('ar')}?o={signed}")

    walk(page, "ar")

    expect_stored(session, "ar")


def test_sheet_in_arabic_is_keyed_on_a_swedish_page(open_page, make, unit, sign_in):
    pile = "month=2026-04&language=ar&form_length=full&followup_type=care_home"
    rest = "service_group=care_home&handed_over_by=unknown"
    page = open_page("/logga-in")
    sign_in(page, make.account(role=Role.REGISTRAR, units=[unit]))
    page.goto(f"/papper/farsta/{SAMPLE.key}/1?{pile}&{rest}")

    expect(page.locator("html")).to_have_attribute("lang", "sv")
    box = page.locator("#q_bem_respekt-boxes .box").first
    expect(box.locator("[dir=rtl][lang=ar]")).to_have_text("دائمًا")
    number, words = (box.locator(part).bounding_box() for part in (".box__number", "[lang=ar]"))
    assert number["x"] < words["x"]  # the page is Swedish: the number stands first
    expect(page.locator("#q_hel_fritext")).to_have_css("direction", "rtl")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert not is_wider_than_the_window(page)
