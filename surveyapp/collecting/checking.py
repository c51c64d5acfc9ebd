"""Whether what came may be stored as it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import organising, publishing
from surveyapp.collecting.occasion import REASONS, WITH_ANSWERS, Occasion, Submission
from surveyapp.errors import N_, CannotAccept
from surveyapp.models import (
    Channel,
    FormLength,
    Outcome,
    QuestionnaireVersion,
    Release,
    Unit,
)
from surveyapp.periods import Period, month_of, next_month
from surveyapp.questionnaire import Completed, Questionnaire, completed

FAR_AHEAD = N_("The month of the follow-up lay far ahead when it came: the clock was wrong.")

# What may be given as the reason of an outcome that comes through the door.
_MAY_BE_SAID: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.ANSWERED: ("",),
    Outcome.PARTLY: ("",),
    Outcome.STOPPED: ("",),
    **REASONS,
}


@dataclass(frozen=True)
class Accepted:
    """What passed every check: where it belongs and one entry per question."""

    unit_id: int
    version_id: int = 0
    text_questions: frozenset[str] = frozenset()
    completed: Completed | None = None


def checked(
    session: Session,
    submission: Submission,
    *,
    today: date,
    units: Collection[str] | None,
    came: date | None = None,
) -> Accepted:
    """What is to be stored; CannotAccept or AnswerError says what does not hold.

    `came` is the month in which it came, where that is not today's. A tablet's month is that of
    its clock. One just ahead may have begun there, or the clock was a little fast; what lay
    further ahead never holds, for nobody knows in which month it was answered.
    """
    occasion = submission.occasion
    unit = _unit(session, occasion, units)
    latest = next_month(came or month_of(today))
    if occasion.channel is Channel.TABLET and occasion.month > latest:
        raise CannotAccept(FAR_AHEAD)
    if occasion.month > month_of(today):
        raise CannotAccept(N_("The month of the follow-up lies ahead."))
    if _is_closed(session, occasion.month.year, today):
        raise CannotAccept(N_("The year of the follow-up has been released."))
    if submission.reason not in _MAY_BE_SAID.get(submission.outcome, ()):
        raise CannotAccept(N_("The reason is not one of those that are counted."))
    if submission.outcome not in WITH_ANSWERS:
        return Accepted(unit.id)
    version = _version(session, occasion, today)
    document = publishing.parsed(version)
    if occasion.language not in document.languages:
        raise CannotAccept(N_("The questionnaire is not published in that language."))
    return Accepted(
        unit.id,
        version.id,
        frozenset(q.id for q in document.questions if q.type == "text"),
        _completed(session, submission, document, unit.id),
    )


def conflicts(session: Session, submission: Submission, *, today: date) -> tuple[str, ...]:
    """The questions whose answer would be set aside because the routing says they do not
    apply; CannotAccept or AnswerError if the submission does not hold at all."""
    accepted = checked(session, submission, today=today, units=None)
    return accepted.completed.conflicts if accepted.completed else ()


def _unit(session: Session, occasion: Occasion, units: Collection[str] | None) -> Unit:
    unit = organising.unit_by_code(session, occasion.unit)
    if unit is None or (units is not None and occasion.unit not in units):
        raise CannotAccept(N_("The unit is not one that this sender collects for."))
    if not unit.existed_in(occasion.month):
        raise CannotAccept(N_("The unit did not exist in the month of the follow-up."))
    return unit


def _is_closed(session: Session, year: int, today: date) -> bool:
    """Whether the results of the year are out; the year is not asked for before it can be."""
    if today < Period(year).releasable_from:
        return False
    return session.scalar(select(Release.id).where(Release.period == str(year))) is not None


def _version(session: Session, occasion: Occasion, today: date) -> QuestionnaireVersion:
    version = publishing.published(session, occasion.questionnaire, occasion.version)
    if version is None or version.valid_from > today:
        raise CannotAccept(N_("The version of the questionnaire is not published."))
    if occasion.channel is Channel.PAPER and not version.is_keyed_on(today):
        raise CannotAccept(
            N_(
                "Paper forms of version %(version)s were keyed through %(day)s. Put the sheet "
                "aside and tell your unit manager."
            ),
            version=version.version,
            day=version.paper_until,
        )
    if occasion.sha256 not in ("", version.sha256):
        raise CannotAccept(N_("The questionnaire on the tablet is not the published one."))
    return version


def _completed(
    session: Session, submission: Submission, document: Questionnaire, unit_id: int
) -> Completed:
    """What a tablet showed was right when it last heard of the unit, which may have changed
    since: the respondent chose among what was there."""
    occasion = submission.occasion
    is_partly = submission.outcome is Outcome.PARTLY
    is_tablet = occasion.channel is Channel.TABLET
    officers = organising.named_officers(session, unit_id, occasion.month)
    return completed(
        document,
        submission.answers,
        named_officers=None if is_tablet else officers,
        short=occasion.form_length is FormLength.SHORT,
        stopped=is_partly,
        stopped_at=submission.stopped_at if is_partly else "",
        paper=occasion.channel is Channel.PAPER,
        lenient=is_tablet or submission.free_of_script,
    )
