"""Units, who became whom, and what was true of them when."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.db import Base, Code, Month
from surveyapp.periods import next_month

NAMED_OFFICERS = "named_officers_per_client"


class Unit(Base):
    """An ordering unit. Never renamed in place: a new name is a new unit that succeeds it."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    district: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]  # its last day

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def existed_in(self, month: date) -> bool:
        """Whether it existed on some day of the month, given as its first day."""
        ends = self.valid_to is None or month <= self.valid_to
        return ends and self.valid_from < next_month(month)


class UnitSuccession(Base):
    """`old_id` became, or went into, `new_id` on a day."""

    __tablename__ = "unit_succession"

    old_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    takes_effect_on: Mapped[date]


class UnitAttribute(Base):
    """One dated fact about a unit's way of working; `is_invented` marks simulated ones."""

    __tablename__ = "unit_attribute"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    attribute: Mapped[Code] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    value: Mapped[str]
    is_invented: Mapped[bool] = mapped_column(default=False)


class UnitYear(Base):
    """Yearly figures of a unit; what is not known is empty."""

    __tablename__ = "unit_year"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    clients: Mapped[int | None]
    officers_employed: Mapped[int | None]
    officers_in_service: Mapped[int | None]
    turnover_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))


class UnitMonth(Base):
    """How many decisions were due for their yearly follow-up: the N of the methods."""

    __tablename__ = "unit_month"
    __table_args__ = (CheckConstraint("followups_due >= 0", name="due_not_negative"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    month: Mapped[Month] = mapped_column(primary_key=True)
    followups_due: Mapped[int]


class CityYear(Base):
    """Turnover of case officers in the whole city, per cent of those employed."""

    __tablename__ = "city_year"

    year: Mapped[int] = mapped_column(primary_key=True)
    turnover_pct: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    turnover_left_city_pct: Mapped[Decimal] = mapped_column(Numeric(5, 1))


def units_between(first: date, last: date) -> Select[Unit]:
    """Units that existed on some day of the span, by name."""
    return (
        select(Unit)
        .where(
            Unit.valid_from <= last,
            or_(Unit.valid_to.is_(None), Unit.valid_to >= first),
        )
        .order_by(Unit.name)
    )


def attribute_on(unit_id: int, attribute: str, day: date) -> Select[str]:
    """The value of one attribute on a day."""
    return select(UnitAttribute.value).where(
        UnitAttribute.unit_id == unit_id,
        UnitAttribute.attribute == attribute,
        UnitAttribute.valid_from <= day,
        or_(UnitAttribute.valid_to.is_(None), UnitAttribute.valid_to >= day),
    )
