"""What is too small to show."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import inf
from typing import NamedTuple

from surveyapp.stats.checking import from_one, part_of, same_length, whole, wholes
from surveyapp.stats.exposure import TOLERANCE, ranges
from surveyapp.stats.moves import Equation, Range
from surveyapp.stats.protection import (
    MINIMUM_ANSWERS,
    Cell,
    in_order,
    protect,
)

__all__ = [
    "FEW_ANSWERS",
    "MINIMUM_ANSWERS",
    "MINIMUM_GROUP",
    "NEARLY_ALL",
    "Audit",
    "alike",
    "audit",
    "breakdown_allowed",
    "may_release",
    "merged_categories",
    "withheld_units",
]

FEW_ANSWERS = 30  # below this a share is shown but no distribution and no breakdown
MINIMUM_GROUP = 3  # a group within a distribution has none or at least this many answers
NEARLY_ALL = 0.9  # the part of the population that is as good as everybody


def withheld_units(
    n_by_unit: Mapping[Cell, int],
    *,
    threshold: int = MINIMUM_ANSWERS,
    total_published: bool = True,
) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """Which units are withheld: those with few answers, and those that hide them.

    Parameters
    ----------
    n_by_unit : mapping of unit to int
        Answers of each unit.
    threshold : int
        Answers from which a unit may be shown, at least 1.
    total_published : bool
        Whether the sum of all units is shown, so that a single gap could be filled in.

    Returns
    -------
    tuple of frozenset
        Units with too few answers (but not none), and the units withheld to protect them.

    Raises
    ------
    Unprotectable
        If the total cannot be shown: together the units have too few answers, or one unit
        has all of them.
    ValueError
        If an argument is outside its limits.

    Examples
    --------
    >>> few, beside = withheld_units({"A": 41, "B": 7, "C": 120, "D": 34})
    >>> sorted(few), sorted(beside)
    (['B'], ['D'])
    """
    cells = {unit: whole("n", n) for unit, n in n_by_unit.items()}
    threshold = from_one("threshold", threshold)
    units = in_order(cells)
    few = frozenset(unit for unit in units if 0 < cells[unit] < threshold)
    if not total_published:
        return few, frozenset()
    total = object()  # no unit can be equal to it
    table: dict[object, int] = {unit: cells[unit] for unit in units}
    beside = protect(
        table | {total: sum(cells.values())},
        [(total, units)],
        withheld=few,
        fixed={total},
        threshold=threshold,
    )
    return few, frozenset(unit for unit in units if unit in beside)


def merged_categories(
    counts: Sequence[int], *, threshold: int = MINIMUM_GROUP
) -> list[list[int]] | None:
    """Finest grouping of neighbouring categories that shows no small group.

    Parameters
    ----------
    counts : sequence of int
        Answers in each category, in the order of the scale.
    threshold : int
        Answers that a group must have if it has any, at least 1.

    Returns
    -------
    list of list of int, or None
        Indices of the categories in each group; of equally fine groupings the one with the
        earliest cuts. None when there are answers but too few even for one group: then
        nothing can be shown.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    Examples
    --------
    >>> merged_categories([1, 2, 5, 31, 60])
    [[0, 1], [2], [3], [4]]
    >>> merged_categories([0, 2]) is None
    True
    """
    threshold = from_one("threshold", threshold)
    below = list(accumulate(wholes("counts", counts), initial=0))
    size = len(counts)
    # finest[i] groups categories i, i+1, ...; built from the end of the scale.
    finest: list[list[list[int]] | None] = [None] * size + [[]]
    for start in reversed(range(size)):
        for end in range(start + 1, size + 1):
            group, rest = below[end] - below[start], finest[end]
            if 0 < group < threshold or rest is None:
                continue
            best = finest[start]
            if best is None or 1 + len(rest) > len(best):
                finest[start] = [list(range(start, end)), *rest]
    return finest[0]


def may_release(
    answers_at_last_release: int, new_answers: int, *, threshold: int = MINIMUM_ANSWERS
) -> bool:
    """Whether a figure may be released again without showing what a few new answers were.

    Parameters
    ----------
    answers_at_last_release : int
        Answers in the figure as last released; 0 if it never was.
    new_answers : int
        Answers of its own that are new or changed since.
    threshold : int
        New answers that are enough, at least 1.

    Returns
    -------
    bool
        True when no answer is new or enough are. Says nothing of whether the figure has
        enough answers to be shown at all.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    Examples
    --------
    >>> may_release(108, 9), may_release(108, 0), may_release(111, 10)
    (False, True, True)
    """
    whole("answers_at_last_release", answers_at_last_release)
    new_answers = whole("new_answers", new_answers)
    return new_answers == 0 or new_answers >= from_one("threshold", threshold)


def alike(
    favourable: int,
    n: int,
    population: int | None,
    *,
    few: int = FEW_ANSWERS,
    nearly_all: float = NEARLY_ALL,
) -> bool:
    """Whether a share would tell what each person answered, since all answered alike.

    Parameters
    ----------
    favourable : int
        Favourable answers, ``0 <= favourable <= n``.
    n : int
        Valid answers to the question.
    population : int or None
        Persons who could have answered, at least `n`. None when it is not known.
    few : int
        Answers from which a unanimous share may be shown.
    nearly_all : float
        Part of the population, above 0 and at most 1, from which it may not.

    Returns
    -------
    bool
        True when all answers are alike and they are few or nearly everybody's. False when
        there are no answers: that is a state of its own.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    Examples
    --------
    >>> alike(12, 12, 400), alike(60, 60, 64), alike(60, 60, 400), alike(11, 12, 400)
    (True, True, False, False)
    """
    favourable, n, few = whole("favourable", favourable), whole("n", n), whole("few", few)
    part_of("favourable", favourable, "n", n)
    if not 0 < nearly_all <= 1:
        raise ValueError(f"nearly_all must be above 0 and at most 1, got {nearly_all!r}")
    if population is not None:
        population = whole("population", population)
        part_of("n", n, "population", population)
    if n == 0 or 0 < favourable < n:
        return False
    return n < few or (population is not None and n / population >= nearly_all)


def breakdown_allowed(
    counts: Sequence[int],
    n: int,
    *,
    threshold: int = MINIMUM_ANSWERS,
    few: int = FEW_ANSWERS,
) -> bool:
    """Whether a figure may be shown for each category of the persons: all of them or none.

    Parameters
    ----------
    counts : sequence of int
        Valid answers in each category.
    n : int
        Valid answers in all, at least the sum of `counts`. Those in no category form one
        more: it is the difference between the total and what is shown.
    threshold : int
        Answers that a category must have if it has any, at least 1.
    few : int
        Answers in all from which a breakdown may be shown.

    Returns
    -------
    bool
        True when there are enough answers in all and in every category that has any.

    Raises
    ------
    ValueError
        If an argument is outside its limits.

    Examples
    --------
    >>> breakdown_allowed([25, 12, 0], 37), breakdown_allowed([25, 12], 40)
    (True, False)
    """
    counts, n, few = wholes("counts", counts), whole("n", n), whole("few", few)
    threshold = from_one("threshold", threshold)
    part_of("the sum of counts", sum(counts), "n", n)
    parts = [*counts, n - sum(counts)]
    return n >= few and all(part == 0 or part >= threshold for part in parts)


class Audit(NamedTuple):
    """How much a reader of a table can work out about each hidden cell, in the order given."""

    ranges: list[Range]
    exactly_revealed: list[bool]


def audit(
    table: Sequence[Sequence[int | None]],
    row_totals: Sequence[int],
    col_totals: Sequence[int],
    hidden: Sequence[Sequence[int]],
) -> Audit:
    """Least and greatest value of each hidden cell of a table with published totals.

    Parameters
    ----------
    table : sequence of rows of int or None
        Answers in each cell; None where the cell is hidden.
    row_totals, col_totals : sequence of int
        The published sums.
    hidden : sequence of (row, column)
        Places of the hidden cells, from 0: all that are None in the table.

    Returns
    -------
    Audit
        A range for each of `hidden`, and whether it has no width: then the cell is revealed.

    Raises
    ------
    ValueError
        If an argument is outside its limits, `hidden` is not where the table has None, or
        no answers from 0 up fit the totals.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.2.

    Examples
    --------
    >>> found = audit([[None, None], [None, None]], [9, 5], [12, 2],
    ...               [(0, 0), (0, 1), (1, 0), (1, 1)])
    >>> found.ranges
    [(7.0, 9.0), (0.0, 2.0), (3.0, 5.0), (0.0, 2.0)]
    >>> any(found.exactly_revealed)
    False
    """
    same_length(table=table, row_totals=row_totals)
    places = [(row, column) for row, column in hidden]
    gaps = {(i, j) for i, row in enumerate(table) for j, n in enumerate(row) if n is None}
    if set(places) != gaps:
        raise ValueError(f"hidden is {places!r} but the table has gaps at {sorted(gaps)!r}")
    lines = [[(i, j) for j in range(len(col_totals))] for i in range(len(table))]
    for row in table:
        same_length(row=row, col_totals=col_totals)
    lines += [[(i, j) for i in range(len(table))] for j in range(len(col_totals))]
    equations: list[Equation[tuple[int, int]]] = []
    for line, total in zip(lines, [*row_totals, *col_totals], strict=True):
        shown = sum(whole("n", table[i][j]) for i, j in line if (i, j) not in gaps)
        left = whole("total", total) - shown
        of_line = {place: 1.0 for place in line if place in gaps}
        if left < 0 or (left and not of_line):
            raise ValueError(f"the shown cells add up to {shown}, not within {total!r}")
        if of_line:
            equations.append((of_line, left))
    found = ranges(dict.fromkeys(places, (0.0, inf)), equations)
    each = [found[place] for place in places]
    return Audit(each, [high - low <= TOLERANCE for low, high in each])
