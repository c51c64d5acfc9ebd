"""The figures of one question in all products, and the sums that a reader could take apart."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from surveyapp.models import FigureKind, Reason
from surveyapp.withholding.cells import CITY, Decision, Place, Product
from surveyapp.withholding.judging import Count, Figure, Judge

Partition = tuple[Place, list[Place]]
# What is withheld of each kind, and why.
Withheld = dict[FigureKind, dict[Place, Reason]]


@dataclass(frozen=True)
class Figures:
    """One question: its figures of every kind in every place.

    A new figure that is the same as one that is out already, answer for answer, is not here
    but in `same_as`.
    """

    question: str
    kinds: tuple[FigureKind, ...]
    of: Mapping[FigureKind, Mapping[Place, Figure]]
    same_as: Mapping[FigureKind, Mapping[Place, tuple[Place, Figure]]]
    products: Sequence[Product]
    fixed_products: frozenset[str]  # out already

    @classmethod
    def gather(
        cls, judge: Judge, question: str, earlier: Sequence[Product], new: Sequence[Product]
    ) -> "Figures":
        """Judge the question in all products."""
        of: dict[FigureKind, dict[Place, Figure]] = {}
        same_as: dict[FigureKind, dict[Place, tuple[Place, Figure]]] = {}
        kinds = judge.kinds(question)
        for kind in kinds:
            of[kind], same_as[kind] = {}, {}
            for product in (*earlier, *new):
                for unit_id, figure in judge.figures(product, kind, question).items():
                    place = Place(product.name, unit_id)
                    if (other := product.same_as.get((unit_id, question))) is None:
                        of[kind][place] = figure
                    else:
                        same_as[kind][place] = Place(other, unit_id), figure
        names = frozenset(product.name for product in earlier)
        return cls(question, kinds, of, same_as, (*earlier, *new), names)

    def categories(self, kind: FigureKind) -> list[str]:
        return sorted({name for figure in self.of[kind].values() for name in figure.counts})

    def count(self, kind: FigureKind, place: Place, category: str) -> Count:
        """The count; none at all where the figure does not exist."""
        figure = self.of[kind].get(place)
        return figure.counts.get(category, Count(0)) if figure else Count(0)

    def is_fixed(self, place: Place) -> bool:
        return place.product in self.fixed_products

    def partitions(self, kind: FigureKind, category: str) -> list[Partition]:
        """Every sum that a reader could take apart: units in the city, parts in a year."""
        return self._partitions.get((kind, category), [])  # none where nobody was asked

    def of_unit(self, kind: FigureKind, category: str, unit_id: int) -> list[Partition]:
        """The sums over time of one unit."""
        return self._of_unit.get((kind, category, unit_id), [])

    @cached_property
    def _of_unit(self) -> dict[tuple[FigureKind, str, int], list[Partition]]:
        found: dict[tuple[FigureKind, str, int], list[Partition]] = defaultdict(list)
        for (kind, category), partitions in self._partitions.items():
            for total, parts in partitions:
                if total.unit_id != CITY:
                    found[kind, category, total.unit_id].append((total, parts))
        return found

    @cached_property
    def _partitions(self) -> dict[tuple[FigureKind, str], list[Partition]]:
        return {
            (kind, category): list(self._found(kind, category))
            for kind in self.kinds
            for category in self.categories(kind)
        }

    def _found(self, kind: FigureKind, category: str) -> Iterator[Partition]:
        cells = {p: f.counts[category].n for p, f in self.of[kind].items()}
        units = sorted({place.unit_id for place in cells} - {CITY})
        has_city = any(place.unit_id == CITY for place in cells)

        for product in self.products:
            parts = [self._cell(product, unit) for unit in units]
            parts = [part for part in parts if part in cells]
            total = self._cell(product, CITY)
            if has_city and sum(cells[p] for p in parts) == cells.get(total):
                yield total, parts
            for names in product.sums:
                for unit_id in (CITY, *units):
                    total = self._cell(product, unit_id)
                    terms = [Place(name, unit_id) for name in names]
                    terms = [term for term in terms if term in cells and term != total]
                    # With late answers the sum is another: there is nothing to take apart.
                    if terms and sum(cells[t] for t in terms) == cells.get(total):
                        yield total, terms

    def _cell(self, product: Product, unit_id: int) -> Place:
        other = product.same_as.get((unit_id, self.question))
        return Place(product.name if other is None else other, unit_id)


def withheld_of(decisions: Sequence[Decision], question: str, figures: Figures) -> Withheld:
    """What earlier decisions say of one question."""
    found: Withheld = {kind: {} for kind in figures.kinds}
    for decision in decisions:
        if decision.question == question and decision.kind in found:
            place = Place(decision.product, decision.unit_id or CITY)
            if place in figures.of[decision.kind]:
                found[decision.kind][place] = decision.reason
    return found
