"""Which figures of a release are withheld, and why: one step between counts and pages.

A figure is a question of one unit, or of the city, in one product: the released period, or the
year to date that it completes. What earlier releases showed or withheld stays as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from surveyapp.counting import WHO_QUESTION, Cell, Counts
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason
from surveyapp.questionnaire import OptionKind, Question, Questionnaire
from surveyapp.stats import alike, asked_population, breakdown_allowed, protect

CITY = 0  # stands for the city among unit ids
ALL_FORMS = "*"  # stands for the questionnaire among questions
JUDGED = (Dimension.TOTAL, Dimension.WHO)  # all that is needed to decide
BACKGROUND = "bakgrund"  # questions about who answered: shown as WHO only
REST = "rest"  # of the groups of who answered: with the officer's help, or not stated


class Place(NamedTuple):
    """A unit (or CITY) in a product."""

    product: str
    unit_id: int


@dataclass(frozen=True)
class Product:
    """Counts of one product, and which products add up to it."""

    name: str
    counts: Counts
    due: Mapping[int, int | None]  # follow-ups due per unit, where known
    sums: Sequence[tuple[str, ...]] = ()  # each a way to add it up from other products
    same_as: Mapping[tuple[int, str], str] = field(default_factory=dict)
    # (unit id, question) whose figure is that of another product, answer for answer

    @cached_property
    def cells_of(self) -> Mapping[tuple[Dimension, str], list[Cell]]:
        """The cells that deciding looks at, of each dimension and question."""
        found: dict[tuple[Dimension, str], list[Cell]] = defaultdict(list)
        for cell in self.counts:
            if cell.dimension in JUDGED:
                found[cell.dimension, cell.question].append(cell)
        return found


class Decision(NamedTuple):
    """A figure that is withheld."""

    product: str
    unit_id: int | None
    question: str
    kind: FigureKind
    reason: Reason


@dataclass(frozen=True)
class _Figure:
    """What deciding needs to know of one question in one place."""

    n: int
    reason: Reason | None  # why it is withheld for its own sake


def decide(
    products: Sequence[Product],
    earlier: Sequence[Product],
    withheld_before: Iterable[Decision],
    documents: Mapping[int, Questionnaire],
    limits: Limits,
) -> list[Decision]:
    """The figures of `products` that are withheld.

    `earlier` are the products that are out already and that the new ones add up from; what was
    withheld of them is `withheld_before`. Raises stats.Unprotectable where something that is
    out already gives a withheld figure away.
    """
    before: dict[tuple[str, FigureKind], set[Place]] = defaultdict(set)
    for decision in withheld_before:
        place = Place(decision.product, decision.unit_id or CITY)
        before[decision.question, decision.kind].add(place)
    judge = _Judge(documents, limits)
    decided: list[Decision] = []
    gone: dict[tuple[str, FigureKind], set[Place]] = defaultdict(set)
    hiding: set[Place] = set()  # shares withheld to hide others: their forms would tell
    for kind in (FigureKind.SHARE, FigureKind.DISTRIBUTION, FigureKind.FORMS, FigureKind.WHO):
        for question in judge.questions(kind):
            also = {
                FigureKind.SHARE: set(),
                FigureKind.DISTRIBUTION: gone[question, FigureKind.SHARE],
                FigureKind.FORMS: hiding,
                FigureKind.WHO: gone[question, FigureKind.FORMS],
            }[kind]
            found = _decide_one(
                products, earlier, before[question, kind], judge, kind, question, also, limits
            )
            gone[question, kind] = set(found) | before[question, kind]
            if kind is FigureKind.SHARE:
                hiding |= {p for p, why in found.items() if why is Reason.SECONDARY}
            decided += [
                Decision(place.product, place.unit_id or None, question, kind, reason)
                for place, reason in sorted(found.items())
            ]
    return decided


def _decide_one(
    products: Sequence[Product],
    earlier: Sequence[Product],
    before: set[Place],
    judge: "_Judge",
    kind: FigureKind,
    question: str,
    also: set[Place],
    limits: Limits,
) -> dict[Place, Reason]:
    """The withheld places of one question and kind, each with its reason."""
    figures: dict[Place, _Figure] = {}
    for product in (*earlier, *products):
        for unit_id, figure in judge.figures(product, kind, question).items():
            figures[Place(product.name, unit_id)] = figure
    new = {Place(p.name, unit) for p in products for unit in _units(figures, p.name)}
    reasons: dict[Place, Reason] = {}
    for place in new & figures.keys():
        if reason := figures[place].reason:
            reasons[place] = reason
        elif place in also and figures[place].n:
            reasons[place] = Reason.SECONDARY
    names = {
        Place(p.name, unit): Place(p.same_as[unit, question], unit)
        for p in products
        for unit in _units(figures, p.name)
        if (unit, question) in p.same_as
    }
    cells = {names.get(place, place): figure.n for place, figure in figures.items()}
    withheld = before | {names.get(place, place) for place in reasons}
    fixed = {Place(p.name, unit) for p in earlier for unit in _units(figures, p.name)}
    partitions = list(_partitions((*earlier, *products), cells, names))
    beside = protect(
        cells,
        partitions,
        withheld=withheld & cells.keys(),
        fixed=fixed & cells.keys(),
        threshold=limits.any_figure,
    )
    for place in new - reasons.keys():
        if names.get(place, place) in beside | before:
            reasons[place] = Reason.SECONDARY
    return reasons


def _units(figures: Mapping[Place, _Figure], product: str) -> set[int]:
    return {place.unit_id for place in figures if place.product == product}


def _partitions(
    products: Sequence[Product], cells: Mapping[Place, int], names: Mapping[Place, Place]
) -> Iterator[tuple[Place, list[Place]]]:
    """Every sum that a reader could take apart: units in the city, parts in a year."""
    units = sorted({place.unit_id for place in cells} - {CITY})

    def cell(product: str, unit_id: int) -> Place:
        place = Place(product, unit_id)
        return names.get(place, place)

    for product in products:
        total = cell(product.name, CITY)
        parts = [cell(product.name, unit) for unit in units]
        parts = [part for part in parts if part in cells]
        if total in cells and sum(cells[part] for part in parts) == cells[total]:
            yield total, parts
        for sums in product.sums:
            for unit_id in (CITY, *units):
                total = cell(product.name, unit_id)
                terms = [cell(name, unit_id) for name in sums]
                terms = [term for term in terms if term in cells and term != total]
                # With late answers the sum is another: then there is nothing to take apart.
                if terms and total in cells and sum(cells[t] for t in terms) == cells[total]:
                    yield total, terms


class _Judge:
    """What each figure is withheld for, taken by itself (METHODS P1, P2, P5, P6)."""

    def __init__(self, documents: Mapping[int, Questionnaire], limits: Limits) -> None:
        self.documents = documents
        self.limits = limits

    def questions(self, kind: FigureKind) -> list[str]:
        """The questions that have such a figure."""
        if kind in (FigureKind.FORMS, FigureKind.WHO):
            return [ALL_FORMS]
        found = {
            question.id
            for document in self.documents.values()
            for question in document.questions
            if question.type == "single" and question.area != BACKGROUND
            if kind is FigureKind.DISTRIBUTION or has_share(question)
        }
        return sorted(found)

    def figures(self, product: Product, kind: FigureKind, question: str) -> dict[int, _Figure]:
        """The figure of each unit and of the city."""
        asked = WHO_QUESTION if question == ALL_FORMS else question
        dimension = Dimension.WHO if question == ALL_FORMS else Dimension.TOTAL
        tables: dict[int, Counter[Cell]] = defaultdict(Counter)
        for counted in product.cells_of.get((dimension, asked), ()):
            tables[counted.unit_id][counted] += product.counts[counted]
            tables[CITY][counted] += product.counts[counted]
        return {
            unit_id: self._figure(kind, table, self._due(product, unit_id))
            for unit_id, table in tables.items()
        }

    def _due(self, product: Product, unit_id: int) -> int | None:
        if unit_id != CITY:
            return product.due.get(unit_id)
        due = list(product.due.values())
        return None if None in due else sum(n for n in due if n is not None)

    def _figure(self, kind: FigureKind, table: Counter[Cell], due: int | None) -> _Figure:
        if kind in (FigureKind.FORMS, FigureKind.WHO):
            return self._forms(kind, table)
        by_version: dict[int, Counter[str]] = defaultdict(Counter)
        for counted, n in table.items():
            by_version[counted.version_id][counted.code] += n
        question_id = next(iter(table)).question
        n_valid = n_favourable = n_all = 0
        chosen: Counter[str] = Counter()
        for version_id, codes in by_version.items():
            question = self.documents[version_id].question(question_id)
            valid, favourable, everybody = totals(question, codes)
            n_valid, n_favourable = n_valid + valid, n_favourable + favourable
            n_all += everybody
            chosen.update({code: codes[code] for code in question.valid_codes})
        if n_valid == 0:
            return _Figure(0, None)
        least = self.limits.any_figure
        if kind is FigureKind.DISTRIBUTION:
            least = self.limits.distribution
        if n_valid < least:
            return _Figure(n_valid, Reason.FEW)
        population = asked_population(due, n_valid, n_all) if due and due >= n_all else None
        same = n_favourable if kind is FigureKind.SHARE else max(chosen.values())
        if alike(same, n_valid, population, few=self.limits.distribution):
            return _Figure(n_valid, Reason.ALIKE)
        return _Figure(n_valid, None)

    def _forms(self, kind: FigureKind, table: Counter[Cell]) -> _Figure:
        who: Counter[str] = Counter()
        for counted, n in table.items():
            who[counted.category] += n
        n = who.total()
        if n < self.limits.any_figure:
            return _Figure(n, Reason.FEW)
        if kind is FigureKind.WHO and not breakdown_allowed(
            list(who_groups(who).values()),
            n,
            threshold=self.limits.any_figure,
            few=self.limits.distribution,
        ):
            return _Figure(n, Reason.FEW)
        return _Figure(n, None)


def who_groups(counts: Mapping[str, int]) -> dict[str, int]:
    """Forms by who answered, in the groups that are shown of a unit.

    Those that did not state it and those with the officer's help are few nearly everywhere:
    apart they would hide the whole breakdown.
    """
    groups = {"sjalv": 0, "med_hjalp": 0, "annan": 0, REST: 0}
    for category, n in counts.items():
        groups[category if category in groups else REST] += n
    return groups


def has_share(question: Question) -> bool:
    """Whether the question has a share of favourable answers."""
    return question.positive is not None or question.derived is not None


def totals(question: Question, codes: Mapping[str, int]) -> tuple[int, int, int]:
    """Valid answers, favourable ones, and all who answered anything or were routed past."""
    valid = sum(codes.get(code, 0) for code in question.valid_codes)
    other = sum(
        codes.get(option.code, 0)
        for option in question.options
        if option.kind is not OptionKind.SUBSTANTIVE
    )
    if question.derived is not None:
        favourable = codes.get(question.derived.id, 0)
    else:
        favourable = sum(codes.get(code, 0) for code in question.positive or ())
    return valid, favourable, valid + other + codes.get("not_shown", 0)
