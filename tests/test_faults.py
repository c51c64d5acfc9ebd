"""A real server killed, cut off and asked five times at once loses and doubles nothing."""

from datetime import date
from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from surveyapp import delivering, enrolling
from surveyapp.bench import bench, repeating
from surveyapp.bench.faults import FAULTS, filled, wrong_with
from surveyapp.bench.respondents import VERSION
from surveyapp.db import writing
from surveyapp.models import OfferTally, Response
from tests.tablets import SEALER, enrolled_without_network

TODAY = date(2026, 3, 10)


@pytest.mark.faults
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_answer_is_counted_once_whatever_happens_to_the_server(kind):
    result = CliRunner().invoke(
        bench, ["faults", "--times", "3", "--database", kind], catch_exceptions=False
    )

    assert result.exit_code == 0, result.output
    for fault in FAULTS:
        assert f"{kind}: {fault}" in result.output


@pytest.fixture
def outbox(session, make):
    """A day's visits, all delivered."""
    make.published(VERSION)
    units = [make.unit(code=code) for code in ("farsta", "bromma")]
    tablet = enrolled_without_network(session, units)
    outbox = filled(tablet, TODAY, Random(1))
    device = enrolling.device(session, tablet.number)
    for receipt, envelope in outbox.envelopes.items():
        delivering.deliver(session, device, envelope, today=TODAY, sealer=SEALER)
        outbox.told.add(receipt)
    return outbox


def test_nothing_is_wrong_with_what_was_delivered_once(session, outbox):
    assert wrong_with(session, [outbox]) == []


def test_answer_that_is_lost_is_told(session, outbox):
    with writing(session):
        session.delete(session.scalars(select(Response)).first())

    assert wrong_with(session, [outbox]) == ["5 responses are stored"]


def test_offer_that_is_counted_twice_is_told(session, outbox):
    with writing(session):
        session.execute(update(OfferTally).values(n=OfferTally.n + 1))

    [sentence] = wrong_with(session, [outbox])
    assert sentence.startswith("offers are counted as")


def test_envelope_that_was_never_received_is_told(session, outbox):
    outbox.told.pop()

    assert wrong_with(session, [outbox]) == ["7 of 8 were received"]


LIST = """
import pytest
from pathlib import Path

pytestmark = pytest.mark.faults

def test_holds():
    pass

def test_holds_the_first_time_only():
    ran = Path(__file__).with_suffix(".ran")
    assert not ran.exists()
    ran.touch()
"""


def test_whole_list_is_run_again_and_what_does_not_hold_each_time_is_named(
    tmp_path, monkeypatch
):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_list.py").write_text(LIST)
    monkeypatch.setattr(repeating, "ROOT", tmp_path)

    result = CliRunner().invoke(bench, ["faults", "--whole-list", "2"])

    assert result.exit_code == 1
    assert "test_holds_the_first_time_only: 1 of 2 times" in result.output
    assert "test_holds:" not in result.output
