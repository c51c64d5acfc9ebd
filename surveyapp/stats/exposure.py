"""What can be worked out about hidden counts from sums that are published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import ceil, floor, inf, isinf
from random import Random
from typing import Any, Generic

from surveyapp.stats.moves import Cell, Equation, Moves, Range

TOLERANCE = 1e-7
STEPS = 3  # from equation to equation around a cell
SHORT = 12  # cells of an equation that may tell of one of them
WHOLE = 300  # cells up to which only whole solutions count: more take too long to find


def ranges(
    bounds: Mapping[Cell, Range], equations: Sequence[Equation[Cell]]
) -> dict[Cell, Range]:
    """Least and greatest value of every hidden cell among all that fit what is published.

    Cells that no chain of equations links are solved apart. One equation alone is solved by
    hand, several together by two linear programmes for each cell.

    Parameters
    ----------
    bounds : mapping of cell to (float, float)
        What is known of each hidden cell by itself, 0 and infinity at the widest.
    equations : sequence of (mapping of cell to float, float)
        How many times each hidden cell counts in a published sum, and what is left of the
        sum when the shown cells are taken away.

    Returns
    -------
    dict of cell to (float, float)
        In the order of `bounds`; infinite where nothing sets a limit.

    Raises
    ------
    ValueError
        If an equation names an unknown cell, or no values fit all equations.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.2: the attacker's problem.

    Examples
    --------
    >>> ranges({"a": (1, 9), "b": (10, inf)}, [({"a": 1, "b": 1}, 14)])
    {'a': (1.0, 4.0), 'b': (10.0, 13.0)}
    """
    found: dict[Cell, Range] = {}
    for system in systems(bounds, equations):
        found |= system.ranges()
    return {cell: found[cell] for cell in bounds}


def pinned(
    bounds: Mapping[Cell, Range],
    equations: Sequence[Equation[Cell]],
    *,
    spread: Mapping[Cell, int],
    near: Mapping[Cell, int],
) -> set[Cell]:
    """Which hidden counts are known too well: to fewer whole values than they should be.

    As `ranges`, but for counts, and it stops as soon as it has seen enough: a few
    solutions that move many cells at once show most of them to be safe.

    Parameters
    ----------
    bounds, equations
        As for `ranges`.
    spread : mapping of cell to int
        For each cell that matters, how far apart its least and greatest value must be.
    near : mapping of cell to int
        The true value of every cell.

    Returns
    -------
    set of cell
        Those of `spread` whose least and greatest whole values are closer than that.

    Raises
    ------
    ValueError
        If an equation names an unknown cell, or the true values do not fit.

    Examples
    --------
    >>> sums = [({"a": 1, "b": 1}, 12)]
    >>> sorted(pinned({"a": (1, 9), "b": (10, inf)}, sums, spread={"a": 3, "b": 3},
    ...               near={"a": 2, "b": 10}))
    ['a', 'b']
    """
    found: set[Cell] = set()
    for system in systems(bounds, equations, spread):
        system.check(near)
        own = {cell: spread[cell] for cell in system.bounds if cell in spread}
        if len(system.equations) <= 1:
            each = system.ranges()
            found |= {cell for cell, least in own.items() if _whole_width(*each[cell]) < least}
            continue
        seen = _Seen(own, near)
        system.swap(seen)
        system.push(seen)
        system.try_each(seen)
        found |= seen.left.keys()
    return found


class _Seen(Generic[Cell]):
    """The least and the greatest value that each cell has been seen with, until they are far
    enough apart; `left` are the cells that are not there yet."""

    def __init__(self, spread: Mapping[Cell, int], near: Mapping[Cell, int]) -> None:
        self.left = dict(spread)
        self.near = near
        self.ends = {cell: (float(near[cell]), float(near[cell])) for cell in spread}

    def add(self, solution: Mapping[Cell, float]) -> None:
        for cell in solution.keys() & self.left.keys():
            low, high = self.ends[cell]
            self.ends[cell] = min(low, solution[cell]), max(high, solution[cell])
            if _whole_width(*self.ends[cell]) >= self.left[cell]:
                del self.left[cell]


def systems(
    bounds: Mapping[Cell, Range],
    equations: Sequence[Equation[Cell]],
    among: Iterable[Cell] | None = None,
) -> "list[System[Cell]]":
    """Cells and equations divided into parts that have nothing to do with each other; with
    `among` only the parts that these cells are in."""
    equations_of: dict[Cell, list[int]] = defaultdict(list)
    for number, (times, _) in enumerate(equations):
        for cell in times:
            if cell not in bounds:
                raise ValueError(f"{cell!r} in an equation is not a hidden cell")
            equations_of[cell].append(number)
    divided, met = [], set()
    for first in bounds if among is None else among:
        if first in met:
            continue
        met.add(first)
        cells, numbers = [first], set[int]()
        for cell in cells:
            for number in set(equations_of[cell]) - numbers:
                numbers.add(number)
                linked = [other for other in equations[number][0] if other not in met]
                met.update(linked)
                cells += linked
        own = {cell: bounds[cell] for cell in cells}
        divided.append(System(own, [equations[number] for number in sorted(numbers)]))
    return divided


class System(Generic[Cell]):
    """Hidden cells that equations link, and these equations."""

    def __init__(
        self, bounds: Mapping[Cell, Range], equations: Sequence[Equation[Cell]]
    ) -> None:
        self.bounds = bounds
        self.equations = equations
        self.place = {cell: place for place, cell in enumerate(bounds)}

    def ranges(self) -> dict[Cell, Range]:
        """The range of every cell."""
        if not self.equations:
            return {
                cell: (float(low), float(high)) for cell, (low, high) in self.bounds.items()
            }
        if len(self.equations) == 1:
            return self._by_hand(*self.equations[0])
        return {cell: (self._extreme(cell, 1), self._extreme(cell, -1)) for cell in self.bounds}

    def swap(self, seen: "_Seen[Cell]") -> None:
        """Move the cells one by one by hand, with a few others that make up for it."""
        moves = Moves(self.bounds, self.equations, seen.near)
        for cell in list(seen.left):
            for sign in (1, -1):
                if cell in seen.left and (solution := moves.find(cell, sign * seen.left[cell])):
                    seen.add(solution)

    def push(self, seen: "_Seen[Cell]") -> None:
        """Move many cells at once, up or down at random, as long as that helps."""
        rng = Random(len(seen.left))  # noqa: S311 - it guards nothing
        n_before = inf
        while 2 < len(seen.left) < n_before:  # one or two are as soon tried one by one
            n_before = len(seen.left)
            box = {cell: self._around(cell, seen) for cell in seen.left}
            signs = {cell: rng.choice((-1, 1)) for cell in seen.left}
            for turn in (1, -1):
                seen.add(self._solved({c: turn * sign for c, sign in signs.items()}, box))

    def try_each(self, seen: "_Seen[Cell]") -> None:
        """Move the cells that are left one by one."""
        for cell in [cell for cell in self.bounds if cell in seen.left]:
            nearby = self._nearby(cell) if cell in seen.left else None
            if nearby is not None and nearby.is_narrow(cell, seen):
                continue  # as it is with more equations
            for sign in (1, -1):
                if cell in seen.left:
                    seen.add(self._solved({cell: sign}, {cell: self._around(cell, seen)}))

    def is_narrow(self, cell: Cell, seen: "_Seen[Cell]") -> bool:
        """Whether the cell is known too well from these equations alone."""
        within = {cell: self._around(cell, seen)}
        low, high = (self._solved({cell: sign}, within)[cell] for sign in (1, -1))
        return _whole_width(low, high) < seen.left[cell]

    def _nearby(self, cell: Cell) -> "System[Cell] | None":
        """The short equations near a cell; None where that is not much less than all."""
        cells, numbers = {cell}, set[int]()
        for _ in range(STEPS):
            numbers |= {number for near in cells for number in self._short_of.get(near, ())}
            cells |= {near for number in numbers for near in self.equations[number][0]}
        if not numbers or 2 * len(cells) > len(self.bounds):
            return None
        bounds = {near: own for near, own in self.bounds.items() if near in cells}
        return System(bounds, [self.equations[number] for number in sorted(numbers)])

    @cached_property
    def _short_of(self) -> dict[Cell, list[int]]:
        found: dict[Cell, list[int]] = defaultdict(list)
        for number, (times, _) in enumerate(self.equations):
            for cell in times if len(times) <= SHORT else ():
                found[cell].append(number)
        return found

    def _around(self, cell: Cell, seen: "_Seen[Cell]") -> Range:
        low, high = self.bounds[cell]
        return max(low, seen.near[cell] - seen.left[cell]), min(
            high, seen.near[cell] + seen.left[cell]
        )

    def _by_hand(self, times: Mapping[Cell, float], total: float) -> dict[Cell, Range]:
        """One equation: a cell takes what the others leave at their most and their least."""
        each = {
            cell: _sorted(by * self.bounds[cell][0], by * self.bounds[cell][1])
            for cell, by in times.items()
        }
        least, most = (_Sum(ends[side] for ends in each.values()) for side in (0, 1))
        found = {}
        for cell, by in times.items():
            low, high = (
                total - most.without(each[cell][1]),
                total - least.without(each[cell][0]),
            )
            low, high = _sorted(low / by, high / by)
            low, high = max(low, self.bounds[cell][0]), min(high, self.bounds[cell][1])
            if low > high + TOLERANCE:
                raise self._impossible()
            found[cell] = float(low), float(high)
        return found

    def _extreme(self, cell: Cell, sign: int) -> float:
        result = self._linprog({cell: sign}, {})
        if result.status == 3:  # unbounded
            return -sign * inf
        if result.x is None:
            raise self._impossible()
        return round(float(result.x[self.place[cell]]), 9)

    def _solved(
        self, weights: Mapping[Cell, float], within: Mapping[Cell, Range]
    ) -> dict[Cell, float]:
        """The whole values that make the weighted sum least; one solution always exists."""
        result = self._linprog(weights, within)
        if len(self.place) <= WHOLE and result.x is not None:
            is_whole = abs(result.x - result.x.round()).max() <= TOLERANCE
            if not is_whole:
                result = self._linprog(weights, within, integrality=1)
        if result.x is None:
            raise self._impossible()
        return dict(zip(self.place, result.x.tolist(), strict=True))

    def _linprog(
        self, weights: Mapping[Cell, float], within: Mapping[Cell, Range], **options: Any
    ) -> Any:
        import numpy as np
        from scipy.optimize import linprog

        costs, bounds = np.zeros(len(self.place)), self._limits.copy()
        for cell, weight in weights.items():
            costs[self.place[cell]] = weight
        for cell, ends in within.items():
            bounds[self.place[cell]] = ends
        return linprog(
            costs,
            A_eq=self._matrix,
            b_eq=[total for _, total in self.equations],
            bounds=bounds,
            method="highs",
            **options,
        )

    @cached_property
    def _limits(self) -> Any:
        import numpy as np

        return np.array(list(self.bounds.values()), dtype=float)

    @cached_property
    def _matrix(self) -> Any:
        from scipy.sparse import csr_array

        entries = [
            (times, row, self.place[cell])
            for row, (each, _) in enumerate(self.equations)
            for cell, times in each.items()
        ]
        values, rows, columns = zip(*entries, strict=True)
        shape = len(self.equations), len(self.place)
        return csr_array((values, (rows, columns)), shape=shape)

    def check(self, near: Mapping[Cell, int]) -> None:
        """Refuse values that do not fit."""
        for cell, (low, high) in self.bounds.items():
            if not low <= near[cell] <= high:
                raise ValueError(f"{cell!r} is {near[cell]!r}, not from {low!r} to {high!r}")
        for times, total in self.equations:
            found = sum(by * near[cell] for cell, by in times.items())
            if abs(found - total) > TOLERANCE:
                raise ValueError(f"{dict(times)!r} add up to {found!r}, not {total!r}")

    def _impossible(self) -> ValueError:
        return ValueError(f"nothing fits {self.equations!r} within {dict(self.bounds)!r}")


class _Sum:
    """A sum of which any term can be left out, also where some are infinite."""

    def __init__(self, terms: Iterable[float]) -> None:
        each = list(terms)
        self.infinite = [term for term in each if isinf(term)]
        self.finite = sum(term for term in each if not isinf(term))

    def without(self, term: float) -> float:
        """The sum of the others."""
        if isinf(term):
            return self.finite + sum(self.infinite[1:])  # all are of one sign
        return self.finite + sum(self.infinite) - term


def _sorted(one: float, other: float) -> Range:
    return min(one, other), max(one, other)


def _whole_width(low: float, high: float) -> float:
    """From the least to the greatest whole number in the range."""
    if inf in (-low, high):
        return inf
    return floor(high + TOLERANCE) - ceil(low - TOLERANCE)
