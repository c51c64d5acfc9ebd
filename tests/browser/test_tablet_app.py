"""The installed app around the questions: what it keeps, when it changes, what it says."""

import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from surveyapp import delivering, sealing
from surveyapp.db import writing
from surveyapp.models import Device, Outcome, Setting
from tests.browser.answering import called, choose, hand_over
from tests.browser.conftest import CLOCK, DAY, SECRET, TODAY, enrol, is_installed, later
from tests.browser.waiting import offers, seal

# What the browser keeps is the same whichever database the server has.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
CACHES = "caches.keys().then((names) => names.filter((name) => name.startsWith('platta-')))"
N_FILES = (
    "(name) => caches.open(name).then((cache) => cache.keys()).then((keys) => keys.length)"
)
UPDATED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/platta");
  await registration.update();
  const coming = registration.installing;
  if (coming) {
    await new Promise((done) => coming.addEventListener("statechange", done, { once: true }));
  }
  return registration.waiting !== null;
}"""
IS_WAITING = (
    "navigator.serviceWorker.getRegistration('/platta').then((r) => r.waiting !== null)"
)
HOLD = """new Promise((held) => navigator.locks.request("respondent", () => {
  held();
  return new Promise(() => {});
}))"""
NOT_FETCHED = "Den nyaste versionen gick inte att hämta"
FAILED = """async () => {
  const failed = new Promise((done) => navigator.serviceWorker.addEventListener("message",
    ({ data }) => data.kind === "install-failed" && done(data.url)));
  const registration = await navigator.serviceWorker.getRegistration("/platta");
  await registration.update().catch(() => {});
  return failed;
}"""
TAPS = "document.addEventListener('pointerdown', (tap) => taps.push(tap.target), true)"


@pytest.fixture
def missing(app):
    """Ends of addresses where the server gives something else for now, and its status."""
    missing = {}
    serve = app.wsgi_app

    def serve_most(environ, start):
        for path, status in missing.items():
            if environ["PATH_INFO"].endswith(path):
                start(status, [("Content-Length", "4"), ("Content-Type", "text/javascript")])
                return [b"// 1"]
        return serve(environ, start)

    app.wsgi_app = serve_most
    return missing


@pytest.fixture
def change(session):
    """Let a sentence of every page of questions be another: there is a new version."""
    limits = iter(range(11, 20))

    def change():
        with writing(session):
            session.merge(Setting(key="limit.any_figure", value=str(next(limits))))

    return change


def eventually(is_so, seconds=5):
    """Wait for what only asking can show, of a page that may be loaded anew meanwhile."""

    def answer():
        try:
            return is_so()
        except Error:  # it was asked of a page that is no longer there
            return False

    until = time.monotonic() + seconds
    while not answer():
        assert time.monotonic() < until
        time.sleep(0.05)


def say_no(page, reason="Är för trött"):
    page.locator("summary:visible", has_text="Avböjt").click()
    page.get_by_role("button", name=reason).dblclick()
    expect(page.get_by_text("Noterat")).to_be_visible()


def version(page):
    return page.locator("[data-part=ready]").text_content()


def test_visits_without_network(tablet, session):
    page = tablet(has_touch=True)
    is_installed(page)
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(True)

    page = context.new_page()
    page.goto("/platta")
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
    say_no(page)
    expect(page.get_by_text("1 notering utan svar väntar på att skickas")).to_be_visible()
    expect(page.get_by_text("inte skickat än")).to_be_visible()
    expect(page.get_by_text("Allt är skickat.")).to_be_hidden()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("Allt finns kvar på plattan")).to_be_visible()
    assert offers(session) == []

    context.set_offline(False)
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    page.locator("summary:visible", has_text="Kunde inte").click()
    page.get_by_role("button", name="Språket saknas").click()
    expect(page.get_by_text("Noterat")).to_be_visible()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    assert offers(session) == [
        (Outcome.COULD_NOT, "language", 1),
        (Outcome.DECLINED, "too_tired", 1),
    ]


def test_four_taps_and_no_network_from_the_start_to_the_first_question(tablet):
    page = tablet(has_touch=True)
    is_installed(page)
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Jag är assistent").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        "Välj också: uppföljning, insats, språk."
    )

    page.evaluate("globalThis.taps = []")
    page.evaluate(TAPS)
    before = page.evaluate("history.length")
    for text in ("Hembesök", "Hemtjänst", "Suomi"):
        choose(page, text)
    n_taps = page.evaluate("taps.length")
    page.get_by_role("button", name="Jag är egen handläggare").click()
    expect(page.get_by_role("button", name="Seuraava")).to_be_visible()
    assert (n_taps, page.evaluate("history.length") - before) == (3, 0)


def test_first_install_is_whole_or_not_at_all(open_page, enrolment, missing):
    page = open_page("about:blank", script=CLOCK)
    for status in ("200 OK", "404 NOT FOUND"):  # the first is a file that was not meant
        missing["/js/tablet/answers.js"] = status
        page.goto("/platta")
        expect(page.get_by_text("Inte redo för besök utan nät")).to_contain_text("answers.js")
        eventually(lambda: page.evaluate(CACHES) == [])

    missing.clear()
    page.reload()
    is_installed(page)
    expect(page.get_by_text("Inte redo för besök utan nät")).to_be_hidden()
    [name] = page.evaluate(CACHES)
    assert page.evaluate(N_FILES, name) > 20


def test_nobody_is_handed_a_tablet_that_does_not_have_the_questions(
    open_page, enrolment, missing
):
    missing["/icon.svg"] = "404 NOT FOUND"
    page = open_page("/platta", script=CLOCK)
    enrol(page, enrolment())
    expect(page.get_by_text("Inte redo för besök utan nät")).to_be_visible()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    page.context.set_offline(True)
    for text in ("Hembesök", "Hemtjänst", "Svenska"):
        choose(page, text)
    page.get_by_role("button", name="Jag är egen handläggare").click()
    expect(page.get_by_text("Frågorna finns inte på surfplattan än.")).to_be_visible()
    assert called(page, "draft", "current") is None

    page.context.set_offline(False)
    page.get_by_role("button", name="Jag är egen handläggare").click()
    expect(page.get_by_role("button", name="Nästa")).to_be_visible()


def test_version_before_serves_until_the_new_one_is_whole(tablet, missing, change):
    page = tablet()
    is_installed(page)
    before, kept = version(page), page.evaluate(CACHES)

    change()
    missing["/js/tablet/seal.js"] = "404 NOT FOUND"
    page.reload()
    expect(page.get_by_text(NOT_FETCHED)).to_contain_text("seal.js")
    assert (version(page), page.evaluate(CACHES)) == (before, kept)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text(NOT_FETCHED)).to_be_visible()
    assert version(page) == before

    page.context.set_offline(False)
    missing.clear()
    page.reload()
    expect(page.get_by_text(NOT_FETCHED)).to_be_hidden()
    expect(page.locator("[data-part=ready]")).not_to_have_text(before)
    eventually(lambda: len(page.evaluate(CACHES)) == 1)


def test_version_that_serves_survives_that_it_cannot_be_fetched_again(
    tablet, missing, change, session
):
    page = tablet()
    is_installed(page)
    [name] = page.evaluate(CACHES)
    n_files = page.evaluate(N_FILES, name)
    choose(page, "Hembesök")  # somebody is at it: the version is not changed now
    change()
    assert page.evaluate(UPDATED)
    with writing(session):
        session.delete(session.get(Setting, "limit.any_figure"))
    missing["/js/tablet/seal.js"] = "404 NOT FOUND"
    assert page.evaluate(FAILED).endswith("seal.js")
    assert page.evaluate(N_FILES, name) == n_files

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Farsta")).to_be_visible()


def test_new_version_waits_until_nobody_answers(tablet, change, session):
    page = tablet()
    is_installed(page)
    before = version(page)
    page.context.set_offline(True)
    say_no(page)  # lies in the queue while the version changes
    hand_over(page)
    page.locator("[data-part=next]").click()
    expect(page.get_by_text("minst 10 svar")).to_be_visible()

    page.context.set_offline(False)
    change()
    assert page.evaluate(UPDATED)
    other = page.context.new_page()
    other.goto("/platta")  # another page cannot change it either
    expect(other.locator("[data-respond]")).to_be_attached()
    other.close()
    page.reload()
    expect(page.get_by_text("Frågorna är gömda.")).to_be_visible()
    assert len(page.evaluate(CACHES)) == 2
    assert page.evaluate(IS_WAITING)

    page.get_by_role("button", name="Avsluta").click()
    page.get_by_text("Klart").click()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    expect(page.locator("[data-part=ready]")).to_contain_text("Redo för besök utan nät.")
    expect(page.locator("[data-part=ready]")).not_to_have_text(before)
    assert offers(session) == [
        (Outcome.DECLINED, "too_tired", 1),
        (Outcome.STOPPED, "", 1),
    ]


def test_new_version_waits_for_a_page_that_is_still_open(tablet, change):
    page = tablet()
    is_installed(page)
    before = version(page)
    other = page.context.new_page()
    other.goto("/halsa")
    other.evaluate(HOLD)  # as the questions do as long as they are there
    change()
    assert page.evaluate(UPDATED)
    page.reload()
    is_installed(page)
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    assert (page.evaluate(IS_WAITING), version(page)) == (True, before)

    other.close()
    page.reload()
    expect(page.locator("[data-part=ready]")).to_contain_text("Redo för besök utan nät.")
    expect(page.locator("[data-part=ready]")).not_to_have_text(before)


def test_new_questionnaire_version_is_there_when_it_opens(tablet, make, session):
    page = tablet()
    is_installed(page)
    context = page.context
    context.set_offline(True)
    make.published(2, valid_from=date.fromisoformat(TODAY) + timedelta(days=1))
    say_no(page)
    expect(page.locator("[data-offer]:visible")).to_have_attribute("data-version", "1")
    context.set_offline(False)
    page.reload()
    expect(page.locator("[data-offer][data-version='2']")).to_be_attached(timeout=15_000)
    expect(page.locator("[data-offer]:visible")).to_have_attribute("data-version", "1")
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()

    is_installed(page)
    context.set_offline(True)  # and the next morning it is offered, wherever that is
    page.close()
    page = context.new_page()
    page.add_init_script(later(DAY))
    page.goto("/platta")
    expect(page.locator("[data-offer]:visible")).to_have_attribute("data-version", "2")
    assert offers(session) == [(Outcome.DECLINED, "too_tired", 1)]


def test_app_can_be_installed_and_says_what_threatens_it(tablet, session):
    page = tablet()
    is_installed(page)
    tools = page.context.new_cdp_session(page)
    faults = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {each["errorId"] for each in faults} <= {"in-incognito"}  # as every test window is

    expect(page.get_by_text("Webbläsaren kan rensa")).to_be_visible()
    page.add_init_script("navigator.storage.persisted = async () => true")
    page.reload()
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    expect(page.get_by_text("Webbläsaren kan rensa")).to_be_hidden()
    page.get_by_text("För den som sköter surfplattorna").click()
    page.get_by_role("button", name="Leta efter ny version").click()
    expect(page.get_by_text("Det här är den nyaste versionen.")).to_be_visible()

    device = session.scalars(select(Device)).one()
    assert (device.last_contact_on.isoformat(), device.is_storage_persisted) == (TODAY, True)
    assert version(page) == f"Redo för besök utan nät. Version {device.app_version}."


def test_rescue_file_holds_what_waits_for_the_office_to_read(tablet, session, app):
    page = tablet()
    is_installed(page)
    page.context.set_offline(True)
    seal(page, 2)
    page.get_by_text("För den som sköter surfplattorna").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Spara en räddningsfil").click()
    content = download.value.path().read_bytes()
    rescued = delivering.rescue(
        session, content, today=date.fromisoformat(TODAY), sealer=sealing.sealer(SECRET, ())
    )

    assert (rescued.n_stored, rescued.n_refused) == (2, 0)
    assert download.value.suggested_filename.endswith(".json")
    assert offers(session) == [(Outcome.DECLINED, "no_time", 2)]
    page.context.set_offline(False)  # the tablet sends them too, and they count once
    expect(page.get_by_text("Allt är skickat.")).to_be_visible()
    assert offers(session) == [(Outcome.DECLINED, "no_time", 2)]


def test_browser_that_cannot_keep_anything_is_told_what_is_needed(open_page):
    for script in ("delete Navigator.prototype.serviceWorker", "delete globalThis.indexedDB"):
        page = open_page("/platta", script=script)
        expect(page.get_by_text("behöver en nyare webbläsare")).to_be_visible()
    page = open_page("/platta", java_script_enabled=False)
    expect(page.locator("noscript p")).to_contain_text("behöver en nyare webbläsare")
    expect(page.locator("noscript p")).to_be_visible()
