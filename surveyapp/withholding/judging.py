"""What each figure is withheld for, taken by itself (METHODS P1, P2, P5, P6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from surveyapp.counting import OFFICER, WHO_QUESTION, Cell
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason
from surveyapp.questionnaire import Questionnaire
from surveyapp.stats import alike, asked_population, breakdown_allowed
from surveyapp.withholding.cells import ALL_FORMS, BACKGROUND, CITY, Product
from surveyapp.withholding.grouping import (
    REST,
    channel_groups,
    gender_groups,
    has_share,
    totals,
    who_groups,
)

# A figure of the first kind is never shown where that of the second is withheld.
BASE = {
    FigureKind.DISTRIBUTION: FigureKind.SHARE,
    FigureKind.GENDER: FigureKind.SHARE,
    FigureKind.WHO: FigureKind.FORMS,
    FigureKind.CHANNEL: FigureKind.FORMS,
}
UNSTATED = "unstated"  # forms that do not say who answered: the two rests tell their number
BREAKDOWNS = (FigureKind.GENDER, FigureKind.WHO, FigureKind.CHANNEL)


class Count(NamedTuple):
    """Answers, and how many of them are favourable where that is shown."""

    n: int
    favourable: int | None = None


@dataclass(frozen=True)
class Figure:
    """What deciding needs to know of one question in one place: counts by category (of a
    figure that is no breakdown the empty one) and why it is withheld for its own sake."""

    counts: Mapping[str, Count]
    reason: Reason | None
    population: int | None = None

    @property
    def n(self) -> int:
        return sum(count.n for name, count in self.counts.items() if name != UNSTATED)


class _Answers(NamedTuple):
    """What was answered to a question: `top` is how many chose its most frequent option."""

    n: int
    favourable: int
    n_all: int
    top: int


Table = dict[int, Counter[Cell]]  # the cells of each unit and of the city


class Judge:
    """Judges figures by the limits."""

    def __init__(self, documents: Mapping[int, Questionnaire], limits: Limits) -> None:
        self.documents = documents
        self.limits = limits
        self._kinds: dict[str, tuple[FigureKind, ...]] = {}
        for document in documents.values():
            for question in document.questions:
                if question.type != "single" or question.area == BACKGROUND:
                    continue
                kinds = self._kinds.setdefault(question.id, (FigureKind.DISTRIBUTION,))
                if has_share(question) and FigureKind.SHARE not in kinds:
                    self._kinds[question.id] = (
                        FigureKind.SHARE,
                        FigureKind.DISTRIBUTION,
                        FigureKind.GENDER,
                    )

    def questions(self) -> list[str]:
        """Every question that is judged; all forms last, since they depend on the shares."""
        return [*sorted(self._kinds), ALL_FORMS]

    def kinds(self, question: str) -> tuple[FigureKind, ...]:
        """The kinds of figure it has, each after that which it builds on."""
        if question == ALL_FORMS:
            return (FigureKind.FORMS, FigureKind.WHO, FigureKind.CHANNEL)
        return self._kinds[question]

    def figures(self, product: Product, kind: FigureKind, question: str) -> dict[int, Figure]:
        """The figure of each unit and, if it has one, of the city."""
        if kind is FigureKind.GENDER:
            return self._by_gender(product, question)
        if kind is FigureKind.CHANNEL:
            return self._by_channel(product)
        if question == ALL_FORMS:
            found = _tables(product, Dimension.WHO, WHO_QUESTION)
            return {unit_id: self._forms(kind, table) for unit_id, table in found.items()}
        return {
            unit_id: self._answers(kind, table, self._due(product, unit_id))
            for unit_id, table in _tables(product, Dimension.TOTAL, question).items()
        }

    def _due(self, product: Product, unit_id: int) -> int | None:
        if unit_id != CITY:
            return product.due.get(unit_id)
        due = list(product.due.values())
        return None if None in due else sum(n for n in due if n is not None)

    def _totals(self, table: Counter[Cell]) -> _Answers:
        by_version: dict[int, Counter[str]] = defaultdict(Counter)
        for counted, n in table.items():
            by_version[counted.version_id][counted.code] += n
        question_id = next(iter(table)).question
        n = favourable = n_all = 0
        chosen: Counter[str] = Counter()
        for version_id, codes in by_version.items():
            question = self.documents[version_id].question(question_id)
            of_version = totals(question, codes)
            n, favourable = n + of_version[0], favourable + of_version[1]
            n_all += of_version[2]
            chosen.update({code: codes[code] for code in question.valid_codes})
        return _Answers(n, favourable, n_all, max(chosen.values(), default=0))

    def _answers(self, kind: FigureKind, table: Counter[Cell], due: int | None) -> Figure:
        n, favourable, n_all, top = self._totals(table)
        least, same = self.limits.any_figure, favourable
        if kind is FigureKind.DISTRIBUTION:
            least, same = self.limits.distribution, top
        counts = {"": Count(n, favourable if kind is FigureKind.SHARE else None)}
        population = asked_population(due, n, n_all) if n and due and due >= n_all else None
        if n == 0:
            reason = None
        elif n < least:
            reason = Reason.FEW
        elif alike(same, n, population, few=self.limits.distribution):
            reason = Reason.ALIKE
        else:
            reason = None
        return Figure(counts, reason, population)

    def _by_gender(self, product: Product, question: str) -> dict[int, Figure]:
        everybody = self.figures(product, FigureKind.SHARE, question)
        found = {}
        for unit_id, table in _tables(product, Dimension.GENDER, question).items():
            if unit_id == CITY:
                continue  # the city's is not published
            cells: dict[str, Counter[Cell]] = defaultdict(Counter)
            for counted, n in table.items():
                cells[counted.category][counted] += n
            each = {category: self._totals(own) for category, own in cells.items()}
            n_of = gender_groups({category: own.n for category, own in each.items()})
            x_of = gender_groups({category: own.favourable for category, own in each.items()})
            counts = {group: Count(n_of[group], x_of[group]) for group in n_of}
            n = everybody[unit_id].n if unit_id in everybody else 0
            found[unit_id] = Figure(counts, self._why_not(counts, n))
        return found

    def _by_channel(self, product: Product) -> dict[int, Figure]:
        by_who = _tables(product, Dimension.WHO, WHO_QUESTION)
        by_channel = _tables(product, Dimension.CHANNEL, WHO_QUESTION)
        found = {}
        for unit_id, table in by_who.items():
            who = _by_category(table)
            groups = channel_groups(_by_category(by_channel.get(unit_id, {})), who.total())
            counts = {group: Count(max(n, 0)) for group, n in groups.items()}
            reason = self._why_not(counts, who.total())
            unstated = who_groups(who)[REST] - who[OFFICER]
            if reason is None and groups[REST] != who[OFFICER]:
                reason = Reason.SECONDARY  # late forms are in one count and not in the other
            if reason is None and who[OFFICER] and 0 < unstated < self.limits.any_figure:
                reason = Reason.FEW
            found[unit_id] = Figure(counts | {UNSTATED: Count(unstated)}, reason)
        return found

    def _forms(self, kind: FigureKind, table: Counter[Cell]) -> Figure:
        who = _by_category(table)
        n = who.total()
        if kind is FigureKind.WHO:
            counts = {group: Count(n_of) for group, n_of in who_groups(who).items()}
            return Figure(counts, self._why_not(counts, n))
        return Figure({"": Count(n)}, Reason.FEW if n < self.limits.any_figure else None)

    def _why_not(self, counts: Mapping[str, Count], n: int) -> Reason | None:
        """Why a breakdown of `n` answers is withheld as a whole."""
        few = self.limits.distribution
        together = sum(count.n for count in counts.values())
        if together == 0:
            return None
        if together != n:  # late answers are in the figure and not in the breakdown, or gone
            return Reason.SECONDARY
        if not breakdown_allowed(
            [count.n for count in counts.values()],
            n,
            threshold=self.limits.any_figure,
            few=few,
        ):
            return Reason.FEW
        is_alike = any(
            alike(count.favourable, count.n, None, few=few)
            for count in counts.values()
            if count.favourable is not None
        )
        return Reason.ALIKE if is_alike else None


def _tables(product: Product, dimension: Dimension, asked: str) -> Table:
    tables: Table = defaultdict(Counter)
    for counted in product.cells_of.get((dimension, asked), ()):
        tables[counted.unit_id][counted] += product.counts[counted]
        tables[CITY][counted] += product.counts[counted]
    return tables


def _by_category(table: Mapping[Cell, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for counted, n in table.items():
        found[counted.category] += n
    return found
