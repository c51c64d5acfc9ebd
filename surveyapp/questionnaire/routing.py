"""Which questions apply given the answers so far, and one entry per question at the end."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp.errors import N_, AnswerError
from surveyapp.questionnaire.document import Question, Questionnaire
from surveyapp.questionnaire.question_types import TYPES


class Missing(enum.StrEnum):
    """Why a question has no value. Never shown as 0 %, never mixed with "don't know"."""

    SKIPPED = "skipped"
    NOT_SHOWN = "not_shown"
    NOT_ASKED = "not_asked"
    INVALID = "invalid"
    ILLEGIBLE = "illegible"
    BLANK = "blank"
    STOPPED = "stopped"


# What a registrar enters instead of an answer.
PAPER_BLANK = "!blank"
PAPER_INVALID = "!invalid"
PAPER_ILLEGIBLE = "!illegible"
PAPER_MARKS: Mapping[str, Missing] = {
    PAPER_BLANK: Missing.BLANK,
    PAPER_INVALID: Missing.INVALID,
    PAPER_ILLEGIBLE: Missing.ILLEGIBLE,
}


@dataclass(frozen=True)
class Given:
    """One question's entry: either a value, or the reason why there is none."""

    value: str | None = None
    missing: Missing | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError("need either a value or a reason for having none")


@dataclass(frozen=True)
class Completed:
    """One entry per question of the version, in its order.

    `conflicts` are the ids of questions that held an answer although they did not apply; their
    entry is `not_shown` (or `not_asked`).
    """

    answers: Mapping[str, Given]
    conflicts: tuple[str, ...] = ()


def asked(
    document: Questionnaire, answers: Mapping[str, str], *, short: bool
) -> list[Question]:
    """The questions that apply, in order, given the answers so far.

    Parameters
    ----------
    document : Questionnaire
        The version in use.
    answers : Mapping[str, str]
        Question id to option code. An answer to a question that no longer applies does not
        make another one apply.
    short : bool
        Whether the short form is used.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> document = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))
    >>> len(asked(document, {}, short=False)), len(asked(document, {}, short=True))
    (17, 7)
    >>> asked(document, {"bak_svarar": "annan"}, short=False)[1].id
    'bak_hjalpare'
    """
    held: dict[str, str] = {}
    applying = []
    for question in document.questions:
        if short and not question.short_form:
            continue
        if question.show_if is None or question.show_if.holds(held):
            applying.append(question)
            if question.id in answers:
                held[question.id] = answers[question.id]
    return applying


def completed(
    document: Questionnaire,
    given: Mapping[str, str | None],
    *,
    named_officers: int | None,
    short: bool = False,
    stopped: bool = False,
    stopped_at: str = "",
    paper: bool = False,
    lenient: bool = False,
) -> Completed:
    """One entry per question of the version out of what was sent in or keyed.

    Parameters
    ----------
    document : Questionnaire
        The version the response was begun on.
    given : Mapping[str, str | None]
        Question id to raw text; absent, None and blank text mean no answer. On paper the raw
        text may be one of `PAPER_MARKS`.
    named_officers : int | None
        Named officers per client in the unit: decides which options exist. None if that cannot
        be told: then every option of the version does.
    short : bool
        Whether the short form was used; the other questions become `not_asked`.
    stopped : bool
        Whether the person stopped before the end. Unanswered questions after the last answered
        one then become `stopped`; those before it are `skipped`.
    stopped_at : str
        With `stopped`, the question that was open when the person stopped, where that is known:
        the unanswered ones from it on become `stopped`, whatever was answered after it.
    paper : bool
        Whether the answers are keyed from paper: unanswered is `blank`, and `lenient` holds.
    lenient : bool
        Let an answer to a question that did not apply become `not_shown` and be listed, where
        it otherwise is an error.

    Raises
    ------
    AnswerError
        If a question is unknown, an answer is not accepted by its question, or (unless
        `lenient`) a question that did not apply has an answer.

    Examples
    --------
    >>> from pathlib import Path
    >>> from surveyapp.questionnaire.loading import load
    >>> document = load(Path("questionnaires/kontakt-bistandshandlaggare/v1.yaml"))
    >>> result = completed(document, {"bak_svarar": "sjalv"}, named_officers=1, stopped=True)
    >>> result.answers["bak_svarar"].value, str(result.answers["bak_hjalpare"].missing)
    ('sjalv', 'not_shown')
    >>> str(result.answers["hel_nojd"].missing)
    'stopped'
    """
    ids = document.question_ids
    for unknown in {*given, stopped_at or ids[0]} - set(ids):
        raise AnswerError(unknown, N_("The questionnaire has no such question."))
    raw = {id: text for id, text in given.items() if text is not None and text.strip()}
    if stopped_at:
        first_left = ids.index(stopped_at)
    else:
        first_left = max((ids.index(id) for id in raw), default=-1) + 1

    answers: dict[str, Given] = {}
    values: dict[str, str] = {}
    conflicts = []
    for position, question in enumerate(document.questions):
        text = raw.get(question.id)
        mark = PAPER_MARKS.get(text.strip()) if paper and text is not None else None
        apart = _why_it_does_not_apply(question, values, short=short)
        if apart is not None:
            answers[question.id] = Given(missing=apart)
            if text is not None and mark is not Missing.BLANK:
                if not (paper or lenient):
                    raise AnswerError(question.id, N_("This question should not be answered."))
                conflicts.append(question.id)
        elif mark is not None:
            answers[question.id] = Given(missing=mark)
        elif text is not None:
            kind = TYPES[question.type]
            value = kind.parse(question, text, named_officers=named_officers)
            values[question.id] = value
            answers[question.id] = Given(value=value)
        elif stopped and position >= first_left:
            answers[question.id] = Given(missing=Missing.STOPPED)
        else:
            answers[question.id] = Given(missing=Missing.BLANK if paper else Missing.SKIPPED)
    return Completed(answers, tuple(conflicts))


def _why_it_does_not_apply(
    question: Question, values: Mapping[str, str], *, short: bool
) -> Missing | None:
    if short and not question.short_form:
        return Missing.NOT_ASKED
    if question.show_if is not None and not question.show_if.holds(values):
        return Missing.NOT_SHOWN
    return None
