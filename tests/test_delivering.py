"""What tablets deliver is counted exactly once, however and how often it comes."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from surveyapp import delivering, enrolling, publishing, settling
from surveyapp.collecting import CONFLICT, REVOKED, Taken
from surveyapp.db import db, writing
from surveyapp.delivering import Rescued
from surveyapp.errors import CollectingError
from surveyapp.models import (
    Answer,
    Channel,
    Device,
    FormLength,
    FreeText,
    Outcome,
    Quarantine,
    Response,
    ResponseStatus,
)
from surveyapp.publishing import KEY, published
from tests.make import shipped
from tests.tablets import (
    SEALER,
    TODAY,
    answered,
    count,
    declined,
    enrolled_without_network,
    retried,
    revoke,
    tallied,
    waiting,
)

pytestmark = pytest.mark.faults


# Once


def test_answer_begun_on_a_version_that_is_retired_is_counted_on_it(session, deliver):
    with writing(session):
        second = shipped(KEY, 2)
        publishing.publish(session, second, valid_from=TODAY, author="Ann", publisher="Bo")
        publishing.retire(session, KEY, 1, paper_until=TODAY, today=TODAY, actor="Bo")

    assert deliver(answered({"hel_trygg": "varken"})) is Taken.STORED
    stored = session.scalars(select(Response)).one()
    assert stored.version_id == published(session, KEY, 1).id


def test_answer_is_stored_with_everything_its_occasion_says(session, deliver):
    given = {"bak_svarar": "sjalv", "hel_fritext": "Hon\x00 lyssnar.\r\nTack!\ud800"}
    sent = answered(given, language="fi", sha256=published(session, KEY, 1).sha256)

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
    for days in (15, 22, 200):  # after the second, the receipts have been erased
        later = TODAY + timedelta(days)
        settling.settle(session, today=later, sealer=SEALER)
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
    begun = tablet.seal(answered(sha256=published(session, KEY, 1).sha256))
    make.published(version=2, valid_from=TODAY)

    assert deliver(begun) is Taken.STORED


def test_option_that_the_unit_no_longer_shows_is_stored(session, deliver):
    assert deliver(answered({"bak_svarar": "sjalv", "kon_vet_namn": "ja_nagon"})) is (
        Taken.STORED
    )
    assert answers(session)["kon_vet_namn"] == "ja_nagon"


def test_answer_that_was_routed_away_is_set_aside_and_the_rest_is_stored(session, deliver):
    given = {"bak_svarar": "sjalv", "bak_hjalpare": "tolk", "hel_nojd": "varken"}

    assert deliver(answered(given)) is Taken.STORED
    stored = answers(session)
    assert [stored[question] for question in given] == ["sjalv", "not_shown", "varken"]


def answers(session):
    rows = session.execute(select(Answer.question, Answer.value, Answer.missing))
    return {question: value or why for question, value, why in rows}


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

    stored = answers(session)
    assert {question: stored[question] for question in missing} == missing
    assert session.scalars(select(Response.status)).one() is ResponseStatus.PARTIAL


def test_stop_in_the_short_form_leaves_the_rest_not_asked(session, deliver):
    short = {"form_length": FormLength.SHORT}
    deliver(answered({"bak_svarar": "sjalv"}, Outcome.PARTLY, "bem_respekt", **short))

    rows = session.execute(select(Answer.question, Answer.missing))
    stored = dict(rows.all())
    assert (stored["bem_respekt"], stored["hel_nojd"]) == ("stopped", "stopped")
    assert stored["kon_antal"] == "not_asked"


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
    other = enrolled_without_network(session, [farsta], name="Surfplatta 5")
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
