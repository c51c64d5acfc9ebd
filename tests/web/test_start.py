"""The start page in its two faces, the language switch, the statement and health."""

import re
from datetime import date

import pytest
from sqlalchemy import text

from surveyapp.access import Role
from surveyapp.db import db
from surveyapp.models import AccessCode, Setting
from surveyapp.web.navigation import METHOD, WAYS
from tests.client import words


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = _on(app.config["SETTINGS"], "2026-05-09")
    return app


def _on(settings, day, **changes):
    from dataclasses import replace

    return replace(settings, today=day, **changes)


def ways_in(page):
    return [a.split('"')[0] for a in page.text.split('<a class="way" href="')[1:]]


def test_visitor_sees_three_doors(client):
    assert ways_in(client.get("/")) == ["/kod", "/platta", "/logga-in"]


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        (Role.REGISTRAR, ["/resultat", "/papper", "/kod/nya"]),
        (Role.CASE_OFFICER, ["/resultat", "/papper"]),
        (Role.UNIT_MANAGER, ["/resultat", "/kod/nya", "/surfplattor"]),
        (
            Role.CITY_ANALYST,
            ["/resultat", "/surfplattor/beslut", "/formular", "/resultat/slapp"],
        ),
        (Role.READER, ["/resultat"]),
    ],
)
def test_staff_see_the_ways_they_may_go(client, make, role, ways):
    client.log_in(make.account(role))

    page = client.get("/")

    assert ways_in(page) == ways
    assert set(re.findall(r'href="(/(?!s/)[^"]+)"', page.text)) == {
        *ways,
        "/metod",
        "/tillganglighet",
    }


@pytest.mark.parametrize("way", [*WAYS, METHOD], ids=lambda way: way.address)
def test_way_in_leads_to_a_page_that_asks_for_the_same_permission(app, way):
    endpoint, _values = app.url_map.bind("localhost").match(way.address)

    assert app.view_functions[endpoint].permission is way.permission


def test_nothing_waiting_is_said_in_words(client, make):
    client.log_in(make.account(Role.READER))

    assert "Inget väntar på dig i dag." in client.get("/").text


def test_analyst_is_told_when_nobody_can_answer(client, make):
    client.log_in(make.account(Role.CITY_ANALYST))

    page = words(client.get("/"))

    assert "Det finns inga enheter än." in page
    assert "Inget frågeformulär gäller i dag, så ingen kan svara." in page


def test_analyst_is_told_which_periods_wait_for_release(client, make):
    unit = make.unit()
    make.published(1)
    make.response(unit, date(2026, 2, 1), {"bem_respekt": "alltid"})
    client.log_in(make.account(Role.CITY_ANALYST))

    page = client.get("/")

    assert "Resultaten för tertial 1 2026 är klara att släppas." in page.text
    assert 'href="/resultat/slapp"' in page.text


def test_registrar_is_not_told_of_releases(client, make):
    unit = make.unit()
    make.published(1)
    make.response(unit, date(2026, 2, 1), {"bem_respekt": "alltid"})
    client.log_in(make.account(Role.REGISTRAR, units=[unit]))

    assert "släppas" not in client.get("/").text


def test_manager_is_told_of_own_silent_tablets_only(client, make):
    own, other = make.unit(), make.unit()
    in_use = {"public_key": b"a key"}
    make.device([own], name="Platta 1")
    make.device([own], name="Platta 2", last_contact_on=date(2026, 4, 25), **in_use)
    make.device([own], name="Platta 3", last_contact_on=date(2026, 4, 26), **in_use)
    make.device([own], name="Platta 4", is_revoked=True)
    make.device([other], name="Platta 5")
    client.log_in(make.account(Role.UNIT_MANAGER, units=[own]))

    page = words(client.get("/"))

    assert "Platta 1 har inte startats än." in page
    assert "Platta 2 har inte hört av sig sedan 2026-04-25." in page
    assert [n for n in (3, 4, 5) if f"Platta {n}" in page] == []


def test_registrar_is_told_how_many_letter_codes_are_left(client, make):
    own, other = make.unit(name="Kista"), make.unit(name="Farsta")
    for n, unit, month in [(1, own, 4), (2, own, 5), (3, other, 5)]:
        make.store(
            AccessCode(code_hmac=f"{n:064}", unit_id=unit.id, month=date(2026, month, 1))
        )
    client.log_in(make.account(Role.REGISTRAR, units=[own]))

    page = words(client.get("/"))

    assert "Kista har 2 brevkoder som ingen har använt, den äldsta från 2026-04." in page
    assert "Farsta" not in page


@pytest.mark.parametrize("path", ["/", "/logga-in", "/tillganglighet"])
def test_pages_change_language_and_come_back(client, path):
    swedish = client.get(path)
    answer = client.post("/sprak/en", data={"next": path})
    english = client.get(path)

    assert answer.location == path
    assert ('<html lang="sv">' in swedish.text, '<html lang="en">' in english.text) == (
        True,
        True,
    )
    assert words(swedish) != words(english)
    assert client.post("/sprak/sv", data={"next": path}).location == path
    assert words(client.get(path)) == words(swedish)


@pytest.mark.parametrize(
    ("language", "after", "status"),
    [("en", "https://example.org", 302), ("fi", "/", 404), ("xx", "/", 404)],
)
def test_language_switch_leads_nowhere_else(client, language, after, status):
    answer = client.post(f"/sprak/{language}", data={"next": after})

    assert answer.status_code == status
    assert answer.location in ("/", None)


def test_statement_says_who_what_and_how_to_report(client):
    page = words(client.get("/tillganglighet"))

    for phrase in ("2018:1937", "axe-core", "08-80 65 65", "200 procent", "Äldreförvaltningen"):
        assert phrase in page


def test_simulated_answers_are_announced_on_every_page(client, make):
    assert "Simulerade svar" not in client.get("/").text
    make.store(Setting(key="demo", value="1"))

    for path in ("/", "/logga-in", "/tillganglighet", "/finns-inte"):
        assert "Simulerade svar" in client.get(path).text


def test_health_is_good_when_answers_can_be_taken(client, make):
    make.published(2)

    answer = client.get("/halsa")

    assert (answer.status_code, answer.json) == (
        200,
        {"ready": True, "database": True, "migrations": True, "questionnaires": True},
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_says_when_tables_are_not_the_newest(client, app):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = client.get("/halsa")

    assert answer.status_code == 503
    assert answer.json["migrations"] is False


def test_health_notices_a_published_file_that_changed_afterwards(client, app, make, tmp_path):
    make.published(1)
    source = app.config["SETTINGS"].questionnaires
    copy = tmp_path / "forms" / "kontakt-bistandshandlaggare" / "v1.yaml"
    copy.parent.mkdir(parents=True)
    with open(f"{source}/kontakt-bistandshandlaggare/v1.yaml") as file:
        copy.write_text(file.read())
    app.config["SETTINGS"] = _on(
        app.config["SETTINGS"], "2026-05-09", questionnaires=str(tmp_path / "forms")
    )
    assert client.get("/halsa").status_code == 200

    copy.write_text(copy.read_text().replace('"Ja"', '"Jo"'))

    assert client.get("/halsa").json["questionnaires"] is False
