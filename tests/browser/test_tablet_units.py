"""A tablet of several units: which one it is used for, and what went to the wrong one."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from surveyapp import moving
from surveyapp.db import writing
from surveyapp.models import MoveRequest, Unit
from tests.browser.conftest import CLOCK, DAY, TODAY, enrol, is_installed, later
from tests.browser.test_tablet_app import eventually, say_no
from tests.browser.waiting import ANSWERED, SCRIPTS, seal

# What the tablet asks is the same whichever database the server has.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
WHICH = "Vilken enhet används surfplattan för i dag?"
# The first receipt is held by another request.
HOLD_FIRST = """(folder) => import(`${folder}/store.js`).then(({ within }) =>
  within(["receipts"], "readwrite", (store) => {
    const found = store.getAll();
    found.onsuccess = () => store.put({ ...found.result[0], request: "another" });
  }))"""


@pytest.fixture
def shared(open_page, enrolment):
    """A tablet of two units, before anybody has chosen."""
    page = open_page("/platta", script=CLOCK)
    enrol(page, enrolment("Farsta", "Älvsjö"))
    expect(page.get_by_role("heading", name=WHICH)).to_be_visible()
    is_installed(page)
    return page


def choose(page, unit):
    page.get_by_role("button", name=unit, exact=True).click()


def heading(page, text):
    expect(page.get_by_role("heading", level=1, name=text, exact=True)).to_be_visible()


def open_later(page, n_days):
    context = page.context
    page.close()
    page = context.new_page()
    page.add_init_script(later(n_days * DAY))
    page.goto("/platta")
    return page


def receipts(page):
    """What the tablet keeps of what it has sent: the request that holds each."""
    rows = page.evaluate(
        """(folder) => import(`${folder}/store.js`).then(({ within }) =>
          within(["receipts"], "readonly", (store) => store.getAll()))""",
        SCRIPTS,
    )
    return [row["request"] for row in rows]


def ask_to_move(page):
    page.get_by_text("Fel enhet – begär flytt").click()
    page.get_by_text("9 maj, Farsta").click()
    page.get_by_label("Vilken enhet skulle det ha varit?").select_option("Älvsjö")
    page.get_by_label("Vad hände?").fill("Gammal vana.")
    page.get_by_role("button", name="Begär flytt").click()


def test_unit_is_asked_for_each_day_and_confirmed_when_it_changes(shared, session):
    page = shared
    choose(page, "Farsta")
    heading(page, "Farsta")
    expect(page.locator("h1")).to_be_focused()
    say_no(page)
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    expect(page.locator("h1")).not_to_be_focused()  # news are not a new view
    choose(page, "Byt enhet")
    choose(page, "Älvsjö")
    heading(page, "Stämmer det med Älvsjö?")
    expect(page.get_by_text("Det förra besöket gällde Farsta.")).to_be_visible()
    choose(page, "Nej, välj igen")
    choose(page, "Älvsjö")
    choose(page, "Ja, Älvsjö")
    heading(page, "Älvsjö")
    page.reload()
    heading(page, "Älvsjö")

    page = open_later(page, 1)
    heading(page, WHICH)
    choose(page, "Farsta")  # as at the visit before
    heading(page, "Farsta")

    with writing(session):
        farsta = session.scalar(select(Unit).where(Unit.code == "farsta"))
        farsta.valid_to = date.fromisoformat(TODAY)
    page.reload()
    heading(page, WHICH)  # the one that is left is not taken for granted
    expect(page.locator("[data-part=units] button")).to_have_text(["Älvsjö"])


def test_what_went_to_the_wrong_unit_is_asked_to_be_moved(shared, session):
    page = shared
    choose(page, "Farsta")
    heading(page, "Farsta")
    seal(page, 3, ANSWERED)
    page.reload()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_text("Fel enhet – begär flytt").click()
    page.get_by_role("button", name="Begär flytt").click()
    expect(page.get_by_text("Välj minst en dag")).to_be_visible()
    expect(page.get_by_text("9 maj, Farsta: 3 svar")).to_be_visible()
    page.get_by_text("Fel enhet – begär flytt").click()
    ask_to_move(page)
    expect(page.get_by_text("3 svar, Farsta till Älvsjö: inte skickat än")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("3 svar, Farsta till Älvsjö: väntar på beslut")).to_be_visible()

    session.rollback()
    asked = session.scalars(select(MoveRequest)).one()
    assert (asked.reason, [part.n for part in asked.parts]) == ("Gammal vana.", [3])
    with writing(session):
        moving.confirm(session, asked.id, by="kvalitet")
    moving.approve(session, asked.id, by="analytiker", today=date.fromisoformat(TODAY))
    page.reload()
    page.get_by_text("Fel enhet – begär flytt").click()
    expect(page.get_by_text("3 svar, Farsta till Älvsjö: flyttat")).to_be_visible()


def test_refused_request_lets_go_of_what_it_still_holds(shared):
    page = shared
    choose(page, "Farsta")
    heading(page, "Farsta")
    seal(page, 2, ANSWERED)
    page.reload()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    asked = []
    page.route("**/platta/flytt", lambda route: asked.append(route))
    ask_to_move(page)
    eventually(lambda: page.evaluate("1") and asked)
    page.evaluate(HOLD_FIRST, SCRIPTS)  # as another page does
    asked[0].fulfill(status=422, json={"fault": "Hör av dig."})
    expect(page.get_by_text("2 svar, Farsta till Älvsjö: Hör av dig.")).to_be_visible()

    assert receipts(page).count("another") == 1
    assert receipts(page).count(None) == 1


def test_receipts_go_after_two_weeks_unless_a_request_holds_them(shared):
    page = shared
    choose(page, "Farsta")
    heading(page, "Farsta")
    seal(page, 2, ANSWERED)
    page.reload()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    assert receipts(page) == [None, None]
    page.context.set_offline(True)
    ask_to_move(page)
    expect(page.get_by_text("Älvsjö: inte skickat än")).to_be_visible()
    seal(page, 1, ANSWERED)
    page.context.set_offline(False)
    expect(page.get_by_text("väntar på beslut")).to_be_visible()
    held = receipts(page)
    assert (len(held), held.count(None), len(set(held))) == (3, 1, 2)

    page.context.set_offline(True)
    seal(page, 1)  # it is never thrown away, however long it waits
    page = open_later(page, 15)
    expect(page.get_by_text("inte haft kontakt på 15 dagar")).to_be_visible()
    expect(page.get_by_text("Det äldsta svaret har väntat i 15 dagar.")).to_be_visible()
    expect(page.get_by_text("1 väntar på att skickas")).to_be_visible()
    heading(page, WHICH)
    eventually(lambda: len(receipts(page)) == 2)
    assert None not in receipts(page)
