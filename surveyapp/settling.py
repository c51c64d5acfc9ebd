"""The nightly settling: rows rewritten in random order, old copies swept, receipts erased.

The keys are random, so the order of the keys is one that nothing can be read from.
PostgreSQL keeps in each row the number of the transaction that wrote it. So months are written
anew as a whole, this one and the last each time and an older one whenever something of it has
changed: what is left of the history is then no finer than the month that is stored anyway.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
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
from surveyapp.db import Base, is_postgresql, sweep, writing
from surveyapp.errors import N_, SurveyError
from surveyapp.models import (
    Answer,
    FreeText,
    MoveReceipt,
    Quarantine,
    ReceiptWeek,
    Response,
    SeenReceipt,
)
from surveyapp.periods import month_of
from surveyapp.sealing import Sealer

RECEIPT_DAYS = 14  # how long a tablet can say that a receipt went to the wrong unit
SEEN_DAYS = 400  # how long a resend is recognised
SWEPT = (
    "response",
    "answer",
    "free_text",
    "seen_receipt",
    "receipt_week",
    "quarantine",
    "move_request",
    "move_part",
    "move_receipt",
    "moved_count",
    "access_code",
    "offer_tally",
    "device",
)


@dataclass(frozen=True)
class Settled:
    """What one settling did, and how much is still in quarantine."""

    n_new: int
    n_let_in: int
    n_receipts_erased: int
    n_in_quarantine: int


def settle(session: Session, *, today: date, sealer: Sealer) -> Settled:
    """Settle everything that has come in. Killed half-way, the next run finishes it.

    It commits by itself: rewriting must be done before the sweeping, which no transaction can
    hold.
    """
    _refuse_timestamps(session)
    with writing(session):
        n_let_in = collecting.retry_quarantine(session, today=today, sealer=sealer)
    with writing(session):
        _let_nobody_in(session)
        n_new = session.scalar(
            select(func.count()).select_from(Response).where(~Response.is_settled)
        )
        last_month = month_of(month_of(today) - timedelta(days=1))
        old = _old_receipts(session, today)
        months = _touched_months(session, last_month, old)
        _erase(session, old, today)
        _rewrite(session, months, last_month)
        n_parked = session.scalar(select(func.count()).select_from(Quarantine))
    sweep(session, SWEPT)
    return Settled(n_new or 0, n_let_in, len(old), n_parked or 0)


def _refuse_timestamps(session: Session) -> None:
    """PostgreSQL can be told to keep the moment of every commit; then nothing is anonymous."""
    if not is_postgresql(session):
        return
    if session.scalar(text("SHOW track_commit_timestamp")) == "on":
        raise SurveyError(
            N_("PostgreSQL keeps the time of every answer: set track_commit_timestamp to off.")
        )


def _let_nobody_in(session: Session) -> None:
    """Hold back what comes in meanwhile: what is taken out and what is deleted must be one.

    The door writes to `seen_receipt` first, so whoever is inside gets done and nobody waits
    for somebody who waits for them. SQLite has one writer anyway.
    """
    if is_postgresql(session):
        session.execute(
            text(
                "LOCK TABLE seen_receipt, receipt_week, response, answer, free_text, "
                "quarantine IN SHARE ROW EXCLUSIVE MODE"
            )
        )


def _old_receipts(session: Session, today: date) -> list[UUID]:
    """A receipt came some day of its week, so it is 14 days old at the latest 20 days on.

    What an undecided request to move answers holds is kept until it is decided.
    """
    before = today - timedelta(days=RECEIPT_DAYS + 6)
    held = select(MoveReceipt.receipt)
    statement = select(ReceiptWeek.receipt).where(
        ReceiptWeek.week < before, ReceiptWeek.receipt.not_in(held)
    )
    return list(session.scalars(statement))


def _touched_months(
    session: Session, last_month: date, old: Collection[UUID]
) -> Collection[date]:
    """Months to rewrite whole: the last two, and those of late forms and erased receipts."""
    touched = or_(~Response.is_settled, Response.month >= last_month, Response.receipt.in_(old))
    return session.scalars(select(Response.month).where(touched).distinct()).all()


def _erase(session: Session, old: Collection[UUID], today: date) -> None:
    """Forget old receipts, and what would tell the answers that came under them.

    Of what waits in quarantine a resend is recognised as long as it waits.
    """
    plainly = {"synchronize_session": False}
    for statement in (
        update(Response).where(Response.receipt.in_(old)).values(receipt=None),
        update(SeenReceipt)
        .where(SeenReceipt.receipt_sha256.in_([collecting.sha256_of(each) for each in old]))
        .values(envelope_sha256=None),
        delete(ReceiptWeek).where(ReceiptWeek.receipt.in_(old)),
        delete(SeenReceipt).where(
            SeenReceipt.month < month_of(today - timedelta(SEEN_DAYS)),
            SeenReceipt.receipt_sha256.not_in(select(Quarantine.receipt_sha256)),
        ),
    ):
        session.execute(statement, execution_options=plainly)


def _rewrite(session: Session, months: Collection[date], last_month: date) -> None:
    """Take the rows of these months out and put them back in another order."""
    recent = Response.month.in_(months)
    years = {month.year for month in months} | {last_month.year}
    with (
        _taken_out(session, Answer, Answer.response_id.in_(select(Response.id).where(recent))),
        _taken_out(session, Response, recent),
        _taken_out(session, FreeText, FreeText.year.in_(years)),
        _taken_out(session, SeenReceipt, true()),
        _taken_out(session, ReceiptWeek, true()),
        _taken_out(session, Quarantine, true()),
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
