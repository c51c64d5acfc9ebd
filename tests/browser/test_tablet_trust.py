"""What a tablet believes: its clock, whoever answers it, and a code that may be lost."""

import re

import pytest
from playwright.sync_api import expect

from surveyapp.models import Outcome
from tests.browser.answering import called
from tests.browser.conftest import CLOCK, enrol, is_installed
from tests.browser.test_outbox import EVERYTHING_IS_SENT
from tests.browser.waiting import offers, seal

# What only the tablet decides is the same on every database.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


def test_day_is_the_likely_one(open_page):
    page = open_page("/platta", script=CLOCK)
    for today, days_wrong, expected, is_wrong in (
        ("2026-05-09", 0, "2026-05-09", False),
        ("2026-03-30", 0, "2026-05-09", False),  # 40 days without contact
        ("2027-05-07", 365, "2027-05-09", True),  # a year back, then as now
        ("2027-03-30", 365, "2027-05-09", True),
        ("2027-05-10", 365, "2027-05-10", True),
        ("2026-05-09", 365, "2026-05-09", False),  # and put right since
        ("2026-05-01", -365, "2026-05-09", False),
        ("2026-05-05", -10, "2026-05-09", False),
        ("2027-05-09", 0, "2027-05-09", True),  # gone back since
    ):
        state = {"today": today, "days_wrong": days_wrong}
        assert called(page, "clock", "today", state) == expected, state
        assert called(page, "clock", "isWrong", state) is is_wrong, state


def test_only_the_server_itself_turns_a_tablet_away(tablet, session):
    page = tablet()
    is_installed(page)
    seal(page, 1)
    answers = {"status": 401, "body": "<p>Who is there?"}
    page.route(re.compile("/platta/(lage|kuvert)"), lambda route: route.fulfill(**answers))
    for answers["status"] in (401, 403):
        page.reload()
        expect(page.get_by_text("inte skickat än")).to_be_visible()
        page.get_by_role("button", name="Skicka nu").click()
        expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
        expect(page.get_by_role("heading", name="Farsta")).to_be_visible()

    page.unroute_all()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()
    assert offers(session) == [(Outcome.DECLINED, "no_time", 1)]


def test_code_whose_answer_was_lost_is_used_again_with_the_same_key(open_page, enrolment):
    page = open_page("/platta", script=CLOCK)
    keys = []

    def lose_answer(route):
        keys.append(route.request.post_data_json["public_key"])
        route.fetch()
        route.abort()

    page.route("**/platta/koppla", lose_answer)
    code = enrolment()
    enrol(page, code)
    expect(page.get_by_text("Ingen kontakt.")).to_be_visible()
    page.unroute_all()
    page.reload()
    with page.expect_request("**/platta/koppla") as request:
        enrol(page, code)
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()

    assert keys == [request.value.post_data_json["public_key"]]
    assert called(page, "store", "kept", "coming") is None
