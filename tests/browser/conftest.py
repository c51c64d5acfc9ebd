"""A real browser and a real server for what only they can show."""

import os
import shutil
import threading
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

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
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TODAY = "2026-05-09"


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
def sign_in():
    """Sign in as an account through the page that people use."""

    def through(page, account):
        page.goto("/logga-in")
        page.locator("#name").fill(account.name)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")

    return through


def axe_faults(page):
    """What axe finds wrong with the page as it stands."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found]
