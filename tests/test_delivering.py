"""What tablets deliver: counted exactly once or visible in quarantine, whatever happens."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from surveyapp import collecting, delivering, enrolling, settling
from surveyapp.bench.tablets import Tablet
from surveyapp.collecting import CONFLICT, REVOKED, Parked, Taken
from surveyapp.db import db, writing
from surveyapp.delivering import Rescued
from surveyapp.errors import CannotAccept, CollectingError
from surveyapp.models import (
    Answer,
    Channel,
    Device,
    FormLength,
    FreeText,
    OfferTally,
    Outcome,
    Quarantine,
    Release,
    Response,
    ResponseStatus,
)
from surveyapp.publishing import published
from surveyapp.sealing import base64url, sealer
from tests.tablets import SECRET, answered, declined

TODAY = date(2026, 3, 10)
SEALER = sealer(SECRET)
UNKNOWN_KEY = "It is sealed for a key that the server does not have."


@pytest.fixture
def farsta(make):
    make.published(version=1, valid_from=date(2022, 1, 1))
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def tablet(session, farsta):
    """A tablet that has been enrolled and has the server's key."""
    return enrolled(session, [farsta])


def enrolled(session, units, name="Surfplatta 4", secret=SECRET):
    tablet = Tablet()
    with writing(session):
        device, code = enrolling.create(session, name, [u.id for u in units], secret=SECRET)
        enrolling.enrol(session, code, tablet.public_key, secret=SECRET)
    tablet.number = device.id
    sees(tablet, secret)
    return tablet


def sees(tablet, secret):
    """Give a tablet the key that it seals for."""
    key = sealer(secret).key
    tablet.state["sealing_key"] = {"id": key.id, "public": base64url(key.public)}


@pytest.fixture
def deliver(session, tablet):
    """Let the tablet deliver a submission, sealed now, or an envelope."""

    def deliver(what, by=tablet, today=TODAY, sealer=SEALER):
        body = what if isinstance(what, bytes) else by.seal(what)
        device = enrolling.device(session, by.number)
        return delivering.deliver(session, device, body, today=today, sealer=sealer)

    return deliver


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def tallied(session):
    session.rollback()
    rows = session.execute(select(OfferTally.outcome, OfferTally.n))
    return {outcome.value: n for outcome, n in rows}


def waiting(session, unit_ids=None):
    """Unit, reason and number of what waits."""
    session.rollback()
    return [
        (each.unit and each.unit.code, each.reason, each.n)
        for each in collecting.parked_in(session, unit_ids)
    ]


def retried(session, today=TODAY, sealer=SEALER):
    with writing(session):
        return collecting.retry_quarantine(session, today=today, sealer=sealer)


def revoke(session, tablet):
    with writing(session):
        enrolling.revoke(session, tablet.number)


# Once


def test_answer_is_stored_with_everything_its_occasion_says(session, deliver):
    given = {"bak_svarar": "sjalv", "hel_fritext": "Hon\x00 lyssnar.\r\nTack!\ud800"}
    sent = answered(given, language="fi", sha256=published(session, *VERSION_1).sha256)

    assert deliver(sent) is Taken.STORED
    stored = session.scalars(select(Response)).one()
    assert (stored.language, stored.channel, stored.month) == (
        "fi",
        Channel.TABLET,
        sent.occasion.month,
    )
    assert stored.receipt == sent.occasion.receipt
    assert session.scalars(select(FreeText.text)).one() == "Hon lyssnar.\nTack!"
    assert count(session, Answer) == 19
    assert tallied(session) == {"answered": 1}


VERSION_1 = ("kontakt-bistandshandlaggare", 1)


@pytest.mark.parametrize("of", [answered, declined])
def test_five_at_the_same_moment_are_counted_once(app, session, tablet, of):
    body, start, results = tablet.seal(of()), threading.Barrier(5), []

    def post():
        with app.app_context():
            device = enrolling.device(db.session, tablet.number)
            start.wait()
            results.append(
                delivering.deliver(db.session, device, body, today=TODAY, sealer=SEALER)
            )
            db.session.remove()

    together(post, 5)

    assert sorted(taken.value for taken in results) == ["repeated"] * 4 + ["stored"]
    assert sum(tallied(session).values()) == 1


def test_five_that_cannot_be_opened_are_put_aside_once(app, session, tablet):
    start, results = threading.Barrier(5), []

    def post():
        with app.app_context():
            device = enrolling.device(db.session, tablet.number)
            start.wait()
            results.append(
                delivering.deliver(db.session, device, b"{}", today=TODAY, sealer=SEALER)
            )
            db.session.remove()

    together(post, 5)

    assert sorted(taken.value for taken in results) == ["quarantined"] + ["repeated"] * 4
    assert count(session, Quarantine) == 1
    assert session.scalars(select(Device.quarantined_count)).all() == [1]


def together(job, n):
    threads = [threading.Thread(target=job) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_different_answers_under_one_receipt_are_both_kept(session, deliver, tablet):
    first = answered()
    other = tablet.seal(replace(first, answers={"bak_svarar": "annan"}))

    assert deliver(first) is Taken.STORED
    assert [deliver(other), deliver(other)] == [Taken.QUARANTINED, Taken.REPEATED]
    assert deliver(first) is Taken.REPEATED
    assert waiting(session) == [("farsta", CONFLICT, 1)]
    assert tallied(session) == {"answered": 1}
    assert retried(session) == 0


def test_conflict_is_not_taken_for_a_repetition_when_receipts_are_erased(session, deliver):
    first = answered()
    deliver(first)
    deliver(replace(first, answers={"bak_svarar": "annan"}))
    for days in (0, 30, 60):
        settling.settle(session, today=TODAY + timedelta(days), sealer=SEALER)

    assert waiting(session) == [("farsta", CONFLICT, 1)]


def test_resend_15_days_later_and_after_the_settling_is_a_success(session, deliver, tablet):
    envelopes = [tablet.seal(answered()), tablet.seal(declined())]
    for each in envelopes:
        deliver(each)
    later = TODAY + timedelta(days=15)
    settling.settle(session, today=TODAY, sealer=SEALER)
    settling.settle(session, today=TODAY + timedelta(days=21), sealer=SEALER)

    assert [deliver(each, today=later) for each in envelopes] == [Taken.REPEATED] * 2
    assert tallied(session) == {"answered": 1, "declined": 1}
    assert count(session, Response) == 1


def test_receipt_is_asked_before_every_other_check(session, deliver, tablet):
    envelope = tablet.seal(answered())
    deliver(envelope)
    revoke(session, tablet)

    assert deliver(envelope, today=date(2025, 3, 10)) is Taken.REPEATED
    assert waiting(session) == []


def test_version_published_at_noon_changes_nothing_for_what_was_begun(
    session, deliver, tablet, make
):
    begun = tablet.seal(answered(sha256=published(session, *VERSION_1).sha256))
    make.published(version=2, valid_from=TODAY)

    assert deliver(begun) is Taken.STORED


# Stopping


@pytest.mark.parametrize(
    ("given", "stopped_at", "missing"),
    [
        # two skipped before the stop, the rest stopped
        (
            {"bak_svarar": "sjalv", "bem_respekt": "alltid"},
            "kon_beratta_om",
            {"bem_lyssnar": "skipped", "kon_beratta_om": "stopped", "hel_nojd": "stopped"},
        ),
        # short questions were answered after the stop
        (
            {"bak_svarar": "sjalv", "hel_nojd": "varken"},
            "kon_beratta_om",
            {"bem_respekt": "skipped", "kon_beratta_om": "stopped", "hel_nojd": "varken"},
        ),
    ],
)
def test_stop_is_where_the_person_stopped(session, deliver, given, stopped_at, missing):
    deliver(answered(given, Outcome.PARTLY, stopped_at))

    rows = session.execute(select(Answer.question, Answer.value, Answer.missing))
    stored = {question: value or why for question, value, why in rows}
    assert {question: stored[question] for question in missing} == missing
    assert session.scalars(select(Response.status)).one() is ResponseStatus.PARTIAL


def test_stop_in_the_short_form_leaves_the_rest_not_asked(session, deliver):
    short = {"form_length": FormLength.SHORT}
    deliver(answered({"bak_svarar": "sjalv"}, Outcome.PARTLY, "bem_respekt", **short))

    rows = session.execute(select(Answer.question, Answer.missing))
    stored = dict(rows.all())
    assert (stored["bem_respekt"], stored["hel_nojd"]) == ("stopped", "stopped")
    assert stored["kon_antal"] == "not_asked"


# What cannot be accepted


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 9}, "not published"),
        ({"sha256": "0" * 64}, "not the published one"),
        ({"month": date(2026, 4, 1)}, "lies ahead"),
        ({"month": date(2006, 4, 1)}, "did not exist"),
        ({"language": "ar"}, "language"),
    ],
)
def test_what_cannot_be_accepted_waits_with_its_reason(
    session, deliver, tablet, changes, reason
):
    envelope = tablet.seal(answered(**changes))

    assert [deliver(envelope) for _ in range(2)] == [Taken.QUARANTINED, Taken.REPEATED]
    [(unit, why, n)] = waiting(session)
    assert (unit, n) == ("farsta", 1)
    assert reason in why
    assert tallied(session) == {}
    assert session.scalars(select(Device.quarantined_count)).all() == [1]


@pytest.mark.parametrize(
    "submission",
    [
        declined("fru Ek vill inte"),
        replace(declined(), outcome=Outcome.HANDED_OUT, reason=""),
        replace(declined(), outcome=Outcome.STOPPED),  # with a reason, that is
        replace(answered(), reason="too_tired"),
    ],
)
def test_offer_with_a_reason_of_its_own_is_not_counted(session, deliver, submission):
    assert deliver(submission) is Taken.QUARANTINED
    assert tallied(session) == {}


def test_unit_of_others_waits_with_those_who_sent_it(session, deliver, make, farsta):
    bromma = make.unit(code="bromma", name="Bromma")

    assert deliver(answered(unit="bromma")) is Taken.QUARANTINED
    [(unit, reason, n)] = waiting(session, [farsta.id])
    assert (unit, n) == (None, 1)
    assert "not one that this sender collects for" in reason
    assert waiting(session, [bromma.id]) == []


def test_follow_up_in_a_year_that_is_released_waits(session, deliver, make):
    make.store(Release(period="2026", released_on=date(2027, 1, 9), released_by="Anna"))

    assert deliver(answered(), today=date(2027, 1, 9)) is Taken.QUARANTINED
    assert waiting(session) == [("farsta", "The year of the follow-up has been released.", 1)]
    january = answered(month=date(2027, 1, 1))
    assert deliver(january, today=date(2027, 1, 9)) is Taken.STORED


def test_paper_of_a_year_that_is_released_is_refused(session, make, farsta):
    make.store(Release(period="2026", released_on=date(2027, 1, 9), released_by="Anna"))
    sheet = answered(channel=Channel.PAPER)

    with pytest.raises(CannotAccept, match="has been released"), writing(session):
        collecting.submit(session, sheet, today=date(2027, 1, 9), units=None, sealer=SEALER)


def test_parts_of_a_year_that_are_released_close_nothing(session, deliver, make):
    make.store(Release(period="2026-T1", released_on=date(2026, 5, 9), released_by="Anna"))

    assert deliver(answered(), today=date(2026, 5, 9)) is Taken.STORED


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        "text",
        {"occasion": {}},
        {"unit": "x" * 61},
        {"unit": "far\x00sta"},
        {"unit": 7},
        {"questionnaire": "\ud800"},
        {"version": 10**12},
        {"version": True},
        {"month": "mars"},
        {"receipt": "7"},
        {"channel": "paper"},
        {"channel": "own_device"},
    ],
)
def test_content_that_is_no_answer_of_a_tablet_waits(session, deliver, content):
    whole = answered().as_dict()
    if isinstance(content, dict) and content.keys() & whole["occasion"].keys():
        content = whole | {"occasion": whole["occasion"] | content}

    assert deliver(SEALER.seal(content)) is Taken.QUARANTINED
    assert len(waiting(session)) == 1
    assert retried(session) == 0


@pytest.mark.parametrize("answers", [[], {"hel_nojd": 1}, {"hel_nojd": None}, "hel_nojd"])
def test_answers_that_are_no_text_wait(session, deliver, answers):
    assert deliver(SEALER.seal(answered().as_dict() | {"answers": answers})) is (
        Taken.QUARANTINED
    )


# What cannot be opened


def test_envelope_for_a_former_key_is_opened(session, deliver, tablet):
    sees(tablet, "the secret of last year")
    both = sealer(SECRET, ("the secret of last year",))

    assert deliver(answered(), sealer=both) is Taken.STORED


def test_envelope_for_an_unknown_key_is_let_in_when_the_key_is_found(
    session, deliver, tablet, farsta
):
    sees(tablet, "a lost secret")
    envelopes = [tablet.seal(each) for each in (answered(), declined())]
    assert [deliver(each) for each in envelopes] == [Taken.QUARANTINED] * 2
    assert [deliver(each) for each in envelopes] == [Taken.REPEATED] * 2
    assert waiting(session, [farsta.id]) == [(None, UNKNOWN_KEY, 2)]
    assert retried(session) == 0

    both = sealer(SECRET, ("a lost secret",))
    assert retried(session, sealer=both) == 2
    assert [deliver(each, sealer=both) for each in envelopes] == [Taken.REPEATED] * 2
    assert tallied(session) == {"answered": 1, "declined": 1}
    assert waiting(session) == []


def test_envelope_that_came_again_when_it_could_be_opened_is_counted_once(
    session, deliver, tablet
):
    sees(tablet, "a lost secret")
    envelope, both = tablet.seal(answered()), sealer(SECRET, ("a lost secret",))
    deliver(envelope)

    assert deliver(envelope, sealer=both) is Taken.STORED
    assert retried(session, sealer=both) == 0
    assert waiting(session) == []
    assert tallied(session) == {"answered": 1}


def test_envelope_that_turns_out_to_be_another_answer_is_a_conflict(session, deliver, tablet):
    first = answered()
    deliver(first)
    sees(tablet, "a lost secret")
    deliver(replace(first, answers={"bak_svarar": "annan"}))

    assert retried(session, sealer=sealer(SECRET, ("a lost secret",))) == 0
    assert waiting(session) == [("farsta", CONFLICT, 1)]
    assert tallied(session) == {"answered": 1}


def test_envelope_that_opens_and_does_not_hold_waits_for_what_it_needs(
    session, deliver, tablet, make
):
    sees(tablet, "a lost secret")
    deliver(answered(version=2))
    both = sealer(SECRET, ("a lost secret",))
    retried(session, sealer=both)
    assert waiting(session) == [
        ("farsta", "The version of the questionnaire is not published.", 1)
    ]

    make.published(version=2, valid_from=date(2026, 3, 1))
    assert retried(session, sealer=both) == 1
    assert tallied(session) == {"answered": 1}


def test_broken_seal_waits_and_says_nothing_of_itself(session, deliver, tablet):
    envelope = tablet.seal(answered())
    middle = len(envelope) // 2
    broken = (
        envelope[:middle] + (b"A" if envelope[middle] != 65 else b"B") + envelope[middle + 1 :]
    )

    assert deliver(broken) is Taken.QUARANTINED
    assert deliver(envelope) is Taken.STORED
    assert [reason[:18] for _, reason, _ in waiting(session)] == ["The seal is broken"]


# Revoked


def test_what_a_revoked_tablet_had_waits_until_a_person_lets_it_in(
    session, deliver, tablet, farsta, make
):
    bromma = make.unit(code="bromma", name="Bromma")
    revoke(session, tablet)
    assert deliver(answered()) is Taken.QUARANTINED
    assert deliver(declined()) is Taken.QUARANTINED
    assert waiting(session, [farsta.id]) == [("farsta", REVOKED, 2)]
    assert retried(session) == 0
    assert let_in(session, [bromma.id]) == 0

    assert let_in(session, [farsta.id]) == 2
    assert tallied(session) == {"answered": 1, "declined": 1}
    assert waiting(session) == []


def let_in(session, unit_ids, sealer=SEALER):
    with writing(session):
        return collecting.let_in(session, unit_ids, today=TODAY, sealer=sealer)


def test_what_is_let_in_and_does_not_hold_stays_with_its_own_reason(session, deliver, tablet):
    revoke(session, tablet)
    deliver(answered(version=2))

    assert let_in(session, None) == 0
    assert "not published" in waiting(session)[0][1]


def test_revoked_tablet_with_a_lost_key_waits_for_both(session, deliver, tablet, farsta):
    sees(tablet, "a lost secret")
    revoke(session, tablet)
    deliver(answered())
    assert waiting(session, [farsta.id]) == [(None, REVOKED, 1)]

    assert let_in(session, [farsta.id]) == 0
    assert waiting(session) == [(None, UNKNOWN_KEY, 1)]
    assert retried(session, sealer=sealer(SECRET, ("a lost secret",))) == 1


def test_waiting_is_listed_by_unit_month_and_reason(session, deliver, farsta):
    for _ in range(2):
        deliver(answered(version=2))
    deliver(b"{}")

    rows = collecting.parked_in(session, [farsta.id])
    march = date(2026, 3, 1)
    assert rows == [
        Parked(None, "What came is not an envelope.", march, 1),
        Parked(farsta, "The version of the questionnaire is not published.", march, 2),
    ]


# Rescue


def rescue(session, content):
    return delivering.rescue(session, content, today=TODAY, sealer=SEALER)


def test_rescue_file_brings_everything_in_once(session, tablet, deliver):
    sent = tablet.seal(answered())
    deliver(sent)
    outbox = [sent, tablet.seal(answered()), tablet.seal(declined()), b"{}"]
    file = tablet.rescue_file(outbox)

    assert rescue(session, file) == Rescued(2, 1, 1, 0)
    assert rescue(session, file) == Rescued(0, 4, 0, 0)
    assert tallied(session) == {"answered": 2, "declined": 1}


def test_rescue_file_of_a_revoked_tablet_is_put_aside(session, tablet):
    revoke(session, tablet)

    assert rescue(session, tablet.rescue_file([tablet.seal(answered())])) == Rescued(0, 0, 1, 0)
    assert waiting(session) == [("farsta", REVOKED, 1)]


def test_envelope_that_another_signed_is_refused(session, tablet, farsta):
    other = enrolled(session, [farsta], name="Surfplatta 5")
    other.number = tablet.number

    assert rescue(session, other.rescue_file([other.seal(answered())])) == Rescued(0, 0, 0, 1)
    assert (tallied(session), waiting(session)) == ({}, [])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a rescue file"),
        (b"[]", "not a rescue file"),
        (b'{"format": "surveyapp rescue 2", "tablet": 1, "envelopes": []}', "not a rescue"),
        (b'{"format": "surveyapp rescue 1", "tablet": 1, "envelopes": [7]}', "not a rescue"),
        (b'{"format": "surveyapp rescue 1", "tablet": 7, "envelopes": []}', "no tablet 7"),
    ],
)
def test_file_that_is_none_is_refused(session, tablet, content, sentence):
    with pytest.raises(CollectingError, match=sentence):
        rescue(session, content)


def test_quarantine_joins_no_tablet_with_an_answer():
    columns = {column.name for column in Quarantine.__table__.columns}
    tables = {key.column.table.name for key in Quarantine.__table__.foreign_keys}

    assert not {name for name in columns if "device" in name or "tablet" in name}
    assert tables == {"unit"}
