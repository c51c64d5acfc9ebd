"""A question's share by gender in one unit: all groups that have answers, or none.

The release decided already whether it may be shown; the limits hold here all the same.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp import stats
from surveyapp.limits import Limits
from surveyapp.models import Dimension, FigureKind, Reason, Tally
from surveyapp.reporting.comparisons import Points, whole_points
from surveyapp.reporting.figures import STATUS_OF, Answers, Figure, Status, unit_figure
from surveyapp.reporting.measures import Codes, Measure
from surveyapp.reporting.products import Decisions, Product, find_product
from surveyapp.reporting.units import UnitResults
from surveyapp.withholding import gender_groups

WOMEN, MEN = "kvinna", "man"


@dataclass(frozen=True)
class Group:
    """A group of `withholding.gender_groups` that has answers, and its share."""

    name: str
    figure: Figure


@dataclass(frozen=True)
class Breakdown:
    """A share by gender. Only `SHOWN` has groups.

    `difference` is women against men. Their case officers are the same, so there is no design
    effect in it.
    """

    status: Status
    groups: tuple[Group, ...] = ()
    difference: Points | None = None

    def __post_init__(self) -> None:
        if self.is_shown != bool(self.groups):
            raise ValueError("a breakdown has groups when shown, and only then")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN


def breakdowns_by_gender(session: Session, results: UnitResults) -> dict[int, Breakdown]:
    """The breakdown of every question with a share on a unit's page, by its series."""
    product = find_product(session, results.period)
    if product is None:
        return {}
    measures = [each.measure for each in results.questions if each.figure is not None]
    codes = _GenderCodes.read(session, product, measures, results.unit.id)
    decided = Decisions.read(session, [product], unit_ids=[results.unit.id])
    return {
        each.measure.series: breakdown(
            each.figure,
            {group: each.measure.answers(c) for group, c in codes.of(each.measure).items()},
            reason=decided.reason(
                product.period,
                results.unit.id,
                FigureKind.GENDER,
                each.measure.question_ids,
            ),
            limits=results.limits,
        )
        for each in results.questions
        if each.figure is not None
    }


def breakdown(
    total: Figure, by_group: Mapping[str, Answers], *, reason: Reason | None, limits: Limits
) -> Breakdown:
    """A share in groups, where that of all is shown and every group has none or enough."""
    if not total.is_shown or total.n is None:
        return Breakdown(total.status)
    if reason is not None:
        return Breakdown(STATUS_OF[reason])
    if not stats.breakdown_allowed(
        [each.n for each in by_group.values()],
        total.n,
        threshold=limits.any_figure,
        few=limits.distribution,
    ):
        return Breakdown(Status.FEW)
    groups = tuple(
        Group(name, unit_figure(answers, due=None, reason=None, limits=limits))
        for name, answers in by_group.items()
        if answers.n
    )
    if hidden := next((group for group in groups if not group.figure.is_shown), None):
        return Breakdown(hidden.figure.status)
    return Breakdown(Status.SHOWN, groups, _difference(by_group))


def _difference(by_group: Mapping[str, Answers]) -> Points | None:
    women, men = by_group[WOMEN], by_group[MEN]
    found = stats.share_difference(women.favourable, women.n, men.favourable, men.n)
    if found is None:
        return None
    return Points(*map(whole_points, (found.estimate, found.low, found.high)))


class _GenderCodes:
    """What each group of one unit answered, of every question that was read."""

    def __init__(self, rows: Mapping[tuple[str, int], Mapping[str, Counter[str]]]) -> None:
        self._rows = rows  # by question and version: group to codes

    @classmethod
    def read(
        cls, session: Session, product: Product, measures: Collection[Measure], unit_id: int
    ) -> "_GenderCodes":
        questions = {id for measure in measures for id in measure.question_ids}
        query = select(
            Tally.question, Tally.version_id, Tally.category, Tally.code, Tally.n
        ).where(
            Tally.release_id.in_(product.release_ids),
            Tally.dimension == Dimension.GENDER,
            Tally.question.in_(questions),
            Tally.unit_id == unit_id,
        )
        counts: dict[tuple[str, int, str], Counter[str]] = {}
        for question, version_id, category, code, n in session.execute(query):
            place = (question, version_id, code)
            counts.setdefault(place, Counter())[category] += n
        rows: dict[tuple[str, int], dict[str, Counter[str]]] = {}
        for (question, version_id, code), by_category in counts.items():
            groups = rows.setdefault((question, version_id), {})
            for group, n in gender_groups(by_category).items():
                groups.setdefault(group, Counter())[code] += n
        return cls(rows)

    def of(self, measure: Measure) -> dict[str, dict[int, Codes]]:
        """Group to version id to counts, the groups in the order in which they are shown."""
        found: dict[str, dict[int, Codes]] = {group: {} for group in gender_groups({})}
        for version_id, question in measure.versions.items():
            for group, codes in self._rows.get((question.id, version_id), {}).items():
                found[group][version_id] = codes
        return found
