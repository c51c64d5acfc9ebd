"""What is withheld for its own sake, what beside it, and what the audit still finds open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from surveyapp.limits import Limits
from surveyapp.models import FigureKind, Reason
from surveyapp.questionnaire import Questionnaire
from surveyapp.stats import Unprotectable, determined, protect
from surveyapp.withholding.auditing import exposed, exposed_in
from surveyapp.withholding.cells import ALL_FORMS, Decision, Hidden, Place, Product
from surveyapp.withholding.figures import Figures, Withheld, withheld_of
from surveyapp.withholding.judging import BASE, UNSTATED, Judge


def decide(
    products: Sequence[Product],
    earlier: Sequence[Product],
    withheld_before: Iterable[Decision],
    documents: Mapping[int, Questionnaire],
    limits: Limits,
) -> list[Decision]:
    """The figures of `products` that are withheld.

    `earlier` are the products that are out already and that the new ones add up from; what was
    withheld of them is `withheld_before`. Raises stats.Unprotectable, whose `cell` is a
    `Hidden`, where something that is out already gives a withheld figure away.
    """
    before: dict[str, list[Decision]] = defaultdict(list)
    for decision in withheld_before:
        before[decision.question].append(decision)
    judge = Judge(documents, limits)
    decided: list[Decision] = []
    hiding: set[Place] = set()  # shares withheld to hide others: their forms would tell
    for question in judge.questions():
        figures = Figures.gather(judge, question, earlier, products)
        withheld = withheld_of(before[question], question, figures)
        also = hiding if question == ALL_FORMS else set()
        reasons = _Deciding(figures, withheld, also, limits).settle()
        hiding |= {
            place
            for place, reason in reasons.get(FigureKind.SHARE, {}).items()
            if reason is Reason.SECONDARY
        }
        decided += [
            Decision(place.product, place.unit_id or None, question, kind, reason)
            for kind in figures.kinds
            for place, reason in sorted(reasons[kind].items())
        ]
    return decided


class _Deciding:
    """One question: what is withheld of it so far. It only grows."""

    def __init__(
        self, figures: Figures, before: Withheld, also: set[Place], limits: Limits
    ) -> None:
        self.figures = figures
        self.limits = limits
        self.withheld = before
        self._n_protected: dict[FigureKind, int] = {}  # so many were withheld then
        for kind, places in figures.of.items():
            for place, figure in places.items():
                if figures.is_fixed(place) or not figure.n:
                    continue
                if figure.reason:
                    self.withheld[kind][place] = figure.reason
                elif place in also and kind is FigureKind.FORMS:
                    self.withheld[kind][place] = Reason.SECONDARY

    def settle(self) -> Withheld:
        """Withhold until everything is safe; the reasons of the new figures."""
        among: set[Hidden] | None = None
        before: dict[FigureKind, set[Place]] = {}
        while True:
            for kind in self.figures.kinds:
                self._protect(kind)
            if among is not None:
                among |= self._in_units_of(before)
            open_to_readers = exposed(self.figures, self.withheld, self.limits, among)
            if not open_to_readers:
                return {kind: self._new(kind) for kind in self.figures.kinds}
            before = {kind: set(places) for kind, places in self.withheld.items()}
            # To withhold more gives nothing away: what was safe stays so.
            among = set(open_to_readers)
            for cell in open_to_readers:
                if self._is_open(cell, self.withheld[cell.kind]):
                    self._hide_beside(cell)

    def _in_units_of(self, before: Mapping[FigureKind, set[Place]]) -> set[Hidden]:
        """All that is withheld in the units where something is that was not before."""
        units = {
            place.unit_id
            for kind, places in self.withheld.items()
            for place in places.keys() - before[kind]
        }
        return {
            Hidden(self.figures.question, kind, place, category)
            for kind, places in self.withheld.items()
            for place in places
            if place.unit_id in units
            for category in self.figures.of[kind][place].counts
        }

    def _protect(self, kind: FigureKind) -> None:
        """Hide what gives withheld figures of the kind away, in every category in turn: a
        breakdown that is hidden in one is hidden in all."""
        self._follow_base(kind)
        if self._n_protected.get(kind) == len(self.withheld[kind]):
            return
        places = self.figures.of[kind]
        fixed = {place for place in places if self.figures.is_fixed(place)}
        n_before = -1
        while n_before < len(self.withheld[kind]):
            n_before = len(self.withheld[kind])
            for category in self.figures.categories(kind):
                if category == UNSTATED:
                    continue  # it is shown nowhere, so only the audit can tell
                try:
                    beside = protect(
                        {place: figure.counts[category].n for place, figure in places.items()},
                        self.figures.partitions(kind, category),
                        withheld=self.withheld[kind].keys(),
                        fixed=fixed,
                        threshold=self.limits.any_figure,
                    )
                except Unprotectable as error:
                    raise Unprotectable(self._named(kind, error.cell, category)) from error
                self.withheld[kind] |= dict.fromkeys(beside, Reason.SECONDARY)
        self._n_protected[kind] = len(self.withheld[kind])

    def _follow_base(self, kind: FigureKind) -> None:
        for place in self.withheld.get(BASE.get(kind, kind), {}):
            figure = self.figures.of[kind].get(place)
            if figure and figure.n and not self.figures.is_fixed(place):
                self.withheld[kind].setdefault(place, Reason.SECONDARY)

    def _named(self, kind: FigureKind, place: object, category: str) -> Hidden:
        assert isinstance(place, Place)  # noqa: S101 - the cells given to `protect`
        return Hidden(self.figures.question, kind, place, category)

    def _hide_beside(self, cell: Hidden) -> None:
        """Withhold the smallest figure beside it that keeps it; if none does so alone, the
        smallest of those nearest. If nothing is left to withhold, say less of why."""
        choice = [place for places in self._beside(cell) for place in places]
        for place in (*choice, *self._few_besides(cell)):
            tried = self.withheld[cell.kind] | {place: Reason.SECONDARY}
            if not self._is_open(cell, tried):
                break
        else:
            if not choice:
                raise Unprotectable(cell)
            place = choice[0]
        self.withheld[cell.kind][place] = Reason.SECONDARY

    def _is_open(self, cell: Hidden, of_its_kind: dict[Place, Reason]) -> bool:
        """Whether the cell is known too well with these withheld of its kind."""
        units = [cell.place.unit_id] if _is_by_gender(cell) else None
        withheld = self.withheld | {cell.kind: of_its_kind}
        return cell in exposed_in(self.figures, withheld, self.limits, units, [cell])

    def _beside(self, cell: Hidden) -> Iterator[list[Place]]:
        """What may be withheld in the sums that the cell is in, then in those of the hidden
        cells met there, and so on: of each the smallest part, or else the total."""
        n_of = {
            place: figure.counts[cell.category].n
            for place, figure in self.figures.of[cell.kind].items()
        }
        if _is_by_gender(cell):
            partitions = self.figures.of_unit(cell.kind, cell.category, cell.place.unit_id)
        else:
            partitions = self.figures.partitions(cell.kind, cell.category)
        withheld = self.withheld[cell.kind]
        unsettled = {
            place
            for place, n in n_of.items()
            if n and (place in withheld or not self.figures.is_fixed(place))
        }
        may_hide = {
            place
            for place in unsettled - determined(partitions, unsettled) - withheld.keys()
            if n_of[place] >= self.limits.any_figure
        }
        linked, left = {cell.place}, partitions
        while linked:
            near = [each for each in left if not linked.isdisjoint((each[0], *each[1]))]
            left = [each for each in left if linked.isdisjoint((each[0], *each[1]))]
            found: set[Place] = set()
            for total, parts in near:
                open_parts = [part for part in parts if part in may_hide]
                smallest = min(open_parts, key=lambda p: (n_of[p], p), default=total)
                found |= {smallest} & may_hide
            if found:
                yield sorted(found, key=lambda place: (n_of[place], place))
            linked = {p for total, parts in near for p in (total, *parts) if p in withheld}
            linked &= {p for total, parts in left for p in (total, *parts)}

    def _few_besides(self, cell: Hidden) -> list[Place]:
        """New figures of the same unit that are withheld as few. That the sum of hidden parts
        is few too can tell them: then it is only said that it is withheld."""
        return [
            place
            for place, reason in sorted(self.withheld[cell.kind].items())
            if place.unit_id == cell.place.unit_id and not self.figures.is_fixed(place)
            if reason is Reason.FEW
        ]

    def _new(self, kind: FigureKind) -> dict[Place, Reason]:
        """The withheld figures of what is released now."""
        withheld = self.withheld[kind]
        found = {p: why for p, why in withheld.items() if not self.figures.is_fixed(p)}
        for place, (other, figure) in self.figures.same_as[kind].items():
            if figure.reason and figure.n:
                found[place] = figure.reason
            elif other in withheld:
                found[place] = Reason.SECONDARY
        return found


def _is_by_gender(cell: Hidden) -> bool:
    return cell.kind is FigureKind.GENDER
