"""Answers at the wrong unit: asked for, confirmed, decided, moved."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from surveyapp import collecting, moving, settling
from surveyapp.db import Base, db, writing
from surveyapp.errors import MoveRefused
from surveyapp.models import (
    AuditEvent,
    Channel,
    FreeText,
    MovedCount,
    MovePart,
    MoveReceipt,
    MoveRequest,
    MoveState,
    OfferTally,
    Outcome,
    Response,
    ResponseStatus,
    UnitSuccession,
)
from tests.moves import APRIL, MAY_4, WHY, confirmed, moved, requested, sent, wish
from tests.released import answered, happy, release

MARCH = date(2026, 3, 1)
SEALER = collecting.sealer("a secret that only the tests know")


@pytest.fixture
def units(make):
    make.published(version=1)
    return make.unit(code="skarholmen"), make.unit(code="hagersten")


@pytest.fixture
def ask(session):
    """Ask as a tablet of some units."""

    def ask(wish, units):
        with writing(session):
            return moving.request(session, wish, units=units)

    return ask


def n_at(session, unit):
    session.expire_all()
    return session.scalar(select(func.count()).where(Response.unit_id == unit.id))


def offers_at(session, unit):
    rows = session.execute(
        select(OfferTally.month, OfferTally.outcome, OfferTally.n).where(
            OfferTally.unit_id == unit.id, OfferTally.n > 0
        )
    )
    return {(month, outcome): n for month, outcome, n in rows}


def log(session):
    return [
        (e.actor, e.action, e.subject)
        for e in session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    ]


def test_answers_and_offers_move_when_three_hands_agree(session, units):
    old, new = units
    answered(session, old, APRIL, happy(3, of=4))
    receipts = sent(session, old, APRIL, happy(2, of=3))
    receipts += sent(session, old, MARCH, happy(1, of=1), status=ResponseStatus.PARTIAL)
    for unit, n in ((old, 1), (new, 7)):
        with writing(session):
            collecting.count_offers(
                session,
                unit_id=unit.id,
                month=MARCH,
                channel=Channel.TABLET,
                outcome=Outcome.PARTLY,
                n=n,
            )

    made = moved(session, old, new, receipts)

    assert (made.state, made.n, made.confirmed_by, made.decided_by, made.decided_on) == (
        MoveState.APPROVED,
        4,
        "kvalitet",
        "analytiker",
        MAY_4,
    )
    assert (n_at(session, old), n_at(session, new)) == (4, 4)
    assert offers_at(session, old)[APRIL, Outcome.ANSWERED] == 4
    assert offers_at(session, new)[APRIL, Outcome.ANSWERED] == 3
    assert (MARCH, Outcome.PARTLY) not in offers_at(session, old)
    assert offers_at(session, new)[MARCH, Outcome.PARTLY] == 8
    assert session.scalars(select(MoveReceipt)).all() == []


def test_log_says_who_from_where_to_where_how_many_and_why(session, units):
    receipts = sent(session, units[0], APRIL, happy(2, of=3))

    moved(session, *units, receipts)

    subject = f"skarholmen -> hagersten 2026-04: 3. {WHY}"
    assert log(session) == [
        ("tablet", "move.request", subject),
        ("kvalitet", "move.confirm", subject),
        ("analytiker", "move.approve", subject),
    ]
    assert not [
        r for r in receipts if r.hex in str(log(session)) or str(r) in str(log(session))
    ]


def test_request_counts_only_answers_of_the_unit_and_holds_only_their_receipts(
    session, units, ask, make
):
    old, new = units
    here = sent(session, old, APRIL, happy(1, of=2)) + sent(session, old, MARCH, happy(1, of=1))
    elsewhere = sent(session, make.unit(), APRIL, happy(1, of=1))

    ask(wish(old, new, [*here, *elsewhere, uuid4()]), [old.code, new.code])

    made = moving.moves(session, None)[0]
    assert [(part.month, part.n) for part in made.parts] == [(MARCH, 1), (APRIL, 2)]
    assert set(session.scalars(select(MoveReceipt.receipt))) == set(here)


def test_same_request_again_is_no_new_one_whatever_it_says(session, units, ask):
    old, new = units
    first = wish(old, new, sent(session, old, APRIL, happy(1, of=2)))
    assert ask(first, [old.code, new.code]) is MoveState.REQUESTED
    with writing(session):
        moving.confirm(session, first.id, by="kvalitet")

    again = ask(wish(new, old, [], id=first.id, reason=""), [])

    assert again is MoveState.CONFIRMED
    assert session.scalar(select(func.count()).select_from(MoveRequest)) == 1
    assert len(log(session)) == 2


def test_same_request_five_times_at_the_same_moment_is_one(app, session, units):
    old, new = units
    made = wish(old, new, sent(session, old, APRIL, happy(1, of=3)))
    start, states = threading.Barrier(5), []

    def post():
        with app.app_context():
            start.wait()
            try:
                with writing(db.session):
                    states.append(
                        moving.request(db.session, made, units=["skarholmen", "hagersten"])
                    )
            finally:
                db.session.remove()

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states == [MoveState.REQUESTED] * 5
    assert len(log(session)) == 1
    assert session.scalar(select(func.count()).select_from(MoveReceipt)) == 3


def test_receipt_is_held_by_one_request_at_a_time(session, units, ask):
    old, new = units
    receipts = sent(session, old, APRIL, happy(1, of=3))
    requested(session, old, new, receipts[:2])

    id = requested(session, old, new, receipts)

    assert [m.n for m in moving.moves(session, None) if m.id == id] == [1]
    with pytest.raises(MoveRefused, match="nothing to move"):
        ask(wish(old, new, receipts), [old.code, new.code])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"reason": " \n "}, "Write why"),
        ({"reason": "x" * 501}, "at most 500"),
        ({"to_unit": "skarholmen"}, "Choose another unit"),
        ({"to_unit": "farsta"}, "does not belong to both"),
        ({"to_unit": "nowhere"}, "does not belong to both"),
        ({"from_unit": "nowhere"}, "does not belong to both"),
        ({"receipts": []}, "nothing to move"),
        ({"receipts": [uuid4()]}, "nothing to move"),
        ({"receipts": [uuid4() for _ in range(501)]}, "At most 500"),
    ],
)
def test_wish_that_does_not_hold_is_refused(session, units, ask, make, change, complaint):
    make.unit(code="farsta")
    old, new = units
    good = wish(old, new, sent(session, old, APRIL, happy(1, of=1)))
    values = {"id": good.id, "from_unit": old.code, "to_unit": new.code, "reason": WHY,
              "receipts": good.receipts} | change  # fmt: skip

    with pytest.raises(MoveRefused, match=complaint):
        ask(moving.Wish(**values), [old.code, new.code])

    assert session.scalars(select(MoveRequest)).all() == []
    assert log(session) == []


def test_units_before_and_after_the_tablets_own_are_its_own_too(session, make, ask):
    make.published(version=1)
    old = make.unit(code="norrmalm", valid_to=date(2026, 3, 31))
    new = make.unit(code="norra", valid_from=APRIL)
    make.store(UnitSuccession(old_id=old.id, new_id=new.id, takes_effect_on=APRIL))
    other = make.unit(code="farsta")
    in_march = sent(session, old, MARCH, happy(1, of=1))
    in_april = sent(session, other, APRIL, happy(1, of=1))

    assert ask(wish(old, other, in_march), [new.code, other.code]) is MoveState.REQUESTED
    assert ask(wish(other, new, in_april), [old.code, other.code]) is MoveState.REQUESTED


def test_month_must_exist_in_the_new_unit(session, make, ask):
    make.published(version=1)
    old, new = (
        make.unit(code="a"),
        make.unit(code="b", name="Beta", valid_from=date(2026, 4, 2)),
    )
    receipts = sent(session, old, MARCH, happy(1, of=1))
    codes = [old.code, new.code]

    with pytest.raises(MoveRefused, match="Beta did not exist in 2026-03"):
        ask(wish(old, new, receipts), codes)
    assert ask(wish(old, new, sent(session, old, APRIL, happy(1, of=1))), codes)


def test_new_unit_that_is_closed_meanwhile_gets_nothing(session, units):
    old, new = units
    id = confirmed(session, old, new, sent(session, old, APRIL, happy(1, of=1)))
    with writing(session):
        session.get_one(type(new), new.id).valid_to = date(2026, 3, 31)

    with pytest.raises(MoveRefused, match="did not exist"):
        moving.approve(session, id, by="analytiker", today=MAY_4)
    assert n_at(session, old) == 1


def decline(session, id, **by_and_day):
    with writing(session):
        moving.decline(session, id, **by_and_day)


@pytest.mark.parametrize("decide", [moving.approve, decline])
def test_whoever_confirmed_does_not_decide(session, units, decide):
    id = confirmed(session, *units, sent(session, units[0], APRIL, happy(1, of=1)))

    with pytest.raises(MoveRefused, match="Somebody else must decide"):
        decide(session, id, by="kvalitet", today=MAY_4)
    assert n_at(session, units[0]) == 1
    assert session.scalar(select(func.count()).select_from(MoveReceipt)) == 1


def test_move_that_nobody_confirmed_is_not_made(session, units):
    id = requested(session, *units, sent(session, units[0], APRIL, happy(1, of=1)))

    with pytest.raises(MoveRefused, match="confirmed by one of the units first"):
        moving.approve(session, id, by="analytiker", today=MAY_4)


def test_declined_move_leaves_the_answers_and_lets_the_receipts_go(session, units):
    id = requested(session, *units, sent(session, units[0], APRIL, happy(1, of=2)))

    decline(session, id, by="chef", today=MAY_4)

    assert n_at(session, units[0]) == 2
    assert session.scalars(select(MoveReceipt)).all() == []
    assert moving.states(session, [id, uuid4()]) == {id.hex: "declined"}
    assert log(session)[-1][:2] == ("chef", "move.decline")


def test_decided_move_is_decided_once(session, units):
    receipts = sent(session, units[0], APRIL, happy(1, of=1))
    made = moved(session, *units, receipts)

    with pytest.raises(MoveRefused, match="decided already"):
        moving.approve(session, made.id, by="analytiker2", today=MAY_4)
    with writing(session), pytest.raises(MoveRefused, match="decided already"):
        moving.confirm(session, made.id, by="chef")
    with pytest.raises(MoveRefused, match="decided already"):
        decline(session, made.id, by="chef", today=MAY_4)
    assert n_at(session, units[1]) == 1


def test_move_that_is_confirmed_is_not_confirmed_again(session, units):
    id = confirmed(session, *units, sent(session, units[0], APRIL, happy(1, of=1)))

    with writing(session), pytest.raises(MoveRefused, match="confirmed the move already"):
        moving.confirm(session, id, by="chef")


def test_held_receipts_are_kept_until_the_decision_and_then_erased(session, units):
    old, new = units
    receipts = sent(session, old, APRIL, happy(1, of=2))
    id = confirmed(session, old, new, receipts[:1])
    later = MAY_4 + timedelta(days=40)

    def settle():
        settling.settle(session, today=later, sealer=SEALER)
        session.expire_all()
        return {r for r in session.scalars(select(Response.receipt)) if r}

    assert settle() == {receipts[0]}
    moving.approve(session, id, by="analytiker", today=later)
    assert settle() == set()
    assert (n_at(session, old), n_at(session, new)) == (1, 1)


def test_moved_rows_are_written_anew_by_the_next_settling(session, units):
    receipts = sent(session, units[0], date(2026, 1, 1), happy(1, of=1))
    settling.settle(session, today=MAY_4, sealer=SEALER)

    moved(session, *units, receipts)

    session.expire_all()
    assert session.scalars(select(Response.is_settled)).all() == [False]
    settling.settle(session, today=MAY_4, sealer=SEALER)
    assert session.scalars(select(Response.is_settled)).all() == [True]


def test_own_words_stay_where_they_came(session, units):
    old, new = units
    with writing(session):
        session.add(FreeText(unit_id=old.id, year=2026, text="Tack"))

    moved(session, old, new, sent(session, old, APRIL, happy(1, of=1)))

    assert session.scalars(select(FreeText.unit_id)).all() == [old.id]


def test_nothing_ties_a_move_to_a_tablet_or_to_an_answer():
    of_moves = {t for t in Base.metadata.tables if t.startswith("move")}
    links = {
        (table.name, key.column.table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if table.name in of_moves or key.column.table.name in of_moves
    }

    assert {other for _table, other in links} == {
        "unit",
        "move_request",
        "questionnaire_version",
    }
    assert not [
        column.name
        for name in of_moves
        for column in Base.metadata.tables[name].columns
        if "device" in column.name or column.name.endswith("_at")
    ]


@pytest.mark.parametrize("out", [(), ("2026-T1",)])
def test_move_says_whether_its_figures_were_out(session, units, out):
    for unit in units:
        answered(session, unit, APRIL, happy(20, of=30))
    receipts = sent(session, units[0], APRIL, happy(9, of=11))
    release(session, *out)

    moved(session, *units, receipts)

    session.expire_all()
    assert session.scalars(select(MovePart.after_release)).all() == [bool(out)]
    changes = session.execute(
        select(MovedCount.unit_id, func.sum(MovedCount.n))
        .where(MovedCount.question == "hel_nojd", MovedCount.dimension == "total")
        .group_by(MovedCount.unit_id)
    )
    assert dict(changes.all()) == ({units[0].id: -11, units[1].id: 11} if out else {})
