"""Answers that come after their part of the year was released: into the year, or nowhere."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from surveyapp.counting import WHO_QUESTION, Cell, Counts
from surveyapp.models import Dimension
from surveyapp.questionnaire import Question, Questionnaire
from surveyapp.stats import alike, may_release
from surveyapp.withholding import ALL_FORMS


class _Figure(NamedTuple):
    unit_id: int
    question: str
    dimension: Dimension


@dataclass
class _Change:
    """Answers of one figure and category that are new, or gone, by code."""

    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    favourable: int = 0  # of those gained

    def may_be_seen(self, threshold: int) -> bool:
        """Whether nobody stands out among those that are new or changed."""
        n = max(self.gained.total(), self.lost.total())
        if not may_release(0, n, threshold=threshold):
            return False
        return not self.gained or not alike(self.favourable, self.gained.total(), None)


def with_late(
    released: Counts,
    counted: Counts,
    documents: Mapping[int, Questionnaire],
    threshold: int,
) -> tuple[Counts, set[tuple[int, str]]]:
    """Figures of the year, and the (unit, question) that late answers went into.

    `released` is the sum of the year's parts, `counted` what is stored now. A figure takes
    late answers in if at least `threshold` of its own answers are new or changed and they are
    not all alike; a breakdown of it if that holds in every category. What only moved back and
    forth between the same codes cannot be seen in counts, and so cannot be told from them.
    """
    changes: dict[_Figure, dict[str, _Change]] = defaultdict(lambda: defaultdict(_Change))
    for cell in released.keys() | counted.keys():
        question = documents[cell.version_id].question(cell.question)
        change = changes[_Figure(cell.unit_id, cell.question, cell.dimension)][cell.category]
        more = counted.get(cell, 0) - released.get(cell, 0)
        if _is_answer(question, cell.code):
            change.gained[cell.code] += max(more, 0)
            change.lost[cell.code] += max(-more, 0)
        if _is_favourable(question, cell.code):
            change.favourable += max(more, 0)
    fresh = {
        figure
        for figure, categories in changes.items()
        if any(each.gained.total() or each.lost.total() for each in categories.values())
        and all(_may_be_seen(figure, each, threshold) for each in categories.values())
    }
    taken = {
        (figure.unit_id, figure.question)
        for figure in fresh
        if figure.dimension is Dimension.TOTAL
    }
    taken |= {
        (figure.unit_id, ALL_FORMS)
        for figure in fresh
        if figure.question == WHO_QUESTION and figure.dimension is Dimension.WHO
    }

    def takes_late(cell: Cell) -> bool:
        main = (cell.unit_id, cell.question) in taken or cell.dimension is Dimension.WHO
        if cell.question == WHO_QUESTION and cell.dimension is Dimension.CHANNEL:
            main = (cell.unit_id, ALL_FORMS) in taken  # forms less those of all channels show
        return main and _Figure(cell.unit_id, cell.question, cell.dimension) in fresh

    figures = {
        cell: (counted if takes_late(cell) else released).get(cell, 0)
        for cell in released.keys() | counted.keys()
    }
    return figures, taken


def _may_be_seen(figure: _Figure, change: _Change, threshold: int) -> bool:
    if figure.question == WHO_QUESTION:  # forms are counted by it: nothing is favourable
        n = max(change.gained.total(), change.lost.total())
        return may_release(0, n, threshold=threshold)
    return change.may_be_seen(threshold)


def _is_answer(question: Question, code: str) -> bool:
    """Whether the code is one of the figure's own answers, not a reason for having none."""
    if question.id == WHO_QUESTION or not question.options:
        return True
    return code in question.valid_codes


def _is_favourable(question: Question, code: str) -> bool:
    """Whether the code counts towards the share; of a question without one, its first."""
    if question.derived is not None:
        return code == question.derived.id
    if question.positive is not None:
        return code in question.positive
    return code in question.valid_codes[:1]
