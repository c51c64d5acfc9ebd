"""Results with one place for each unit, beside what holds for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

Each = TypeVar("Each")


@dataclass(frozen=True)
class PerUnit(Sequence[Each]):
    """One result for each unit, in the order in which the units were given."""

    units: tuple[Each, ...]

    @overload
    def __getitem__(self, place: int) -> Each: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Each, ...]: ...
    def __getitem__(self, place: int | slice) -> Each | tuple[Each, ...]:
        return self.units[place]

    def __len__(self) -> int:
        return len(self.units)
