"""What goes with a result: one fact about the units against their shares of one indicator.

Only units are compared, never persons, and one fact at a time. No result here says why.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import comb

from sqlalchemy.orm import Session

from surveyapp import stats
from surveyapp.limits import Limits
from surveyapp.models import Unit
from surveyapp.organising import ATTRIBUTES
from surveyapp.periods import Period
from surveyapp.reporting.comparisons import Points, whole_points
from surveyapp.reporting.figures import Answers, Figure, Status
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure
from surveyapp.reporting.products import find_product
from surveyapp.reporting.provenance import Provenance
from surveyapp.reporting.question import indicators_held
from surveyapp.reporting.unit_facts import Driver, Fact, Facts, Known
from surveyapp.stats import DriverTest

SIGNIFICANT = 0.05
STEP = 10  # of a number: clients per officer, or per cent of turnover


@dataclass(frozen=True)
class DriverUnit:
    """A unit with a shown share. `is_compared` says whether the reckoning holds it."""

    unit: Unit
    figure: Figure
    fact: Fact
    is_compared: bool


@dataclass(frozen=True)
class Effect:
    """How the shares differ with the fact: units that have it against those that do not, or
    for each STEP of a number.

    `n_having` and `least_p`, the smallest p-value that dividing the units anew can give, are
    None for a number. `n_tests` are the comparisons that can be shown of the period;
    `is_certain` says whether the difference stands out among so many.
    """

    points: Points
    p_value: float
    p_permutation: float
    n_having: int | None
    least_p: float | None
    n_tests: int
    is_certain: bool


@dataclass(frozen=True)
class DriverResults:
    """One indicator against one fact. `value` is the category set against the others.

    There is no effect where fewer than FEWEST_UNITS are compared, where they do not differ, and
    where of several categories none is chosen. `left_out` are units whose fact is not known.
    """

    period: Period
    measure: Measure
    driver: Driver
    city: Figure
    units: tuple[DriverUnit, ...]
    left_out: tuple[tuple[Unit, Known], ...]
    categories: tuple[str, ...]
    value: str | None
    effect: Effect | None
    source: Provenance
    limits: Limits = field(repr=False)

    @property
    def n_compared(self) -> int:
        return sum(each.is_compared for each in self.units)


def driver_results(
    session: Session,
    indicator: Measure,
    driver: Driver,
    period: Period,
    value: str = "",
) -> DriverResults | None:
    """An indicator against a fact; None if no form of a released period held it.

    `value` is the category to compare; if no unit has it and there are two, the rarer one.
    """
    product = find_product(session, period)
    if product is None:
        return None
    family = indicators_held(session, period)
    measure = next((each for each in family if each.series == indicator.series), None)
    if measure is None:
        return None
    page = _Page(session, Ground.read(session, product, family), family)
    units = page.units(measure, driver)
    chosen = _chosen(units, page.categories[driver], value)
    known = [each for each in units if each.fact.known is Known.KNOWN]
    return DriverResults(
        period=product.period,
        measure=measure,
        driver=driver,
        city=page.ground.city(measure),
        units=tuple(known),
        left_out=tuple((each.unit, each.fact.known) for each in units if each not in known),
        categories=tuple(page.categories[driver]),
        value=chosen,
        effect=page.effect(measure, driver, chosen),
        source=page.ground.source,
        limits=page.ground.limits,
    )


def _chosen(units: Sequence[DriverUnit], categories: Sequence[str], value: str) -> str | None:
    if value in categories:
        return value
    if len(categories) != 2:
        return None
    counts = Counter(each.fact.category for each in units if each.is_compared)
    return min(categories, key=lambda category: (counts[category], category))


_Name = tuple[int, Driver, str | None]  # of a comparison: series, fact and category


class _Page:
    """What is known of the units, read once for all indicators and facts."""

    def __init__(self, session: Session, ground: Ground, family: Sequence[Measure]) -> None:
        self.ground = ground
        self.family = family
        self.facts = Facts.read(session, ground)
        self.categories = {driver: self._had(driver) for driver in Driver}

    def _had(self, driver: Driver) -> list[str]:
        """The categories that units had in the period, in a fixed order; none of a number."""
        had = {self.facts.of(unit, driver).category for unit in self.ground.units}
        return [each for each in ATTRIBUTES.get(driver.attribute, ()) if each in had]

    def units(self, measure: Measure, driver: Driver) -> list[DriverUnit]:
        """The units with a shown share, by name."""
        found = []
        for unit in self.ground.units:
            figure = self.ground.figure(unit, measure)
            if figure.is_shown:
                fact = self.facts.of(unit, driver)
                is_compared = fact.known is Known.KNOWN and not figure.is_few
                found.append(DriverUnit(unit, figure, fact, is_compared))
        return found

    def effect(self, measure: Measure, driver: Driver, value: str | None) -> Effect | None:
        """The effect, if there are units enough and they differ."""
        family = self._family()
        name = self._name(measure, driver, value)
        if name not in family:
            return None
        test = self._test(measure, driver, value)
        found = stats.driver_effect(test.n, test.favourable, test.driver, deffs=test.deffs)
        having = round(sum(test.driver)) if driver.attribute else None
        is_apart = found.low > 0 or found.high < 0
        return Effect(
            points=Points(*map(whole_points, (found.slope, found.low, found.high))),
            p_value=found.p_value,
            p_permutation=found.p_permutation,
            n_having=having,
            least_p=None if having is None else 1 / comb(len(test.n), having),
            n_tests=len(family),
            is_certain=is_apart and self._stands_out(name, family),
        )

    def _stands_out(
        self, name: _Name, family: Mapping[_Name, tuple[Measure, str | None]]
    ) -> bool:
        """Whether a comparison is significant among all that can be made, by Holm's method."""
        tests = [
            self._test(measure, each[1], value) for each, (measure, value) in family.items()
        ]
        adjusted = stats.holm(stats.driver_p_values(tests))
        return adjusted[list(family).index(name)] <= SIGNIFICANT

    def _family(self) -> dict[_Name, tuple[Measure, str | None]]:
        """Every comparison that can be made in the period."""
        found: dict[_Name, tuple[Measure, str | None]] = {}
        for measure in self.family:
            for driver in Driver:
                known = self._known(measure, driver)
                if len(known) < stats.FEWEST_UNITS:
                    continue
                values: Sequence[str | None] = self.categories[driver] or [None]
                for value in values:
                    have = {_has(fact, value) for _, fact, _ in known}
                    if len(have) > 1:
                        found[self._name(measure, driver, value)] = (measure, value)
        return found

    def _name(self, measure: Measure, driver: Driver, value: str | None) -> _Name:
        """Of two categories, either against the other is the same comparison."""
        categories = self.categories[driver]
        is_mirrored = len(categories) == 2 and value == categories[1]
        return measure.series, driver, categories[0] if is_mirrored else value

    def _test(self, measure: Measure, driver: Driver, value: str | None) -> DriverTest:
        """The units that can be compared: whether they have the category, or how many STEPs."""
        known = self._known(measure, driver)
        return DriverTest(
            [answers.n for answers, _, _ in known],
            [answers.favourable for answers, _, _ in known],
            [_has(fact, value) for _, fact, _ in known],
            [deff for _, _, deff in known],
        )

    def _known(self, measure: Measure, driver: Driver) -> list[tuple[Answers, Fact, float]]:
        """What the units that can be compared answered, the fact, and the design effect."""
        facts = [
            (answers, self.facts.of(unit, driver), deff)
            for unit, answers, deff in self._comparable[measure.series]
        ]
        return [each for each in facts if each[1].known is Known.KNOWN]

    @cached_property
    def _comparable(self) -> dict[int, list[tuple[Unit, Answers, float]]]:
        """By series: the units with enough answers, what they answered, the design effect."""
        found: dict[int, list[tuple[Unit, Answers, float]]] = {}
        for measure in self.family:
            units = found.setdefault(measure.series, [])
            for unit in self.ground.units:
                answers = self.ground.answers(unit, measure)
                if answers.n < self.ground.limits.distribution:
                    continue
                if self.ground.status(unit, measure) is Status.SHOWN:
                    effect = answers.design_effect(self.ground.due[unit.id])
                    units.append((unit, answers, effect))
        return found


def _has(fact: Fact, value: str | None) -> float:
    """How many STEPs of a number; of a category 1 or 0."""
    return float(fact.category == value) if fact.number is None else fact.number / STEP
