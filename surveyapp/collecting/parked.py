"""What waits in quarantine: listed, tried again, and let in by a person's decision."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session, defer

from surveyapp.collecting.checking import FAR_AHEAD
from surveyapp.collecting.door import (
    CONFLICT,
    REVOKED,
    is_first,
    is_other,
    sha256_of,
    unit_id_of,
    unsealed,
    why_not_stored,
)
from surveyapp.collecting.occasion import Submission
from surveyapp.db import is_postgresql
from surveyapp.errors import CannotAccept
from surveyapp.models import Quarantine, Unit
from surveyapp.sealing import Sealer

# No time and no setting makes these go away.
STAYS = (REVOKED, CONFLICT, FAR_AHEAD)


@dataclass(frozen=True)
class Parked:
    """How many wait for one reason. Without a unit nobody knows yet whose they are."""

    unit: Unit | None
    reason: str
    month: date  # when they came
    n: int


def parked_in(session: Session, unit_ids: Collection[int] | None) -> list[Parked]:
    """What waits for these units (None for all), and what their tablets sent that belongs to
    no unit yet."""
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    rows = session.scalars(select(Quarantine).options(defer(Quarantine.envelope))).all()
    found = Counter(
        (row.unit_id, row.reason, row.month) for row in _theirs(rows, units, unit_ids)
    )
    several = [
        Parked(None if unit_id is None else units[unit_id], reason, month, n)
        for (unit_id, reason, month), n in found.items()
    ]
    return sorted(several, key=lambda p: (p.unit.name if p.unit else "", p.month, p.reason))


def retry_quarantine(session: Session, *, today: date, sealer: Sealer) -> int:
    """Let in what is in quarantine and now holds; the number let in."""
    rows = _locked(session, Quarantine.reason.not_in(STAYS))
    return sum(_tried(session, row, today, sealer) for row in rows)


def let_in(
    session: Session, unit_ids: Collection[int] | None, *, today: date, sealer: Sealer
) -> int:
    """Let in what revoked tablets sent for these units, where a person has decided that it is
    to be trusted; the number let in. What does not hold stays, with the reason why, and what
    turns out to be for another unit waits for a person there."""
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    rows = _theirs(_locked(session, Quarantine.reason == REVOKED), units, unit_ids)
    codes = None if unit_ids is None else {units[unit_id].code for unit_id in unit_ids}
    return sum(_tried(session, row, today, sealer, trusted=codes) for row in rows)


def _locked(session: Session, which: ColumnElement[bool]) -> Sequence[Quarantine]:
    """These rows, which nobody else may try meanwhile.

    The order of random keys is the same for all. Receipts are written on the way, and
    settling locks them before it locks what is parked: so here they come first, too.
    """
    if is_postgresql(session):
        session.execute(text("LOCK TABLE seen_receipt IN ROW EXCLUSIVE MODE"))
    query = select(Quarantine).where(which).order_by(Quarantine.id).with_for_update()
    return session.scalars(query).all()


def _theirs(
    rows: Iterable[Quarantine], units: Mapping[int, Unit], unit_ids: Collection[int] | None
) -> list[Quarantine]:
    """Those of the rows that people who work for these units may see."""
    if unit_ids is None:
        return list(rows)
    codes = {units[unit_id].code for unit_id in unit_ids}
    return [
        row
        for row in rows
        if (row.unit_id in unit_ids if row.unit_id else codes & set(row.sender_units or ()))
    ]


def _tried(
    session: Session,
    row: Quarantine,
    today: date,
    sealer: Sealer,
    trusted: Collection[str] | None = None,
) -> bool:
    """Let one in if it holds; otherwise it keeps the reason why it does not.

    `trusted` are the codes of the units for which somebody has decided, None for any: what is,
    or may be, for another one goes on waiting for a decision.
    """
    submission, reason = _opened(row, sealer)
    if submission is None:
        if trusted is None or set(row.sender_units or ()) <= set(trusted):
            row.reason = reason
        return False
    row.unit_id = unit_id_of(session, submission, row.sender_units)
    if row.unit_id and trusted is not None and submission.occasion.unit not in trusted:
        return False
    receipt, fingerprint = sha256_of(submission.occasion.receipt), submission.fingerprint()
    if row.receipt_sha256 != receipt:  # it could not be opened when it came
        if not is_first(session, receipt, fingerprint, today):
            if is_other(session, receipt, fingerprint):
                row.reason = CONFLICT
            else:
                session.delete(row)
            return False
        row.receipt_sha256 = receipt
    row.reason = why_not_stored(
        session, submission, row.sender_units, today=today, came=row.month
    )
    if not row.reason:
        session.delete(row)
    return not row.reason


def _opened(row: Quarantine, sealer: Sealer) -> tuple[Submission | None, str]:
    """What is in the envelope, or why it cannot be told."""
    if row.sender_units is not None:
        delivered = unsealed(row.envelope, sealer)
        return delivered.submission, delivered.reason
    try:
        return Submission.from_dict(sealer.open(row.envelope)), ""  # sealed by the server
    except CannotAccept as error:
        return None, error.message
