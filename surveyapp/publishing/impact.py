"""What a new version does to the series: which lines go on, and how much they hold so far."""

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.models import Dimension, QuestionnaireVersion, Release, Tally
from surveyapp.periods import Period
from surveyapp.publishing.versions import SAME_SERIES, parsed, series_of
from surveyapp.questionnaire import (
    ComparabilityKind,
    Due,
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
    rows = session.execute(
        select(
            Tally.question,
            QuestionnaireVersion,
            Release.period,
            Tally.code,
            func.sum(Tally.n),
        )
        .join(Release, Release.id == Tally.release_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Tally.version_id)
        .where(
            Tally.dimension == Dimension.TOTAL,
            QuestionnaireVersion.questionnaire == document.key,
        )
        .group_by(Tally.question, QuestionnaireVersion.id, Release.period, Tally.code)
    ).all()
    years = {period.year for *_, text, _, _ in rows if (period := Period.parse(text)).is_year}
    counted: Counter[int] = Counter()
    for id, version, text, code, n in rows:
        period = Period.parse(text)
        if period.is_year or period.year not in years:
            question = parsed(version).question(id)
            if code in {option.code for option in question.options}:
                counted[series[version.version, id]] += int(n)
    return {id: counted[series[document.version, id]] for id in document.question_ids}
