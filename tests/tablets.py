"""A tablet for tests: the one that is used for measuring, on the test's own client."""

from datetime import date
from uuid import uuid4

from sqlalchemy import func, select

from surveyapp import collecting, delivering, enrolling, sealing
from surveyapp.bench.tablets import Tablet
from surveyapp.collecting import Occasion, Submission
from surveyapp.db import writing
from surveyapp.models import (
    Channel,
    FollowupType,
    FormLength,
    HandedOverBy,
    OfferTally,
    Outcome,
    ServiceGroup,
)
from surveyapp.publishing import KEY

SECRET = "a secret that only the tests know"
MARCH, TODAY = date(2026, 3, 1), date(2026, 3, 10)
SEALER = sealing.sealer(SECRET)
ANSWERS = {"bak_svarar": "sjalv", "hel_nojd": "mycket_nojd"}


def over(client):
    """Post through a test client; every attempt has its own, as threads need."""

    def post(path, body, headers):
        answer = client.application.test_client().post(
            path, data=body, headers=dict(headers), content_type="application/json"
        )
        return answer.status_code, answer.get_json()

    return post


def enrolled(session, post, units, name="Surfplatta 4"):
    """A tablet that has been enrolled for these units with its code."""
    with writing(session):
        code = enrolling.create(session, name, [unit.id for unit in units], secret=SECRET)[1]
    tablet = Tablet(post)
    assert tablet.enrol(code) == 200
    return tablet


def occasion(**changes):
    """A follow-up in Farsta in March 2026, on a tablet."""
    known = {
        "receipt": uuid4(),
        "unit": "farsta",
        "month": MARCH,
        "questionnaire": KEY,
        "version": 1,
        "language": "sv",
        "channel": Channel.TABLET,
        "followup_type": FollowupType.HOME_VISIT,
        "service_group": ServiceGroup.HOME_CARE,
        "handed_over_by": HandedOverBy.OWN_OFFICER,
        "form_length": FormLength.FULL,
    }
    return Occasion(**known | changes)


def answered(answers=None, outcome=Outcome.ANSWERED, stopped_at="", **changes):
    """What an elder answered on that occasion."""
    given = ANSWERS if answers is None else answers
    return Submission(occasion(**changes), outcome, answers=given, stopped_at=stopped_at)


def declined(reason="too_tired", **changes):
    """An offer that was declined."""
    return Submission(occasion(**changes), Outcome.DECLINED, reason=reason)


def enrolled_without_network(session, units, name="Surfplatta 4"):
    """A tablet that has been enrolled for these units and told the server's key."""
    tablet = Tablet()
    with writing(session):
        device, code = enrolling.create(session, name, [u.id for u in units], secret=SECRET)
        enrolling.enrol(session, code, tablet.public_key, secret=SECRET)
    tablet.number = device.id
    sees(tablet, SECRET)
    return tablet


def sees(tablet, secret):
    """Let the tablet seal for the key of this secret from now on."""
    key = sealing.sealer(secret).key
    tablet.state["sealing_key"] = {"id": key.id, "public": sealing.base64url(key.public)}


def delivery_by(session, tablet):
    """Lets the tablet deliver a submission, sealed now, or an envelope."""

    def deliver(what, today=TODAY, sealer=SEALER):
        body = what if isinstance(what, bytes) else tablet.seal(what)
        device = enrolling.device(session, tablet.number)
        return delivering.deliver(session, device, body, today=today, sealer=sealer)

    return deliver


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def tallied(session):
    """How many offers of each outcome are counted, as others have left them."""
    session.rollback()
    rows = session.execute(select(OfferTally.outcome, OfferTally.n))
    return {outcome.value: n for outcome, n in rows}


def waiting(session, unit_ids=None):
    """Unit, reason and number of what waits in quarantine."""
    session.rollback()
    return [
        (each.unit and each.unit.code, each.reason, each.n)
        for each in collecting.parked_in(session, unit_ids)
    ]


def retried(session, sealer=SEALER, today=TODAY):
    """Try what waits again; how many were let in."""
    with writing(session):
        return collecting.retry_quarantine(session, today=today, sealer=sealer)


def revoke(session, tablet):
    with writing(session):
        enrolling.revoke(session, tablet.number)
