"""What a tablet asks of the server: enrolment, how things are, and taking what it sends."""

from dataclasses import replace
import pytest
from sqlalchemy import func, select
from surveyapp.models import Response
from tests.tablets import answered, enrolled, over, declined


@pytest.fixture
def farsta(make):
    make.published(1)
    return make.unit(code="farsta", name="Farsta")


@pytest.fixture
def tablet(app, client, session, farsta):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], today="2026-03-10")
    return enrolled(session, over(client), [farsta])


def test_all(tablet, session):
    e = tablet.seal(answered())
    assert tablet.deliver(e)
    assert tablet.deliver(e)
    assert tablet.deliver(tablet.seal(declined()))
    assert tablet.deliver(tablet.seal(answered(version=2)))
    assert tablet.deliver(b"{}")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Response)) == 1
        session.scalars(select(Quarantine.reason)).all(),
        session.scalars(select(Device.quarantined_count)).all(),
    )
    assert tablet.report(3) == 200
