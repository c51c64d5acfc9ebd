"""What was released: counts per cell, and which figures are withheld and why."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.db import Base, Code, Month
from surveyapp.models.collection import Outcome
from surveyapp.models.responses import Channel


class Dimension(enum.StrEnum):
    """One-way breakdowns; `TOTAL` is the main figure (category empty)."""

    TOTAL = "total"
    WHO = "who"
    GENDER = "gender"
    CHANNEL = "channel"
    SERVICE_GROUP = "service_group"
    FOLLOWUP_TYPE = "followup_type"
    LANGUAGE = "language"
    FORM_LENGTH = "form_length"
    HANDED_OVER_BY = "handed_over_by"
    ROUTE = "route"


class FigureKind(enum.StrEnum):
    """What is shown of a cell: a share, its distribution and its share by gender; the number
    of forms, who filled them in and by which channel they came."""

    SHARE = "share"
    DISTRIBUTION = "distribution"
    WHO = "who"
    FORMS = "forms"
    GENDER = "gender"
    CHANNEL = "channel"


class Reason(enum.StrEnum):
    """Why a figure is withheld. FEW: under the limit; ALIKE: everybody answered the same;
    SECONDARY: so that another figure cannot be worked out from it."""

    FEW = "few"
    ALIKE = "alike"
    SECONDARY = "secondary"


class Release(Base):
    """A closed period that was published. Its numbers never move."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("period", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[Code]
    edition: Mapped[int] = mapped_column(default=1)
    released_on: Mapped[date]
    released_by: Mapped[str]


class Tally(Base):
    """A count: how many gave one code to one question, in all or in one category.

    `code` is an option, a missing code, or the id of a derived indicator (then `n` counts the
    favourable answers). Forms with the case officer's help are in no total, only in `WHO`.
    """

    __tablename__ = "tally"
    __table_args__ = (
        CheckConstraint("n > 0", name="n_positive"),
        {"sqlite_with_rowid": False},
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    question: Mapped[Code] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaire_version.id"), primary_key=True
    )
    category: Mapped[Code] = mapped_column(primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    n: Mapped[int]


class ReleasedUnit(Base):
    """What a unit's figures were reckoned from at the release: they must not move with it."""

    __tablename__ = "released_unit"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    followups_due: Mapped[int | None]  # in the period's months; None where one is not known
    clients: Mapped[int | None]  # of the year


class ReleasedOffer(Base):
    """The tally of offers as it stood at the release."""

    __tablename__ = "released_offer"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    month: Mapped[Month] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(primary_key=True)
    reason: Mapped[Code] = mapped_column(primary_key=True)
    n: Mapped[int]


class Withheld(Base):
    """A figure that the release does not show; without a unit it is the city's.

    `product` is the period it belongs to: the release's own, or the year to date.
    """

    __tablename__ = "withheld"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    product: Mapped[Code]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    question: Mapped[Code]
    kind: Mapped[FigureKind]
    reason: Mapped[Reason]
