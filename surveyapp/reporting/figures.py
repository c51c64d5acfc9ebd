"""One figure of a results page: a share with its interval, or the reason why there is none."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from surveyapp import stats
from surveyapp.limits import Limits
from surveyapp.models import Reason
from surveyapp.stats import Interval


class Status(enum.StrEnum):
    """What there is to show. Only `SHOWN` has numbers."""

    SHOWN = "shown"
    FEW = "few"  # under the limit
    WITHHELD = "withheld"  # so that another figure cannot be worked out
    ALIKE = "alike"  # everybody answered the same
    NOT_ASKED = "not_asked"
    NO_ANSWERS = "no_answers"


HIDDEN = frozenset({Status.FEW, Status.WITHHELD, Status.ALIKE})

STATUS_OF: dict[Reason, Status] = {
    Reason.FEW: Status.FEW,
    Reason.ALIKE: Status.ALIKE,
    Reason.SECONDARY: Status.WITHHELD,
}


class Basis(enum.StrEnum):
    """What the answers stand for."""

    DUE = "due"  # everybody who was due a follow-up
    CLIENTS = "clients"  # the units weigh by their clients of the year
    UNKNOWN = "unknown"  # how many were due is not known


@dataclass(frozen=True)
class Figure:
    """A share of favourable answers. A figure that is not shown holds no number at all.

    `population` is how many the question concerns, `covered` the part of the city that
    belongs to units with answers, `is_few` the mark for few answers.
    """

    status: Status
    n: int | None = None
    interval: Interval | None = None
    population: int | None = None
    basis: Basis | None = None
    covered: float | None = None
    is_few: bool = False

    def __post_init__(self) -> None:
        numbers = (self.n, self.interval, self.population, self.covered)
        if self.is_shown != (self.n is not None and self.interval is not None):
            raise ValueError("a shown figure has answers and an interval, and no other has")
        if not self.is_shown and (self.is_few or any(each is not None for each in numbers)):
            raise ValueError(f"a figure that is {self.status} holds no numbers")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN

    @property
    def is_empty(self) -> bool:
        """Whether there are no answers at all, which is no secret."""
        return self.status in (Status.NO_ANSWERS, Status.NOT_ASKED)


class Answers(NamedTuple):
    """What one unit answered to one question: valid answers, the favourable ones of them, and
    everybody it was put to or passed by, opinion or not. `was_asked` is false where nobody got
    the question."""

    n: int = 0
    favourable: int = 0
    n_all: int = 0
    was_asked: bool = False

    def of_due(self, due: int | None) -> int | None:
        """How many of those due the question concerns; None if that cannot be known."""
        if due is None or due < self.n_all:
            return None
        return stats.asked_population(due, self.n, self.n_all)

    def design_effect(self, due: int | None) -> float:
        """What the answers are assumed to lose by being about the same case officers, who are
        as many as all those due take, whoever the question concerns."""
        is_known = due is not None and due >= self.n_all
        return stats.assumed_design_effect(self.n, due if is_known else None)


def empty(answers: Answers) -> Figure:
    """The figure where there are no answers: asked in vain, or not asked."""
    return Figure(Status.NO_ANSWERS if answers.was_asked else Status.NOT_ASKED)


def whole_per_cent(share: float) -> float:
    """A share in whole per cent: with more digits anywhere, in a chart's data or a drawing's
    coordinates, a hidden unit could be found by trying.

    >>> whole_per_cent(0.845), whole_per_cent(0.8449)
    (0.85, 0.84)
    """
    return floor(share * 100 + 0.5 + 1e-9) / 100


def _whole(interval: Interval | None) -> Interval | None:
    return None if interval is None else Interval(*map(whole_per_cent, interval))


def unit_status(
    answers: Answers, *, due: int | None, reason: Reason | None, limits: Limits
) -> Status:
    """What there is to show of a unit's share, without working it out."""
    if answers.n == 0:
        return empty(answers).status
    if reason is not None:
        return STATUS_OF[reason]
    if answers.n < limits.any_figure:
        return Status.FEW
    population = answers.of_due(due)
    if stats.alike(answers.favourable, answers.n, population, few=limits.distribution):
        return Status.ALIKE
    return Status.SHOWN


def unit_figure(
    answers: Answers, *, due: int | None, reason: Reason | None, limits: Limits
) -> Figure:
    """The figure of one unit. The release decided already; the limits hold all the same."""
    status = unit_status(answers, due=due, reason=reason, limits=limits)
    if status is not Status.SHOWN:
        return Figure(status)
    population = answers.of_due(due)
    return Figure(
        Status.SHOWN,
        n=answers.n,
        interval=_whole(stats.share(answers.favourable, answers.n, population=population)),
        population=population,
        basis=Basis.UNKNOWN if population is None else Basis.DUE,
        is_few=answers.n < limits.distribution,
    )


def weighing(
    answers: Sequence[Answers], due: Sequence[int | None], clients: Sequence[int | None]
) -> tuple[Basis, list[int]]:
    """How the units of a city weigh: by those due, by their clients, or by their answers."""
    sizes = [each.of_due(of_unit) for each, of_unit in zip(answers, due, strict=True)]
    known = [size for size in sizes if size is not None]
    if len(known) == len(sizes):
        return Basis.DUE, known
    weights = [size for size in clients if size]
    if len(weights) == len(answers):
        return Basis.CLIENTS, weights
    return Basis.UNKNOWN, [each.n for each in answers]


def city_figure(
    answers: Sequence[Answers],
    *,
    due: Sequence[int | None],
    clients: Sequence[int | None],
    reason: Reason | None,
    limits: Limits,
) -> Figure:
    """The figure of the city from all its units, shown or not; each counts by its size.

    Where it is not known how many were due, units weigh by their clients; where those are not
    known either, the answers are added without weights.
    """
    n = sum(each.n for each in answers)
    favourable = sum(each.favourable for each in answers)
    if n == 0:
        return empty(Answers(was_asked=any(each.was_asked for each in answers)))
    if reason is not None:
        return Figure(STATUS_OF[reason])
    if n < limits.any_figure:
        return Figure(Status.FEW)
    basis, sizes = weighing(answers, due, clients)
    everybody = sum(sizes) if basis is Basis.DUE else None
    if stats.alike(favourable, n, everybody, few=limits.distribution):
        return Figure(Status.ALIKE)
    is_few = n < limits.distribution
    ns, hits = [each.n for each in answers], [each.favourable for each in answers]
    if basis is Basis.UNKNOWN:
        pooled = stats.share(favourable, n)
        return Figure(Status.SHOWN, n, _whole(pooled), basis=basis, is_few=is_few)
    weighted = stats.city_share if basis is Basis.DUE else stats.weighted_share
    estimate = weighted(sizes, ns, hits)
    assert estimate is not None  # noqa: S101 - n is above 0
    return Figure(
        Status.SHOWN,
        n=n,
        interval=_whole(Interval(estimate.estimate, estimate.low, estimate.high)),
        population=everybody,
        basis=basis,
        covered=estimate.covered,
        is_few=is_few,
    )
