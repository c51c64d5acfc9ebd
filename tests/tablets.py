"""A tablet for tests: the one that is used for measuring, on the test's own client."""

from datetime import date
from uuid import uuid4

from surveyapp import enrolling
from surveyapp.bench.tablets import Tablet
from surveyapp.collecting import Occasion, Submission
from surveyapp.db import writing
from surveyapp.models import (
    Channel,
    FollowupType,
    FormLength,
    HandedOverBy,
    Outcome,
    ServiceGroup,
)
from surveyapp.publishing import KEY

SECRET = "a secret that only the tests know"
MARCH = date(2026, 3, 1)
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
