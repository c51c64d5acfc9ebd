"""Moves that keep every sum: a quick way to see that a hidden count is not known."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)
Range = tuple[float, float]
# How many times each cell counts in a sum, and the sum.
Equation = tuple[Mapping[Cell, float], float]

TRIES = 20  # cells that are tried in one search: more seldom helps


class Moves(Generic[Cell]):
    """Looks for other whole values than the true ones that fit the same equations.

    A cell is moved, then one more in each equation that no longer holds, until all hold. What
    it finds is a proof; that it finds nothing is none.
    """

    def __init__(
        self,
        bounds: Mapping[Cell, Range],
        equations: Sequence[Equation[Cell]],
        near: Mapping[Cell, int],
    ) -> None:
        self.bounds = bounds
        self.near = near
        self.equations_of: dict[Cell, list[Mapping[Cell, float]]] = defaultdict(list)
        for times, _ in equations:
            for cell in times:
                self.equations_of[cell].append(times)
        self._in_order: dict[int, list[Cell]] = {}
        self._moved: dict[Cell, float] = {}
        self._open: dict[int, tuple[Mapping[Cell, float], float]] = {}
        self._left = 0

    def find(self, cell: Cell, by: float) -> dict[Cell, float] | None:
        """Other values of some cells, with `cell` so much above its true value."""
        self._moved, self._open, self._left = {}, {}, TRIES
        if not self._fits(cell, by):
            return None
        self._move(cell, by)
        if not self._balance():
            return None
        return {other: self.near[other] + step for other, step in self._moved.items()}

    def _balance(self) -> bool:
        if not self._open:
            return True
        times, off = min(self._open.values(), key=lambda each: len(each[0]))
        for cell in self._candidates(times):
            by = -off / times[cell]
            if cell in self._moved or by != int(by) or not self._fits(cell, by):
                continue
            self._left -= 1
            if self._left < 0:
                return False
            self._move(cell, by)
            if self._balance():
                return True
            self._take_back(cell)
        return False

    def _fits(self, cell: Cell, by: float) -> bool:
        low, high = self.bounds[cell]
        return low <= self.near[cell] + by <= high

    def _candidates(self, times: Mapping[Cell, float]) -> list[Cell]:
        """The cells of an equation, those in the fewest others first."""
        found = self._in_order.get(id(times))
        if found is None:
            found = sorted(times, key=lambda cell: len(self.equations_of[cell]))
            self._in_order[id(times)] = found
        return found

    def _move(self, cell: Cell, by: float) -> None:
        self._moved[cell] = by
        self._unbalance(cell, by)

    def _take_back(self, cell: Cell) -> None:
        self._unbalance(cell, -self._moved.pop(cell))

    def _unbalance(self, cell: Cell, by: float) -> None:
        for times in self.equations_of[cell]:
            _, off = self._open.pop(id(times), (times, 0.0))
            if off := off + by * times[cell]:
                self._open[id(times)] = times, off
