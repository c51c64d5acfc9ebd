"""After settling, nothing ties a response to a tablet, a code, a moment or an order."""

import threading
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, delete, func, literal_column, select, text, update
from sqlalchemy.orm import Session

from surveyapp import auditing, collecting, settling
from surveyapp.collecting import parked
from surveyapp.db import Base, db, writing
from surveyapp.errors import SurveyError
from surveyapp.models import (
    AccessCode,
    Answer,
    Device,
    FreeText,
    Quarantine,
    ReceiptWeek,
    Response,
    SeenReceipt,
)
from tests import database
from tests.test_collecting import SEALER, answered

MONDAY = date(2026, 3, 2)
CODE = "c0de" * 16
ON_SQLITE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("app", ["postgresql"], indirect=True)


@pytest.fixture
def city(session, make):
    unit = make.unit(code="farsta")
    make.published(version=1, valid_from=date(2022, 1, 1))
    return unit


def visit(session, day, answers=None, **changes):
    """One answer comes in, and the tablet says in a transaction of its own that it was here."""
    submission = answered(answers, **changes)
    with writing(session):
        collecting.submit(session, submission, today=day, units=None, sealer=SEALER)
    with writing(session):
        session.execute(update(Device).values(last_contact_on=day))
        auditing.record(session, "registrator", "sign in")
    return submission.occasion.receipt


def settle(session, day):
    return settling.settle(session, today=day, sealer=SEALER)


def answers_of(session):
    rows = session.execute(select(Answer.response_id, Answer.question, Answer.value))
    return sorted(tuple(row) for row in rows)


def test_settling_keeps_every_answer(session, city):
    for _ in range(4):
        visit(session, MONDAY, {"bak_svarar": "sjalv", "hel_fritext": "Tack"})
    before = answers_of(session)

    done = settle(session, MONDAY)

    session.expire_all()
    assert done == settling.Settled(n_new=4, n_let_in=0, n_receipts_erased=0, n_in_quarantine=0)
    assert answers_of(session) == before
    assert session.scalar(select(func.count()).select_from(FreeText)) == 4
    assert all(session.scalars(select(Response.is_settled)))
    assert settle(session, MONDAY).n_new == 0


def test_settling_that_is_killed_half_way_loses_nothing(session, city, monkeypatch):
    visit(session, MONDAY)
    before = answers_of(session)

    class Killed(BaseException):
        pass

    def die(*_args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(settling, "sweep", die)
        with pytest.raises(Killed):
            settle(session, MONDAY)
    settle(session, MONDAY)

    assert answers_of(session) == before


def test_receipt_is_kept_for_14_days_and_erased_after_20(session, city):
    receipt = visit(session, MONDAY)

    assert settle(session, MONDAY + timedelta(days=20)).n_receipts_erased == 0
    assert session.scalars(select(Response.receipt)).all() == [receipt]

    assert settle(session, MONDAY + timedelta(days=21)).n_receipts_erased == 1
    assert session.scalars(select(Response.receipt)).all() == [None]
    assert session.scalars(select(ReceiptWeek)).all() == []


def test_resend_is_recognised_for_400_days(session, city):
    submission = answered()
    with writing(session):
        collecting.submit(session, submission, today=MONDAY, units=None, sealer=SEALER)

    settle(session, MONDAY + timedelta(days=400))
    with writing(session):
        again = collecting.submit(
            session,
            submission,
            today=MONDAY + timedelta(days=400),
            units=None,
            sealer=SEALER,
        )
    assert again is collecting.Taken.REPEATED

    settle(session, MONDAY + timedelta(days=450))
    assert session.scalars(select(SeenReceipt)).all() == []


@ON_SQLITE
def test_used_code_and_erased_receipt_are_in_no_byte_of_the_file(session, city):
    with writing(session):
        session.add(AccessCode(code_hmac=CODE, unit_id=city.id, month=date(2026, 3, 1)))
    receipt = visit(session, MONDAY, {"bak_svarar": "sjalv", "hel_fritext": "Ovanliga ord"})
    with writing(session):
        session.execute(delete(AccessCode))

    settle(session, MONDAY + timedelta(days=21))

    raw = every_byte(session)
    assert receipt.hex.encode() not in raw
    assert CODE.encode() not in raw
    assert raw.count(b"Ovanliga ord") == 1


def every_byte(session):
    path = Path(session.get_bind().url.database)
    beside = [path.with_name(path.name + end) for end in ("", "-wal", "-journal")]
    return b"".join(file.read_bytes() for file in beside if file.exists())


@ON_SQLITE
@pytest.mark.parametrize("table", [Response, Answer, FreeText, SeenReceipt, ReceiptWeek])
def test_answer_tables_have_no_hidden_row_number(session, table):
    sql = session.scalar(
        text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table.__tablename__}
    )
    assert sql.rstrip().endswith("WITHOUT ROWID")


@ON_POSTGRESQL
def test_hidden_columns_keep_neither_transaction_nor_order_of_a_visit(session, city):
    with writing(session):
        session.add(Device(name="Surfplatta 4"))
    for day in range(3):  # three days, settled each evening
        for _ in range(5):
            visit(session, MONDAY + timedelta(days=day))
        settle(session, MONDAY + timedelta(days=day))

    written_by = {
        table.__tablename__: set(
            session.scalars(select(literal_column("xmin::text")).select_from(table))
        )
        for table in (Response, Answer, SeenReceipt, ReceiptWeek, Device)
    }
    assert len(written_by["response"]) == 1, "one transaction wrote all days' responses"
    assert written_by["response"] == written_by["answer"] == written_by["seen_receipt"]
    assert not written_by["response"] & written_by["device"]
    by_place = session.scalars(text("SELECT id FROM response ORDER BY ctid")).all()
    assert by_place == sorted(by_place), "the order on disk is that of the random keys"
    assert session.scalar(text("SELECT max(ctid) FROM response")) == "(0,15)", "no old copies"


@ON_POSTGRESQL
def test_hidden_columns_keep_neither_week_nor_text_of_a_late_form(session, city):
    """Keyed in May for January: its month is written anew as a whole, twice."""
    for _ in range(3):
        visit(session, date(2026, 1, 12), month=date(2026, 1, 1))
    settle(session, date(2026, 1, 12))
    late = date(2026, 5, 4)
    visit(session, late, {"bak_svarar": "sjalv", "hel_fritext": "Sent"}, month=date(2026, 1, 1))
    settle(session, late)
    settle(session, late + timedelta(days=21))

    responses = session.scalars(
        select(literal_column("xmin::text")).select_from(Response)
    ).all()
    assert len(responses) == 4
    assert len(set(responses)) == 1


@ON_POSTGRESQL
def test_hidden_columns_do_not_tell_which_tablet_something_in_quarantine_came_from(
    session, city
):
    with writing(session):
        session.add(Device(name="Surfplatta 4"))
    lost = collecting.Sender(["farsta"], is_revoked=True)
    for day in range(4):
        came = collecting.Delivered(f"envelope {day}".encode(), None)
        with writing(session):
            collecting.submit_sealed(session, came, lost, today=MONDAY)
        with writing(session):
            session.execute(update(Device).values(quarantined_count=day))
    settle(session, MONDAY)

    rows = session.scalars(select(literal_column("xmin::text")).select_from(Quarantine)).all()
    by_place = session.scalars(text("SELECT id FROM quarantine ORDER BY ctid")).all()
    assert len(rows) == 4
    assert len(set(rows)) == 1
    assert by_place == sorted(by_place)


@ON_POSTGRESQL
def test_answer_that_comes_while_rows_are_taken_out_waits_and_is_kept(
    app, session, city, monkeypatch
):
    visit(session, MONDAY)
    arrived, threads = [], []
    taken_out = settling._taken_out

    def send():
        with app.app_context(), writing(db.session):
            taken = collecting.submit(
                db.session, answered(), today=MONDAY, units=None, sealer=SEALER
            )
        arrived.append(taken)

    def with_a_visitor(*arguments):
        if not threads:
            threads.append(threading.Thread(target=send))
            threads[0].start()
            threads[0].join(timeout=1)
            assert arrived == [], "it waits"
        return taken_out(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(settling, "_taken_out", with_a_visitor)
        settle(session, MONDAY)
    threads[0].join()

    assert arrived == [collecting.Taken.STORED]
    assert session.scalar(select(func.count()).select_from(Response)) == 2
    assert session.scalar(select(func.count()).select_from(Answer)) == 2 * 19


@ON_POSTGRESQL
def test_trying_again_while_the_settling_begins_stops_neither(app, session, city, monkeypatch):
    """One holds what waits and goes on to the receipts, which the other is about to lock."""
    lost, both = "a lost secret", collecting.sealer("a new secret", ("a lost secret",))
    envelope = collecting.sealer(lost).seal(answered().as_dict())
    came = collecting.unsealed(envelope, SEALER)
    with writing(session):
        sender = collecting.Sender(["farsta"])
        collecting.submit_sealed(session, came, sender, today=MONDAY)
    holds, asked, let_in = threading.Event(), threading.Event(), []

    def try_again():
        with app.app_context(), writing(db.session):
            let_in.append(collecting.retry_quarantine(db.session, today=MONDAY, sealer=both))

    opened = parked._opened

    def slowly(*arguments):
        if threading.current_thread() is office:
            holds.set()
            assert asked.wait(10)
        return opened(*arguments)

    office = threading.Thread(target=try_again)
    let_nobody_in = settling._let_nobody_in

    def while_it_is_tried(session):
        office.start()
        assert holds.wait(10)
        threading.Thread(target=until_it_waits, args=(pid_of(session),)).start()
        let_nobody_in(session)

    def until_it_waits(pid):
        with app.app_context():
            while not db.session.scalar(select(func.cardinality(func.pg_blocking_pids(pid)))):
                db.session.rollback()
            db.session.remove()
        asked.set()

    with monkeypatch.context() as patched:
        patched.setattr(parked, "_opened", slowly)
        patched.setattr(settling, "_let_nobody_in", while_it_is_tried)
        done = settle(session, MONDAY)
    office.join()

    assert (let_in, done.n_in_quarantine) == ([1], 0)
    assert session.scalar(select(func.count()).select_from(Response)) == 1


def pid_of(session):
    return session.connection().connection.driver_connection.info.backend_pid


def test_resend_of_what_still_waits_is_recognised_however_late(session, city):
    parked = answered(version=2)
    send = partial(collecting.submit, session, parked, units=None, sealer=SEALER)
    with writing(session):
        send(today=MONDAY)
    much_later = MONDAY + timedelta(days=450)
    settle(session, much_later)

    with writing(session):
        assert send(today=much_later) is collecting.Taken.REPEATED
    assert session.scalar(select(func.count()).select_from(SeenReceipt)) == 1


def test_nothing_tells_the_answers_that_came_under_an_erased_receipt(session, city):
    visit(session, MONDAY)
    assert None not in session.scalars(select(SeenReceipt.envelope_sha256)).all()

    settle(session, MONDAY + timedelta(days=21))

    assert session.scalars(select(SeenReceipt.envelope_sha256)).all() == [None]


def test_envelope_sealed_with_another_secret_stops_nothing(session, city):
    other = collecting.sealer("another secret than this one")
    with writing(session):
        collecting.submit(session, answered(version=2), today=MONDAY, units=None, sealer=other)

    assert settle(session, MONDAY).n_in_quarantine == 1


def test_postgresql_that_keeps_the_time_of_every_commit_is_refused():
    with database.postgresql_server("-c track_commit_timestamp=on") as url:
        engine = create_engine(url)
        with Session(engine) as session, pytest.raises(SurveyError, match="to off"):
            settle(session, MONDAY)
        engine.dispose()


def test_no_shared_key_joins_a_response_to_bookkeeping():
    apart = {"device", "access_code", "audit_event", "account", "free_text", "seen_receipt"}
    links = {
        (table.name, key.column.table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
    }

    assert not {pair for pair in links if "response" in pair and apart & set(pair)}
    assert not {pair for pair in links if "answer" in pair and apart & set(pair)}


def test_random_key_is_not_the_receipt(session, city):
    receipt = visit(session, MONDAY)

    assert session.scalars(select(Response.id)).one() not in (receipt, uuid4())
