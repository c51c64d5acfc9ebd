"""Signing in and out: who gets in, for how long, and how guessing is slowed down."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from surveyapp import accounts
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import AuditEvent
from surveyapp.web.auth import sessions
from tests.make import PASSWORD

pytestmark = pytest.mark.usefixtures("anna")


@pytest.fixture
def anna(make):
    return make.account(Role.CITY_ANALYST, name="anna", full_name="Anna Berg")


def sign_in(client, name="anna", password=PASSWORD, **fields):
    return client.post("/logga-in", data={"name": name, "password": password} | fields)


def fail_before(session, n, name="anna"):
    """As after `n` wrong passwords from a browser that has never been in."""
    for _ in range(n):
        with writing(session):
            accounts.begin_attempt(session, name, "", datetime.now(UTC))


def is_signed_in(client):
    return "Anna Berg" in client.get("/").text


def change(session, account, function, *arguments):
    with writing(session):
        function(session.merge(account), *arguments)


@pytest.mark.parametrize("name", ["anna", "ANNA", "  Anna "])
def test_right_name_and_password_lead_in(client, name):
    answer = sign_in(client, name)

    assert (answer.status_code, answer.location) == (302, "/")
    assert is_signed_in(client)


def test_password_may_be_typed_with_combining_accents(client, make):
    make.account(Role.READER, name="bo", password="fyra å fem är nio")

    assert sign_in(client, "bo", "fyra a\u030a fem a\u0308r nio").status_code == 302


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "fel lösenord här"), ("nobody", PASSWORD), ("anna", PASSWORD.upper())],
)
def test_wrong_name_and_wrong_password_get_the_same_words(client, name, password):
    page = sign_in(client, name, password)

    assert page.status_code == 401
    assert "Namnet eller lösenordet stämmer inte. Försök igen." in page.text
    assert not is_signed_in(client)


def test_what_is_missing_is_named_and_name_is_kept(client):
    page = sign_in(client, password="")

    assert page.status_code == 400
    assert 'href="#password"' in page.text
    assert 'value="anna"' in page.text


def test_password_is_never_written_back(client):
    assert "fel lösenord här" not in sign_in(client, password="fel lösenord här").text


def test_closed_account_does_not_get_in(client, session, anna):
    change(session, anna, accounts.close)

    assert sign_in(client).status_code == 401


def test_sixth_attempt_must_wait_even_with_the_right_password(client, session):
    fail_before(session, 4)
    sign_in(client, password="fel lösenord här")

    page = sign_in(client)

    assert page.status_code == 429
    assert "Vänta 1 minut och försök igen." in page.text
    assert 0 < int(page.headers["Retry-After"]) <= 30


def test_wait_counts_for_names_that_do_not_exist_too(client, session):
    fail_before(session, 4, "nobody")

    assert [sign_in(client, "nobody").status_code for _ in range(2)] == [401, 429]


def test_attempts_before_the_right_password_are_forgotten(client, session):
    fail_before(session, 4)
    assert sign_in(client).status_code == 302
    fail_before(session, 4)

    assert sign_in(client.application.test_client()).status_code == 302


def test_browser_that_has_been_in_before_is_not_shut_out_by_strangers(client, app, session):
    sign_in(client)
    client.post("/logga-ut")
    fail_before(session, 5)

    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(client).status_code == 302


def test_made_up_proof_of_a_known_browser_gives_no_second_count(client, session):
    fail_before(session, 5)
    client.set_cookie("known_browser", "0123.4567", path="/logga-in")

    assert sign_in(client).status_code == 429


def test_waits_grow_to_a_quarter_of_an_hour_and_are_forgotten_after_a_day(session):
    now = datetime(2026, 5, 4, 8, tzinfo=UTC)
    waits = []
    for _ in range(12):
        with writing(session):
            assert accounts.begin_attempt(session, "x", "", now) is None
        with writing(session):
            wait = accounts.begin_attempt(session, "x", "", now) or timedelta(0)
        if wait:
            waits.append(wait.total_seconds())
        now += wait

    assert waits == [30, 60, 120, 240, 480] + 5 * [900]
    with writing(session):
        later = now + timedelta(days=1, minutes=16)
        assert accounts.begin_attempt(session, "x", "", later) is None
        assert accounts.begin_attempt(session, "x", "", later) is None


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/papper?sida=2", "/papper?sida=2"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("/\t/example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("papper", "/"),
        ("//[", "/"),
    ],
)
def test_only_own_pages_come_after_signing_in(client, address, leads_to):
    page = client.get("/logga-in", query_string={"next": address})
    hidden = re.search(r'name="next" type="hidden" value="([^"]*)"', page.text)

    assert hidden is not None
    assert hidden[1] == leads_to
    assert sign_in(client, next=address).location == leads_to


def test_session_planted_before_signing_in_does_not_survive(client):
    with client.session_transaction() as stored:
        stored.update(planted="by somebody", language="en", csrf_token="known")

    sign_in(client)

    with client.session_transaction() as stored:
        assert "planted" not in stored
        assert stored.get("csrf_token") != "known"
        assert stored["language"] == "en"


def test_signing_out_ends_a_copy_of_the_session_too(client, app):
    sign_in(client)
    copy = app.test_client()
    copy.set_cookie("session", client.get_cookie("session").value)
    assert is_signed_in(copy)

    page = client.post("/logga-ut", follow_redirects=True)

    assert "Du är utloggad." in page.text
    assert not is_signed_in(client)
    assert not is_signed_in(copy)


@pytest.mark.parametrize(
    "end", [accounts.end_sessions, accounts.close, lambda a: accounts.set_password(a, PASSWORD)]
)
def test_raised_epoch_ends_sessions(client, session, anna, end):
    client.log_in(anna)
    assert is_signed_in(client)

    change(session, anna, end)

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("mark", "age", "holds"),
    [
        ("seen_at", sessions.LONGEST_SILENCE - 30, True),
        ("seen_at", sessions.LONGEST_SILENCE + 1, False),
        ("signed_in_at", sessions.LONGEST - 30, True),
        ("signed_in_at", sessions.LONGEST + 1, False),
    ],
)
def test_session_ends_after_an_hour_of_silence_or_half_a_day(client, anna, mark, age, holds):
    client.log_in(anna)
    with client.session_transaction() as stored:
        stored[mark] = time.time() - age

    assert is_signed_in(client) is holds


def test_every_visit_puts_off_the_end(client, anna):
    client.log_in(anna)
    with client.session_transaction() as stored:
        stored["seen_at"] -= 600

    client.get("/")

    with client.session_transaction() as stored:
        assert time.time() - stored["seen_at"] < 60


def test_form_without_its_token_is_refused(client, session):
    page = client.post(
        "/logga-in", data={"name": "anna", "password": PASSWORD}, with_token=False
    )

    assert page.status_code == 400
    assert "Sidan hade blivit för gammal" in page.text
    assert not is_signed_in(client)


def test_log_holds_who_came_and_went_but_not_what_was_typed(client, session):
    sign_in(client, password="fel lösenord här")
    sign_in(client, "hemligt lösenord i fel fält")
    sign_in(client)
    client.post("/logga-ut")

    rows = session.execute(
        select(AuditEvent.actor, AuditEvent.action, AuditEvent.subject).order_by(AuditEvent.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("nobody", "fail to sign in", "anna"),
        ("nobody", "fail to sign in", ""),
        ("anna", "sign in", ""),
        ("anna", "sign out", ""),
    ]


def test_hash_with_weaker_parameters_is_renewed(client, session, anna):
    from argon2 import PasswordHasher

    with writing(session):
        weak = PasswordHasher(1, 8, 1).hash(PASSWORD)
        session.merge(anna).password_hash = weak

    sign_in(client)

    session.expire_all()
    assert session.merge(anna).password_hash.startswith("$argon2id$v=19$m=65536,t=3")
    client.post("/logga-ut")
    assert sign_in(client).status_code == 302


def test_cookies_are_for_the_server_alone(client):
    cookies = sign_in(client).headers.getlist("Set-Cookie")

    assert len(cookies) == 2
    assert all("HttpOnly" in c and "SameSite=Lax" in c and "Path=/" in c for c in cookies)
