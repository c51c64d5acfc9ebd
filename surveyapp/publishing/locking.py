"""Publishing a version for good, and retiring it."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy.orm import Session

from surveyapp import auditing
from surveyapp.errors import N_, PublishingError
from surveyapp.models import Comparability, QuestionnaireVersion, VersionStatus
from surveyapp.publishing import gate
from surveyapp.publishing.versions import opened, parsed, published, versions
from surveyapp.questionnaire import (
    Questionnaire,
    canonical_json,
    comparability,
    content_hash,
    first_difference,
)


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

    Raises
    ------
    PublishingError
        If anything of the gate hinders it.
    QuestionnaireError
        If a change since the version before is not declared in the document.
    """
    auditing.take_turn(session)  # of two who publish at once the second sees the first
    author, publisher = author.strip(), publisher.strip()
    gate.check_people(publisher, (author, *authors))
    earlier = versions(session, document.key)
    for existing in earlier:
        if existing.version == document.version:
            return _unchanged(existing, document, valid_from)
    last = earlier[-1] if earlier else None
    gate.check_place(document, last)
    gate.check_day(session, document, last, valid_from)
    rows = []
    if last is not None:
        rows = _comparability_rows(parsed(last), document, publisher, decided_by or {})
    for obstacle in gate.of_document(document, [parsed(row) for row in earlier]):
        raise PublishingError("%(place)s: %(why)s", place=obstacle.place, why=obstacle)
    session.add_all(rows)
    session.flush()  # first, for the database takes none of a version that is out
    made = QuestionnaireVersion(
        questionnaire=document.key,
        version=document.version,
        document=canonical_json(document),
        sha256=content_hash(document),
        status=VersionStatus.PUBLISHED,
        valid_from=valid_from,
        author=author,
        publisher=publisher,
    )
    session.add(made)
    session.flush()
    return made


def retire(
    session: Session, key: str, version: int, *, paper_until: date, today: date, actor: str
) -> QuestionnaireVersion:
    """Retire a version that a later one has taken over from; call it inside `writing`.

    Answers that were begun on it are counted whenever they come. Its paper forms are keyed
    through `paper_until`.

    Raises
    ------
    PublishingError
        If it is the one that is open or is retired already, or the day is past.
    """
    auditing.take_turn(session)  # of two who retire it at once the second sees the first
    row = published(session, key, version)
    if row is None:
        raise PublishingError(
            N_("Version %(version)s of %(key)s is not published."), version=version, key=key
        )
    if row.status is VersionStatus.RETIRED:
        raise PublishingError(N_("Version %(version)s is retired already."), version=version)
    now_open = opened(session, key, today)
    if now_open is None or now_open.version <= version:
        raise PublishingError(
            N_("Version %(version)s can be retired when a later one is open."), version=version
        )
    if paper_until < today:
        raise PublishingError(N_("Choose a day that has not passed."))
    row.status, row.paper_until = VersionStatus.RETIRED, paper_until
    session.flush()
    auditing.record(session, actor, "questionnaire.retire", f"{key} version {version}")
    return row


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
