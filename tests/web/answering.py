"""What tests of answering share: a signed occasion, and what is stored afterwards."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from sqlalchemy import func, select

from surveyapp import occasions
from surveyapp.collecting import Occasion
from surveyapp.models import Channel, FollowupType, FormLength, HandedOverBy, ServiceGroup
from surveyapp.occasions import Ticket
from surveyapp.publishing import KEY

SECRET = "a secret that only the tests know"
MARCH = date(2024, 3, 1)
ANSWERS = {"q_bak_svarar": "sjalv", "q_bem_respekt": "alltid", "q_hel_nojd": "mycket_nojd"}


def token(code_hmac="", named_officers=1, **changes):
    """A signed occasion, as the page for the code of a letter makes it."""
    known = Occasion(
        receipt=uuid4(),
        unit="farsta",
        month=MARCH,
        questionnaire=KEY,
        version=1,
        language="sv",
        channel=Channel.OWN_DEVICE,
        followup_type=FollowupType.OTHER,
        service_group=ServiceGroup.OTHER,
        handed_over_by=HandedOverBy.LETTER,
        form_length=FormLength.FULL,
    )
    ticket = Ticket(replace(known, **changes), named_officers, 10, code_hmac)
    return occasions.issue(ticket, secret=SECRET)


def page_of(language="sv", version=1):
    """The address of the questions."""
    return f"/svara/{KEY}/{version}/{language}"


def sent(client, signed, language="sv", outcome="send", script="1", **answers):
    """Send a form the way a browser does."""
    data = {"o": signed, "script": script, "outcome": outcome} | (answers or ANSWERS)
    return client.post(page_of(language), data=data, with_token=False)


def count(session, table):
    """How many rows, as others have left the table."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))
