"""The tablet's page and worker: the same for everybody, and a hash for every file."""

import json
import re
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from surveyapp.db import writing
from surveyapp.models import Setting
from tests.client import tree, words

TODAY = "2026-05-09"


@pytest.fixture
def at(app, client):
    """Let the application believe that it is another day."""

    def at(day):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=day)

    at(TODAY)
    return at


def listed(client):
    """What the worker is told to keep, and the text of the worker."""
    script = client.get("/service-worker.js").text
    return json.loads(re.match(r"const LIST = (.*?\n\});", script, re.DOTALL)[1]), script


def offered(client):
    forms = tree(client.get("/platta").text).iter("form")
    return [
        (each.get("data-version"), each.get("data-from"), each.get("data-to"))
        for each in forms
        if "data-offer" in each.attrib
    ]


@pytest.mark.usefixtures("at")
def test_every_file_is_there_and_is_the_one_that_was_meant(client, make):
    make.published(1)
    kept, script = listed(client)
    found = {file["url"]: client.get(file["url"]) for file in kept["files"]}

    assert {url for url, page in found.items() if page.status_code != 200} == set()
    assert {each["url"]: each["sha256"] for each in kept["files"]} == {
        url: sha256(page.data).hexdigest() for url, page in found.items()
    }
    assert "self.skipWaiting()" in script
    assert len([url for url in found if url.startswith("/platta/fragor/")]) == 4
    assert not [url for url in found if url.endswith("service-worker.js")]
    pages = [page for page in found.values() if page.mimetype == "text/html"]
    assert not [page for page in pages if "csrf" in page.text or "Set-Cookie" in page.headers]


@pytest.mark.usefixtures("at")
def test_every_process_of_the_server_gives_the_same_list(app, client, make, session):
    make.published(1)
    with writing(session):
        session.add(Setting(key="demo", value="1"))  # its banner is in the language of staff
    first = listed(client)
    for forgotten in ("tablet_apps", "respond_pages"):  # as another process has them: not made
        app.extensions.pop(forgotten)
    with client.session_transaction() as stored:
        stored["language"] = "en"
    english = listed(client)
    with client.session_transaction() as stored:
        stored["language"] = "sv"

    assert listed(client) == first
    assert english[0]["version"] != first[0]["version"]


def test_versions_are_there_before_they_open(client, make, at):
    make.published(2, valid_from=date(2026, 7, 1))
    assert offered(client) == [("1", "2022-01-01", "2026-06-30"), ("2", "2026-07-01", "")]
    kept = [file["url"].split("/") for file in listed(client)[0]["files"]]
    assert {url[4] for url in kept if url[1:3] == ["platta", "fragor"]} == {"1", "2"}

    at("2026-05-01")  # more than 60 days before
    assert offered(client) == [("1", "2022-01-01", "2026-06-30")]
    at("2026-07-01")
    assert offered(client) == [("2", "2026-07-01", "")]
    at("2021-12-01")  # nothing is open yet
    assert offered(client) == [("1", "2022-01-01", "2026-06-30")]


@pytest.mark.usefixtures("at")
def test_start_screen_chooses_nothing_but_the_full_form(client, make):
    make.published(1)
    page = tree(client.get("/platta").text)

    checked = [each.get("value") for each in page.iter("input") if "checked" in each.attrib]
    assert checked == ["full"]


@pytest.mark.usefixtures("at")
def test_page_says_what_it_needs_where_no_script_runs(client):
    assert "Surfplattan behöver en nyare webbläsare" in words(client.get("/platta"))


def test_manifest_lets_the_app_be_installed(client):
    manifest = client.get("/platta.webmanifest")
    content = json.loads(manifest.text)

    assert manifest.mimetype == "application/manifest+json"
    assert (content["display"], content["start_url"], content["scope"]) == (
        "standalone",
        "/platta",
        "/platta",
    )
    assert {client.get(icon["src"]).status_code for icon in content["icons"]} == {200}
    assert {"maskable", "any"} == {icon["purpose"] for icon in content["icons"]}
