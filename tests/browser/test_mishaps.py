"""What goes wrong while somebody answers: a tap after a sleep, half a save, a changed mind."""

import pytest
from playwright.sync_api import expect

from surveyapp.models import Outcome
from tests.browser.answering import (
    FAIL,
    HIDDEN,
    answer,
    answer_and_go_on,
    called,
    content,
    expect_nothing_seen,
    expect_the_end,
    heading,
    here,
    kept,
    outcomes,
    press,
    skip_to_the_end,
    start_answering,
    started_again,
    statuses,
    values,
)
from tests.browser.conftest import later

# What the tablet does is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

# So many minutes have passed at once, and the first that happens then is a tap.
ASLEEP = """([minutes, part]) => {
  const now = Date.now.bind(Date);
  Date.now = () => now() + minutes * 60_000;
  const button = document.querySelector(`[data-part=${part}]`);
  button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
}"""


def test_tap_after_the_device_has_slept_wakes_nothing(begin, session):
    page = begin()
    answer_and_go_on(page, 0, 0)
    answer(page, 1)
    called(page, "draft", "saved")
    with page.expect_event("load"):  # four minutes asleep: the tap only finds them hidden
        page.evaluate(ASLEEP, [4, "next"])
    expect(heading(page)).to_have_text(HIDDEN)
    press(page, "go")
    assert here(page) == "bem_lyssnar"
    answer(page, 1)
    called(page, "draft", "saved")
    page.add_init_script(later(2 * 3600_000))  # the page that is loaded then
    page.evaluate(ASLEEP, [120, "next"])
    expect_the_end(page)

    assert kept(page)["draft"] == "[]"
    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]


def test_thrown_away_is_thrown_away_also_when_that_is_not_saved(begin, session):
    page = begin()
    answer_and_go_on(page, 0, 0)
    press(page, "stop")
    press(page, "no")
    page.evaluate(FAIL, "outbox")
    page.get_by_role("button", name="Nej – ta bort dem").click()
    expect(page.get_by_role("button", name="Skicka igen")).to_be_visible()
    assert content(page)["answers"] == {}
    expect_nothing_seen(page)
    called(page, "draft", "saved")
    page = started_again(page)
    expect_the_end(page)

    assert outcomes(page, session) == [(Outcome.STOPPED, 1)]
    assert statuses(session) == []


def test_language_changed_after_some_answers_keeps_them_where_they_can_be_changed(
    begin, session
):
    page = begin()
    answer_and_go_on(page, 1, 0, 3)  # with help, of a relative
    while "is-away" not in page.locator("[data-part=back]").get_attribute("class").split():
        press(page, "back")
    before = content(page)["answers"]
    page.get_by_role("link", name="Suomi").click()
    expect(page.get_by_role("heading", name="Yhteydenpitosi")).to_be_visible()
    assert content(page)["answers"] == before
    start_answering(page)
    expect(page.locator("#bak_svarar input:checked")).to_have_value("med_hjalp")
    answer_and_go_on(page, 0)  # alone, after all: nobody helped
    assert here(page) == "bem_respekt"
    answer_and_go_on(page, 1)
    assert content(page)["answers"] == {"bak_svarar": "sjalv", "bem_respekt": "oftast"}
    skip_to_the_end(page)
    page.get_by_role("button", name="Lähetä vastaukset").click()
    expect(page.get_by_role("heading", name="Kiitos")).to_be_visible()

    assert outcomes(page, session) == [(Outcome.ANSWERED, 1)]
    assert values(session)["bem_respekt"] == "oftast"


def test_offer_that_is_saved_by_half_is_not_counted_twice(tablet, session):
    page = tablet()
    page.evaluate(FAIL, "last")
    page.locator("summary:visible", has_text="Avböjt").click()
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Det gick inte att spara.")).to_be_visible()
    page.evaluate("mend()")
    page.get_by_role("button", name="Är för trött").click()
    expect(page.get_by_text("Noterat")).to_be_visible()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()

    assert outcomes(page, session) == [(Outcome.DECLINED, 1)]
