"""Answers that were registered at the wrong unit: who asked, who agreed, how many moved.

Nothing here names a tablet: a request holds the receipts of what came from one, so together
they would say from where answers came.
"""

import enum
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.db import Base, Code, Month
from surveyapp.models.organisation import Unit
from surveyapp.models.results import Dimension


class MoveState(enum.StrEnum):
    """How far a request has come; the last two are final."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    DECLINED = "declined"


class MoveRequest(Base):
    """A wish to move some answers from one unit to another, and who agreed to it."""

    __tablename__ = "move_request"
    __table_args__ = (
        CheckConstraint("from_unit_id <> to_unit_id", name="to_another_unit"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("confirmed_by <> decided_by", name="decided_by_another_person"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the tablet
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[MoveState] = mapped_column(default=MoveState.REQUESTED)
    confirmed_by: Mapped[Code | None]  # the name that they sign in with
    decided_by: Mapped[Code | None]
    decided_on: Mapped[date | None]

    from_unit: Mapped[Unit] = relationship(foreign_keys=[from_unit_id], lazy="joined")
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id], lazy="joined")
    parts: Mapped[list["MovePart"]] = relationship(
        lazy="selectin", order_by="MovePart.month", cascade="all, delete-orphan"
    )

    @property
    def n(self) -> int:
        """How many answers it is about."""
        return sum(part.n for part in self.parts)

    @property
    def is_decided(self) -> bool:
        return self.state in (MoveState.APPROVED, MoveState.DECLINED)


class MovePart(Base):
    """How many answers of one month a request is about. `after_release` is true where figures
    of the month were already released when they moved: those stay."""

    __tablename__ = "move_part"
    __table_args__ = (
        CheckConstraint("n >= 0", name="n_not_negative"),
        {"sqlite_with_rowid": False},
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("move_request.id"), primary_key=True)
    month: Mapped[Month] = mapped_column(primary_key=True)
    n: Mapped[int]
    after_release: Mapped[bool] = mapped_column(default=False)


class MoveReceipt(Base):
    """A receipt that an undecided request holds; the row goes with the decision."""

    __tablename__ = "move_receipt"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    receipt: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("move_request.id"), index=True)


class MovedCount(Base):
    """What answers that moved after their release changed: the released counts lack it.

    All moves of a year together, below 0 where answers went. The year's release needs it to
    tell moved answers from late ones, and then it goes.
    """

    __tablename__ = "moved_count"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    year: Mapped[int] = mapped_column(primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    question: Mapped[Code] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire_version.id"), primary_key=True
    )
    category: Mapped[Code] = mapped_column(primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    n: Mapped[int]
