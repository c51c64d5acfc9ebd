"""A real browser and a real server for what only they can show."""

import os
import shutil
import threading
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from surveyapp import enrolling
from surveyapp.db import writing
from tests.make import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Axe()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TODAY = "2026-05-09"
SECRET = "a secret that only the tests know"


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
def open_page(browser, address):
    """Open an address in a browser of its own; what its scripts complain of is a failure."""
    contexts, complaints = [], []

    def open_at(path, width=800, height=1280, script="", **options):
        context = browser.new_context(
            base_url=address,
            locale="sv-SE",
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def tablet(open_page, session, make):
    """Open the start screen on a tablet, enrolled with its code."""
    make.published(1)
    farsta = make.unit(code="farsta", name="Farsta")
    with writing(session):
        code = enrolling.create(session, "Surfplatta 4", [farsta.id], secret=SECRET)[1]

    def start(**options):
        page = open_page("/platta", **options)
        page.get_by_label("Kod").fill(code)
        page.get_by_role("button", name="Koppla surfplattan").click()
        return page

    return start


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
