"""Answers that come after their part of the year was released: into the year, or nowhere."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from surveyapp.counting import WHO_QUESTION, Cell, Counts
from surveyapp.models import Dimension
from surveyapp.questionnaire import Question, Questionnaire
from surveyapp.stats import alike, may_release
from surveyapp.withholding import ALL_FORMS

OF_EITHER_KIND = 3  # late answers: what moved among them could then be three other numbers


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

    def hides_moved(self) -> bool:
        """Whether others, favourable or not, could make up for what moved."""
        return min(self.favourable, self.gained.total() - self.favourable) >= OF_EITHER_KIND


@dataclass(frozen=True)
class Moved:
    """Answers that went to another unit after their part of the year was released.

    `changes` is what that did to the counts, below 0 where answers went; `together` has for a
    unit all those that answers were moved between, itself among them.
    """

    changes: Counts = field(default_factory=dict)
    together: Mapping[int, Collection[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Counts, pairs: Iterable[tuple[int, int]]) -> "Moved":
        together: dict[int, set[int]] = {}
        for old, new in pairs:
            both = together.get(old, {old}) | together.get(new, {new})
            together |= dict.fromkeys(both, both)
        return cls(changes, together)

    def taken_away(self, counted: Counts) -> Counts:
        """The counts as if nothing had been moved."""
        cells = counted.keys() | self.changes.keys()
        return {cell: counted.get(cell, 0) - self.changes.get(cell, 0) for cell in cells}

    def everywhere(self, figures: Collection[_Figure]) -> set[_Figure]:
        """The figures of units that answers were moved between, if they are there for all of
        those units."""
        return {
            figure
            for figure in figures
            if (units := self.together.get(figure.unit_id))
            if all(figure._replace(unit_id=unit_id) in figures for unit_id in units)
        }


def with_late(
    released: Counts,
    counted: Counts,
    documents: Mapping[int, Questionnaire],
    threshold: int,
    moved: Moved,
) -> Counts:
    """Figures of the year.

    `released` is the sum of the year's parts, `counted` what is stored now. A figure takes
    late answers in if at least `threshold` of its own answers are new or changed and they are
    not all alike; a breakdown of it if that holds in every category. What only moved back and
    forth between the same codes cannot be seen in counts, and so cannot be told from them.

    Answers that moved from one unit to another are one officer's, so what they changed must
    not be known. They are counted where both units have late answers enough, and those are
    mixed enough to hide them; elsewhere only the late ones are. A breakdown is never counted
    without moved answers where its total has them, nor with them where it has not: one less
    the other would be what they answered.
    """
    late_only = moved.taken_away(counted)
    changes = _changes(released, late_only, documents)
    late = {
        figure for figure, change in changes.items() if _may_take(figure, change, threshold)
    }
    with_moved = moved.everywhere({f for f in late if _hides_moved(f, changes[f])})

    def source(figure: _Figure) -> Counts:
        if figure not in late:
            return released
        if figure._replace(dimension=Dimension.TOTAL) not in with_moved:
            return late_only
        return counted if figure in with_moved else released

    taken = {
        (figure.unit_id, figure.question)
        for figure in late
        if figure.dimension is Dimension.TOTAL
    }
    taken |= {
        (figure.unit_id, ALL_FORMS)
        for figure in late
        if figure.question == WHO_QUESTION and figure.dimension is Dimension.WHO
        if source(figure) is not released
    }

    def counts_for(cell: Cell) -> Counts:
        main = (cell.unit_id, cell.question) in taken or cell.dimension is Dimension.WHO
        if cell.question == WHO_QUESTION and cell.dimension is Dimension.CHANNEL:
            main = (cell.unit_id, ALL_FORMS) in taken  # forms less those of all channels show
        return source(_figure_of(cell)) if main else released

    cells = released.keys() | late_only.keys()
    return {cell: counts_for(cell).get(cell, 0) for cell in cells}


def _changes(
    released: Counts, counted: Counts, documents: Mapping[int, Questionnaire]
) -> Mapping[_Figure, Mapping[str, _Change]]:
    """What is new or gone in each category of each figure."""
    changes: dict[_Figure, dict[str, _Change]] = defaultdict(lambda: defaultdict(_Change))
    for cell in released.keys() | counted.keys():
        question = documents[cell.version_id].question(cell.question)
        change = changes[_figure_of(cell)][cell.category]
        more = counted.get(cell, 0) - released.get(cell, 0)
        if _is_answer(question, cell.code):
            change.gained[cell.code] += max(more, 0)
            change.lost[cell.code] += max(-more, 0)
        if _is_favourable(question, cell.code):
            change.favourable += max(more, 0)
    return changes


def _figure_of(cell: Cell) -> _Figure:
    return _Figure(cell.unit_id, cell.question, cell.dimension)


def _may_take(figure: _Figure, categories: Mapping[str, _Change], threshold: int) -> bool:
    """Whether the figure's new or changed answers are enough, in every category."""
    each = categories.values()
    has_any = any(change.gained.total() or change.lost.total() for change in each)
    return has_any and all(_may_be_seen(figure, change, threshold) for change in each)


def _may_be_seen(figure: _Figure, change: _Change, threshold: int) -> bool:
    if figure.question == WHO_QUESTION:  # forms are counted by it: nothing is favourable
        n = max(change.gained.total(), change.lost.total())
        return may_release(0, n, threshold=threshold)
    return change.may_be_seen(threshold)


def _hides_moved(figure: _Figure, categories: Mapping[str, _Change]) -> bool:
    is_forms = figure.question == WHO_QUESTION
    return is_forms or all(change.hides_moved() for change in categories.values())


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
