"""What cannot be accepted waits, with its reason, for those whose it is."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, event, select

from surveyapp import collecting
from surveyapp.collecting import CONFLICT, FAR_AHEAD, REVOKED, Parked, Taken
from surveyapp.db import writing
from surveyapp.errors import CannotAccept
from surveyapp.models import (
    Channel,
    Device,
    Outcome,
    Quarantine,
    Release,
    SeenReceipt,
)
from surveyapp.sealing import sealer
from tests.tablets import (
    SEALER,
    SECRET,
    TODAY,
    answered,
    declined,
    delivery_by,
    enrolled_without_network,
    retried,
    revoke,
    sees,
    tallied,
    waiting,
)

pytestmark = pytest.mark.faults

once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
UNKNOWN_KEY = "It is sealed for a key that the server does not have."


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


@once
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


def test_month_that_is_next_is_counted_when_it_has_come(session, deliver):
    april = date(2026, 4, 1)
    deliver(answered(month=april))

    assert waiting(session) == [("farsta", "The month of the follow-up lies ahead.", 1)]
    assert retried(session, today=april) == 1
    assert tallied(session) == {"answered": 1}


def test_month_far_ahead_is_never_counted_not_even_when_it_comes(session, deliver, tablet):
    a_year_on = date(2027, 3, 10)
    ahead = {"month": date(2027, 3, 1)}
    deliver(answered(**ahead))
    sees(tablet, "a lost secret")
    deliver(answered(**ahead))

    both = sealer(SECRET, ("a lost secret",))
    assert retried(session, sealer=both, today=a_year_on) == 0
    assert waiting(session) == [("farsta", FAR_AHEAD, 2)]
    assert retried(session, sealer=both, today=a_year_on) == 0
    assert tallied(session) == {}


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


@once
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


def test_what_turns_out_to_be_for_others_waits_until_they_let_it_in(
    session, make, deliver, tablet, farsta
):
    bromma = make.unit(code="bromma", name="Bromma")
    shared = enrolled_without_network(session, [farsta, bromma], name="Surfplatta 5")
    sees(shared, "a lost secret")
    revoke(session, shared)
    delivery_by(session, shared)(answered(unit="bromma"))
    both = sealer(SECRET, ("a lost secret",))

    assert let_in(session, [farsta.id]) == 0  # nobody can tell yet whose it is
    assert waiting(session) == [(None, REVOKED, 1)]
    assert let_in(session, [farsta.id], sealer=both) == 0
    assert waiting(session) == [("bromma", REVOKED, 1)]
    assert let_in(session, [bromma.id], sealer=both) == 1
    assert tallied(session) == {"answered": 1}


def test_listing_does_not_read_the_envelopes(session, deliver, farsta):
    deliver(answered(version=2))
    read = []
    event.listen(
        session.get_bind(), "before_cursor_execute", lambda *given: read.append(given[2])
    )

    assert len(collecting.parked_in(session, [farsta.id])) == 1
    assert not [each for each in read if "envelope" in each]


def test_resend_of_what_waits_is_known_when_its_receipt_no_longer_is(session, deliver, tablet):
    envelope = tablet.seal(answered(version=2))
    deliver(envelope)
    with writing(session):
        session.execute(delete(SeenReceipt))

    assert deliver(envelope) is Taken.REPEATED
    assert len(waiting(session)) == 1


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


def test_quarantine_joins_no_tablet_with_an_answer():
    columns = {column.name for column in Quarantine.__table__.columns}
    tables = {key.column.table.name for key in Quarantine.__table__.foreign_keys}

    assert not {name for name in columns if "device" in name or "tablet" in name}
    assert tables == {"unit"}
