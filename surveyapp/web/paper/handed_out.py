"""How many paper forms went out, and how many of them were keyed, month by month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from surveyapp import collecting
from surveyapp.models import Channel, OfferTally, Outcome, Unit, offers_by_month
from surveyapp.periods import month_of

MONTHS_SHOWN = 4


@dataclass
class Count:
    """The paper forms of one unit and month."""

    unit: str
    month: date
    handed_out: int = 0
    keyed: int = 0


def counts(session: Session, units: list[Unit], today: date) -> list[Count]:
    """Units and months with any paper forms, the newest month first."""
    months = [month_of(today)]
    while len(months) < MONTHS_SHOWN:
        months.append(month_of(months[-1] - timedelta(days=1)))
    found: dict[tuple[int, date], dict[Outcome, int]] = defaultdict(lambda: defaultdict(int))
    rows = session.execute(offers_by_month([unit.id for unit in units], months))
    for unit_id, month, channel, outcome, _reason, n in rows:
        if channel is Channel.PAPER:
            found[unit_id, month][outcome] += int(n)
    return [
        Count(
            unit.name,
            month,
            handed_out=of[Outcome.HANDED_OUT],
            keyed=of[Outcome.ANSWERED] + of[Outcome.PARTLY],
        )
        for month in months
        for unit in units
        if (of := found.get((unit.id, month)))
    ]


def set_handed_out(session: Session, unit_id: int, month: date, n: int) -> None:
    """Make `n` the number of forms handed out; call it inside `writing`."""
    key = (unit_id, month, Channel.PAPER, Outcome.HANDED_OUT, "")
    row = session.get(OfferTally, key, with_for_update=True)
    before = 0 if row is None else row.n
    if row is not None and n < before:
        row.n = n
    elif n > before:
        collecting.count_offers(
            session,
            unit_id=unit_id,
            month=month,
            channel=Channel.PAPER,
            outcome=Outcome.HANDED_OUT,
            n=n - before,
        )
