"""A real browser and a real server for what only they can show."""

import os
import shutil
import threading
import time
from dataclasses import replace
from datetime import date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import template_rendered
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from surveyapp import enrolling
from surveyapp.db import writing
from tests.browser.answering import hand_over, later, start_answering
from tests.browser.network import Network
from tests.make import PASSWORD
from tests.web.answering import page_of, token

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=15_000)  # milliseconds: the machine may be busy with other tests
AXE = Axe()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TODAY = "2026-05-09"
SECRET = "a secret that only the tests know"


DAY = 24 * 3600 * 1000
TEN = datetime.fromisoformat(TODAY).timestamp() + 10 * 3600
CLOCK = later(round((TEN - time.time()) * 1000))  # that of the server: ten o'clock on TODAY


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is missing. As root, type: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app):
    """Where the application is served."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def network(address):
    """What is between a tablet and the server, and fails where it is told to."""
    network = Network(address)
    yield network
    network.close()


@pytest.fixture
def page(browser, address):
    """An empty page; what its scripts complain about fails the test."""
    context = browser.new_context(
        base_url=address,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        viewport={"width": 1280, "height": 800},
    )
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))  # a method cannot be given
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def walk(page, client, language):
    """No faults yet; ends by saying every fault there was."""
    from tests.browser.looking import Walk  # which asks this module for axe

    walk = Walk(page, client, language)
    yield walk
    assert not walk.faults, "\n".join(walk.faults)


@pytest.fixture
def rendered(app):
    """The templates that were shown."""
    names = set()

    def note(_app, template, **_):
        names.add(template.name)

    with template_rendered.connected_to(note, app):
        yield names


@pytest.fixture
def open_page(browser, address):
    """Open an address in a browser of its own; what its scripts complain of is a failure."""
    contexts, complaints = [], []

    def open_at(path, width=800, height=1280, script="", clock=None, **options):
        context = browser.new_context(
            base_url=address,
            locale="sv-SE",
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(script)
        if clock is not None:
            context.clock.install(time=clock)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def letter(open_page, make):
    """Open the questions as whoever has a letter does, on a device of their own."""
    make.published(1)
    unit = make.unit(code="farsta", name="Farsta")

    def open_letter(language="sv", **options):
        named = ("named_officers", "form_length")
        occasion = {name: options.pop(name) for name in named if name in options}
        month = date(2026, 5, 1)
        signed = token(unit=unit.code, month=month, language=language, **occasion)
        return open_page(f"{page_of(language)}?o={signed}", **options)

    return open_letter


@pytest.fixture
def enrolment(session, make):
    """A code for a tablet in Farsta, or in the units that are named."""
    make.published(1)

    def code(*names, **units):
        made = [
            make.unit(code=name.lower(), name=name, **units) for name in names or ("Farsta",)
        ]
        with writing(session):
            ids = [unit.id for unit in made]
            return enrolling.create(session, "Surfplatta 4", ids, secret=SECRET)[1]

    return code


@pytest.fixture
def tablet(open_page, enrolment):
    """Open the start screen on a tablet, enrolled with its code."""
    code = enrolment()

    def start(script="", **options):
        page = open_page("/platta", script=CLOCK + script, **options)
        enrol(page, code)
        expect(page.get_by_role("heading", name="Farsta")).to_be_visible()
        return page

    return start


@pytest.fixture
def begin(tablet):
    """Hand the tablet over and go through the first screens."""

    def begin(language="Svenska", length="Alla frågor", **options):
        page = tablet(**options)
        hand_over(page, language, length)
        start_answering(page)
        return page

    return begin


def enrol(page, code):
    """Type the code on the page of a tablet that is not enrolled."""
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Koppla surfplattan").click()


def is_installed(page):
    """Wait until the tablet can do without network, and no look for a newer version is under
    way: Chromium would never end it if the network were taken away meanwhile."""
    expect(page.get_by_text("Redo för besök utan nät.")).to_be_visible()
    page.evaluate(
        "async () => void (await (await navigator.serviceWorker.getRegistration()).update())"
    )


@pytest.fixture
def sign_in():
    """Sign in as an account through the page that people use."""

    def through(page, account):
        page.goto("/logga-in")
        page.locator("#name").fill(account.name)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")

    return through


def axe_faults(page, within=None):
    """What axe finds wrong with the page as it stands, or with what the selector names."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}  # listing all else takes long
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate(
        "([within, options]) => axe.run(within ?? document, options)", [within, options]
    )["violations"]
    return [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found]
