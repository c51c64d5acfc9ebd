"""What was released of some units, or of the whole city, in every period: read once."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import organising
from surveyapp.counting import WHO_QUESTION
from surveyapp.limits import limits
from surveyapp.models import FigureKind, Reason, Tally, Unit
from surveyapp.reporting.bases import Bases
from surveyapp.reporting.figures import Figure
from surveyapp.reporting.ground import Ground, Sources
from surveyapp.reporting.measures import Measure, Tallies, measures
from surveyapp.reporting.officers import Officers
from surveyapp.reporting.products import Decisions, Product, products
from surveyapp.reporting.provenance import Provenance, provenance
from surveyapp.reporting.succession import are_comparable, family, pooled


def products_of(session: Session, unit: Unit) -> list[Product]:
    """Those in which the unit existed or was answered for, newest first."""
    answered = set(
        session.scalars(select(Tally.release_id).where(Tally.unit_id == unit.id).distinct())
    )
    return [
        product
        for product in products(session)
        if answered.intersection(product.release_ids)
        or any(unit.existed_in(month) for month in product.period.months)
    ]


class Records:
    """Figures of one unit and those before and after it, or of the city and all its units.

    It asks the database a fixed number of questions, however many units and periods there are.
    """

    def __init__(self, session: Session, unit: Unit | None = None) -> None:
        self.unit = unit
        self.products = products(session)
        self.limits = limits(session)
        self.measures = measures(session)
        self.successions = organising.Successions.read(session)
        self.units = self._units()
        ids = [each.id for each in self.units]
        only = None if unit is None else ids
        questions = {WHO_QUESTION}.union(*(each.question_ids for each in self.measures))
        releases = {id for product in self.products for id in product.release_ids}
        self.tallies = Tallies.read(session, releases, questions, unit_ids=only)
        self.decided = Decisions.read(session, self.products, unit_ids=only)
        self.bases = Bases.read(session, releases, unit_ids=only)
        self.officers = Officers.read(session, ids)
        self._grounds: dict[Product, Ground] = {}

    def at(self, product: Product) -> Ground:
        """One period, with the units of these that were there."""
        if product not in self._grounds:
            sources = Sources(
                limits=self.limits,
                measures=self.measures,
                tallies=self.tallies,
                decided=self.decided,
                bases=self.bases,
                officers=self.officers,
            )
            units = [unit for unit in self.units if self.was_there(product, unit)]
            self._grounds[product] = Ground(product, units, sources)
        return self._grounds[product]

    def source(self, *, in_years: bool) -> Provenance | None:
        """The source of histories in years, or in parts of years; None without any."""
        followed = [
            product
            for product in reversed(self.products)
            if product.period.is_year == in_years and not product.period.to_date
        ]
        return provenance(followed, self.tallies, self.measures) if followed else None

    def _units(self) -> list[Unit]:
        if self.unit is None:
            return organising.by_name(self.successions.units.values())
        id = self.unit.id
        others = [*self.successions.before(id), *self.successions.after(id)]
        return organising.by_name({self.unit, *others})

    def versions(self, product: Product, unit: Unit | None = None) -> set[int]:
        """The versions that were answered in the period: by the unit, or by any of them."""
        return self.tallies.version_ids(product.release_ids, unit.id if unit else None)

    def was_there(self, product: Product, unit: Unit) -> bool:
        """Whether the unit existed in the period, or was answered for all the same."""
        existed = any(unit.existed_in(month) for month in product.period.months)
        return existed or bool(self.versions(product, unit))

    def months(self, product: Product, unit: Unit | None) -> tuple[date, ...]:
        """The months of the period that a figure of the unit, or of the city, is about."""
        return product.period.months if unit is None else self.at(product).months(unit)

    def figure(self, product: Product, unit: Unit, measure: Measure) -> Figure:
        """The share of one unit."""
        return self.at(product).figure(unit, measure)

    def city(self, product: Product, measure: Measure) -> Figure:
        """The share of the city, from all its units, shown or not."""
        return self.at(product).city(measure)

    def pooled(self, product: Product, unit: Unit, measure: Measure) -> Figure | None:
        """The share of a unit and its predecessors together.

        None where no predecessor has answers in the period, for then it is the unit's own;
        where one of them answered another question that cannot be compared with this one; and
        where one of them went into other units too.
        """
        ground = self.at(product)
        units = family(ground, unit, self.successions)
        if not any(ground.versions(each) for each in units if each != unit):
            return None
        return (
            pooled(ground, units, measure) if are_comparable(ground, units, measure) else None
        )

    def predecessors(self, unit: Unit) -> Sequence[Unit]:
        """The units before this one, all the way back."""
        return self.successions.before(unit.id)

    def officers_of(
        self, product: Product, unit: Unit | None, measure: Measure
    ) -> tuple[int, ...]:
        """The numbers that a derived indicator is judged by; empty for other questions."""
        return () if unit is None else self.at(product).named_officers(unit, measure)

    def reason(
        self, product: Product, unit: Unit, kind: FigureKind, measure: Measure
    ) -> Reason | None:
        """Why a figure of a unit is withheld; None if it is not."""
        return self.at(product).reason(unit.id, kind, measure.question_ids)
