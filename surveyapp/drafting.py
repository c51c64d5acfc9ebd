"""The next version of a questionnaire while it is being written: by several, then reviewed.

There is one draft of a questionnaire at a time. Everything here is called inside `writing`,
which lets one person at a time change the draft; who was first decides, field by field.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import auditing, publishing
from surveyapp.errors import N_, DraftError, PublishingError
from surveyapp.models import DraftState, QuestionnaireDraft
from surveyapp.questionnaire import (
    Conflict,
    Edit,
    Examined,
    Questionnaire,
    Source,
    examined,
    structure,
)
from surveyapp.questionnaire.editing import apply, in_model_order

LARGEST = 512 * 1024  # characters of a source; the shipped one has 40,000


def draft_of(session: Session, key: str) -> QuestionnaireDraft | None:
    """The draft of a questionnaire, if there is one."""
    return session.scalar(
        select(QuestionnaireDraft).where(QuestionnaireDraft.questionnaire == key)
    )


def drafts(session: Session) -> list[QuestionnaireDraft]:
    """Every draft, by questionnaire."""
    return list(
        session.scalars(select(QuestionnaireDraft).order_by(QuestionnaireDraft.questionnaire))
    )


def source_of(draft: QuestionnaireDraft) -> Source:
    """What the draft says so far."""
    source: Source = json.loads(draft.source)
    return source


def look_through(draft: QuestionnaireDraft) -> Examined:
    """The draft's document, if its shape is right, and everything that is wrong with it."""
    return examined(source_of(draft))


def before(session: Session, draft: QuestionnaireDraft) -> Questionnaire | None:
    """The published version that the draft is based on; None for a first version."""
    if draft.based_on is None:
        return None
    return publishing.document(session, draft.questionnaire, draft.based_on)


def in_all_languages(draft: QuestionnaireDraft, *, gap: str) -> Questionnaire | None:
    """The draft's document with `gap` wherever a translation is missing, to be looked at;
    None while its shape is wrong."""
    source = source_of(draft)
    found = examined(source)
    edits = [Edit(fault.field, "", gap) for fault in found.faults if "language" in fault.values]
    return examined(apply(source, edits)[0]).document if found.document else None


def begin(session: Session, key: str, *, actor: str, today: date) -> QuestionnaireDraft:
    """A draft of the version after the latest one, beginning as a copy of it.

    Raises
    ------
    DraftError
        If there is a draft already, or nothing is published yet.
    """
    published = publishing.versions(session, key)
    if not published:
        raise DraftError(N_("No version of %(key)s is published yet."), key=key)
    source = structure.next_version(publishing.parsed(published[-1]))
    return _add(session, source, actor, today)


def take_in(
    session: Session, source: Source, *, actor: str, today: date, seen: int | None = None
) -> QuestionnaireDraft:
    """A draft out of a file; it takes the place of the draft whose revision was seen.

    Raises
    ------
    DraftError
        If the file is not the version after the latest one, or somebody has made or changed
        a draft that was not seen.
    """
    source = in_model_order(source)
    key = str(source.get("key", ""))
    _check_place(session, key, source)
    draft = draft_of(session, key)
    if draft is None:
        return _add(session, source, actor, today)
    if draft.revision != seen:
        raise DraftError(
            N_("There is a draft already, which has changed. Look at it before you replace it.")
        )
    _check_state(draft)
    draft.decisions = "{}"
    _store(session, draft, source, actor, today)
    return draft


def edit(
    session: Session, key: str, edits: Iterable[Edit], *, actor: str, today: date
) -> list[Conflict]:
    """Change fields of the draft; what somebody else has changed meanwhile is told instead."""
    draft = _locked(session, key)
    _check_state(draft)
    source = source_of(draft)
    becoming, conflicts = apply(source, edits)
    if becoming != source:
        _store(session, draft, becoming, actor, today)
    return conflicts


def change(
    session: Session, key: str, act: Callable[[Source], Source], *, actor: str, today: date
) -> None:
    """Change the draft's parts with a function of `questionnaire.structure`.

    Raises
    ------
    DraftError
        If it cannot be done, or would give a published question another id.
    """
    draft = _locked(session, key)
    _check_state(draft)
    _store(session, draft, act(source_of(draft)), actor, today)


def rename_question(
    session: Session, key: str, old: str, new: str, *, actor: str, today: date
) -> None:
    """Another id for a question that no version has had; a published one is replaced."""
    draft = _locked(session, key)
    earlier = before(session, draft)
    if earlier is not None and old in earlier.question_ids:
        raise DraftError(
            N_("%(id)s is published and keeps its id. Replace it by a new question."), id=old
        )
    change(
        session,
        key,
        lambda source: structure.rename_question(source, old, new),
        actor=actor,
        today=today,
    )


def decide(
    session: Session,
    key: str,
    entry: Source,
    *,
    actor: str,
    today: date,
    was: Source | None = None,
) -> None:
    """Say what became of a question, and remember who said so; in review too.

    `was` is what was said of it when it was looked at, `{}` if nothing; None: whatever it was.

    Raises
    ------
    DraftError
        If somebody else has said something of it since.
    """
    draft = _locked(session, key)
    if was is not None and was != _said_of(source_of(draft), structure.change_key(entry)):
        raise DraftError(
            N_("Somebody else has decided about the question meanwhile. Look at it again.")
        )
    decisions = dict(json.loads(draft.decisions))
    decisions[structure.change_key(entry)] = actor
    draft.decisions = json.dumps(decisions)
    _write(draft, structure.decide(source_of(draft), entry), today)
    session.flush()


def pair(session: Session, key: str, entry: Source, *, actor: str, today: date) -> None:
    """Say that a question which is gone was replaced by one which is new, whatever was said of
    each of them.

    Raises
    ------
    DraftError
        If one of them is not gone, or not there.
    """
    ids = [each["id"] for each in source_of(_locked(session, key))["questions"]]
    if entry["old"] in ids or entry["new"] not in ids:
        raise DraftError(N_("Somebody has changed the draft meanwhile. Look at it again."))
    for id in (entry["old"], entry["new"]):
        undecide(session, key, id, today=today)
    decide(session, key, entry, actor=actor, today=today)


def undecide(session: Session, key: str, change_key: str, *, today: date) -> None:
    """Take back what was said of a question."""
    draft = _locked(session, key)
    decisions = dict(json.loads(draft.decisions))
    decisions.pop(change_key, None)
    draft.decisions = json.dumps(decisions)
    _write(draft, structure.undecide(source_of(draft), change_key), today)
    session.flush()


def decided_by(draft: QuestionnaireDraft) -> Mapping[str, str]:
    """Who said what became of each question, by `structure.change_key`."""
    decisions: dict[str, str] = json.loads(draft.decisions)
    return decisions


def authors(draft: QuestionnaireDraft) -> list[str]:
    """Everybody who has changed what the draft says."""
    names: list[str] = json.loads(draft.authors)
    return names


def hand_in(session: Session, key: str, *, actor: str) -> None:
    """Give the draft to another person to look through; it is not edited meanwhile.

    Raises
    ------
    DraftError
        If a translation is missing or anything else is wrong with it.
    """
    draft = _locked(session, key)
    _check_state(draft)
    if faults := look_through(draft).faults:
        raise DraftError(
            N_("The draft is not finished: %(place)s %(fault)s"),
            place=faults[0].place,
            fault=faults[0],
        )
    draft.state = DraftState.REVIEW
    _record(session, draft, actor, "hand-in")


def send_back(session: Session, key: str, *, actor: str) -> None:
    """Let the draft be edited again."""
    draft = _locked(session, key)
    draft.state = DraftState.DRAFT
    _record(session, draft, actor, "send-back")


def discard(session: Session, key: str, *, seen: int, actor: str) -> None:
    """Throw the draft away, as it was seen.

    Raises
    ------
    DraftError
        If it has been changed since.
    """
    draft = _locked(session, key)
    _check_seen(draft, seen)
    session.delete(draft)
    _record(session, draft, actor, "discard")


def publish(session: Session, key: str, *, valid_from: date, publisher: str, seen: int) -> int:
    """Publish a draft in review, as it was seen, and let go of it; gives the number of the
    version.

    Raises
    ------
    DraftError
        If it is not in review, or has been changed since it was seen.
    PublishingError
        If it cannot be published, as `publishing.publish` says.
    """
    draft = _locked(session, key)
    if draft.state is not DraftState.REVIEW:
        raise DraftError(N_("Hand the draft in before it is published."))
    _check_seen(draft, seen)
    found, wrote = look_through(draft), [draft.author, *authors(draft)]
    for obstacle in publishing.obstacles(
        session, found, publisher=publisher, authors=wrote, valid_from=valid_from
    ):
        raise PublishingError(obstacle.message, **obstacle.values)
    if found.document is None:  # never without a fault
        raise DraftError(N_("The draft is not finished."))
    published = publishing.publish(
        session,
        found.document,
        valid_from=valid_from,
        author=draft.author,
        publisher=publisher,
        authors=wrote,
        decided_by=decided_by(draft),
    )
    session.delete(draft)
    _record(session, draft, publisher, "publish")
    return published.version


def _add(session: Session, source: Source, actor: str, today: date) -> QuestionnaireDraft:
    if draft_of(session, source["key"]) is not None:
        raise DraftError(N_("There is a draft already."))
    draft = QuestionnaireDraft(
        questionnaire=source["key"],
        version=source["version"],
        based_on=source.get("based_on"),
        state=DraftState.DRAFT,
        source="{}",
        author=actor,
        authors="[]",
        decisions="{}",
        revision=0,
        changed_on=today,
    )
    session.add(draft)
    _store(session, draft, source, actor, today)
    _record(session, draft, actor, "begin")
    return draft


def _locked(session: Session, key: str) -> QuestionnaireDraft:
    """The draft, kept from others until this transaction ends."""
    draft = session.scalar(
        select(QuestionnaireDraft)
        .where(QuestionnaireDraft.questionnaire == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise DraftError(N_("There is no draft any more: it was published or thrown away."))
    return draft


def _check_state(draft: QuestionnaireDraft) -> None:
    if draft.state is not DraftState.DRAFT:
        raise DraftError(N_("The draft is being reviewed. Send it back to change it."))


def _said_of(source: Source, change_key: str) -> Source:
    changes: list[Source] = source.get("changes", [])
    return next((each for each in changes if structure.change_key(each) == change_key), {})


def _check_seen(draft: QuestionnaireDraft, seen: int) -> None:
    if draft.revision != seen:
        raise DraftError(N_("Somebody has changed the draft meanwhile. Look at it again."))


def _check_place(session: Session, key: str, source: Source) -> None:
    published = publishing.versions(session, key)
    last = published[-1].version if published else None
    due = (last or 0) + 1
    if not key or source.get("version") != due or source.get("based_on") != last:
        raise DraftError(
            N_(
                "The file must be version %(due)s of a questionnaire, based on the version "
                "before it."
            ),
            due=due,
        )


def _store(
    session: Session, draft: QuestionnaireDraft, source: Source, actor: str, today: date
) -> None:
    _write(draft, source, today)
    if actor not in authors(draft):
        draft.authors = json.dumps([*authors(draft), actor])
    session.flush()


def _write(draft: QuestionnaireDraft, source: Source, today: date) -> None:
    text = json.dumps(source, ensure_ascii=False)
    if len(text) > LARGEST:
        raise DraftError(N_("The questionnaire is too large to be kept."))
    draft.source = text
    draft.revision += 1
    draft.changed_on = today


def _record(session: Session, draft: QuestionnaireDraft, actor: str, what: str) -> None:
    session.flush()
    subject = f"{draft.questionnaire} version {draft.version}"
    auditing.record(session, actor, f"draft.{what}", subject)
