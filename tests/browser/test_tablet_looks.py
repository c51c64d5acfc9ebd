"""The start screen for somebody who stands in a hall: large, near, and clear."""

import pytest
from playwright.sync_api import expect

from tests.browser.answering import is_wider_than_the_window, violations
from tests.browser.conftest import CLOCK, enrol, is_installed
from tests.browser.waiting import ANSWERED, seal

# How it looks is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
SIZES = ((1280, 800), (800, 1280), (360, 740))
FULL = """navigator.storage.estimate = async () => ({ quota: 30e6, usage: 25e6 });"""
# Everything that can be tapped: its words, and how large it is.
TARGETS = """() => [...document.querySelectorAll(
  "button, summary, label.tile, select, input, textarea")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => !each.closest(".tile input"))
  .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
  .map(([words, { width, height, top, bottom, left, right }]) =>
    ({ words, width, height, top, bottom, left, right }))"""


def too_small(targets):
    return [each["words"] for each in targets if min(each["width"], each["height"]) < 60]


def too_near(targets):
    """Pairs with less than 8 px between them."""
    return [
        (one["words"], other["words"])
        for i, one in enumerate(targets)
        for other in targets[i + 1 :]
        if _gap(one, other, "left", "right") < 7.5 and _gap(one, other, "top", "bottom") < 7.5
    ]


def _gap(one, other, begin, end):
    return max(other[begin] - one[end], one[begin] - other[end])


def test_every_view_of_the_tablet_is_clear_in_every_size(open_page, enrolment):
    code = enrolment("Farsta", "Hägersten-Älvsjö")
    page = open_page("/platta", script=CLOCK + FULL, has_touch=True)
    expect(page.get_by_label("Kod")).to_be_visible()

    def look(name):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            targets = page.evaluate(TARGETS)
            assert not is_wider_than_the_window(page), (name, width)
            assert (too_small(targets), too_near(targets)) == ([], []), (name, width)
        assert violations(page) == [], name

    look("enrolment")
    enrol(page, "FEL")
    expect(page.get_by_text("Koden går inte att använda.")).to_be_visible()
    look("wrong-code")
    enrol(page, code)
    expect(page.get_by_role("button", name="Farsta")).to_be_visible()
    look("unit")
    page.get_by_role("button", name="Farsta").click()
    is_installed(page)
    look("start")

    seal(page, 12, ANSWERED)
    page.reload()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    page.context.set_offline(True)
    seal(page, 2)
    page.reload()
    expect(page.get_by_text("2 väntar på att skickas")).to_be_visible()
    is_installed(page)
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
    page.get_by_role("button", name="Jag är assistent").click()
    look("waiting")
    for text in ("Avböjt", "Kunde inte", "Fel enhet", "För den som sköter"):
        page.locator("summary", has_text=text).click()
    page.get_by_role("button", name="Begär flytt").click()
    look("unfolded")
    page.get_by_text("9 maj, Farsta: 12 svar").click()
    page.get_by_label("Vilken enhet").select_option("Hägersten-Älvsjö")
    page.get_by_label("Vad hände?").fill("Gammal vana.")
    page.get_by_role("button", name="Begär flytt").click()
    expect(page.get_by_text("12 svar, Farsta till Hägersten-Älvsjö")).to_be_visible()
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Noterat")).to_be_visible()
    look("noted")
    page.get_by_role("button", name="Byt enhet").click()
    page.get_by_role("button", name="Hägersten-Älvsjö").click()
    look("another-unit")
