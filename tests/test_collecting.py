"""The one door: what is taken, what is taken once, and what is parked."""

import threading
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from surveyapp import collecting
from surveyapp.collecting import Occasion, Submission, Taken
from surveyapp.db import db, writing
from surveyapp.errors import AnswerError, CannotAccept, ReceiptConflict
from surveyapp.models import (
    Answer,
    Channel,
    FollowupType,
    FormLength,
    FreeText,
    HandedOverBy,
    OfferTally,
    Outcome,
    Quarantine,
    Response,
    ResponseStatus,
    SeenReceipt,
    ServiceGroup,
)
from surveyapp.publishing import KEY

MARCH = date(2026, 3, 1)
TODAY = date(2026, 3, 17)
OWN_DEVICE = {"channel": Channel.OWN_DEVICE}
SEALER = collecting.sealer("a secret that only the tests know")


def occasion(**changes):
    known = Occasion(
        receipt=uuid4(),
        unit="farsta",
        month=MARCH,
        questionnaire=KEY,
        version=1,
        language="sv",
        channel=Channel.TABLET,
        followup_type=FollowupType.HOME_VISIT,
        service_group=ServiceGroup.HOME_CARE,
        handed_over_by=HandedOverBy.OWN_OFFICER,
        form_length=FormLength.FULL,
    )
    return replace(known, **changes)


def answered(answers=None, outcome=Outcome.ANSWERED, **changes):
    given = {"bak_svarar": "sjalv", "hel_nojd": "mycket_nojd"} if answers is None else answers
    return Submission(occasion(**changes), outcome, answers=given)


@pytest.fixture
def send(session, make):
    """Send to the door of a city with one unit and version 1."""
    make.unit(code="farsta")
    make.published(version=1, valid_from=date(2022, 1, 1))

    def send(submission, today=TODAY, units=None):
        with writing(session):
            return collecting.submit(
                session, submission, today=today, units=units, sealer=SEALER
            )

    return send


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def offers(session):
    rows = session.execute(select(OfferTally.outcome, OfferTally.reason, OfferTally.n))
    return {(outcome.value, reason): n for outcome, reason, n in rows}


def reasons(session):
    return [parked.reason for parked in session.scalars(select(Quarantine))]


def test_response_is_stored_with_one_row_for_every_question(session, send):
    assert send(answered({"bak_svarar": "sjalv", "hel_nojd": "varken"})) is Taken.STORED

    stored = session.scalars(select(Response)).one()
    assert (stored.month, stored.language, stored.status) == (
        MARCH,
        "sv",
        ResponseStatus.COMPLETE,
    )
    answers = {a.question: a.value or a.missing for a in session.scalars(select(Answer))}
    assert len(answers) == 19
    assert answers["hel_nojd"] == "varken"
    assert answers["bak_hjalpare"] == "not_shown"
    assert answers["bem_respekt"] == "skipped"
    assert offers(session) == {("answered", ""): 1}


def test_elder_who_stops_halfway_keeps_what_was_answered(session, send):
    send(answered({"bak_svarar": "sjalv", "bem_respekt": "alltid"}, outcome=Outcome.PARTLY))

    stored = session.scalars(select(Response)).one()
    answers = {a.question: a.value or a.missing for a in session.scalars(select(Answer))}
    assert stored.status is ResponseStatus.PARTIAL
    assert answers["hel_nojd"] == answers["hel_fritext"] == "stopped"
    assert offers(session) == {("partly", ""): 1}


def test_text_is_kept_apart_from_the_response(session, send):
    send(answered({"bak_svarar": "sjalv", "hel_fritext": "Hon ringer alltid tillbaka."}))

    text = session.scalars(select(FreeText)).one()
    answer = session.scalars(select(Answer).where(Answer.question == "hel_fritext")).one()
    assert (text.text, text.year, text.is_screened) == (
        "Hon ringer alltid tillbaka.",
        2026,
        False,
    )
    assert answer.value == "written"
    assert "response" not in "".join(FreeText.__table__.columns.keys())


def test_same_receipt_and_content_again_is_a_success_and_stored_once(session, send):
    submission = answered()

    assert [send(submission), send(submission)] == [Taken.STORED, Taken.REPEATED]
    assert count(session, Response) == 1
    assert offers(session) == {("answered", ""): 1}


def test_same_receipt_with_other_content_is_a_conflict(session, send):
    submission = answered()
    send(submission)

    with pytest.raises(ReceiptConflict):
        send(replace(submission, answers={"bak_svarar": "annan"}))
    assert count(session, Response) == 1


def test_receipt_is_asked_before_every_other_check(session, send):
    submission = answered()
    send(submission, units=["farsta"])

    # The tablet has lost the unit since, and the clock went back a year.
    assert send(submission, units=[], today=date(2025, 3, 17)) is Taken.REPEATED


def test_five_at_the_same_moment_are_stored_once(app, session, send):
    submission = answered()
    start, results = threading.Barrier(5), []

    def post():
        with app.app_context():
            start.wait()
            try:
                with writing(db.session):
                    taken = collecting.submit(
                        db.session, submission, today=TODAY, units=None, sealer=SEALER
                    )
                results.append(taken)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken.value for taken in results) == ["repeated"] * 4 + ["stored"]
    assert count(session, Response) == 1
    assert offers(session) == {("answered", ""): 1}


@pytest.mark.parametrize(
    ("changes", "answers", "reason"),
    [
        ({"version": 2}, {}, "version"),  # never published
        ({"unit": "nowhere"}, {}, "unit"),
        ({"month": date(2006, 3, 1)}, {}, "did not exist"),
        ({"month": date(2026, 4, 1)}, {}, "lies ahead"),
        (OWN_DEVICE | {"month": date(2026, 6, 1)}, {}, "lies ahead"),  # that of the letter
        ({"language": "ar"}, {}, "language"),
        # which one, and what was answered, is told by nothing outside the envelope
        ({}, {"hel_nojd": "jättenöjd"}, "An answer is not one that its question takes."),
        ({}, {"no_such": "ja"}, "An answer is not one"),
        # routed past: nobody helps somebody who answers alone
        (OWN_DEVICE, {"bak_svarar": "sjalv", "bak_hjalpare": "tolk"}, "An answer is not one"),
        ({}, {"hel_fritext": "x" * 1001}, "An answer is not one"),
    ],
)
def test_respondent_whose_answer_cannot_be_accepted_is_parked_not_lost(
    session, send, changes, answers, reason
):
    submission = answered(answers, **changes)

    assert send(submission) is Taken.QUARANTINED
    assert send(submission) is Taken.REPEATED
    assert count(session, Response) == 0
    assert offers(session) == {}
    assert len(reasons(session)) == 1
    assert reason in reasons(session)[0]


def test_version_that_is_published_but_not_open_yet_is_parked(session, send, make):
    make.published(version=2, valid_from=date(2026, 4, 1))

    assert send(answered(version=2)) is Taken.QUARANTINED


def test_follow_up_before_a_merger_that_comes_after_it_is_the_old_units(session, send, make):
    old = make.unit(code="norrmalm", valid_to=date(2026, 2, 28))
    new = make.unit(code="norra-innerstaden", valid_from=MARCH)
    february, units = date(2026, 2, 1), ["norrmalm", "norra-innerstaden"]

    late = answered(unit="norrmalm", month=february)
    assert send(late, today=date(2026, 3, 3), units=units) is Taken.STORED
    after = answered(unit="norra-innerstaden")
    assert send(after, today=date(2026, 3, 3), units=units) is Taken.STORED

    stored = session.execute(select(Response.unit_id, Response.month))
    assert {tuple(row) for row in stored} == {(old.id, february), (new.id, MARCH)}
    wrong = answered(unit="norrmalm")  # in March it is no more
    assert send(wrong, today=date(2026, 3, 3), units=units) is Taken.QUARANTINED


def test_unit_of_another_tablet_is_parked(session, send, make):
    make.unit(code="bromma")

    assert send(answered(unit="bromma"), units=["farsta"]) is Taken.QUARANTINED


def test_quarantine_holds_nothing_readable(session, send):
    send(answered({"hel_fritext": "Hemligt " + "x" * 1001}))

    parked = session.scalars(select(Quarantine)).one()
    assert b"Hemligt" not in parked.envelope
    assert b"farsta" not in parked.envelope


def test_quarantine_is_let_in_when_the_reason_is_gone(session, send, make):
    send(answered(version=2))
    make.published(version=2, valid_from=date(2026, 3, 1))

    with writing(session):
        n = collecting.retry_quarantine(session, today=TODAY, sealer=SEALER)

    assert n == 1
    assert count(session, Response) == 1
    assert count(session, Quarantine) == 0
    assert offers(session) == {("answered", ""): 1}


@pytest.mark.parametrize(
    ("changes", "answers", "error"),
    [
        ({"version": 2}, {}, CannotAccept),
        ({"month": date(2026, 4, 1)}, {}, CannotAccept),
        ({}, {"hel_nojd": "jättenöjd"}, AnswerError),
    ],
)
def test_paper_is_refused_so_that_the_registrar_can_mend_it(
    session, send, changes, answers, error
):
    with pytest.raises(error):
        send(answered(answers, channel=Channel.PAPER, **changes))

    assert (count(session, Quarantine), count(session, SeenReceipt)) == (0, 0)


def test_paper_answer_to_a_question_not_asked_is_set_aside_and_listed(session, send):
    sheet = answered(
        {"til_vag": "enhet_telefon", "til_aldre_direkt": "ja_helt"}, channel=Channel.PAPER
    )

    assert collecting.conflicts(session, sheet, today=TODAY) == ("til_aldre_direkt",)
    assert send(sheet) is Taken.STORED
    answer = session.scalars(select(Answer).where(Answer.question == "til_aldre_direkt")).one()
    assert answer.missing == "not_shown"


def test_long_form_without_script_sets_aside_what_was_not_asked(session, send):
    sent = answered({"bak_svarar": "sjalv", "bak_hjalpare": "tolk"})

    assert send(replace(sent, free_of_script=True)) is Taken.STORED


def test_offer_that_was_declined_is_counted_once_without_a_response(session, send):
    declined = Submission(occasion(), Outcome.DECLINED, reason="too_tired")

    assert [send(declined), send(declined)] == [Taken.STORED, Taken.REPEATED]
    assert offers(session) == {("declined", "too_tired"): 1}
    assert count(session, Response) == 0


def test_offer_with_a_reason_of_ones_own_is_parked(session, send):
    send(Submission(occasion(), Outcome.DECLINED, reason="fru Ek vill inte"))

    assert offers(session) == {}
    assert len(reasons(session)) == 1


def test_envelope_gives_back_what_was_sealed():
    sent = answered({"bak_svarar": "sjalv"}, receipt=UUID(int=7))

    assert Submission.from_dict(SEALER.open(SEALER.seal(sent.as_dict()))) == sent


def test_answer_tables_have_no_column_for_who_when_or_where(session):
    forbidden = ("name", "personnummer", "address", "officer_id", "device", "created", "_at")
    columns = {
        column.name
        for table in (Response, Answer, FreeText, SeenReceipt)
        for column in table.__table__.columns
    }

    assert not [column for column in columns for word in forbidden if word in column]
