"""Every unit against the rest of the city in every indicator: one family of comparisons.

Marks are set with all comparisons of the family in mind, so a page of one question reads the
whole family too.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from surveyapp import stats
from surveyapp.models import Dimension, FigureKind, Unit
from surveyapp.reporting.comparisons import (
    Comparison,
    Counted,
    Hindrance,
    NoMark,
    Side,
    as_told,
    columns,
    counted,
    hindered,
    shown,
    whole_points,
)
from surveyapp.reporting.figures import Basis, Status
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import Measure, measures
from surveyapp.reporting.nonresponse import LEAST_COVERAGE
from surveyapp.reporting.offers import NONE, responses
from surveyapp.reporting.products import Product
from surveyapp.reporting.who import FormCounts

LEVEL = 0.05  # what an adjusted p-value may be at most, for a mark


class _Rest(NamedTuple):
    """All other units with answers, added up; hidden ones as far as the city tells."""

    n: int
    favourable: int
    population: int | None
    design_effects: tuple[float, float] | None  # the lowest and the highest of shown units


class _Tested(NamedTuple):
    """A comparison that can be shown: what was counted on both sides, and the difference."""

    own: Counted
    rest: _Rest
    difference: stats.Difference


class AgainstRest:
    """The comparisons with the rest of the city that a period can show, marked by Holm.

    `ground` has at least the `asked` indicators. A unit is never in what it is compared with;
    all other units are, shown or not. Hidden ones count as far as the city's share tells.
    """

    def __init__(self, session: Session, ground: Ground, asked: Sequence[Measure]) -> None:
        self._ground = ground
        self._no_marks = _no_marks(session, ground)
        self._bases: dict[int, Basis] = {}
        self._hindered: dict[tuple[int, int], Comparison] = {}
        self._tested: dict[tuple[int, int], _Tested] = {}
        for measure in asked:
            if ground.was_held(measure):
                self._compare(measure)
        p_values = [each.difference.p_value for each in self._tested.values()]
        adjusted = stats.holm([p for p in p_values if p is not None])
        self._adjusted = dict(zip(self._tested, adjusted, strict=True))

    @classmethod
    def read(cls, session: Session, product: Product) -> "AgainstRest":
        """The family of a released period."""
        asked = [measure for measure in measures(session) if measure.indicator]
        return cls(session, Ground.read(session, product, asked), asked)

    def of(self, unit: Unit, measure: Measure) -> Comparison:
        """A unit against the rest in one question."""
        if measure.indicator is None:
            return Comparison(Hindrance.NOT_INDICATOR)
        place = (unit.id, measure.series)
        if place not in self._tested:
            return self._hindered.get(place) or Comparison(Status.NOT_ASKED)
        own, rest, difference = self._tested[place]
        share = own.answers.favourable / own.answers.n
        return shown(
            difference,
            Side(whole_points(share) / 100, own.answers.n, (own.design_effect,) * 2),
            Side(
                whole_points(share - difference.estimate) / 100,
                rest.n,
                rest.design_effects,
            ),
            self._no_marks[unit.id],
            is_marked=self._adjusted[place] <= LEVEL,
        )

    def basis(self, measure: Measure) -> Basis | None:
        """How the units of the rest weigh; None if the question was not asked."""
        return self._bases.get(measure.series)

    def _compare(self, measure: Measure) -> None:
        """Keep the comparisons that can be shown, and why the others cannot."""
        units = counted(self._ground, measure)
        city = self._ground.city(measure)
        told = as_told(units, city)
        self._bases[measure.series], table = columns(list(told.values()))
        effects = {id: unit.design_effect for id, unit in told.items()}
        differences = stats.units_against_rest(*table, deffs=list(effects.values()))
        of_units = dict(zip(told, differences, strict=True))
        basis = self._bases[measure.series]
        sizes = dict(zip(told, table[0], strict=True)) if basis is Basis.DUE else {}
        rests = _Rests(told, effects, sizes)
        for id, own in units.items():
            place = (id, measure.series)
            why_not = hindered(own, self._ground.limits)
            if why_not is None and not city.is_shown:
                why_not = Comparison(city.status, is_of_other=True)
            if why_not is not None:
                self._hindered[place] = why_not
            elif (difference := of_units[id]) is None:
                self._hindered[place] = Comparison(Hindrance.NO_OTHER)
            elif (why_not := self._hindered_by(rest := rests.without(id))) is not None:
                self._hindered[place] = why_not
            else:
                self._tested[place] = _Tested(own, rest, difference)

    def _hindered_by(self, rest: _Rest) -> Comparison | None:
        limits = self._ground.limits
        if rest.n < limits.distribution:
            return Comparison(Hindrance.TOO_FEW, is_of_other=True)
        if stats.alike(rest.favourable, rest.n, rest.population, few=limits.distribution):
            return Comparison(Status.ALIKE, is_of_other=True)
        return None


class _Rests:
    """The rest of the city for each unit, without going through all the others each time."""

    def __init__(
        self,
        units: Mapping[int, Counted],
        effects: Mapping[int, float],
        populations: Mapping[int, int],
    ) -> None:
        """`populations` are those whom the question concerns in each unit, if all are known."""
        self._units = {id: unit for id, unit in units.items() if unit.answers.n}
        self._populations = populations
        self._population = sum(populations.values())
        self._n = sum(unit.answers.n for unit in self._units.values())
        self._favourable = sum(unit.answers.favourable for unit in self._units.values())
        by_effect = sorted(
            (effects[id], id) for id, unit in self._units.items() if unit.status is Status.SHOWN
        )
        self._lowest, self._highest = by_effect[:2], by_effect[:-3:-1]

    def without(self, id: int) -> _Rest:
        """Everybody with answers but this unit, which has some, and is not the only one."""
        own = self._units[id].answers
        of_own = self._populations.get(id)
        return _Rest(
            n=self._n - own.n,
            favourable=self._favourable - own.favourable,
            population=None if of_own is None else self._population - of_own,
            design_effects=self._effects_without(id),
        )

    def _effects_without(self, id: int) -> tuple[float, float] | None:
        lowest = [effect for effect, other in self._lowest if other != id]
        highest = [effect for effect, other in self._highest if other != id]
        return (lowest[0], highest[0]) if lowest else None


def _no_marks(session: Session, ground: Ground) -> dict[int, NoMark | None]:
    """Why units cannot be marked: too few of those due have answered, or nobody knows."""
    forms = FormCounts.read(session, ground.product.release_ids, Dimension.WHO)
    found: dict[int, NoMark | None] = {}
    for unit in ground.units:
        coverage = responses(
            forms.of(ground.product, unit.id).total(),
            NONE,
            due=ground.due[unit.id],
            reason=ground.reason(unit.id, FigureKind.FORMS),
            limits=ground.limits,
        ).coverage
        if coverage is None:
            found[unit.id] = NoMark.UNKNOWN_COVERAGE
        else:
            found[unit.id] = NoMark.LOW_COVERAGE if coverage < LEAST_COVERAGE else None
    return found
