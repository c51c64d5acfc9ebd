"""Versions of a questionnaire, what is comparable between them, and the one being written.

The database itself refuses to change what is published (migration 0005).
"""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, Select, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.db import Base, Code, Digest


class VersionStatus(enum.StrEnum):
    PUBLISHED = "published"
    RETIRED = "retired"


class DraftState(enum.StrEnum):
    DRAFT = "draft"
    REVIEW = "review"


class QuestionnaireDraft(Base):
    """The next version of a questionnaire while it is written and reviewed: one at a time."""

    __tablename__ = "questionnaire_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[Code] = mapped_column(unique=True)
    version: Mapped[int]
    based_on: Mapped[int | None]
    state: Mapped[DraftState]
    source: Mapped[str] = mapped_column(Text)  # JSON, as in a file; it may be incomplete
    author: Mapped[str]
    authors: Mapped[str] = mapped_column(Text)  # JSON: everybody who has changed the source
    decisions: Mapped[str] = mapped_column(Text)  # JSON: change to who decided its class
    revision: Mapped[int]
    changed_on: Mapped[date]


class QuestionnaireVersion(Base):
    """One published version, all languages, as canonical JSON. It never changes."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("questionnaire", "version"),
        UniqueConstraint("questionnaire", "valid_from"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("author <> publisher", name="published_by_another_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[Code]
    version: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Digest]
    status: Mapped[VersionStatus]
    valid_from: Mapped[date]
    paper_until: Mapped[date | None]  # of a retired version: so long its forms are keyed
    author: Mapped[str]
    publisher: Mapped[str]

    def is_keyed_on(self, day: date) -> bool:
        """Whether paper forms of the version are keyed on that day: of a retired one only so
        long as it says."""
        return self.paper_until is None or day <= self.paper_until


class Comparability(Base):
    """What became of one question between two versions, why, and who decided."""

    __tablename__ = "comparability"
    __table_args__ = (
        CheckConstraint("question_old <> '' OR question_new <> ''", name="names_a_question"),
    )

    questionnaire: Mapped[Code] = mapped_column(primary_key=True)
    version_old: Mapped[int] = mapped_column(primary_key=True)
    version_new: Mapped[int] = mapped_column(primary_key=True)
    question_old: Mapped[Code] = mapped_column(primary_key=True)  # empty: the question is new
    question_new: Mapped[Code] = mapped_column(primary_key=True)  # empty: the question ended
    kind: Mapped[Code]
    note: Mapped[str]
    decided_by: Mapped[str]


def open_version(questionnaire: str, day: date) -> Select[QuestionnaireVersion]:
    """The one version that new occasions begin on that day; one is retired when another is
    open, so a retired one was open before that."""
    return (
        select(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.questionnaire == questionnaire,
            QuestionnaireVersion.valid_from <= day,
        )
        .order_by(QuestionnaireVersion.valid_from.desc())
        .limit(1)
    )


def published_version(questionnaire: str, version: int) -> Select[QuestionnaireVersion]:
    """One version by its number, retired or not."""
    return select(QuestionnaireVersion).where(
        QuestionnaireVersion.questionnaire == questionnaire,
        QuestionnaireVersion.version == version,
    )
