"""Moves of answers: asked for by a tablet, confirmed by a unit, decided by the analyst."""

import json
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from surveyapp import enrolling
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import AuditEvent, MoveReceipt, MoveRequest, MoveState, Response
from tests.client import words
from tests.moves import APRIL, WHY, confirmed, requested, sent
from tests.released import happy
from tests.tablets import enrolled, over

ASK = "/platta/flytt"


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2026-05-04")
    return app


@pytest.fixture
def units(make):
    make.published(1)
    return (
        make.unit(code="skarholmen", name="Skärholmen"),
        make.unit(code="hagersten", name="Hägersten-Älvsjö"),
    )


@pytest.fixture
def receipts(session, units):
    return sent(session, units[0], APRIL, happy(9, of=11))


@pytest.fixture
def tablet(client, session, units):
    return enrolled(session, over(client), units)


@pytest.fixture
def analyst(client, make):
    return make.account(Role.CITY_ANALYST, full_name="Anna Ask")


@pytest.fixture
def quality(client, make, units):
    return make.account(Role.QUALITY_STAFF, units=units[:1], full_name="Kim Kvist")


def wish(held, **changes):
    return {
        "request": uuid4().hex,
        "from": "skarholmen",
        "to": "hagersten",
        "receipts": [each.hex for each in held],
        "reason": WHY,
    } | changes


def ask(tablet, content):
    return tablet.send(ASK, json.dumps(content).encode())


def state_of(session, id):
    session.rollback()
    return session.get_one(MoveRequest, id).state


def n_at(session, unit):
    session.rollback()
    return session.scalar(select(func.count()).where(Response.unit_id == unit.id))


def test_tablet_asks_and_hears_how_far_it_has_come(session, tablet, receipts):
    content = wish(receipts)

    assert ask(tablet, content) == (200, {"state": "requested"})
    assert ask(tablet, content) == (200, {"state": "requested"})

    body = {"undelivered": 0, "app": "1", "moves": [content["request"], uuid4().hex]}
    status, told = tablet.send("/platta/lage", json.dumps(body).encode())
    assert (status, told["moves"]) == (200, {content["request"]: "requested"})
    assert session.scalar(select(func.count()).select_from(MoveReceipt)) == 11
    assert [e.actor for e in session.scalars(select(AuditEvent))] == ["tablet"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "Skriv varför svaren ligger på fel enhet."),
        ({"reason": "\x00"}, "Skriv varför svaren ligger på fel enhet."),
        ({"reason": "x" * 501}, "Skriv anledningen med högst 500 tecken."),
        ({"to": "skarholmen"}, "Välj en annan enhet än den där svaren ligger."),
        ({"to": "nowhere"}, "Surfplattan hör inte till båda enheterna."),
        ({"to": "bromma"}, "Surfplattan hör inte till båda enheterna."),
        ({"receipts": [uuid4().hex]}, "inget av svaren ligger på Skärholmen"),
        ({"receipts": [uuid4().hex] * 501}, "Högst 500 svar kan flyttas på en gång."),
    ],
)
def test_wish_that_does_not_hold_is_told(session, make, tablet, receipts, changes, sentence):
    make.unit(code="bromma")

    status, told = ask(tablet, wish(receipts, **changes))

    assert (status, sentence in told["fault"]) == (422, True)
    assert session.scalars(select(MoveRequest)).all() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"request": "x"},
        {"request": None},
        {"receipts": "x"},
        {"receipts": [1]},
        {"receipts": None},
        {"from": 1},
        {"reason": None},
    ],
)
def test_body_that_says_nothing_is_refused(session, tablet, receipts, changes):
    assert ask(tablet, wish(receipts, **changes))[0] == 400
    assert tablet.send(ASK, b"[]")[0] == 400
    assert tablet.send(ASK, b"[" * 60_000)[0] == 400
    assert tablet.send(ASK, b"")[0] == 400
    assert session.scalars(select(MoveRequest)).all() == []


def test_only_a_tablet_that_is_in_use_may_ask(session, tablet, receipts):
    body = json.dumps(wish(receipts)).encode()
    status, told = tablet.send(ASK, body, Tablet_Signature="AAAA")
    assert (status, told["unknown"]) == (401, True)
    with writing(session):
        enrolling.revoke(session, tablet.number)

    assert tablet.send(ASK, body) == (403, {"revoked": True})
    assert session.scalars(select(MoveRequest)).all() == []


def test_moves_that_are_no_numbers_are_refused_with_how_the_tablet_is(tablet):
    body = {"undelivered": 0, "app": "1", "moves": ["x"]}

    assert tablet.send("/platta/lage", json.dumps(body).encode())[0] == 400


def test_unit_confirms_and_analyst_approves(client, session, units, receipts, quality, analyst):
    id = requested(session, *units, receipts, reason="<b>Vana</b>")
    page = f"/surfplattor/flytt/{id}"
    client.log_in(quality)
    assert "1 flytt av svar väntar på att du bekräftar den." in words(client.get("/"))

    shown = client.get(page)
    done = client.post(page, data={"answer": "yes"}, follow_redirects=True)

    sentence = "11 svar, april 2026, Skärholmen → Hägersten-Älvsjö"
    assert sentence in words(shown)
    assert "<b>Vana</b>" in words(shown)
    assert "med egna ord ligger kvar där det kom in" in words(shown)
    assert "Flytten är bekräftad." in words(done)
    assert "väntar på att du bekräftar" not in words(client.get("/"))

    client.log_in(analyst)
    assert "1 flytt av svar väntar på ditt beslut." in words(client.get("/"))
    assert f"{sentence}. Bekräftad, väntar" in words(client.get("/surfplattor/beslut"))
    page = f"/surfplattor/beslut/{id}"
    assert "Bekräftad av Kim Kvist" in words(client.get(page))
    assert n_at(session, units[1]) == 0
    done = client.post(page, data={"answer": "yes"}, follow_redirects=True)

    assert "Svaren är flyttade." in words(done)
    assert "Flyttad 2026-05-04" in words(done)
    assert (n_at(session, units[0]), n_at(session, units[1])) == (0, 11)
    assert "Beslutad av Anna Ask" in words(client.get(page))
    actors = [e.actor for e in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert actors == ["tablet", quality.name, analyst.name]


@pytest.mark.parametrize(("where", "who"), [("flytt", "quality"), ("beslut", "analyst")])
def test_move_can_be_declined_by_either(request, client, session, units, receipts, where, who):
    id = requested(session, *units, receipts)
    client.log_in(request.getfixturevalue(who))

    done = client.post(
        f"/surfplattor/{where}/{id}", data={"answer": "no"}, follow_redirects=True
    )

    assert "Flytten är avslagen. Svaren ligger kvar där de är." in words(done)
    assert state_of(session, id) is MoveState.DECLINED
    assert n_at(session, units[0]) == 11


def test_unit_does_not_undo_what_the_other_has_confirmed(
    client, session, units, receipts, quality, analyst
):
    id = confirmed(session, *units, receipts)
    client.log_in(quality)

    page = client.post(f"/surfplattor/flytt/{id}", data={"answer": "no"})

    assert page.status_code == 409
    assert "Någon har redan bekräftat flytten." in words(page)
    assert state_of(session, id) is MoveState.CONFIRMED
    client.log_in(analyst)
    client.post(f"/surfplattor/beslut/{id}", data={"answer": "no"})
    assert state_of(session, id) is MoveState.DECLINED


def test_analyst_cannot_move_what_nobody_has_confirmed(
    client, session, units, receipts, analyst
):
    id = requested(session, *units, receipts)
    client.log_in(analyst)

    assert "Flytta svaren till" not in words(client.get(f"/surfplattor/beslut/{id}"))
    page = client.post(f"/surfplattor/beslut/{id}", data={"answer": "yes"})

    assert page.status_code == 409
    assert "En av enheterna måste bekräfta flytten först." in words(page)


def test_whoever_confirmed_does_not_approve(client, session, make, units, receipts, quality):
    id = requested(session, *units, receipts)
    client.log_in(quality)
    client.post(f"/surfplattor/flytt/{id}", data={"answer": "yes"})
    with writing(session):
        account = session.get_one(type(quality), quality.id)
        account.grants.append(type(account.grants[0])(role=Role.CITY_ANALYST, unit_id=None))

    page = client.post(f"/surfplattor/beslut/{id}", data={"answer": "yes"})

    assert page.status_code == 409
    assert "Du har själv bekräftat flytten." in words(page)
    assert n_at(session, units[1]) == 0


def test_decided_move_shows_no_buttons_and_takes_no_more(
    client, session, units, receipts, quality, analyst
):
    id = confirmed(session, *units, receipts)
    client.log_in(analyst)
    client.post(f"/surfplattor/beslut/{id}", data={"answer": "yes"})

    again = client.post(f"/surfplattor/beslut/{id}", data={"answer": "no"})
    client.log_in(quality)
    late = client.post(f"/surfplattor/flytt/{id}", data={"answer": "no"})

    for page in (again, late):
        assert page.status_code == 409
        assert "Flytten är redan avgjord." in words(page)
        assert 'value="yes"' not in page.text
    assert state_of(session, id) is MoveState.APPROVED


@pytest.mark.parametrize("answer", [{}, {"answer": "perhaps"}])
def test_form_without_an_answer_is_refused(
    client, session, units, receipts, quality, analyst, answer
):
    id = confirmed(session, *units, receipts)
    for account, where in ((quality, "flytt"), (analyst, "beslut")):
        client.log_in(account)
        assert client.post(f"/surfplattor/{where}/{id}", data=answer).status_code == 400
    assert state_of(session, id) is MoveState.CONFIRMED


def test_move_between_others_is_not_found(client, session, make, units, receipts):
    id = requested(session, *units, receipts)
    client.log_in(make.account(Role.UNIT_MANAGER, units=[make.unit()]))

    for path in (f"/surfplattor/flytt/{id}", f"/surfplattor/flytt/{uuid4()}"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"answer": "yes"}).status_code == 404
    assert "Inget ska flyttas." in words(client.get("/surfplattor"))
    assert state_of(session, id) is MoveState.REQUESTED


@pytest.mark.parametrize("role", Role)
def test_decisions_are_the_city_analysts(client, session, make, units, receipts, role):
    id = confirmed(session, *units, receipts)
    paths = ("/surfplattor/beslut", f"/surfplattor/beslut/{id}")
    may = role is Role.CITY_ANALYST

    client.log_in(make.account(role))
    assert [client.get(path).status_code for path in paths] == [200 if may else 403] * 2
    client.log_in(make.account(role, units=units))
    assert [client.get(path).status_code for path in paths] == [403] * 2


def test_moves_of_several_months_name_each(client, session, units, quality):
    march = sent(session, units[0], date(2026, 3, 1), happy(1, of=2))
    id = requested(session, *units, march + sent(session, units[0], APRIL, happy(1, of=1)))
    client.log_in(quality)

    page = words(client.get(f"/surfplattor/flytt/{id}"))

    assert "3 svar, mars 2026 (2), april 2026 (1), Skärholmen →" in page


@pytest.mark.parametrize("decided", [False, True])
def test_release_says_that_moves_should_be_decided_first(
    client, app, session, units, receipts, analyst, decided
):
    id = requested(session, *units, receipts)
    client.log_in(analyst)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2026-05-09")
    if decided:
        client.post(f"/surfplattor/beslut/{id}", data={"answer": "no"})

    page = words(client.get("/resultat/slapp"))

    sentence = "1 flytt av svar till en annan enhet är inte avgjord. Besluta först"
    assert (sentence in page) is not decided
