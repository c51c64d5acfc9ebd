"""Who answered: by themselves, with help, somebody else, or with the case officer's help."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp import stats
from surveyapp.counting import OFFICER, UNKNOWN
from surveyapp.limits import Limits
from surveyapp.models import Reason
from surveyapp.reporting.figures import STATUS_OF, Status

MAIN = ("sjalv", "med_hjalp", "annan", UNKNOWN)  # in the main figures


@dataclass(frozen=True)
class Who:
    """Forms by who answered. Only `SHOWN` has numbers.

    `counts` are the forms of the main figures; those with the officer's help stand apart.
    """

    status: Status
    counts: Mapping[str, int] | None = None
    with_officer: int | None = None

    def __post_init__(self) -> None:
        if self.is_shown != (self.counts is not None and self.with_officer is not None):
            raise ValueError("who answered has numbers when shown, and only then")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN

    @property
    def n(self) -> int:
        return sum((self.counts or {}).values())

    def share(self, category: str) -> float | None:
        """Part of the forms in the main figures."""
        return self.counts[category] / self.n if self.counts and self.n else None


def who(counts: Mapping[str, int], *, reason: Reason | None, limits: Limits) -> Who:
    """Who answered, if every group has none or enough."""
    n = sum(counts.values())
    if n == 0:
        return Who(Status.NO_ANSWERS)
    if reason is not None:
        return Who(STATUS_OF[reason])
    if not stats.breakdown_allowed(
        list(counts.values()), n, threshold=limits.any_figure, few=limits.distribution
    ):
        return Who(Status.FEW)
    main = {category: counts.get(category, 0) for category in MAIN}
    return Who(Status.SHOWN, main, counts.get(OFFICER, 0))
