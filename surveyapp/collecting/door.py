"""Taking something in, once: the receipt is looked up before every other check."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import organising
from surveyapp.collecting.checking import checked
from surveyapp.collecting.occasion import Submission
from surveyapp.collecting.storing import dialect_insert, store
from surveyapp.errors import N_, AnswerError, CannotAccept, ReceiptConflict
from surveyapp.models import Channel, Quarantine, SeenReceipt
from surveyapp.periods import month_of
from surveyapp.sealing import Sealer, digest

REVOKED = N_("It came from a tablet that is revoked.")
CONFLICT = N_("Another answer has already been received under this number.")
FAULTY = N_("An answer is not one that its question takes.")
NOT_A_TABLET = N_("What is in the envelope does not come from a tablet.")


class Taken(enum.Enum):
    """What became of something sent in."""

    STORED = "stored"
    REPEATED = "repeated"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Sender:
    """What is known of the tablet that sends: the codes of its units, and if it may."""

    units: Collection[str]
    is_revoked: bool = False


@dataclass(frozen=True)
class Delivered:
    """An envelope from a tablet, and what was in it or why that cannot be told."""

    body: bytes
    submission: Submission | None
    reason: str = ""


def submit(
    session: Session,
    submission: Submission,
    *,
    today: date,
    units: Collection[str] | None,
    sealer: Sealer,
) -> Taken:
    """Take one submission, once.

    `units` are the codes of the units the sender may collect for, None for any. Raises
    ReceiptConflict if the receipt is known with other content, and for paper CannotAccept or
    AnswerError if it does not hold.
    """
    receipt, fingerprint = sha256_of(submission.occasion.receipt), submission.fingerprint()
    if not is_first(session, receipt, fingerprint, today):
        if is_other(session, receipt, fingerprint):
            raise ReceiptConflict(CONFLICT)
        return Taken.REPEATED
    if submission.occasion.channel is Channel.PAPER:
        accepted = checked(session, submission, today=today, units=units)
        store(session, submission, accepted, today=today)
        return Taken.STORED
    reason = why_not_stored(session, submission, units, today=today)
    if not reason:
        return Taken.STORED
    envelope = sealer.seal(submission.as_dict())
    return _park(session, envelope, submission, units, receipt, reason, today)


def unsealed(body: bytes, sealer: Sealer) -> Delivered:
    """Open what a tablet sent; do it before `writing`, where everybody else waits."""
    try:
        submission = Submission.from_dict(sealer.open(body))
    except CannotAccept as error:
        return Delivered(body, None, error.message)
    if submission.occasion.channel is not Channel.TABLET:
        return Delivered(body, None, NOT_A_TABLET)
    return Delivered(body, submission)


def submit_sealed(
    session: Session, delivered: Delivered, sender: Sender, *, today: date
) -> Taken:
    """Take what a tablet sent, once. Whatever it is, it is stored or put in quarantine.

    What has no receipt of its own, because it cannot be opened or another answer came under
    it, is known by the SHA-256 of its envelope.
    """
    submission, known_as = delivered.submission, digest(delivered.body)
    reason = REVOKED if sender.is_revoked else delivered.reason
    if submission is not None:
        receipt, fingerprint = sha256_of(submission.occasion.receipt), submission.fingerprint()
        if is_first(session, receipt, fingerprint, today):
            reason = reason or why_not_stored(session, submission, sender.units, today=today)
            if not reason:
                return Taken.STORED
            return _park(
                session, delivered.body, submission, sender.units, receipt, reason, today
            )
        if not is_other(session, receipt, fingerprint):
            return Taken.REPEATED
        reason = CONFLICT
    if not is_first(session, known_as, known_as, today):
        return Taken.REPEATED
    return _park(session, delivered.body, submission, sender.units, known_as, reason, today)


def why_not_stored(
    session: Session,
    submission: Submission,
    units: Collection[str] | None,
    *,
    today: date,
    came: date | None = None,
) -> str:
    """Store what holds, and otherwise say why it does not; see `checked`."""
    try:
        accepted = checked(session, submission, today=today, units=units, came=came)
    except CannotAccept as error:
        return error.message
    except AnswerError:
        return FAULTY  # what was answered is in the envelope and nowhere else
    store(session, submission, accepted, today=today)
    return ""


def sha256_of(receipt: UUID) -> str:
    """What is remembered of a receipt."""
    return digest(receipt.bytes)


def is_known(session: Session, receipt: UUID) -> bool:
    """Whether something came in under this receipt."""
    return session.get(SeenReceipt, sha256_of(receipt)) is not None


def is_first(session: Session, receipt: str, fingerprint: str, today: date) -> bool:
    """Remember the receipt; False if it was known. Safe against two at the same moment."""
    statement = (
        dialect_insert(session)(SeenReceipt)
        .values(receipt_sha256=receipt, envelope_sha256=fingerprint, month=month_of(today))
        .on_conflict_do_nothing()
        .returning(SeenReceipt.receipt_sha256)
    )
    return session.scalar(statement) is not None


def is_other(session: Session, receipt: str, fingerprint: str) -> bool:
    """Whether what came under a known receipt was something else, as far as that is known."""
    known = session.scalar(
        select(SeenReceipt.envelope_sha256).where(SeenReceipt.receipt_sha256 == receipt)
    )
    return known not in (fingerprint, None)  # None: too old to be compared


def unit_id_of(
    session: Session, submission: Submission | None, units: Collection[str] | None
) -> int | None:
    """The unit that something parked belongs to, if it is one that the sender collects for."""
    if submission is None or (units is not None and submission.occasion.unit not in units):
        return None
    unit = organising.unit_by_code(session, submission.occasion.unit)
    return None if unit is None else unit.id


def _park(
    session: Session,
    envelope: bytes,
    submission: Submission | None,
    units: Collection[str] | None,
    known_as: str,
    reason: str,
    today: date,
) -> Taken:
    """Put it in quarantine, unless it waits there already."""
    statement = (
        dialect_insert(session)(Quarantine)
        .values(
            receipt_sha256=known_as,
            envelope=envelope,
            unit_id=unit_id_of(session, submission, units),
            sender_units=None if units is None else sorted(units),
            reason=reason,
            month=month_of(today),
        )
        .on_conflict_do_nothing(index_elements=["receipt_sha256"])
        .returning(Quarantine.id)
    )
    return Taken.REPEATED if session.scalar(statement) is None else Taken.QUARANTINED
