"""The gate before publishing: all that hinders a version, in words and with its place."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.errors import N_, PublishingError
from surveyapp.models import QuestionnaireVersion, Release
from surveyapp.periods import Period
from surveyapp.publishing.versions import parsed, versions
from surveyapp.questionnaire import (
    ComparabilityKind,
    Due,
    Examined,
    Questionnaire,
    as_source,
    due,
    structure,
    unreadable,
)
from surveyapp.questionnaire.checking import wording
from surveyapp.questionnaire.examining import place_of

# Texts that are looked at and never read out.
_SEEN_ONLY = frozenset({"progress", "text_size", "text_size_label", "officer_done"})


class Obstacle(NamedTuple):
    """What hinders, marked for translation, and where it is mended: a place of the document,
    ``changes/`` with the key of a change, ``valid_from`` or ``publisher``."""

    place: str
    message: str
    values: Mapping[str, object] = MappingProxyType({})

    def __str__(self) -> str:
        return self.message % self.values


def obstacles(
    session: Session,
    found: Examined,
    *,
    publisher: str,
    authors: Collection[str],
    valid_from: date | None,
) -> list[Obstacle]:
    """Everything that hinders this person from publishing the version from that day.

    Without a day what depends on it is left out. Empty: it can be published.
    """
    hindering = [Obstacle(f.place, f.message, f.values) for f in found.faults]
    document = found.document
    if document is None:
        return hindering
    earlier = versions(session, document.key)
    last = earlier[-1] if earlier else None
    hindering += of_document(document, [parsed(row) for row in earlier])
    checks: dict[str, Callable[[], None]] = {
        "version": lambda: check_place(document, last),
        "publisher": lambda: check_people(publisher, authors),
    }
    if valid_from is not None:
        checks["valid_from"] = lambda: check_day(session, document, last, valid_from)
    for place, check in checks.items():
        try:
            check()
        except PublishingError as error:
            hindering.append(Obstacle(place, error.message, error.values))
    return hindering


def of_document(document: Questionnaire, earlier: Sequence[Questionnaire]) -> list[Obstacle]:
    """What in the texts, the ids and the changes since the version before hinders, whoever
    publishes and whenever. `earlier` are all versions before it, in their order."""
    found = [*_unreadable(document), *_reused(document, earlier)]
    if earlier and document.based_on == earlier[-1].version:
        found += _undecided(earlier[-1], document)
    return found


def check_people(publisher: str, authors: Collection[str]) -> None:
    """PublishingError unless somebody else than those who wrote it publishes it."""
    if not publisher or not any(authors):
        raise PublishingError(N_("Say who wrote the version and who publishes it."))
    if publisher.casefold() in {name.casefold() for name in authors}:
        raise PublishingError(
            N_("%(author)s wrote the version, so another person must publish it."),
            author=publisher,
        )


def check_place(document: Questionnaire, last: QuestionnaireVersion | None) -> None:
    """PublishingError unless the version follows the one before without a gap, and is based
    on it."""
    due_now = 1 if last is None else last.version + 1
    if document.version != due_now:
        raise PublishingError(
            N_("Version %(version)s cannot be published now: the next version is %(due)s."),
            version=document.version,
            due=due_now,
        )
    if document.based_on != (None if last is None else last.version):
        raise PublishingError(
            N_("Version %(version)s must be based on the version before it."),
            version=document.version,
        )


def check_day(
    session: Session,
    document: Questionnaire,
    last: QuestionnaireVersion | None,
    valid_from: date,
) -> None:
    """PublishingError if the day is not after the version before, or in a period that is out:
    a released figure must not come to be of another questionnaire than was answered."""
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
    closed = [Period.parse(text).ends_on for text in session.scalars(select(Release.period))]
    if closed and valid_from <= max(closed):
        raise PublishingError(
            N_("The results through %(day)s are released. Choose a later day."),
            day=max(closed).isoformat(),
        )


def _unreadable(document: Questionnaire) -> Iterator[Obstacle]:
    source = as_source(document)
    for path, language, text in wording(document):
        is_seen_only = path[0] == "texts" and path[1] in _SEEN_ONLY
        if not is_seen_only and (found := unreadable(text, language)):
            yield Obstacle(
                place_of(source, path),
                N_("a voice that reads aloud cannot read %(found)s; write it out"),
                {"found": ", ".join(found)},
            )


def _reused(document: Questionnaire, earlier: Sequence[Questionnaire]) -> Iterator[Obstacle]:
    """Names that meant something else in any version before: answers are kept under them."""
    for question in document.questions:
        place = f"questions/{question.id}"
        had = [q for each in earlier for q in each.questions if q.id == question.id]
        if had and question.id not in earlier[-1].question_ids:
            yield Obstacle(
                place, N_("the id was that of a question that has ended; choose a new id")
            )
        if any(each.type != question.type for each in had):
            yield Obstacle(
                f"{place}/type", N_("the question was of another type; give it a new id")
            )
        for option in question.options:
            before = [o for each in had for o in each.options if o.code == option.code]
            if any(each.kind is not option.kind for each in before):
                yield Obstacle(
                    f"{place}/options/{option.code}",
                    N_("the answer counted in another way before; give the question a new id"),
                )
            elif before and option.code not in {o.code for o in had[-1].options}:
                yield Obstacle(
                    f"{place}/options/{option.code}",
                    N_("the code was that of an answer that is gone; choose a new code"),
                )


def _undecided(last: Questionnaire, document: Questionnaire) -> Iterator[Obstacle]:
    """Changes that nobody has decided about, or whose decision no longer fits."""
    changed = due(last, document)
    for each in changed:
        if message := _why_undecided(each):
            yield Obstacle(f"changes/{each.pair.key}", message, {"question": each.pair.key})
    keys = {each.pair.key for each in changed}
    for change in document.changes:
        key = structure.change_key(as_source(change))
        if key not in keys:
            yield Obstacle(
                f"changes/{key}",
                N_("%(question)s is the same as before. Take the decision about it back."),
                {"question": key},
            )


def _why_undecided(each: Due) -> str:
    if each.proposal.needs_new_id:
        return N_("%(question)s has become another question. Replace it by one of a new id.")
    if each.declared is None:
        return N_("Decide what became of %(question)s.")
    if not each.fits:
        return N_("%(question)s has changed since it was decided about. Decide again.")
    if each.declared.comparability is not ComparabilityKind.NEW and not (
        each.declared.change or each.declared.note
    ):
        return N_("Say why: the decision about %(question)s has no reason.")
    return ""
