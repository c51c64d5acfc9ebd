"""What was answered: a Response per filled-in questionnaire, an Answer per question.

Nothing here says whose, who handed over, on which device or when within the month.
"""

import enum
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.db import Base, Code, Digest, Month


class Channel(enum.StrEnum):
    TABLET = "tablet"
    OWN_DEVICE = "own_device"
    PAPER = "paper"


class FollowupType(enum.StrEnum):
    HOME_VISIT = "home_visit"
    CARE_HOME = "care_home"
    PHONE = "phone"
    OTHER = "other"


class ServiceGroup(enum.StrEnum):
    HOME_CARE = "home_care"
    CARE_HOME = "care_home"
    OTHER = "other"


class HandedOverBy(enum.StrEnum):
    OWN_OFFICER = "own_officer"
    OTHER_OFFICER = "other_officer"
    FOLLOWUP_OFFICER = "followup_officer"
    ASSISTANT = "assistant"
    LETTER = "letter"
    UNKNOWN = "unknown"


class FormLength(enum.StrEnum):
    FULL = "full"
    SHORT = "short"


class ResponseStatus(enum.StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"


class Response(Base):
    """One person's answers to one version of a questionnaire.

    `receipt` is made where the answer was made, before there is a network, so an answer that
    is sent twice is stored once. It is erased after 14 days. `is_settled` becomes true when
    the row has been rewritten in random order.
    """

    __tablename__ = "response"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    receipt: Mapped[UUID | None] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[Month] = mapped_column(index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    language: Mapped[Code]
    channel: Mapped[Channel]
    followup_type: Mapped[FollowupType]
    service_group: Mapped[ServiceGroup]
    handed_over_by: Mapped[HandedOverBy]
    form_length: Mapped[FormLength]
    status: Mapped[ResponseStatus]
    is_settled: Mapped[bool] = mapped_column(default=False)


class Answer(Base):
    """One value, or the code for why there is none."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("(value IS NULL) <> (missing IS NULL)", name="value_or_reason"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[UUID] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[Code | None]
    missing: Mapped[Code | None]


class FreeText(Base):
    """What somebody wrote, unlinked to the response and unread until screened."""

    __tablename__ = "free_text"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    is_screened: Mapped[bool] = mapped_column(default=False)
    is_settled: Mapped[bool] = mapped_column(default=False)


class SeenReceipt(Base):
    """That something came in, linked to nothing, so that a resend is known for 400 days."""

    __tablename__ = "seen_receipt"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    receipt_sha256: Mapped[Digest] = mapped_column(primary_key=True)
    envelope_sha256: Mapped[Digest | None]  # until the receipt is erased: it tells the answers
    month: Mapped[Month] = mapped_column(index=True)  # when it came


class ReceiptWeek(Base):
    """In which week a receipt came, kept apart and only as long as the receipt itself."""

    __tablename__ = "receipt_week"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    receipt: Mapped[UUID] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(index=True)  # its Monday
