"""Scenario 3: an officer confirmed the wrong unit four mornings in a row."""

import json
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from surveyapp import auditing, collecting, reporting, settling
from surveyapp.access import Role
from surveyapp.models import (
    AuditEvent,
    HandedOverBy,
    MovePart,
    OfferTally,
    Outcome,
    ReceiptWeek,
    ReleasedOffer,
    Response,
    Tally,
)
from surveyapp.periods import Period
from tests.client import words
from tests.released import answered, figure_of, happy, printed, release
from tests.tablets import answered as sealed_answer
from tests.tablets import enrolled, over

APRIL, MAY_4 = date(2026, 4, 1), date(2026, 5, 4)
T1 = Period.parse("2026-T1")
SEALER = collecting.sealer("a secret that only the tests know")
WHY = "Jag bekräftade Skärholmen av gammal vana."


@pytest.fixture
def units(session, make):
    """Both units with what was answered there, but for the eleven."""
    make.published(1)
    skarholmen = make.unit(code="skarholmen", name="Skärholmen")
    hagersten = make.unit(code="hagersten-alvsjo", name="Hägersten-Älvsjö")
    answered(session, skarholmen, APRIL, happy(52, of=63))
    answered(session, hagersten, APRIL, happy(210, of=250))
    return skarholmen, hagersten


@pytest.fixture
def wish(client, session, on, units):
    """Eleven answers of the other unit, sent in four days, and what the tablet asks for."""
    tablet = enrolled(session, over(client), units)
    receipts = [uuid4() for _ in range(11)]
    for number, receipt in enumerate(receipts):
        on(date(2026, 4, 20) + timedelta(days=number // 3))
        answers = {"hel_nojd": "mycket_nojd" if number < 9 else "mycket_missnojd"}
        envelope = tablet.seal(
            sealed_answer(
                {"bak_svarar": "sjalv"} | answers,
                receipt=receipt,
                unit="skarholmen",
                month=APRIL,
                handed_over_by=HandedOverBy.OTHER_OFFICER,
            )
        )
        assert tablet.deliver(envelope)
    on(MAY_4)

    def ask():
        content = {
            "request": uuid4().hex,
            "from": "skarholmen",
            "to": "hagersten-alvsjo",
            "receipts": [receipt.hex for receipt in receipts],
            "reason": WHY,
        }
        assert tablet.send("/platta/flytt", json.dumps(content).encode()) == (
            200,
            {"state": "requested"},
        )
        return content["request"]

    return ask


@pytest.fixture
def staff(make, units):
    """Quality staff of one of the units, and the city's analyst."""
    return (
        make.account(Role.QUALITY_STAFF, units=units[1:], name="kvalitet"),
        make.account(Role.CITY_ANALYST, name="analytiker"),
    )


@pytest.fixture
def three_hands(client, wish, staff):
    """Asked for, confirmed and approved, on the pages that are there for it."""

    def move():
        wish()
        read = []
        for account, start in zip(staff, ("/surfplattor", "/surfplattor/beslut"), strict=True):
            client.log_in(account)
            listed = client.get(start)
            path = re.search(r'"(/surfplattor/(?:flytt|beslut)/[0-9a-f-]{36})"', listed.text)[1]
            read += [words(listed), words(client.get(path))]
            assert client.post(path, data={"answer": "yes"}).status_code == 303
        return read

    return move


def offers(session, units):
    """How many answered by the offers of each unit."""
    session.rollback()
    query = select(func.sum(OfferTally.n)).where(OfferTally.outcome == Outcome.ANSWERED)
    return [session.scalar(query.where(OfferTally.unit_id == unit.id)) for unit in units]


def shares(session, units, period=T1):
    session.rollback()
    results = reporting.city_results(session, period)
    return [(figure_of(results, unit).n, printed(figure_of(results, unit))) for unit in units]


def test_answers_move_and_what_it_would_have_been_before_appears_nowhere(
    client, session, units, three_hands, on
):
    assert offers(session, units) == [74, 250]

    read = three_hands()
    assert offers(session, units) == [63, 261]
    on(date(2026, 5, 9))
    release(session, "2026-T1")

    assert shares(session, units) == [(63, (83, 71, 91)), (261, (84, 79, 88))]
    read += [
        words(client.get(path))
        for path in (
            "/resultat",
            "/resultat/skarholmen",
            "/resultat/hagersten-alvsjo",
            "/resultat/fraga/hel_nojd?period=2026-T1",
            "/surfplattor/beslut",
        )
    ]
    sentence = "11 svar, april 2026, Skärholmen → Hägersten-Älvsjö"
    assert [sentence in page for page in read] == [True] * 4 + [False] * 4 + [True]
    assert "83 % [71–91]" in read[5]
    assert "84 % [79–88]" in read[6]
    before = re.compile(r"\b(?:61|74|210|250 svar)\b")  # 250 alone is a mark on an axis
    assert [found for page in read for found in before.findall(page)] == []
    assert not {61, 74, 210, 250} & set(session.scalars(select(Tally.n)))
    assert not {61, 74, 210, 250} & set(session.scalars(select(ReleasedOffer.n)))


def test_log_says_who_when_from_where_to_where_how_many_and_why(session, three_hands):
    three_hands()

    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    subject = f"skarholmen -> hagersten-alvsjo 2026-04: 11. {WHY}"
    assert [(row.actor, row.action, row.subject) for row in rows] == [
        ("tablet", "move.request", subject),
        ("kvalitet", "move.confirm", subject),
        ("analytiker", "move.approve", subject),
    ]
    assert all(row.happened_at for row in rows)
    assert auditing.first_broken(session) is None


def test_receipts_are_held_until_the_move_is_decided(session, units, wish, client, staff):
    def kept(day):
        settling.settle(session, today=day, sealer=SEALER)
        session.expire_all()
        held = select(func.count()).where(Response.receipt.is_not(None))
        return session.scalar(held), session.scalars(select(ReceiptWeek)).all()

    assert kept(MAY_4)[0] == 11
    move = wish()
    assert kept(date(2026, 7, 1))[0] == 11

    client.log_in(staff[0])
    client.post(f"/surfplattor/flytt/{UUID(move)}", data={"answer": "no"})

    assert kept(date(2026, 7, 1)) == (0, [])
    assert offers(session, units) == [74, 250]


def test_figures_that_are_out_stay_and_so_does_the_year(session, units, three_hands, on):
    """Nobody else came late, so the year is the sum of its tertials for both units."""
    release(session, "2026-T1")
    before = shares(session, units)
    three_hands()
    on(date(2027, 1, 9))
    session.rollback()  # what it read before is old
    release(session, "2026-T2", "2026-T3", "2026")

    year = Period(2026)
    assert [n for n, _printed in before] == [74, 250]
    assert shares(session, units) == before
    assert [n for n, _printed in shares(session, units, year)] == [74, 250]
    assert session.scalars(select(MovePart.after_release)).all() == [True]
