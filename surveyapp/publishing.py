"""Publishing a questionnaire version: locked, hashed, by two people; and what was published.

A published version never changes. The file it came from stays in the questionnaire folder,
and `verify` compares the two whenever the application starts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from surveyapp.errors import N_, PublishingError, QuestionnaireError
from surveyapp.models import (
    Comparability,
    QuestionnaireVersion,
    VersionStatus,
    open_version,
    published_version,
)
from surveyapp.questionnaire import (
    ComparabilityKind,
    Questionnaire,
    canonical_json,
    comparability,
    content_hash,
    first_difference,
    from_json,
    load,
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


def publish(
    session: Session,
    document: Questionnaire,
    *,
    valid_from: date,
    author: str,
    publisher: str,
    authors: Collection[str] = (),
    decided_by: Mapping[str, str] | None = None,
) -> QuestionnaireVersion:
    """Publish a version; call it inside `writing`. The same again changes nothing.

    Nobody of `authors` may be the publisher. `decided_by` says who classed a change where the
    document does not, by `structure.change_key`; otherwise it was the publisher.

    PublishingError says why it cannot be published, QuestionnaireError which change since the
    version before is not declared in the file.
    """
    author, publisher = _two_people(author, publisher, authors)
    earlier = versions(session, document.key)
    for existing in earlier:
        if existing.version == document.version:
            return _unchanged(existing, document, valid_from)
    last = earlier[-1] if earlier else None
    _check_place(document, last, valid_from)
    published = QuestionnaireVersion(
        questionnaire=document.key,
        version=document.version,
        document=canonical_json(document),
        sha256=content_hash(document),
        status=VersionStatus.PUBLISHED,
        valid_from=valid_from,
        author=author,
        publisher=publisher,
    )
    if last is not None:  # first, for the database takes none of a version that is out
        session.add_all(
            _comparability_rows(parsed(last), document, publisher, decided_by or {})
        )
        session.flush()
    session.add(published)
    session.flush()
    return published


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


@dataclass(frozen=True)
class Offered:
    """A version with the days on which occasions begin with it; no last day: until further."""

    document: Questionnaire
    sha256: str
    valid_from: date
    valid_to: date | None


def offered(session: Session, key: str, day: date) -> list[Offered]:
    """The version open on that day, and those that are already published to open soon."""
    rows = [row for row in versions(session, key) if row.status is VersionStatus.PUBLISHED]
    last_days = [*(row.valid_from - timedelta(days=1) for row in rows[1:]), None]
    return [
        Offered(parsed(row), row.sha256, row.valid_from, last)
        for row, last in zip(rows, last_days, strict=False)  # without rows one is left over
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


def verify(session: Session, folder: Path) -> None:
    """Compare every published version with its file; PublishingError names what differs."""
    rows = session.execute(
        select(
            QuestionnaireVersion.questionnaire,
            QuestionnaireVersion.version,
            QuestionnaireVersion.document,
            QuestionnaireVersion.sha256,
        ).order_by(QuestionnaireVersion.questionnaire, QuestionnaireVersion.version)
    )
    for key, version, document, digest in rows:
        if sha256(document.encode()).hexdigest() != digest:
            raise PublishingError(
                N_(
                    "Version %(version)s of %(key)s was changed in the database after it was "
                    "published. Restore the database from a backup."
                ),
                version=version,
                key=key,
            )
        _compare(file_of(folder, key, version), document, digest)


def _compare(path: Path, document: str, digest: str) -> None:
    """PublishingError unless the file holds the published document."""
    if not path.is_file():
        raise PublishingError(
            N_("%(path)s is missing, but it is published. Put it back."), path=path
        )
    try:
        on_file = load(path)
    except QuestionnaireError as error:
        raise PublishingError(
            N_("%(path)s is published and can no longer be read. %(fault)s"),
            path=path,
            fault=str(error).splitlines()[0],
        ) from error
    if content_hash(on_file) != digest:
        raise PublishingError(
            N_(
                "%(path)s was changed after it was published. First difference: %(difference)s."
                " Put the published text back, and give the change a version of its own."
            ),
            path=path,
            difference=first_difference(from_json(document), on_file),
        )


def _two_people(author: str, publisher: str, authors: Collection[str]) -> tuple[str, str]:
    author, publisher = author.strip(), publisher.strip()
    if not author or not publisher:
        raise PublishingError(N_("Say who wrote the version and who publishes it."))
    if publisher.casefold() in {name.casefold() for name in (author, *authors)}:
        raise PublishingError(
            N_("%(author)s wrote the version, so another person must publish it."),
            author=publisher,
        )
    return author, publisher


def _unchanged(
    existing: QuestionnaireVersion, document: Questionnaire, valid_from: date
) -> QuestionnaireVersion:
    """The version already published, if it is the very same."""
    if difference := first_difference(parsed(existing), document):
        raise PublishingError(
            N_(
                "Version %(version)s is already published with other content. First "
                "difference: %(difference)s. Give the change a version of its own."
            ),
            version=existing.version,
            difference=difference,
        )
    if valid_from != existing.valid_from:
        raise PublishingError(
            N_("Version %(version)s is already published and valid from %(day)s. That stays."),
            version=existing.version,
            day=existing.valid_from.isoformat(),
        )
    return existing


def _check_place(
    document: Questionnaire, last: QuestionnaireVersion | None, valid_from: date
) -> None:
    """Versions follow each other without gaps, each based on the one before and later."""
    due = 1 if last is None else last.version + 1
    if document.version != due:
        raise PublishingError(
            N_("Version %(version)s cannot be published now: the next version is %(due)s."),
            version=document.version,
            due=due,
        )
    if document.based_on != (None if last is None else last.version):
        raise PublishingError(
            N_("Version %(version)s must be based on the version before it."),
            version=document.version,
        )
    if last is not None and valid_from <= last.valid_from:
        raise PublishingError(
            N_(
                "Version %(version)s must be valid from a later day than version %(before)s, "
                "which is valid from %(day)s."
            ),
            version=document.version,
            before=last.version,
            day=last.valid_from.isoformat(),
        )


def _comparability_rows(
    old: Questionnaire, new: Questionnaire, publisher: str, decided_by: Mapping[str, str]
) -> list[Comparability]:
    by_question = {key.rpartition(">")[2]: name for key, name in decided_by.items()}
    return [
        Comparability(
            questionnaire=new.key,
            version_old=old.version,
            version_new=new.version,
            question_old=row.question_old or "",
            question_new=row.question_new or "",
            kind=row.kind.value,
            note=row.note or "",
            decided_by=row.decided_by
            or by_question.get(row.question_new or row.question_old or "")
            or publisher,
        )
        for row in comparability(old, new)
    ]
