"""What collecting needs beside the answers: tablets, codes, offers, what is parked."""

import enum
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.db import Base, Code, Digest, Month
from surveyapp.models.responses import Channel


class Outcome(enum.StrEnum):
    """What came of an offer. HANDED_OUT counts paper forms and letters as they leave."""

    HANDED_OUT = "handed_out"
    ANSWERED = "answered"
    PARTLY = "partly"
    STOPPED = "stopped"
    DECLINED = "declined"
    COULD_NOT = "could_not"


class OfferTally(Base):
    """Counts of offers: the denominator of the response rate, without a list of people."""

    __tablename__ = "offer_tally"
    __table_args__ = (CheckConstraint("n >= 0", name="n_not_negative"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    month: Mapped[Month] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(primary_key=True)
    reason: Mapped[Code] = mapped_column(primary_key=True)  # empty where there is none to give
    n: Mapped[int]


class AccessCode(Base):
    """A code in a letter, as a keyed hash. The row goes when the answer is stored."""

    __tablename__ = "access_code"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    code_hmac: Mapped[Digest] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[Month]


class Device(Base):
    """A tablet with a key of its own; the officer does not sign in at the visit.

    What it says of itself is written apart from what it sends, in another transaction.
    """

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    enrolment_hmac: Mapped[Digest | None] = mapped_column(unique=True)  # until it is used
    used_code_hmac: Mapped[Digest | None]  # of the code for its key, until its first contact
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # SPKI, for signatures
    last_contact_on: Mapped[date | None]
    undelivered_count: Mapped[int] = mapped_column(default=0)  # when it last said
    oldest_undelivered_on: Mapped[date | None]
    app_version: Mapped[Code | None]
    is_storage_persisted: Mapped[bool | None]  # None: it has not said
    quarantined_count: Mapped[int] = mapped_column(default=0)  # of what it sent, ever
    is_revoked: Mapped[bool] = mapped_column(default=False)


class DeviceUnit(Base):
    """A unit that a tablet may collect for."""

    __tablename__ = "device_unit"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Quarantine(Base):
    """What could not be accepted, sealed as it came; only the door opens it.

    Nothing here says which tablet it came from, only which units that one collects for.
    """

    __tablename__ = "quarantine"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    receipt_sha256: Mapped[Digest] = mapped_column(unique=True)  # or that of the envelope
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # where it is known
    sender_units: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))  # codes
    reason: Mapped[str]
    month: Mapped[Month]  # when it came


def offers_by_month(
    unit_ids: list[int], months: list[date]
) -> Select[int, date, Channel, Outcome, str, int]:
    """Rows of unit id, month, channel, outcome, reason and count."""
    return (
        select(
            OfferTally.unit_id,
            OfferTally.month,
            OfferTally.channel,
            OfferTally.outcome,
            OfferTally.reason,
            func.sum(OfferTally.n),
        )
        .where(OfferTally.unit_id.in_(unit_ids), OfferTally.month.in_(months))
        .group_by(
            OfferTally.unit_id,
            OfferTally.month,
            OfferTally.channel,
            OfferTally.outcome,
            OfferTally.reason,
        )
    )
