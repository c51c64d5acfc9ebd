"""Every chart can be saved as a file that says what it shows and where that comes from."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from surveyapp.access import Role
from tests.released import answered, happy, release

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
JANUARY = date(2026, 1, 1)
SOURCE = "Källa: enkäten om kontakten med biståndshandläggaren, "


@pytest.fixture
def results(session, make):
    """A large unit, one that is withheld for its few answers, and one withheld beside it."""
    make.published(1)
    sizes = {"Alvik <b>A&O</b>": (41, 31), "Bromma": (33, 29), "Centrum": (7, 5)}
    for code, (name, (n, favourable)) in zip("abc", sizes.items(), strict=True):
        answered(session, make.unit(code=code, name=name), JANUARY, happy(favourable, of=n))
    release(session, "2026-T1")


def saved(page, chart, kind):
    """The name and the content of the file that a button gives."""
    with page.expect_download() as waiting:
        chart.get_by_role("button", name=f"Spara som {kind}").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def texts_of(svg):
    return list(ElementTree.fromstring(svg).itertext())  # noqa: S314 - our own page made it


def words_of(svg):
    """What a person reads in the picture, with single spaces."""
    return " ".join(" ".join(texts_of(svg)).split())


def size_of(png):
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.usefixtures("results")
def test_both_files_come_with_finding_and_source(page, make, sign_in):
    sign_in(page, make.account(role=Role.READER))
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto("/resultat/a?period=2026-T1")
        check_files(page)


def check_files(page):
    """A picture for a report and one to change, each with what it says and where from."""
    chart = page.locator("#chart-hel_nojd")
    finding = " ".join(chart.locator("figcaption").inner_text().split())

    name, png = saved(page, chart, "PNG")
    assert name == "a-chart-hel_nojd-2026-T1.png"
    assert png.startswith(SIGNATURE)
    assert size_of(png)[0] == 1920

    name, svg = saved(page, chart, "SVG")
    assert name == "a-chart-hel_nojd-2026-T1.svg"
    said = words_of(svg)
    assert finding in said
    assert f"{SOURCE}Alvik <b>A&O</b>, tertial 1 2026, släppt 2026-05-09" in said
    assert said.count("Hur nöjd eller missnöjd är du") == 1  # the question
    assert {"Mycket nöjd", "76", "24"} <= set(texts_of(svg))


@pytest.mark.usefixtures("results")
def test_file_of_a_withheld_unit_holds_no_number_of_it(page, make, sign_in):
    sign_in(page, make.account(role=Role.READER))
    for code in "bc":
        page.goto(f"/resultat/{code}?period=2026-T1")
        for chart in page.locator(".chart").all():
            said = words_of(saved(page, chart, "SVG")[1])
            assert not re.search(r"\d+ svar(?! )|\[", said.replace("från 10 svar", "")), said


@pytest.mark.usefixtures("results")
def test_nothing_is_promised_without_script(open_page, client, make):
    client.log_in(make.account(role=Role.READER))
    page = open_page("/tillganglighet", java_script_enabled=False)
    cookie = {"domain": "127.0.0.1", "path": "/", "name": "session"}
    page.context.add_cookies([cookie | {"value": client.get_cookie("session").value}])

    page.goto("/resultat/a?period=2026-T1")

    expect(page.locator(".chart").first).to_contain_text(SOURCE)
    assert page.locator(".chart button").count() == 0
