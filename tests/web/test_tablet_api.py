"""What a tablet asks of the server: enrolment, how things are, and that an envelope came."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, func, select, text

from surveyapp import enrolling, sealing
from surveyapp.bench.tablets import Tablet
from surveyapp.db import writing
from surveyapp.models import (
    NAMED_OFFICERS,
    Device,
    OfferTally,
    Quarantine,
    Response,
    SeenReceipt,
    UnitSuccession,
)
from surveyapp.web import LARGEST_BODY
from surveyapp.web.respond.throttle import PER_ADDRESS
from tests.tablets import SECRET, answered, declined, enrolled, over

pytestmark = pytest.mark.faults

TODAY = date(2026, 3, 10)
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
KUVERT, LAGE = "/platta/kuvert", "/platta/lage"


@pytest.fixture
def farsta(app, make):
    """A unit with a published questionnaire, on a day in March."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today=TODAY.isoformat())
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def tablet(client, session, farsta):
    return enrolled(session, over(client), [farsta])


@pytest.fixture
def code(session, farsta):
    with writing(session):
        return enrolling.create(session, "Surfplatta 4", [farsta.id], secret=SECRET)[1]


def count(session, table):
    """How many rows, as others have left the table."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def device_of(session, tablet):
    session.rollback()
    return session.get(Device, tablet.number, populate_existing=True)


# Enrolment


def test_code_enrols_one_tablet_once(client, session, code):
    tablet, another = Tablet(over(client)), Tablet(over(client))

    assert tablet.enrol(code.lower().replace("-", " ")) == 200
    assert another.enrol(code) == 422
    key = device_of(session, tablet).public_key
    assert sealing.base64url(key) == tablet.public_key
    assert tablet.state["name"] == "Surfplatta 4"


def test_code_that_is_none_is_told_in_swedish(client, farsta):
    status, told = over(client)("/platta/koppla", b'{"code": "fel", "public_key": ""}', {})

    assert status == 422
    assert told["fault"].startswith("Koden går inte att använda.")


@once
@pytest.mark.parametrize("key", ["", "AAAA", 7])
def test_key_that_is_none_does_not_use_the_code_up(client, code, key):
    body = json.dumps({"code": code, "public_key": key}).encode()

    assert over(client)("/platta/koppla", body, {})[0] == 422
    assert Tablet(over(client)).enrol(code) == 200


@once
def test_guessing_a_code_is_slowed_down(client, code):
    for _ in range(PER_ADDRESS):
        Tablet(over(client)).enrol("fel")

    assert Tablet(over(client)).enrol(code) == 429


@once
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 60_000])
def test_enrolment_with_garbage_is_refused(client, farsta, body):
    status, told = over(client)("/platta/koppla", body, {})

    assert (status, type(told["fault"])) == (400, str)


def test_renewed_tablet_is_the_old_one_until_its_new_code_is_used(client, session, tablet):
    with writing(session):
        code = enrolling.renew(session, tablet.number, secret=SECRET)
    anew = Tablet(over(client))

    assert tablet.report() == 200
    assert anew.enrol(code) == 200
    assert anew.number == tablet.number
    assert (tablet.report(), anew.report()) == (401, 200)


# Who sends


@once
@pytest.mark.parametrize("path", [KUVERT, LAGE])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tablet": "7"}, 401),
        ({"Tablet": ""}, 401),
        ({"Tablet": "one"}, 401),
        ({"Tablet": "²"}, 401),
        ({"Tablet": "9" * 30}, 401),
        ({"Tablet_Signature": ""}, 401),
        ({"Tablet_Signature": "A" * 86}, 401),
        ({"Content_Digest": ""}, 400),
        ({"Content_Digest": sealing.content_digest(b"another body")}, 400),
    ],
)
def test_what_the_tablet_did_not_sign_is_refused(tablet, session, path, headers, status):
    answer = tablet.send(path, tablet.seal(answered()), **headers)

    assert answer[0] == status
    assert answer[1].get("unknown", False) is (status == 401)  # not the word of a gateway
    assert "received" not in answer[1]
    assert count(session, SeenReceipt) == 0


def test_signature_of_another_tablet_or_for_another_path_is_refused(client, session, tablet):
    body = tablet.seal(answered())
    other = Tablet(over(client), number=tablet.number)

    assert other.send(KUVERT, body)[0] == 401
    assert tablet.send(KUVERT, body, Tablet_Signature=tablet.signature(LAGE, body))[0] == 401
    assert count(session, SeenReceipt) == 0


def test_tablet_that_waits_for_its_code_is_not_known(client, session, tablet, farsta):
    with writing(session):
        waiting, _ = enrolling.create(session, "Ny", [farsta.id], secret=SECRET)

    assert Tablet(over(client), number=waiting.id).send(KUVERT, b"{}")[0] == 401


def test_empty_and_cut_bodies_are_refused(tablet, session):
    whole = tablet.seal(answered())

    assert tablet.send(KUVERT, b"")[0] == 400
    for size in (1, 700, len(whole) - 1):
        cut = tablet.post(KUVERT, whole[:size], tablet.signed(KUVERT, whole))
        assert (cut[0], "received" in cut[1]) == (400, False)
    assert count(session, SeenReceipt) == 0
    assert tablet.deliver(whole)


# How things are


def test_tablet_says_how_it_is_and_hears_what_it_needs(tablet, session, make, farsta):
    make.attribute(farsta, NAMED_OFFICERS, "3", date(2025, 1, 1))
    assert tablet.report(4, date(2026, 3, 6), persisted=False, app="2026.3") == 200

    known = device_of(session, tablet)
    assert (known.last_contact_on, known.undelivered_count) == (TODAY, 4)
    assert known.oldest_undelivered_on == date(2026, 3, 6)
    assert (known.app_version, known.is_storage_persisted) == ("2026.3", False)
    key = sealing.sealer(SECRET).key
    assert tablet.state == {
        "name": "Surfplatta 4",
        "today": "2026-03-10",
        "sealing_key": {"id": key.id, "public": sealing.base64url(key.public)},
        "units": [
            {
                "code": "farsta",
                "name": "Farsta",
                "valid_from": "2007-01-01",
                "valid_to": None,
                "named_officers": 3,
            }
        ],
        "moves": {},
    }


def test_what_has_been_said_today_is_not_written_again(app, tablet):
    written = []
    with app.app_context():
        from surveyapp.db import db

        event.listen(db.engine, "before_cursor_execute", lambda *a: written.append(a[2]))
    tablet.report(2)
    tablet.report(2)
    tablet.report(3)

    assert len([each for each in written if each.startswith("UPDATE device")]) == 2


def test_units_that_the_tablets_units_became_are_its_own(tablet, session, make, farsta):
    middle = make.unit(code="mellan", name="Mellan", valid_from=date(2026, 4, 1))
    last = make.unit(code="sist", name="Sist", valid_from=date(2026, 7, 1))
    make.unit(code="bredvid", name="Bredvid")
    for old, new in ((farsta, middle), (middle, last)):
        make.store(UnitSuccession(old_id=old.id, new_id=new.id, takes_effect_on=new.valid_from))
    tablet.report()

    assert [unit["code"] for unit in tablet.state["units"]] == ["farsta", "mellan", "sist"]


@once
@pytest.mark.parametrize(
    "changes",
    [
        {"undelivered": -1},
        {"undelivered": True},
        {"undelivered": "4"},
        {"undelivered": 10**9},
        {"oldest": "i går"},
        {"app": None},
        {"app": "\x00"},
        {"persisted": 1},
    ],
)
def test_what_a_tablet_cannot_mean_is_refused(tablet, session, changes):
    said = {"undelivered": 0, "oldest": None, "app": "1", "persisted": True} | changes

    assert tablet.send(LAGE, json.dumps(said).encode())[0] == 400
    assert tablet.send(LAGE, b"[" * 60_000)[0] == 400
    assert device_of(session, tablet).undelivered_count == 0


def test_revoked_tablet_is_told_so(tablet, session):
    with writing(session):
        enrolling.revoke(session, tablet.number)

    assert tablet.send(LAGE, b"{}") == (403, {"revoked": True})


# Envelopes


def test_answer_is_stored_once_and_its_hash_comes_back(tablet, session):
    envelope = tablet.seal(answered())

    assert [tablet.deliver(envelope) for _ in range(3)] == [True] * 3
    assert count(session, Response) == 1
    assert session.scalars(select(OfferTally.n)).all() == [1]


def test_same_answer_sealed_again_is_the_same(tablet, session):
    submission = declined()

    assert tablet.deliver(tablet.seal(submission))
    assert tablet.deliver(tablet.seal(submission))
    assert session.scalars(select(OfferTally.n)).all() == [1]


@pytest.mark.parametrize(
    "body", [b"{", b"null", b"\x00\xff\xfe", "åäö".encode(), b"[" * LARGEST_BODY]
)
def test_garbage_that_is_signed_is_received_and_put_aside(tablet, session, body):
    assert [tablet.deliver(body) for _ in range(2)] == [True, True]
    assert count(session, Quarantine) == 1
    assert device_of(session, tablet).quarantined_count == 1


def test_more_than_64_kb_is_refused(tablet, session):
    status, told = tablet.send(KUVERT, b"x" * (LARGEST_BODY + 1))

    assert (status, type(told["fault"])) == (413, str)
    assert count(session, Quarantine) == 0


def test_tablet_keeps_its_copy_while_the_database_does_not_answer(tablet, session):
    envelope = tablet.seal(answered())
    for table in ("offer_tally", "seen_receipt", "device"):
        rename(session, table, "away")
        assert tablet.send(KUVERT, envelope)[0] == 503
        rename(session, "away", table)
        assert (count(session, Response), count(session, SeenReceipt)) == (0, 0)

    assert tablet.deliver(envelope)
    assert count(session, Response) == 1


def rename(session, old, new):
    session.rollback()
    session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
    session.commit()


def test_what_is_noted_about_the_tablet_shares_no_transaction_with_what_it_sent(app, tablet):
    written = [set()]

    def note(_connection, _cursor, statement, *_rest):
        verb, *words = statement.split()
        if verb in ("INSERT", "UPDATE"):
            written[-1].add(words[0] if verb == "UPDATE" else words[1])

    with app.app_context():
        from surveyapp.db import db

        event.listen(db.engine, "before_cursor_execute", note)
        event.listen(db.engine, "commit", lambda _connection: written.append(set()))
    tablet.deliver(tablet.seal(answered(version=2)))
    tablet.deliver(tablet.seal(answered()))
    tablet.report(1)

    together = [tables for tables in written if "device" in tables]
    assert together == [{"device"}, {"device"}]
    assert {"seen_receipt", "quarantine"} in written


def test_nothing_of_a_session_is_asked_for_or_given(client, tablet):
    body = tablet.seal(answered())
    answer = client.post(
        KUVERT, data=body, headers=tablet.signed(KUVERT, body), with_token=False
    )

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
