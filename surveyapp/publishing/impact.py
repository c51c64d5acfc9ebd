"""What a new version does to the series: which lines go on, and how much they hold so far."""

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.models import Dimension, Release, Tally
from surveyapp.periods import Period
from surveyapp.publishing.versions import SAME_SERIES, parsed, series_of, versions
from surveyapp.questionnaire import (
    ComparabilityKind,
    Due,
    Missing,
    Pair,
    Question,
    Questionnaire,
    differences,
    due,
)


class Line(enum.StrEnum):
    """What becomes of a question's line over time."""

    GOES_ON = "goes_on"
    WITH_NOTE = "with_note"
    BREAKS = "breaks"
    STARTS = "starts"
    ENDS = "ends"
    NONE = "none"  # a question without a share has no line


_LINE = {
    ComparabilityKind.IDENTICAL: Line.GOES_ON,
    ComparabilityKind.EQUIVALENT: Line.GOES_ON,
    ComparabilityKind.EQUIVALENT_WITH_NOTE: Line.WITH_NOTE,
    ComparabilityKind.BREAK: Line.BREAKS,
    ComparabilityKind.NEW: Line.STARTS,
    ComparabilityKind.ENDED: Line.ENDS,
}


@dataclass(frozen=True)
class Impact:
    """One question of two versions: its class, decided or only proposed, and its line.

    `n_released` is how many answers to it and to those that it continues are released.
    """

    pair: Pair
    kind: ComparabilityKind
    is_decided: bool
    line: Line
    n_released: int

    @property
    def is_pooled(self) -> bool:
        """Whether answers of both versions may be added together."""
        return self.kind in SAME_SERIES


def impact(session: Session, old: Questionnaire, new: Questionnaire) -> list[Impact]:
    """What becomes of each question of both versions, in the new order."""
    changed = {each.pair.key: each for each in due(old, new)}
    released = _released(session, old)
    return [
        Impact(
            pair,
            kind := _kind(changed.get(pair.key)),
            is_decided=pair.key not in changed or changed[pair.key].is_decided,
            line=_LINE[kind] if _has_share(pair.new or pair.old) else Line.NONE,
            n_released=released.get(pair.old.id, 0) if pair.old else 0,
        )
        for pair in differences(old, new).pairs
    ]


def _kind(changed: Due | None) -> ComparabilityKind:
    if changed is None:
        return ComparabilityKind.IDENTICAL
    if changed.declared is not None and changed.is_decided:
        return changed.declared.comparability
    return changed.proposal.kind


def _has_share(question: Question | None) -> bool:
    return question is not None and bool(question.positive or question.derived)


def _released(session: Session, document: Questionnaire) -> Mapping[str, int]:
    """Released answers of each question of the version, in its whole series: of a year that
    is out once, not in its parts too."""
    series = series_of(session, document.key)
    documents = {row.id: parsed(row) for row in versions(session, document.key)}
    rows = session.execute(
        select(Tally.version_id, Tally.question, Tally.code, Release.period, func.sum(Tally.n))
        .join(Release, Release.id == Tally.release_id)
        .where(Tally.dimension == Dimension.TOTAL, Tally.version_id.in_(documents))
        .group_by(Tally.version_id, Tally.question, Tally.code, Release.period)
    ).all()
    periods = {text: Period.parse(text) for *_, text, _ in rows}
    years = {period.year for period in periods.values() if period.is_year}
    counted: Counter[int] = Counter()
    for version_id, id, code, text, n in rows:
        period, of = periods[text], documents[version_id]
        if (period.is_year or period.year not in years) and _is_answer(of.question(id), code):
            counted[series[of.version, id]] += int(n)
    return {id: counted[series[document.version, id]] for id in document.question_ids}


def _is_answer(question: Question, code: str) -> bool:
    """Whether a code of the tally is an answer: neither why there is none nor an indicator."""
    is_indicator = question.derived is not None and code == question.derived.id
    return code not in set(Missing) and not is_indicator
