"""What must be withheld beside the withheld cells, so that they cannot be worked out."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from surveyapp.stats.checking import from_one, whole

MINIMUM_ANSWERS = 10  # below this nothing is shown

Cell = TypeVar("Cell", bound=Hashable)
# A total and its parts, which add up to it.
Partition = tuple[Cell, Sequence[Cell]]
# A sum of shown and hidden cells that is 0: how many times each counts in it.
_Equation = dict[Cell, int | Fraction]


class Unprotectable(ValueError):
    """A withheld cell can be worked out from cells that must be shown; `cell` is which."""

    def __init__(self, cell: object) -> None:
        super().__init__(f"cannot keep {cell!r} from being worked out from what is shown")
        self.cell = cell


def protect(
    cells: Mapping[Cell, int],
    partitions: Sequence[Partition[Cell]],
    *,
    withheld: Set[Cell],
    fixed: Set[Cell] = frozenset(),
    threshold: int = MINIMUM_ANSWERS,
) -> set[Cell]:
    """Which further cells must be withheld so that the withheld ones cannot be worked out.

    A partition whose total is shown must have no withheld part with answers, or at least two
    that together have at least `threshold`. Where that fails, the shown part with the fewest
    answers, but at least `threshold`, is withheld as well; if no part can be, the total is,
    or else a cell that gives away a part which is a withheld sum.
    What is withheld in one partition can open another, so this is repeated until all hold.
    Then the partitions are taken together: a withheld cell that their equations still give
    away is hidden by withholding one more cell of the equation, the finest and then the
    smallest. Cells without answers hide nothing and need no hiding. A total in `withheld`
    whose parts are all shown is left as it is: it tells nothing that they do not.

    Parameters
    ----------
    cells : mapping of cell to int
        Answers in each cell, totals included.
    partitions : sequence of (cell, sequence of cell)
        Each total with its parts, which add up to it. A cell can be in many of them, as a
        part and as a total.
    withheld : set of cell
        Cells withheld for their own sake.
    fixed : set of cell
        Cells whose fate an earlier release decided: those in `withheld` stay withheld and
        the others stay shown. What can be worked out from the shown ones stays known.
    threshold : int
        Answers that withheld cells must have together, at least 1.

    Returns
    -------
    set of cell
        Cells to withhold besides `withheld`. Of two with equally many answers the one that
        sorts first is taken, or comes first in `cells` if they cannot be compared, so the
        same table gives the same result every time.

    Raises
    ------
    Unprotectable
        If a withheld cell is known from cells that are fixed as shown, or is left with too
        few answers beside it and nothing more can be withheld.
    ValueError
        If an argument is outside its limits, names an unknown cell or does not add up.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.

    Examples
    --------
    >>> cells = {"t1": 7, "t2": 20, "t3": 31, "year": 58}
    >>> year = [("year", ["t1", "t2", "t3"])]
    >>> protect(cells, year, withheld={"t1"})
    {'t2'}
    >>> protect(cells, year, withheld={"t1"}, fixed={"t1", "t2", "t3"})
    {'year'}
    """
    counts = {cell: whole("n", n) for cell, n in cells.items()}
    threshold = from_one("threshold", threshold)
    _check_table(counts, partitions, withheld | fixed)
    hidden = {cell for cell in withheld if counts[cell]}
    beside: set[Cell] = set()
    for linked in _linked(partitions):
        own = {cell: counts[cell] for total, parts in linked for cell in (total, *parts)}
        if hidden.isdisjoint(own):
            continue
        table = _Table(own, linked, withheld & own.keys(), fixed & own.keys(), threshold)
        while (cell := table.next_to_withhold()) is not None:
            table.hidden.add(cell)
        beside |= table.hidden - withheld
    return beside


class _Table(Generic[Cell]):
    """Cells and partitions, with what is hidden so far."""

    def __init__(
        self,
        counts: dict[Cell, int],
        partitions: Sequence[Partition[Cell]],
        withheld: Set[Cell],
        fixed: Set[Cell],
        threshold: int,
    ) -> None:
        self.counts = counts
        self.partitions = partitions
        self.withheld = withheld
        self.threshold = threshold
        self.hidden = {cell for cell in withheld if counts[cell]}
        self.place = {cell: place for place, cell in enumerate(in_order(counts))}
        self.totals = {total for total, _ in partitions}
        self.fixed = fixed

    @cached_property
    def known(self) -> Set[Cell]:
        """Hiding these would be in vain: they are out, or follow from what is."""
        unsettled = {
            cell
            for cell, n in self.counts.items()
            if n and (cell in self.withheld or cell not in self.fixed)
        }
        return self.fixed | determined(self.partitions, unsettled)

    def next_to_withhold(self) -> Cell | None:
        """Return one more cell to hide, or None when everything hidden is safe."""
        needless = sums_of_shown(self.partitions, self.hidden, self.hidden & self.withheld)
        for total, parts in self.partitions:
            if total in self.hidden - needless:
                continue
            hidden = [part for part in parts if part in self.hidden - needless]
            together = sum(self.counts[part] for part in hidden)
            if hidden and (len(hidden) == 1 or together < self.threshold):
                return self._beside(hidden[0], total, parts, needless)
        solved = _solved(self.partitions, self.hidden)
        exposed = solved.keys() - needless
        if not exposed:
            return None
        cell = min(exposed, key=self.place.__getitem__)
        return self._within(cell, solved[cell])

    def _beside(
        self, cell: Cell, total: Cell, parts: Sequence[Cell], needless: Set[Cell]
    ) -> Cell:
        """Return the part to hide with `cell` in one partition, or else the total, or else
        one that gives a hidden part away."""
        large = [part for part in parts if self.counts[part] >= self.threshold]
        choice = [part for part in large if self._may_hide(part)]
        if choice:
            return min(choice, key=lambda part: (self.counts[part], self.place[part]))
        if self._may_hide(total):
            return total
        telling = [each for each in self._told_by(parts, needless) if self._may_hide(each)]
        if telling:
            return min(telling, key=self._preference)
        raise Unprotectable(cell)

    def _told_by(self, parts: Sequence[Cell], needless: Set[Cell]) -> set[Cell]:
        """Return the cells that add up to those of `parts` that it is needless to hide."""
        found: set[Cell] = set()
        sums = needless & set(parts)
        while sums:
            below = {c for total, own in self.partitions if total in sums for c in own} - found
            found |= below
            sums = needless & below
        return found

    def _within(self, cell: Cell, equation: _Equation[Cell]) -> Cell:
        """Return the cell to hide in an equation that gives `cell` away."""
        choice = [other for other in equation if self._may_hide(other)]
        if not choice:
            raise Unprotectable(cell)
        return min(choice, key=self._preference)

    def _may_hide(self, cell: Cell) -> bool:
        shown = self.counts[cell] > 0 and cell not in self.hidden
        return shown and cell not in self.known

    def _preference(self, cell: Cell) -> tuple[bool, bool, int, int]:
        """Sort large enough before small, finest before sums, then few answers before many."""
        n = self.counts[cell]
        return n < self.threshold, cell in self.totals, n, self.place[cell]


def _linked(partitions: Sequence[Partition[Cell]]) -> list[list[Partition[Cell]]]:
    """Divide the partitions into those that share cells, directly or through others."""
    root: dict[Cell, Cell] = {}

    def top(cell: Cell) -> Cell:
        while (above := root.setdefault(cell, cell)) != cell:
            root[cell] = root[above]
            cell = above
        return cell

    for total, parts in partitions:
        for part in parts:
            root[top(part)] = top(total)
    groups: dict[Cell, list[Partition[Cell]]] = defaultdict(list)
    for partition in partitions:
        groups[top(partition[0])].append(partition)
    return list(groups.values())


def sums_of_shown(
    partitions: Sequence[Partition[Cell]], hidden: Set[Cell], among: Set[Cell]
) -> set[Cell]:
    """Return the hidden totals of `among` that their own shown parts add up to anyway."""
    sums: set[Cell] = set()
    candidates = among & {total for total, _ in partitions}
    n_before = -1
    while n_before < len(sums):
        n_before = len(sums)
        unknown = hidden - sums
        sums |= {
            total
            for total, parts in partitions
            if total in candidates and unknown.isdisjoint(parts)
        }
    return sums


def determined(partitions: Sequence[Partition[Cell]], unknown: Set[Cell]) -> set[Cell]:
    """Return the unknown cells that the others give away."""
    return set(_solved(partitions, unknown))


def _solved(
    partitions: Sequence[Partition[Cell]], unknown: Set[Cell]
) -> dict[Cell, _Equation[Cell]]:
    """Return each unknown cell that the known ones determine, with the equation that does.

    Gauss-Jordan elimination of the unknown cells in exact numbers: a cell is determined if
    and only if its own equation is left without other unknowns.
    """
    equations: dict[Cell, _Equation[Cell]] = {}  # by the cell each is solved for, its pivot
    order: dict[Cell, int] = {}
    for total, parts in partitions:
        if total not in unknown and unknown.isdisjoint(parts):
            continue
        new: _Equation[Cell] = {total: 1, **dict.fromkeys(parts, -1)}
        for cell in sorted(new.keys() & equations.keys(), key=order.__getitem__):
            _eliminate(cell, new, equations[cell])
        pivot = next((cell for cell in new if cell in unknown), None)
        if pivot is None:
            continue
        by = new[pivot]
        if by != 1:  # nearly always it is 1 or -1, and whole numbers are faster
            by = -1 if by == -1 else 1 / Fraction(by)
            new = {cell: times * by for cell, times in new.items()}
        for equation in equations.values():
            if pivot in equation:
                _eliminate(pivot, equation, new)
        equations[pivot], order[pivot] = new, len(order)
    return {
        cell: equation
        for cell, equation in equations.items()
        if sum(other in unknown for other in equation) == 1
    }


def _eliminate(cell: Cell, equation: _Equation[Cell], by: _Equation[Cell]) -> None:
    """Take `cell` out of an equation with another in which it counts once."""
    times = equation.get(cell)
    if times is None:
        return
    for other, share in by.items():
        left = equation.pop(other, 0) - times * share
        if left:
            equation[other] = left


def in_order(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells sorted, or as they come if they cannot be compared."""
    given = list(cells)
    try:
        return sorted(cast(list[Any], given))
    except TypeError:
        return given


def _check_table(
    counts: Mapping[Cell, int], partitions: Sequence[Partition[Cell]], named: Set[Cell]
) -> None:
    """Refuse cells that are not in the table and partitions that do not add up."""
    for cell in named:
        if cell not in counts:
            raise ValueError(f"withheld or fixed cell {cell!r} is not among the cells")
    for total, parts in partitions:
        for cell in (total, *parts):
            if cell not in counts:
                raise ValueError(f"{cell!r} in the partition of {total!r} is not a cell")
        if len({total, *parts}) <= len(parts):
            raise ValueError(f"the partition of {total!r} names a cell twice: {parts!r}")
        n = sum(counts[part] for part in parts)
        if n != counts[total]:
            raise ValueError(f"the parts of {total!r} add up to {n}, not {counts[total]}")
