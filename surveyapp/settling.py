"""The nightly settling: rows rewritten in random order, old copies swept, receipts erased.

The keys are random, so the order of the keys is one that nothing can be read from.
PostgreSQL keeps in each row the number of the transaction that wrote it. So every row of this
month and the last is written anew each time: what is left of its history is then no finer than
the month that is stored anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    table,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from surveyapp import collecting
from surveyapp.db import Base, sweep, writing
from surveyapp.errors import N_, SurveyError
from surveyapp.models import Answer, FreeText, ReceiptWeek, Response, SeenReceipt
from surveyapp.periods import month_of

RECEIPT_DAYS = 14  # how long a tablet can say that a receipt went to the wrong unit
SEEN_DAYS = 400  # how long a resend is recognised
SWEPT = ("response", "answer", "free_text", "seen_receipt", "receipt_week", "access_code")


@dataclass(frozen=True)
class Settled:
    """What one settling did."""

    n_new: int
    n_let_in: int
    n_receipts_erased: int


def settle(session: Session, *, today: date, sealer: collecting.Sealer) -> Settled:
    """Settle everything that has come in. Killed half-way, the next run finishes it.

    It commits by itself: rewriting must be done before the sweeping, which no transaction can
    hold.
    """
    _refuse_timestamps(session)
    with writing(session):
        n_let_in = collecting.retry_quarantine(session, today=today, sealer=sealer)
        n_erased = _erase_receipts(session, today)
        n_new = session.scalar(
            select(func.count()).select_from(Response).where(~Response.is_settled)
        )
        _rewrite(session, today)
    sweep(session, SWEPT)
    return Settled(n_new or 0, n_let_in, n_erased)


def _refuse_timestamps(session: Session) -> None:
    """PostgreSQL can be told to keep the moment of every commit; then nothing is anonymous."""
    if session.get_bind().dialect.name != "postgresql":
        return
    if session.scalar(text("SHOW track_commit_timestamp")) == "on":
        raise SurveyError(
            N_("PostgreSQL keeps the time of every answer: set track_commit_timestamp to off.")
        )


def _erase_receipts(session: Session, today: date) -> int:
    """A receipt came some day of its week, so it is 14 days old at the latest 20 days on."""
    plainly = {"synchronize_session": False}
    old = select(ReceiptWeek.receipt).where(
        ReceiptWeek.week < today - timedelta(days=RECEIPT_DAYS + 6)
    )
    erased = session.execute(
        update(Response).where(Response.receipt.in_(old)).values(receipt=None),
        execution_options=plainly,
    )
    session.execute(
        delete(ReceiptWeek).where(ReceiptWeek.receipt.in_(old)), execution_options=plainly
    )
    session.execute(
        delete(SeenReceipt).where(SeenReceipt.month < month_of(today - timedelta(SEEN_DAYS))),
        execution_options=plainly,
    )
    return cast("CursorResult[Any]", erased).rowcount


def _rewrite(session: Session, today: date) -> None:
    """Take the rows of this month and the last out and put them back in another order."""
    last_month = month_of(month_of(today) - timedelta(days=1))
    recent = or_(~Response.is_settled, Response.month >= last_month)
    with (
        _taken_out(session, Answer, Answer.response_id.in_(select(Response.id).where(recent))),
        _taken_out(session, Response, recent),
        _taken_out(
            session, FreeText, or_(~FreeText.is_settled, FreeText.year >= last_month.year)
        ),
        _taken_out(session, SeenReceipt, SeenReceipt.month >= last_month),
        _taken_out(session, ReceiptWeek, true()),
    ):
        pass


@contextmanager
def _taken_out(
    session: Session, model: type[Base], rows: ColumnElement[bool]
) -> Iterator[None]:
    """Hold rows in a temporary table, then insert them in the order of their random key."""
    stored = cast(Table, model.__table__)
    shelf = table(f"shelf_{stored.name}", *(column(c.name, c.type) for c in stored.columns))
    empty = f"SELECT * FROM {stored.name} WHERE 1 = 0"  # noqa: S608 - names of our own tables
    session.execute(text(f"CREATE TEMPORARY TABLE {shelf.name} AS {empty}"))
    names = [c.name for c in stored.columns]
    session.execute(insert(shelf).from_select(names, select(stored).where(rows)))
    session.execute(delete(stored).where(rows))
    yield
    kept = [true() if name == "is_settled" else shelf.c[name] for name in names]
    by_key = [shelf.c[c.name] for c in stored.primary_key]
    session.execute(insert(stored).from_select(names, select(*kept).order_by(*by_key)))
    session.execute(text(f"DROP TABLE {shelf.name}"))
