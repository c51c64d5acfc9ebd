"""Sending what waits on the tablet: each is counted once, whatever happens on the way."""

import json
import threading
from datetime import date
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from werkzeug import Request

from surveyapp import enrolling
from surveyapp.db import writing
from surveyapp.models import Device, OfferTally, Outcome, Quarantine
from tests.browser.answering import called
from tests.browser.conftest import CLOCK, DAY, SECRET, TODAY, enrol, is_installed, later
from tests.browser.test_tablet_app import eventually, say_no
from tests.browser.waiting import ANSWERED, n_waiting, offers, seal

pytestmark = [pytest.mark.browser, pytest.mark.faults]
# For what only the tablet decides, one database is enough.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

EVERYTHING_IS_SENT = "Allt är skickat."


@pytest.fixture
def envelopes(app):
    """The bodies that came to the server; `envelopes.echo` may change what it answers."""
    serve = app.wsgi_app

    class Envelopes(list):
        lock = threading.Lock()
        n_at_once = most_at_once = 0
        echo = None

    came = Envelopes()

    def watch(environ, start):
        if environ["PATH_INFO"] != "/platta/kuvert":
            return serve(environ, start)
        request = Request(environ)
        body = request.get_data(cache=True)
        environ["wsgi.input"] = BytesIO(body)
        with came.lock:
            came.append(body)
            came.n_at_once += 1
            came.most_at_once = max(came.most_at_once, came.n_at_once)
        try:
            answer = serve(environ, start)
            return answer if came.echo is None else [came.echo(b"".join(answer))]
        finally:
            with came.lock:
                came.n_at_once -= 1

    app.wsgi_app = watch
    return came


def test_pages_and_timers_that_send_at_once_send_each_once(tablet, session, envelopes):
    page = tablet()
    is_installed(page)
    other = page.context.new_page()
    other.add_init_script(CLOCK)
    other.goto("/platta")
    expect(other.get_by_role("heading", name="Farsta")).to_be_visible()
    page.context.set_offline(True)
    seal(page, 12)
    expect(other.get_by_text("12 väntar på att skickas")).to_be_visible()

    page.context.set_offline(False)  # both hear of it at once
    for each in (page, other):
        each.evaluate("dispatchEvent(new Event('online'))")
        each.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for each in (page, other):
        expect(each.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    assert offers(session) == [(Outcome.DECLINED, "no_time", 12)]
    assert (len(envelopes), len(set(envelopes)), envelopes.most_at_once) == (12, 12, 1)


def test_network_lost_on_the_way_there_and_back(open_page, enrolment, session, network):
    page = open_page(f"{network.address}/platta", script=CLOCK)
    enrol(page, enrolment())
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    is_installed(page)
    seal(page, 5)
    for fault, n_stored in (("cut_body", 0), ("lose_echo", 1)):
        network.fault = fault
        page.reload()
        expect(page.get_by_text("5 väntar på att skickas")).to_be_visible()
        page.get_by_role("button", name="Skicka nu").click()
        expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
        assert len(offers(session)) == n_stored

    network.fault = ""
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()
    assert offers(session) == [(Outcome.DECLINED, "no_time", 5)]


@once
def test_office_hears_what_waits_also_when_only_answers_do_not_come_through(
    open_page, enrolment, session, network
):
    def undelivered():
        session.rollback()
        device = session.scalars(select(Device)).one()
        return device.undelivered_count, device.oldest_undelivered_on

    page = open_page(f"{network.address}/platta", script=CLOCK)
    enrol(page, enrolment())
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()
    is_installed(page)
    contacts = []
    page.on("request", lambda each: each.url.endswith("/lage") and contacts.append(each))
    assert called(page, "sync", "sync")
    assert (len(contacts), undelivered()) == (1, (0, None))

    network.fault = "cut_body"
    seal(page, 2, ANSWERED)
    page.reload()
    expect(page.get_by_text("2 väntar på att skickas")).to_be_visible()
    eventually(lambda: undelivered() == (2, date.fromisoformat(TODAY)))
    network.fault = ""
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()
    eventually(lambda: undelivered() == (0, None))


@once
def test_copy_stays_until_the_echo_is_its_own(tablet, session, envelopes):
    page = tablet()
    is_installed(page)
    envelopes.echo = lambda answer: json.dumps({"received": sha256(b"").hexdigest()}).encode()
    seal(page, 3)
    page.reload()
    expect(page.get_by_text("3 väntar på att skickas")).to_be_visible()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("Ingen kontakt just nu.")).to_be_visible()
    assert n_waiting(page) == 3

    envelopes.echo = None
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()
    assert offers(session) == [(Outcome.DECLINED, "no_time", 3)]


def test_revoked_tablet_still_sends_what_waits(tablet, session):
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    seal(page, 3)
    with writing(session):
        enrolling.revoke(session, session.scalar(select(Device.id)))
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", name="Surfplattan är spärrad")).to_be_visible()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    session.rollback()
    assert session.scalar(select(func.count()).select_from(Quarantine)) == 3
    assert offers(session) == []


@once
def test_tablet_that_is_no_longer_known_is_enrolled_again_and_loses_nothing(
    tablet, enrolment, session
):
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    seal(page, 3)
    with writing(session):
        session.get(Device, 1).public_key = None
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("måste kopplas igen")).to_be_visible()
    expect(page.get_by_text("3 väntar på att skickas")).to_be_visible()
    with writing(session):
        code = enrolling.create(session, "Surfplatta 5", [1], secret=SECRET)[1]
    enrol(page, code)
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    assert offers(session) == [(Outcome.DECLINED, "no_time", 3)]


@once
def test_hundreds_of_answers_at_once(tablet, session):
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    seal(page, 500)
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible(timeout=60_000)

    assert offers(session) == [(Outcome.DECLINED, "no_time", 500)]


@once
def test_clock_set_a_year_back_counts_on_the_last_day_it_heard_of(tablet, session):
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    page.close()
    page = page.context.new_page()
    page.add_init_script(later(-365 * DAY))
    page.goto("/platta")
    expect(page.get_by_text("klocka går inte rätt")).to_be_visible()
    say_no(page)
    page.context.set_offline(False)
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    assert session.execute(select(OfferTally.month, OfferTally.n)).all() == [
        (date(2026, 5, 1), 1)
    ]


@once
def test_worker_and_whoever_is_signed_in_have_no_part_in_sending(tablet, session):
    page = tablet()
    is_installed(page)
    page.reload()  # now the worker serves the page
    is_installed(page)
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request))
    cookie = {"name": "session", "value": "ended", "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])
    say_no(page)
    expect(page.get_by_text(EVERYTHING_IS_SENT)).to_be_visible()

    assert offers(session) == [(Outcome.DECLINED, "too_tired", 1)]
    assert {"/platta/kuvert"} <= {urlsplit(each.url).path for each in posts}
    assert not any(each.response().from_service_worker for each in posts)
    assert not any("cookie" in each.all_headers() for each in posts)
