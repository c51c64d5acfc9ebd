"""The office view of tablets: how they are, new ones, new codes, shutting a lost one out."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from surveyapp import enrolling
from surveyapp.access import Role
from surveyapp.bench.tablets import Tablet
from surveyapp.models import AuditEvent, Device, UnitSuccession
from tests.client import tree, words
from tests.tablets import over

TODAY = date(2026, 5, 9)
PAGES = ["/surfplattor", "/surfplattor/ny", "/surfplattor/{}/kod", "/surfplattor/{}/sparra"]


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY.isoformat())
    return app


@pytest.fixture
def farsta(make):
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def manager(client, make, farsta):
    return client.log_in(make.account(Role.UNIT_MANAGER, units=[farsta]))


@pytest.fixture
def put(make, farsta):
    """A tablet in use that says this of itself."""

    def put(name="Surfplatta 4", units=(farsta,), **said):
        values = {"public_key": b"a key", "last_contact_on": TODAY, "app_version": "1f3a"}
        return make.device(units, name=name, **values | said)

    return put


def headings(page):
    return [each.text for each in tree(page.text).iter("h2")]


def log(session):
    session.rollback()
    return [(e.actor, e.action, e.subject) for e in session.scalars(select(AuditEvent))]


@pytest.mark.parametrize(
    ("role", "status"),
    [(role, 200 if role in (Role.UNIT_MANAGER, Role.QUALITY_STAFF) else 403) for role in Role],
)
@pytest.mark.parametrize("page", [*PAGES, "/surfplattor/slapp-in", "/surfplattor/raddning"])
def test_pages_are_for_those_who_manage_tablets(client, make, farsta, put, role, status, page):
    client.log_in(make.account(role, units=[farsta]))

    assert client.get(page.format(put().id)).status_code == status


@pytest.mark.parametrize("path", PAGES[2:])
def test_tablet_of_others_and_none_at_all_are_not_found(
    client, session, make, manager, put, path
):
    other = put("Andras", units=[make.unit()])

    for number in (other.id, 99, 10**12):
        assert client.get(path.format(number)).status_code == 404
        assert client.post(path.format(number)).status_code == 404
    assert log(session) == []
    assert not session.get_one(Device, other.id).is_revoked


def test_tablet_is_shown_with_what_it_said_last(client, manager, put):
    put(
        undelivered_count=3,
        oldest_undelivered_on=date(2026, 5, 8),
        quarantined_count=2,
        is_storage_persisted=False,
    )

    page = words(client.get("/surfplattor"))

    for phrase in (
        "Surfplatta 4 Enheter Farsta",
        "Läge I bruk",
        "Senaste kontakt 2026-05-09",
        "Väntar på att skickas 3, äldst 2026-05-08",
        "Lagt åt sidan hittills 2",
        "Appens version 1f3a",
        "Lagring inte skyddad",
    ):
        assert phrase in page
    assert "!" not in page


@pytest.mark.parametrize(
    ("said", "alarm"),
    [
        ({}, ""),
        ({"undelivered_count": 2}, ""),
        (  # 48 hours
            {"undelivered_count": 2, "last_contact_on": date(2026, 5, 7)},
            "Surfplatta 4 har 2 svar som inte skickats. "
            "Den har inte hört av sig sedan 2026-05-07.",
        ),
        ({"undelivered_count": 2, "last_contact_on": date(2026, 5, 8)}, ""),
        (  # it is heard from, and sends nothing
            {"undelivered_count": 1, "oldest_undelivered_on": date(2026, 5, 7)},
            "Surfplatta 4 har 1 svar som inte skickats, från 2026-05-07.",
        ),
        ({"last_contact_on": date(2026, 4, 26)}, ""),
        (  # 14 days
            {"last_contact_on": date(2026, 4, 25)},
            "Surfplatta 4 har inte hört av sig sedan 2026-04-25.",
        ),
    ],
)
def test_alarm_is_said_in_words_here_and_on_the_start_page(client, manager, put, said, alarm):
    put(**said)

    page = tree(client.get("/surfplattor").text)
    start = words(client.get("/"))

    said = [p.text.strip() for p in page.iter("p") if p.get("class") == "tablet__alarm"]
    assert said == ([alarm] if alarm else [])
    assert (alarm or "Inget väntar på dig i dag.") in start


def test_what_presses_most_comes_first(client, make, farsta, manager, put):
    put("Platta 10")
    put("Platta 9")
    make.device([farsta], name="Platta 1")
    put("Platta 2", last_contact_on=date(2026, 4, 1))
    put("Platta 3", last_contact_on=date(2026, 5, 1), undelivered_count=1)
    put("Platta 4", last_contact_on=date(2026, 4, 1), undelivered_count=9, is_revoked=True)

    page = client.get("/surfplattor")

    assert headings(page)[:5] == ["Platta 3", "Platta 2", "Platta 1", "Platta 9", "Platta 10"]
    assert [each.text for each in tree(page.text).iter("h3")] == ["Platta 4"]
    assert "Platta 4" not in words(client.get("/"))


def test_only_tablets_of_own_units_are_shown_and_all_of_them_in_the_city(
    client, make, farsta, put
):
    other = make.unit(code="bromma", name="Bromma")
    put("Egen")
    put("Andras", units=[other])
    put("Delad", units=[farsta, other])

    client.log_in(make.account(Role.UNIT_MANAGER, units=[farsta]))
    assert headings(client.get("/surfplattor"))[:2] == ["Delad", "Egen"]
    client.log_in(make.account(Role.UNIT_MANAGER))
    assert headings(client.get("/surfplattor"))[:3] == ["Andras", "Delad", "Egen"]


def test_tablet_of_a_unit_that_was_merged_is_the_new_units(client, make, put):
    old = make.unit(name="Norrmalm", valid_to=date(2026, 3, 31))
    new = make.unit(name="Norra innerstaden", valid_from=date(2026, 4, 1))
    make.store(UnitSuccession(old_id=old.id, new_id=new.id, takes_effect_on=date(2026, 4, 1)))
    tablet = put(units=[old])
    client.log_in(make.account(Role.UNIT_MANAGER, units=[new]))

    assert "Norra innerstaden, Norrmalm" in words(client.get("/surfplattor"))
    assert client.get(f"/surfplattor/{tablet.id}/sparra").status_code == 200


def test_page_costs_as_many_questions_for_twenty_tablets(client, manager, put, count_queries):
    put("Platta 1")
    few = count_queries(lambda: client.get("/surfplattor"))
    for number in range(2, 21):
        put(f"Platta {number}")

    assert count_queries(lambda: client.get("/surfplattor")) == few


def test_page_without_tablets_says_what_to_do_first(client, manager):
    page = words(client.get("/surfplattor"))

    assert "Det finns ingen surfplatta än. Så här kommer du i gång:" in page
    assert "http://localhost/platta" in page
    assert "Inget har lagts åt sidan." in page


def code_of(page):
    return next(p.text for p in tree(page.text).iter("p") if p.get("class") == "big-code")


def test_new_tablet_gets_a_code_that_is_shown_once_and_works(client, session, manager, farsta):
    page = client.post("/surfplattor/ny", data={"name": " Surfplatta  4 ", "units": ["farsta"]})

    code = code_of(page)
    assert "Den visas bara nu och fungerar en gång." in words(page)
    assert "http://localhost/platta" in words(page)
    assert code not in client.get("/surfplattor").text
    device = session.scalars(select(Device)).one()
    assert (device.name, device.public_key) == ("Surfplatta 4", None)
    assert log(session) == [(manager.name, "devices.create", f"{device.id} farsta")]
    assert enrolling.units_of(session, device.id) == [session.get_one(type(farsta), farsta.id)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Ge surfplattan ett namn"),
        ({"name": " \x00 "}, "Ge surfplattan ett namn"),
        ({"name": "x" * 200}, "Skriv högst 60 tecken."),
        ({"name": "surfplatta 1"}, ""),
        ({"name": "Surfplatta 1"}, "Det finns redan en surfplatta"),
        ({"units": []}, "Välj minst en enhet."),
        ({"units": ["bromma"]}, "Välj minst en enhet."),  # not theirs
        ({"units": ["farsta", "nowhere"]}, "Välj minst en enhet."),
        ({"units": ["stangd"]}, "Välj minst en enhet."),
    ],
)
def test_faulty_order_for_a_tablet_comes_back(
    client, session, make, farsta, put, changes, sentence
):
    make.unit(code="bromma")
    closed = make.unit(code="stangd", valid_to=date(2026, 1, 1))
    put("Surfplatta 1")
    client.log_in(make.account(Role.QUALITY_STAFF, units=[farsta, closed]))

    page = client.post("/surfplattor/ny", data={"name": "Ny", "units": ["farsta"]} | changes)

    assert page.status_code == (422 if sentence else 200)
    assert sentence in words(page)
    assert len(log(session)) == (0 if sentence else 1)


def test_html_in_a_name_is_shown_as_it_was_written(client, manager, farsta):
    name = "<script>alert(1)</script>"
    client.post("/surfplattor/ny", data={"name": name, "units": ["farsta"]})

    page = client.get("/surfplattor")

    assert headings(page)[0] == name
    assert name not in page.text


def test_new_code_says_first_what_is_not_sent(client, session, manager, put):
    tablet = put(undelivered_count=2, oldest_undelivered_on=date(2026, 5, 8))

    asked = client.get(f"/surfplattor/{tablet.id}/kod")
    made = client.post(f"/surfplattor/{tablet.id}/kod")

    assert "Surfplatta 4 har 2 svar som inte skickats, det äldsta från 2026-05-08." in words(
        asked
    )
    assert "Låt den skicka dem först" in words(asked)
    assert code_of(made)
    assert "I bruk, en ny kod väntar" in words(client.get("/surfplattor"))
    assert log(session) == [(manager.name, "devices.renew", str(tablet.id))]


@pytest.mark.parametrize("method", ["get", "post"])
def test_revoked_tablet_gets_no_new_code(client, session, manager, put, method):
    tablet = put(is_revoked=True)

    page = getattr(client, method)(f"/surfplattor/{tablet.id}/kod", follow_redirects=True)

    assert "Surfplatta 4 är spärrad. Lägg till en ny surfplatta i stället." in words(page)
    assert log(session) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"undelivered_count": 2, "oldest_undelivered_on": date(2026, 5, 5)},
            "Surfplatta 4 har 2 svar som inte skickats, det äldsta från 2026-05-05. "
            "Det sade den 2026-05-09.",
        ),
        ({}, "När den senast hörde av sig, 2026-05-09, var allt skickat."),
        ({"public_key": None, "last_contact_on": None}, "Den har aldrig hört av sig."),
    ],
)
def test_lost_tablet_is_revoked_after_saying_what_it_had(
    client, session, manager, put, said, sentence
):
    tablet = put(**said)

    asked = words(client.get(f"/surfplattor/{tablet.id}/sparra"))
    done = client.post(f"/surfplattor/{tablet.id}/sparra", follow_redirects=True)

    assert sentence in asked
    assert "den som hittar surfplattan kan inte läsa dem" in asked
    assert "läggs åt sidan" in asked
    assert "Surfplatta 4 är spärrad." in words(done)
    session.expire_all()
    assert session.get_one(Device, tablet.id).is_revoked
    assert log(session) == [(manager.name, "devices.revoke", str(tablet.id))]
    again = words(client.get(f"/surfplattor/{tablet.id}/sparra"))
    assert "Surfplatta 4 är redan spärrad." in again


def test_code_made_here_enrols_the_tablet(client, session, manager):
    page = client.post("/surfplattor/ny", data={"name": "Ny", "units": ["farsta"]})
    tablet = Tablet(over(client))

    assert tablet.enrol(code_of(page)) == 200
    assert tablet.report(2, date(2026, 5, 8)) == 200

    assert "Väntar på att skickas 2, äldst 2026-05-08" in words(client.get("/surfplattor"))
