"""The code from a letter: entered at home, made by staff."""

from functools import partial

import pytest
from sqlalchemy import select, text

from surveyapp import access_codes
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import (
    AccessCode,
    AuditEvent,
    Channel,
    HandedOverBy,
    Response,
)
from surveyapp.web.respond.throttle import PER_ADDRESS
from tests.client import tree, words
from tests.web.answering import (
    MARCH,
    SECRET,
    count,
    page_of,
    sent,
)


@pytest.fixture
def farsta(make):
    """A unit with a published questionnaire."""
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def send(client):
    """Send a form the way a browser does."""
    return partial(sent, client)


@pytest.fixture
def codes(session, farsta):
    with writing(session):
        return access_codes.create(session, farsta, MARCH, 2, secret=SECRET)


def enter(client, code, language="sv"):
    return client.post(f"/kod/{language}", data={"code": code}, with_token=False)


def letter_token(response):
    return response.location.partition("?o=")[2]


def test_code_opens_the_questions_in_the_language_of_the_page(client, codes):
    opened = enter(client, codes[0].lower().replace("-", " "), "fi")

    assert opened.location.startswith(page_of("fi"))
    assert "Kuka vastaa kysymyksiin?" in words(client.get(opened.location))


def test_code_works_once(client, session, codes, send):
    opened = enter(client, codes[0])
    ended = send(letter_token(opened))
    stored = session.scalars(select(Response)).one()

    assert (stored.channel, stored.handed_over_by) == (
        Channel.OWN_DEVICE,
        HandedOverBy.LETTER,
    )
    assert (stored.unit_id, stored.month) == (1, MARCH)
    assert "Du kan stänga sidan." in words(client.get(ended.location))
    assert "platta" not in client.get(ended.location).text
    assert count(session, AccessCode) == 1


def test_used_and_unknown_code_look_the_same(client, codes, send):
    send(letter_token(enter(client, codes[0])))
    used = enter(client, codes[0])
    unknown = enter(client, "K7Q2M4-5")
    mistyped = enter(client, "hej")

    assert {used.status_code, unknown.status_code, mistyped.status_code} == {422}
    assert used.text.replace(codes[0], "") == unknown.text.replace("K7Q2M4-5", "")
    assert mistyped.text.replace("hej", "") == used.text.replace(codes[0], "")
    assert "Koden går inte att använda." in words(used)


def test_two_devices_with_one_code_are_one_answer(client, session, codes, send):
    first, second = (letter_token(enter(client, codes[0])) for _ in range(2))
    send(first)
    page = client.get(send(second, q_bak_svarar="annan").location)

    assert "Svaren är redan skickade." in words(page)
    assert count(session, Response) == 1


def test_code_withdrawn_meanwhile_is_told_so(client, session, codes, send):
    opened = letter_token(enter(client, codes[0]))
    with writing(session):
        session.execute(text("DELETE FROM access_code"))
    page = send(opened)

    assert "Koden går inte att använda." in words(page)
    assert count(session, Response) == 0


def test_code_left_by_a_crash_cannot_be_used_again(client, session, codes, send):
    opened = letter_token(enter(client, codes[0]))
    send(opened)
    row = session.scalars(select(AccessCode)).one()
    hmac = access_codes.keyed_hash(SECRET, "code", codes[0].replace("-", ""))
    with writing(session):
        session.add(AccessCode(code_hmac=hmac, unit_id=row.unit_id, month=row.month))

    assert enter(client, codes[0]).status_code == 422
    assert send(opened).status_code == 303
    assert count(session, Response) == 1


def test_guessing_is_slowed_down(client, codes):
    for _ in range(PER_ADDRESS):
        enter(client, "K7Q2M4-5")
    page = enter(client, codes[0])

    assert page.status_code == 429
    assert "Vänta en minut" in words(page)


def test_code_page_before_anything_is_published(app, make):
    page = app.test_client().get("/kod")

    assert page.status_code == 404


def test_staff_make_codes_for_their_own_unit(client, session, make, farsta):
    client.log_in(make.account(Role.REGISTRAR, units=[farsta]))
    listed = client.post("/kod/nya", data={"unit": "farsta", "month": "2024-03", "number": "2"})
    made = [e.text for e in tree(listed.text).iter("li") if e.get("class") == "codes__code"]

    assert len(made) == 2
    assert "/kod" in words(listed)
    assert enter(client, made[1]).status_code == 303
    assert count(session, AuditEvent) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "501"}, "Skriv ett tal mellan 1 och 500."),
        ({"number": ""}, "Skriv ett tal mellan 1 och 500."),
        ({"month": "mars"}, "Skriv månaden som år-månad"),
        ({"month": "2006-12"}, "fanns inte 2006-12"),
        ({"unit": "alvsjo"}, "Enhet"),  # not theirs
    ],
)
def test_faulty_order_for_codes_comes_back(client, session, make, farsta, changes, sentence):
    make.unit(code="alvsjo", name="Älvsjö")
    client.log_in(make.account(Role.REGISTRAR, units=[farsta]))
    order = {"unit": "farsta", "month": "2024-03", "number": "2"} | changes
    page = client.post("/kod/nya", data=order)

    assert sentence in words(page)
    assert count(session, AccessCode) == 0
