"""How many were offered the form and what came of it: the response rate, without any answer."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.limits import Limits
from surveyapp.models import Channel, Outcome, Reason, ReleasedOffer
from surveyapp.reporting.figures import STATUS_OF, Status

# These leave the office before anybody answers, so somebody must have counted them then.
SENT_OUT = frozenset({Channel.PAPER, Channel.OWN_DEVICE})
Events = Counter[tuple[Channel, Outcome]]


class Place(NamedTuple):
    """Whose offers, of which month, and in which release they were counted."""

    release_id: int
    unit_id: int
    month: date


@dataclass(frozen=True)
class Offers:
    """What came of the offers in a unit and some months.

    `uncounted` are the channels that have answers though nobody noted how many forms went
    out: with them there is no number of offers.
    """

    answered: int
    partly: int
    stopped: int
    declined: int
    could_not: int
    offered: int
    uncounted: tuple[Channel, ...] = ()

    @property
    def rate(self) -> float | None:
        """Whole forms per offer; None where it cannot be known."""
        return self._per_offer(self.answered)

    @property
    def rate_with_partly(self) -> float | None:
        """Forms per offer, those that were stopped half-way and kept included."""
        return self._per_offer(self.answered + self.partly)

    def _per_offer(self, n: int) -> float | None:
        return n / self.offered if self.offered and not self.uncounted else None

    def __add__(self, other: "Offers") -> "Offers":
        uncounted = {*self.uncounted, *other.uncounted}
        return Offers(
            self.answered + other.answered,
            self.partly + other.partly,
            self.stopped + other.stopped,
            self.declined + other.declined,
            self.could_not + other.could_not,
            self.offered + other.offered,
            tuple(channel for channel in Channel if channel in uncounted),
        )


NONE = Offers(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Responses:
    """How many answered in a unit, or why that is not shown. Only `SHOWN` has numbers.

    `n_forms` are all forms, those with the officer's help too; `due` the follow-ups due.
    `offers` is None where those of a year would tell the forms of a part of it.
    """

    status: Status
    n_forms: int | None = None
    due: int | None = None
    offers: Offers | None = None

    def __post_init__(self) -> None:
        if self.is_shown != (self.n_forms is not None):
            raise ValueError("shown responses have numbers, and no others have")
        if self.offers is not None and not self.is_shown:
            raise ValueError(f"responses that are {self.status} have no offers")

    @property
    def is_shown(self) -> bool:
        return self.status is Status.SHOWN

    @property
    def coverage(self) -> float | None:
        """Forms per follow-up due; None where more forms came in than were due."""
        if not self.n_forms or not self.due or self.n_forms > self.due:
            return None
        return self.n_forms / self.due

    @property
    def is_more_than_due(self) -> bool:
        """Whether more forms came in than were due: then the number due is wrong."""
        return bool(self.n_forms and self.due is not None and self.n_forms > self.due)


def responses(
    n_forms: int,
    offers: Offers,
    *,
    due: int | None,
    reason: Reason | None,
    limits: Limits,
    offers_are_told: bool = True,
) -> Responses:
    """How many answered, unless the release or the limits withhold it."""
    if reason is not None:
        return Responses(STATUS_OF[reason])
    counted = (n_forms, offers.answered + offers.partly)
    if any(0 < n < limits.any_figure for n in counted):
        return Responses(Status.FEW)
    return Responses(Status.SHOWN, n_forms, due, offers if offers_are_told else None)


def offers(
    session: Session, release_ids: Collection[int], *, unit_id: int | None = None
) -> dict[Place, Offers]:
    """What had come of the offers when they were released; of all units or one."""
    query = select(ReleasedOffer).where(ReleasedOffer.release_id.in_(release_ids))
    if unit_id is not None:
        query = query.where(ReleasedOffer.unit_id == unit_id)
    events: dict[Place, Events] = {}
    for row in session.scalars(query):
        place = Place(row.release_id, row.unit_id, row.month)
        events.setdefault(place, Counter())[row.channel, row.outcome] += row.n
    return {place: _offers(each) for place, each in events.items()}


def total(
    by_month: Mapping[Place, Offers],
    release_ids: Collection[int],
    unit_id: int,
    months: Sequence[date],
) -> Offers:
    """The offers of a unit, the months of the releases added together."""
    places = [Place(release_id, unit_id, m) for release_id in release_ids for m in months]
    return sum((by_month.get(place, NONE) for place in places), NONE)


def _offers(events: Events) -> Offers:
    of = Counter[Outcome]()
    for (_, outcome), n in events.items():
        of[outcome] += n
    offered, uncounted = 0, []
    for channel in Channel:
        handed_out = events[channel, Outcome.HANDED_OUT]
        answered = events[channel, Outcome.ANSWERED] + events[channel, Outcome.PARTLY]
        others = (Outcome.STOPPED, Outcome.DECLINED, Outcome.COULD_NOT)
        came_of_it = answered + sum(events[channel, outcome] for outcome in others)
        offered += max(handed_out, came_of_it)
        if channel in SENT_OUT and answered and came_of_it == answered and not handed_out:
            uncounted.append(channel)
    return Offers(
        answered=of[Outcome.ANSWERED],
        partly=of[Outcome.PARTLY],
        stopped=of[Outcome.STOPPED],
        declined=of[Outcome.DECLINED],
        could_not=of[Outcome.COULD_NOT],
        offered=offered,
        uncounted=tuple(uncounted),
    )
