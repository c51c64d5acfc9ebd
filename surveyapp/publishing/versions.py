"""What is published: which version is open when, and which questions continue each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from surveyapp.errors import N_, PublishingError
from surveyapp.models import (
    Comparability,
    QuestionnaireVersion,
    open_version,
    published_version,
)
from surveyapp.questionnaire import (
    ComparabilityKind,
    Comparison,
    Questionnaire,
    from_json,
)

KEY = "kontakt-bistandshandlaggare"
# Answers to a question of these kinds may be added to those of the question before it.
SAME_SERIES = frozenset(
    {
        ComparabilityKind.IDENTICAL,
        ComparabilityKind.EQUIVALENT,
        ComparabilityKind.EQUIVALENT_WITH_NOTE,
    }
)

AHEAD = timedelta(days=60)  # a tablet may be without network for so long

_parsed: dict[str, Questionnaire] = {}  # by SHA-256, so it can never be out of date


def file_of(folder: Path, key: str, version: int) -> Path:
    """Where the source of a version lies."""
    return folder / key / f"v{version}.yaml"


def keys(session: Session) -> list[str]:
    """The keys of the questionnaires of which a version is published, in their order."""
    statement = select(QuestionnaireVersion.questionnaire).distinct()
    return sorted(session.scalars(statement))


def versions(session: Session, key: str) -> Sequence[QuestionnaireVersion]:
    """Every published version of a questionnaire, the first one first."""
    return session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.questionnaire == key)
        .order_by(QuestionnaireVersion.version)
        .options(defer(QuestionnaireVersion.document))
    ).all()


def published(session: Session, key: str, version: int) -> QuestionnaireVersion | None:
    """One published version by its number; the text of the document waits until asked for."""
    statement = published_version(key, version)
    return session.scalar(statement.options(defer(QuestionnaireVersion.document)))


def opened(session: Session, key: str, day: date) -> QuestionnaireVersion | None:
    """The version that new occasions begin on that day."""
    statement = open_version(key, day)
    return session.scalar(statement.options(defer(QuestionnaireVersion.document)))


def last_days(rows: Sequence[QuestionnaireVersion]) -> list[date | None]:
    """The last day on which occasions begin with each version; None: until further.

    `rows` are the versions of a questionnaire in their order, as `versions` gives them.
    """
    before_next = [row.valid_from - timedelta(days=1) for row in rows[1:]]
    return [*before_next, None] if rows else []


@dataclass(frozen=True)
class Offered:
    """A version with the days on which occasions begin with it; no last day: until further."""

    document: Questionnaire
    sha256: str
    valid_from: date
    valid_to: date | None


def offered(session: Session, key: str, day: date) -> list[Offered]:
    """The version open on that day, and those that are already published to open soon."""
    rows = versions(session, key)
    return [
        Offered(parsed(row), row.sha256, row.valid_from, last)
        for row, last in zip(rows, last_days(rows), strict=True)
        if row.valid_from <= day + AHEAD and (last is None or last >= day)
    ]


def parsed(version: QuestionnaireVersion) -> Questionnaire:
    """The document of a published version, read once in the life of the process."""
    document = _parsed.get(version.sha256)
    if document is None:
        document = _parsed[version.sha256] = from_json(version.document)
    return document


def document(session: Session, key: str, version: int) -> Questionnaire:
    """The document published under this number; PublishingError if there is none."""
    row = published(session, key, version)
    if row is None:
        raise PublishingError(
            N_("Version %(version)s of %(key)s is not published."), version=version, key=key
        )
    return parsed(row)


def open_document(session: Session, key: str, day: date) -> Questionnaire | None:
    """The document that new occasions begin on that day, if any is open."""
    row = opened(session, key, day)
    return None if row is None else parsed(row)


def decided(session: Session, key: str, version: int) -> list[Comparison]:
    """What was decided about each question when the version was published."""
    rows = session.scalars(
        select(Comparability)
        .where(Comparability.questionnaire == key, Comparability.version_new == version)
        .order_by(Comparability.question_old, Comparability.question_new)
    )
    return [
        Comparison(
            row.question_old or None,
            row.question_new or None,
            ComparabilityKind(row.kind),
            row.note or None,
            row.decided_by or None,
        )
        for row in rows
    ]


def series_of(session: Session, key: str) -> dict[tuple[int, str], int]:
    """The series of every question of every version, as a number.

    Two questions with the same number, in two versions, may be added together and joined by a
    line. What is comparable was decided at publishing, never by matching names.
    """
    links = {
        (row.version_new, row.question_new): (row.version_old, row.question_old)
        for row in session.scalars(
            select(Comparability).where(Comparability.questionnaire == key)
        )
        if row.kind in SAME_SERIES and row.question_old and row.question_new
    }
    series: dict[tuple[int, str], int] = {}
    for version in versions(session, key):
        for question in parsed(version).question_ids:
            before = links.get((version.version, question))
            number = series.get(before) if before is not None else None
            series[version.version, question] = len(series) if number is None else number
    return series
