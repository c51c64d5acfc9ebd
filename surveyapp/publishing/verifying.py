"""Whether what is published still is what was published, in the database and on file."""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.errors import N_, PublishingError, QuestionnaireError
from surveyapp.models import QuestionnaireVersion
from surveyapp.publishing.versions import file_of
from surveyapp.questionnaire import content_hash, first_difference, from_json, load


def verify(session: Session, folder: Path) -> None:
    """Compare every published version with its hash, and with its file where it has one;
    PublishingError names what differs."""
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


def without_file(session: Session, folder: Path) -> list[QuestionnaireVersion]:
    """The published versions whose file is not in the folder."""
    rows = session.scalars(
        select(QuestionnaireVersion).order_by(
            QuestionnaireVersion.questionnaire, QuestionnaireVersion.version
        )
    )
    return [r for r in rows if not file_of(folder, r.questionnaire, r.version).is_file()]


def _compare(path: Path, document: str, digest: str) -> None:
    """PublishingError if there is a file that does not hold the published document."""
    if not path.is_file():
        return  # it was written in the browser, and the database holds all of it
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
