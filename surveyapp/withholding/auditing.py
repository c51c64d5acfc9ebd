"""The audit before a release: can a reader work out a withheld figure (METHODS D4)?

A reader is taken to know every shown count exactly, how the products add up, and what the
words say that stand where a figure is withheld. In a unit the favourable answers add up over
time. Over units they do not: the city's share is weighted and rounded. But where it is given
without weights it is the share of a plain sum, so the city's favourable answers are taken to
be known as far as a whole per cent tells. That a figure is withheld because all answered the
same is said on the page; it is not counted as something to find out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil, floor, inf
from typing import NamedTuple

from surveyapp.limits import Limits
from surveyapp.models import FigureKind, Reason
from surveyapp.questionnaire import Questionnaire
from surveyapp.stats import alike, pinned, sums_of_shown
from surveyapp.stats.moves import Equation, Range
from surveyapp.withholding.cells import CITY, Decision, Hidden, Place, Product
from surveyapp.withholding.figures import Figures, Partition, Withheld, withheld_of
from surveyapp.withholding.grouping import REST
from surveyapp.withholding.judging import BASE, BREAKDOWNS, UNSTATED, Judge

NARROW = 3  # a withheld number of answers is told if it is known more closely than this


def audit(
    products: Sequence[Product],
    decisions: Iterable[Decision],
    documents: Mapping[int, Questionnaire],
    limits: Limits,
) -> list[Hidden]:
    """What a reader of all `products` can work out of what `decisions` withhold."""
    by_question: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_question[decision.question].append(decision)
    judge = Judge(documents, limits)
    found = []
    for question in judge.questions():
        figures = Figures.gather(judge, question, (), products)
        withheld = withheld_of(by_question[question], question, figures)
        found += exposed(figures, withheld, limits)
    return found


def exposed(
    figures: Figures,
    withheld: Withheld,
    limits: Limits,
    among: Collection[Hidden] | None = None,
) -> list[Hidden]:
    """Withheld figures of one question that are known too well, in a fixed order.

    Too well is a number of answers known to fewer than three values, favourable or other
    answers known exactly, or units that together are all alike. What the words tell without
    any number, or the figure itself without any breakdown, withholding more would not mend.
    With `among` only these are tried.
    """
    found = exposed_in(figures, withheld, limits, None, among)
    if units := _mixed_by_gender(figures, withheld):
        found |= exposed_in(figures, withheld, limits, units, among)
    return sorted(found)


def exposed_in(
    figures: Figures,
    withheld: Withheld,
    limits: Limits,
    by_gender_in: Collection[int] | None,
    among: Collection[Hidden] | None = None,
) -> set[Hidden]:
    """The same of all figures but those by gender; or of these, which no city has, in some
    units."""
    reading = _Reading(figures, withheld, limits, by_gender_in)
    found = reading.pinned(among)
    for unshown in (figures.kinds, BREAKDOWNS):
        if of_these := {cell for cell in found if cell.kind in unshown}:
            by_others = _Reading(figures, withheld, limits, by_gender_in, unshown)
            found -= by_others.pinned(of_these)
    return found | reading.alike_together()


def _mixed_by_gender(figures: Figures, withheld: Withheld) -> set[int]:
    """The units in which a sum by gender is part shown, part hidden: others are safe."""
    kind = FigureKind.GENDER
    if kind not in figures.kinds:
        return set()
    hidden = withheld[kind].keys()
    return {
        total.unit_id
        for total, parts in figures.partitions(kind, REST)
        if 0 < len(hidden & {total, *parts}) <= len(parts)
    }


class _Term(NamedTuple):
    """A count that is unknown: answers `n`, favourable `x` or others `y`."""

    kind: FigureKind
    place: Place
    category: str
    measure: str


class _Reading:
    """What a reader does not know of one question, and the equations that tell of it.

    Of the kinds in `unshown` no number is shown at all.
    """

    def __init__(
        self,
        figures: Figures,
        withheld: Withheld,
        limits: Limits,
        by_gender_in: Collection[int] | None = None,
        unshown: Collection[FigureKind] = (),
    ) -> None:
        self.figures = figures
        self.withheld = withheld
        self.limits = limits
        self.by_gender_in = by_gender_in
        self.unshown = unshown
        self.bounds: dict[_Term, Range] = {}
        self.near: dict[_Term, int] = {}
        self.equations: list[Equation[_Term]] = []
        self.kinds = [
            kind
            for kind in figures.kinds
            # The number of answers to a question that has a share is shown with the share.
            if kind is not FigureKind.DISTRIBUTION or FigureKind.SHARE not in figures.kinds
            if kind is not FigureKind.GENDER or by_gender_in is not None
        ]
        self.unknown = {
            (kind, category): self._unknown(kind, category)
            for kind in self.kinds
            for category in figures.categories(kind)
        }
        for kind in self.kinds:
            self._add_sums(kind)
        for kind in self.kinds:
            if kind in BREAKDOWNS:
                self._add_breakdown(kind)
        self._add_rests()

    def pinned(self, among: Collection[Hidden] | None = None) -> set[Hidden]:
        """The withheld counts that are known too well; with `among` only of these."""
        spread = {
            term: NARROW if term.measure == "n" else 1
            for term in self.bounds
            if (among is None or self._hidden(term) in among) and self._is_secret(term)
        }
        if not spread:
            return set()
        found = pinned(self.bounds, self.equations, spread=spread, near=self.near)
        return {self._hidden(term) for term in found}

    def _hidden(self, term: _Term) -> Hidden:
        return Hidden(self.figures.question, term.kind, term.place, term.category)

    def _is_secret(self, term: _Term) -> bool:
        """Whether it is withheld. Of a breakdown that is withheld as a whole only the groups
        that are few or alike are secret: the others hide them, and may come to be known."""
        count = self.figures.count(term.kind, term.place, term.category)
        if term.place not in self.withheld[term.kind] or not count.n:
            return False
        if term.kind not in BREAKDOWNS:
            return True
        # That nobody in a group was dissatisfied may follow from the figure of everybody.
        x, few = count.favourable, self.limits.distribution
        is_alike = x is not None and alike(x, count.n, None, few=few)
        return self.near[term] > 0 and (count.n < self.limits.any_figure or is_alike)

    def alike_together(self) -> set[Hidden]:
        """The first of the units that are hidden in a shown city, where all they answered is
        alike and they are few or nearly everybody."""
        kind = FigureKind.SHARE
        found: set[Hidden] = set()
        figures, unknown = self.figures.of.get(kind, {}), self.unknown.get((kind, ""), set())
        for total, parts in self._sums(kind, ""):
            hidden = [part for part in parts if part in unknown]
            is_city = total.unit_id == CITY and parts[0].unit_id != CITY
            if not is_city or not hidden or total in unknown:
                continue
            counts = [figures[part].counts[""] for part in hidden]
            sizes = [figures[part].population for part in hidden]
            known = [size for size in sizes if size is not None]
            if alike(
                sum(count.favourable or 0 for count in counts),
                sum(count.n for count in counts),
                sum(known) if len(known) == len(sizes) else None,
                few=self.limits.distribution,
            ):
                found.add(Hidden(self.figures.question, kind, hidden[0]))
        return found

    def _sums(self, kind: FigureKind, category: str) -> list[Partition]:
        if self.by_gender_in is None:
            return self.figures.partitions(kind, category)
        return [
            partition
            for unit_id in sorted(self.by_gender_in)
            for partition in self.figures.of_unit(kind, category, unit_id)
        ]

    def _unknown(self, kind: FigureKind, category: str) -> set[Place]:
        if kind in self.unshown or category == UNSTATED:  # which is shown nowhere
            return {place for place, figure in self.figures.of[kind].items() if figure.n}
        hidden = set(self.withheld[kind])
        return hidden - sums_of_shown(self._sums(kind, category), hidden, hidden)

    def _add_sums(self, kind: FigureKind) -> None:
        for category in self.figures.categories(kind):
            if category == UNSTATED:
                continue  # it adds up since the two rests do
            unknown = self.unknown[kind, category]
            for total, parts in self._sums(kind, category):
                if unknown.isdisjoint((total, *parts)):
                    continue
                self._add(kind, category, total, parts, "n")
                if self.figures.count(kind, total, category).favourable is not None:
                    self._add(kind, category, total, parts, "x")

    def _add(
        self,
        kind: FigureKind,
        category: str,
        total: Place,
        parts: Iterable[Place],
        measure: str,
    ) -> None:
        """A sum over places of one category."""
        terms = [((kind, total, category), 1), *(((kind, p, category), -1) for p in parts)]
        self._add_terms(terms, measure)

    def _add_terms(
        self, terms: Sequence[tuple[tuple[FigureKind, Place, str], int]], measure: str
    ) -> None:
        """An equation: what is known of it to one side, what is not to the other."""
        times: dict[_Term, float] = {}
        known = 0
        for (kind, place, category), sign in terms:
            term = self._term(kind, place, category, measure)
            if term is not None:
                times[term] = sign
            else:
                count = self.figures.count(kind, place, category)
                known += sign * (count.n if measure == "n" else count.favourable or 0)
        if times:
            self.equations.append((times, -known))

    def _term(
        self, kind: FigureKind, place: Place, category: str, measure: str
    ) -> _Term | None:
        """The unknown of a count; None where it is known."""
        term = _Term(kind, place, category, measure)
        if term in self.bounds:
            return term
        count = self.figures.count(kind, place, category)
        if place in self.unknown[kind, category]:
            if measure == "n":
                self._know(term, count.n, self._in_words(kind, place))
            else:
                n = self._term(kind, place, category, "n")
                other = term._replace(measure="y")
                assert n is not None  # noqa: S101 - it is unknown as this one is
                assert count.favourable is not None  # noqa: S101 - asked for by the sum
                self._know(term, count.favourable, (0, inf))
                self._know(other, count.n - count.favourable, (0, inf))
                self.equations.append(({n: 1, term: -1, other: -1}, 0))
            return term
        if measure == "x" and place.unit_id == CITY and count.n:
            assert count.favourable is not None  # noqa: S101 - asked for by the sum
            self._know(term, count.favourable, _as_rounded(count.favourable, count.n))
            return term
        return None

    def _know(self, term: _Term, true: int, between: Range) -> None:
        self.bounds[term] = between
        self.near[term] = true

    def _in_words(self, kind: FigureKind, place: Place) -> Range:
        """What the page says of the number of answers where it shows nothing else."""
        if kind in BREAKDOWNS:
            return 0, inf
        if self.withheld[kind].get(place) is Reason.FEW:
            is_share = kind is not FigureKind.DISTRIBUTION
            limit = self.limits.any_figure if is_share else self.limits.distribution
            return 1, limit - 1
        figure = self.figures.of[kind][place]
        return (1 if figure.reason is Reason.FEW else self.limits.any_figure), inf

    def _add_breakdown(self, kind: FigureKind) -> None:
        """The categories of a place add up to the figure that they break down."""
        base = BASE[kind]
        categories = [name for name in self.figures.categories(kind) if name != UNSTATED]
        places = {(term.place, term.measure) for term in self.bounds if term.kind is kind}
        for place, measure in sorted(places):
            total = self.figures.count(base, place, "")
            counts = [self.figures.count(kind, place, category) for category in categories]
            if sum(count.n for count in counts) != total.n or measure == "y":
                continue
            if measure == "x" and sum(c.favourable or 0 for c in counts) != total.favourable:
                continue
            of_place = [((kind, place, category), -1) for category in categories]
            self._add_terms([((base, place, ""), 1), *of_place], measure)

    def _add_rests(self) -> None:
        """The rest of who answered are the forms with the officer's help, which are the rest
        of the channels, and those that do not state it."""
        who, channel = FigureKind.WHO, FigureKind.CHANNEL
        if who not in self.kinds:
            return
        for place in sorted({t.place for t in self.bounds if t.kind in (who, channel)}):
            of_who = (who, place, REST)
            parts = (channel, place, REST), (channel, place, UNSTATED)
            if self.figures.count(*of_who).n == sum(self.figures.count(*p).n for p in parts):
                self._add_terms([(of_who, 1), *((part, -1) for part in parts)], "n")


def _as_rounded(favourable: int, n: int) -> Range:
    """What a share in whole per cent tells of the number of favourable answers."""
    percent = floor(100 * favourable / n + 0.5 + 1e-9)
    low = ceil((percent - 0.5) / 100 * n - 1e-6)
    return max(low, 0), min(floor((percent + 0.5) / 100 * n + 1e-6), n)
