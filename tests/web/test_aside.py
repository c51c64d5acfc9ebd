"""What was put aside: seen, tried again, let in by a person, or carried in as a file."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from surveyapp import enrolling
from surveyapp.access import Role
from surveyapp.db import writing
from surveyapp.models import AuditEvent, Quarantine, Response
from surveyapp.web.devices import aside_views
from tests.client import words
from tests.tablets import answered, declined, enrolled, over

TODAY = date(2026, 3, 10)


@pytest.fixture
def app(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY.isoformat())
    return app


@pytest.fixture
def farsta(make):
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def manager(client, make, farsta):
    return client.log_in(make.account(Role.QUALITY_STAFF, units=[farsta]))


@pytest.fixture
def tablet(client, session, farsta):
    return enrolled(session, over(client), [farsta])


@pytest.fixture
def revoked(session, tablet):
    """A tablet with three things to send, which was revoked before it sent them."""
    envelopes = [tablet.seal(each) for each in (answered(), answered(), declined())]
    with writing(session):
        enrolling.revoke(session, tablet.number)
    assert all(tablet.deliver(each) for each in envelopes)
    return tablet


def count(session, table):
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def log(session):
    session.rollback()
    return [(e.action, e.subject) for e in session.scalars(select(AuditEvent))]


def load(client, content, name="svar.json"):
    return client.post("/surfplattor/raddning", data={"file": (BytesIO(content), name)})


def test_what_was_put_aside_is_said_with_why_and_what_to_do(client, manager, revoked):
    page = words(client.get("/surfplattor"))

    assert "3 svar, Farsta, mars 2026 Kom från en surfplatta som är spärrad." in page
    assert "Släpp in svaren om du vet" in page
    assert "3 svar har lagts åt sidan och räknas inte." in words(client.get("/"))
    assert "Lagt åt sidan hittills 3" in page


def test_what_a_wrong_clock_says_stays_aside_with_what_to_do(client, manager, tablet):
    tablet.deliver(tablet.seal(answered(month=date(2027, 3, 1))))

    page = words(client.get("/surfplattor"))

    assert "månad låg långt fram när svaret kom: klockan gick fel." in page
    assert "Se till att varje surfplatta har rätt datum." in page


def test_what_was_put_aside_for_others_is_not_shown(client, make, revoked):
    client.log_in(make.account(Role.UNIT_MANAGER, units=[make.unit(name="Bromma")]))

    assert "Inget har lagts åt sidan." in words(client.get("/surfplattor"))
    assert "Inget från en spärrad surfplatta" in words(client.get("/surfplattor/slapp-in"))


def test_nobody_knows_the_unit_of_what_cannot_be_opened(client, manager, tablet):
    tablet.deliver(b"not an envelope")

    page = words(client.get("/surfplattor"))

    assert "1 svar, enheten är inte känd än, mars 2026" in page
    assert "Det går inte att läsa för någon." in page


def test_what_holds_now_is_let_in_when_it_is_tried_again(
    client, session, make, manager, tablet
):
    tablet.deliver(tablet.seal(answered(version=2)))
    tried = client.post("/surfplattor/prova-igen", follow_redirects=True)
    assert "Inget gick att släppa in än." in words(tried)
    make.published(2, valid_from=date(2026, 3, 9))

    done = client.post("/surfplattor/prova-igen", follow_redirects=True)

    assert "1 svar släpptes in." in words(done)
    assert (count(session, Response), count(session, Quarantine)) == (1, 0)
    assert log(session) == [("quarantine.retry", "0"), ("quarantine.retry", "1")]


def test_person_lets_in_what_a_revoked_tablet_had_and_says_why(
    client, session, manager, revoked
):
    why = "Plattan låg i vårt låsta skåp."
    page = client.post(
        "/surfplattor/slapp-in",
        data={"units": ["farsta"], "reason": f" {why}\n"},
        follow_redirects=True,
    )

    assert "3 svar släpptes in." in words(page)
    assert (count(session, Response), count(session, Quarantine)) == (2, 0)
    assert log(session) == [("quarantine.let_in", f"farsta 3. {why}")]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"reason": " "}, "Skriv hur du vet att svaren är äkta."),
        ({"reason": "x" * 501}, "Skriv högst 500 tecken."),
        ({"units": []}, "Välj minst en enhet."),
        ({"units": ["bromma"]}, "Välj minst en enhet."),
    ],
)
def test_nothing_is_let_in_without_a_reason_or_for_others(
    client, session, make, manager, revoked, sent, sentence
):
    make.unit(code="bromma")

    page = client.post(
        "/surfplattor/slapp-in", data={"units": ["farsta"], "reason": "Äkta."} | sent
    )

    assert (page.status_code, sentence in words(page)) == (422, True)
    assert count(session, Quarantine) == 3
    assert log(session) == []


def test_what_a_revoked_tablet_sent_for_no_known_unit_can_be_let_in(
    client, session, manager, revoked
):
    with writing(session):
        for row in session.scalars(select(Quarantine)):
            row.unit_id = None

    page = client.post("/surfplattor/slapp-in", data={"reason": "Äkta."}, follow_redirects=True)

    assert "3 svar släpptes in." in words(page)


def test_rescue_file_says_what_became_of_each_answer(client, session, manager, tablet):
    known, new = tablet.seal(answered()), [tablet.seal(answered()) for _ in range(2)]
    tablet.deliver(known)
    content = json.loads(tablet.rescue_file([known, *new, tablet.seal(answered(version=2))]))
    content["envelopes"].append({"body": known.decode(), "signature": "AAAA"})

    page = load(client, json.dumps(content).encode())

    assert page.status_code == 200
    for sentence in (
        "2 svar sparades.",
        "1 hade redan kommit och räknas en gång.",
        "1 lades åt sidan.",
        "1 togs inte emot: surfplattan har inte undertecknat det.",
        "Varför något lades åt sidan",
    ):
        assert sentence in words(page)
    assert count(session, Response) == 3
    assert log(session) == [("devices.rescue", "2 1 1")]
    again = words(load(client, json.dumps(content).encode()))
    assert "4 hade redan kommit" in again
    assert count(session, Response) == 3


def test_rescue_file_may_be_larger_than_a_form(client, session, manager, tablet):
    content = tablet.rescue_file([tablet.seal(answered()) for _ in range(40)])
    assert len(content) > 64 * 1024

    assert "40 svar sparades." in words(load(client, content))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe not text",
        b"[]",
        b"{}",
        b'{"format": "surveyapp rescue 1"}',
        b'{"format": "surveyapp rescue 1", "tablet": "x", "envelopes": []}',
        b'{"format": "surveyapp rescue 1", "tablet": 1, "envelopes": 5}',
        b'{"format": "surveyapp rescue 1", "tablet": 1, "envelopes": ["x"]}',
        b'{"format": "surveyapp rescue 1", "tablet": Infinity, "envelopes": []}',
        b'{"format": "surveyapp rescue 1", "tablet": 9000000000, "envelopes": []}',
        b"[" * 100_000,
    ],
)
def test_broken_rescue_file_is_said_to_be_none(client, session, manager, tablet, content):
    page = load(client, content)

    assert page.status_code == 422
    assert "Filen är inte en räddningsfil från en surfplatta." in words(page)
    assert log(session) == []


def test_rescue_file_of_an_unknown_tablet_is_said_to_be_that(client, manager):
    page = load(client, b'{"format": "surveyapp rescue 1", "tablet": 99, "envelopes": []}')

    assert (page.status_code, "Det finns ingen surfplatta med nummer 99." in words(page)) == (
        422,
        True,
    )


def test_empty_rescue_file_is_told(client, manager, tablet):
    assert "Det fanns inget svar i den." in words(load(client, tablet.rescue_file([])))


def test_no_file_is_told(client, manager):
    page = client.post("/surfplattor/raddning", data={})

    assert (page.status_code, "Välj filen" in words(page)) == (422, True)


def test_huge_rescue_file_is_told(client, manager, monkeypatch):
    monkeypatch.setattr(aside_views, "LARGEST_RESCUE_FILE", 100_000)

    page = load(client, b"x" * 200_000)

    assert (page.status_code, "Filen är för stor" in words(page)) == (422, True)


def test_rescue_file_without_the_proof_of_a_form_is_refused(client, session, manager, tablet):
    content = tablet.rescue_file([tablet.seal(answered())])
    page = client.post(
        "/surfplattor/raddning",
        data={"file": (BytesIO(content), "svar.json"), "csrf_token": str(uuid4())},
        with_token=False,
    )

    assert page.status_code == 400
    assert count(session, Response) == 0
