"""Who answered: by themselves, with help, somebody else, or with the case officer's help."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp import stats
from surveyapp.counting import OFFICER, WHO_QUESTION
from surveyapp.limits import Limits
from surveyapp.models import Dimension, Reason, Tally
from surveyapp.reporting.figures import STATUS_OF, Status
from surveyapp.reporting.products import Product
from surveyapp.withholding import who_groups

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Who:
    """Forms by who answered. Only `SHOWN` has numbers.

    `groups` are those of `withholding.who_groups`; `with_officer` is how many of the rest had
    the case officer's help, where that can be shown apart.
    """

    status: Status
    groups: Counts | None = None
    with_officer: int | None = None

    def __post_init__(self) -> None:
        if self.is_shown != (self.groups is not None):
            raise ValueError("who answered has numbers when shown, and only then")
        if self.with_officer is not None and not self.is_shown:
            raise ValueError("forms with the officer's help are part of who answered")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN

    @property
    def n(self) -> int:
        return sum((self.groups or {}).values())

    def share(self, group: str) -> float | None:
        """Part of all forms."""
        return self.groups[group] / self.n if self.groups and self.n else None


def officers_are_told(counts: Counts, *, reason: Reason | None, limits: Limits) -> bool:
    """Whether the forms with the officer's help may come to be known: they are none, or
    enough and the rest of the forms by channel, whose `reason` to be withheld there is not."""
    n = counts.get(OFFICER, 0)
    return n == 0 or (n >= limits.any_figure and reason is None)


def who(
    counts: Counts, *, reason: Reason | None, limits: Limits, with_officers: bool = False
) -> Who:
    """Who answered, if every group has none or enough.

    Only the city shows the officer's help apart, `with_officers`, where that may be told.
    """
    n = sum(counts.values())
    if n == 0:
        return Who(Status.NO_ANSWERS)
    if reason is not None:
        return Who(STATUS_OF[reason])

    def may_show(parts: Collection[int]) -> bool:
        return stats.breakdown_allowed(
            list(parts), n, threshold=limits.any_figure, few=limits.distribution
        )

    groups = who_groups(counts)
    if not may_show(groups.values()):
        return Who(Status.FEW)
    is_apart = with_officers and may_show(counts.values())
    return Who(Status.SHOWN, groups, counts.get(OFFICER, 0) if is_apart else None)


class FormCounts:
    """Forms by who answered, or by channel, of every release and unit that was read."""

    def __init__(self, rows: Mapping[tuple[int, int], Counter[str]]) -> None:
        self._rows = rows

    @classmethod
    def read(
        cls,
        session: Session,
        release_ids: Collection[int],
        dimension: Dimension,
        *,
        unit_id: int | None = None,
    ) -> "FormCounts":
        """The counts of these releases; with `unit_id` only of that unit."""
        query = (
            select(Tally.release_id, Tally.unit_id, Tally.category, func.sum(Tally.n))
            .where(
                Tally.release_id.in_(release_ids),
                Tally.dimension == dimension,
                Tally.question == WHO_QUESTION,
            )
            .group_by(Tally.release_id, Tally.unit_id, Tally.category)
        )
        if unit_id is not None:
            query = query.where(Tally.unit_id == unit_id)
        rows: dict[tuple[int, int], Counter[str]] = {}
        for release_id, found_id, category, n in session.execute(query):
            rows.setdefault((release_id, found_id), Counter())[category] += int(n)
        return cls(rows)

    def of(self, product: Product, unit_id: int) -> Counter[str]:
        """The forms of a unit; by who answered those with the officer's help too."""
        found: Counter[str] = Counter()
        for release_id in product.release_ids:
            found.update(self._rows.get((release_id, unit_id), {}))
        return found

    def has_late(self, product: Product, parts: Sequence[Product], unit_id: int) -> bool:
        """Whether a unit has other forms in a year than in the parts that it is made of."""
        of_parts = sum(self.of(part, unit_id).total() for part in parts)
        return bool(parts) and self.of(product, unit_id).total() != of_parts
