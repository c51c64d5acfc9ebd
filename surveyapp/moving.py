"""Answers registered at the wrong unit: asked for by a tablet, confirmed, decided, moved.

A tablet keeps the receipts of what it has sent, and nothing else tells which answers were
its own. So a move is of a set of receipts: nobody sees an answer, and what is older than the
receipts cannot be moved. What somebody wrote in their own words is linked to no response, so it
cannot follow: it stays with the unit that it came to.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Update, delete, func, or_, select, true, update
from sqlalchemy.orm import Session

from surveyapp import auditing, collecting, counting
from surveyapp.counting import Cell, Counts
from surveyapp.db import writing
from surveyapp.errors import N_, MoveRefused
from surveyapp.late_answers import Moved
from surveyapp.limits import year_parts
from surveyapp.models import (
    Channel,
    MovedCount,
    MovePart,
    MoveReceipt,
    MoveRequest,
    MoveState,
    OfferTally,
    Outcome,
    Release,
    Response,
    ResponseStatus,
    Unit,
)
from surveyapp.organising import Successions
from surveyapp.periods import Period

MOST_RECEIPTS = 500
LONGEST_REASON = 500  # characters
A_TABLET = "tablet"  # in the log: which one would tell from where the answers came
ORDER = tuple(MoveState)
OUTCOME_OF = {
    ResponseStatus.COMPLETE: Outcome.ANSWERED,
    ResponseStatus.PARTIAL: Outcome.PARTLY,
}


@dataclass(frozen=True)
class Wish:
    """What a tablet asks for. The id is made on the tablet, so that it can ask again."""

    id: UUID
    from_unit: str
    to_unit: str
    receipts: Collection[UUID]
    reason: str


def request(session: Session, wish: Wish, *, units: Collection[str]) -> MoveState:
    """Note the wish, once, inside `writing`; how far it has come.

    `units` are the codes of the tablet's units. Those before and after them are its own too:
    answers of last month may belong to a unit that has been merged since. MoveRefused if the
    wish does not hold.
    """
    auditing.take_turn(session)  # one at a time: no receipt is held twice
    if (known := session.get(MoveRequest, wish.id)) is not None:
        return known.state
    reason = _reason(wish.reason)
    if len(wish.receipts) > MOST_RECEIPTS:
        raise MoveRefused(N_("At most %(n)s answers can be moved at once."), n=MOST_RECEIPTS)
    old, new = _two_units(session, wish, units)
    found = session.execute(
        select(Response.receipt, Response.month).where(
            Response.receipt.in_(wish.receipts),
            Response.receipt.not_in(select(MoveReceipt.receipt)),
            Response.unit_id == old.id,
        )
    ).all()
    if not found:
        raise MoveRefused(
            N_("There is nothing to move: none of these answers are at %(unit)s."),
            unit=old.name,
        )
    n_of = Counter(month for _receipt, month in found)
    _refuse_before(new, n_of)
    made = MoveRequest(
        id=wish.id,
        from_unit=old,
        to_unit=new,
        reason=reason,
        parts=[MovePart(month=month, n=n) for month, n in sorted(n_of.items())],
    )
    session.add(made)
    session.flush()
    session.add_all(
        MoveReceipt(receipt=receipt, request_id=made.id) for receipt, _month in found
    )
    _record(session, A_TABLET, "move.request", made)
    return made.state


def confirm(session: Session, request_id: UUID, *, by: str) -> MoveRequest:
    """Say that the answers belong to the other unit, inside `writing`."""
    made = _requested(session, request_id)
    made.state, made.confirmed_by = MoveState.CONFIRMED, by
    _record(session, by, "move.confirm", made)
    return made


def reject(session: Session, request_id: UUID, *, by: str, today: date) -> MoveRequest:
    """Say that the answers belong where they are, before anybody has confirmed the opposite,
    inside `writing`."""
    _requested(session, request_id)
    return decline(session, request_id, by=by, today=today)


def decline(session: Session, request_id: UUID, *, by: str, today: date) -> MoveRequest:
    """Leave the answers where they are, confirmed or not, inside `writing`."""
    made = _undecided(session, request_id)
    _close(session, made, MoveState.DECLINED, by, today)
    _record(session, by, "move.decline", made)
    return made


def approve(session: Session, request_id: UUID, *, by: str, today: date) -> MoveRequest:
    """Move the answers and what is counted of their offers.

    It commits by itself: the log never shares a transaction with answers.
    """
    with writing(session):
        made = _undecided(session, request_id)
        if made.state is not MoveState.CONFIRMED:
            raise MoveRefused(N_("The move must be confirmed by one of the units first."))
        _refuse_before(made.to_unit, [part.month for part in made.parts])
        _move(session, made)
        _close(session, made, MoveState.APPROVED, by, today)
    with writing(session):
        _record(session, by, "move.approve", made)
    return made


def states(session: Session, request_ids: Collection[UUID]) -> dict[str, str]:
    """How far these requests have come, by their id in hexadecimal; unknown ones are left
    out."""
    rows = session.execute(
        select(MoveRequest.id, MoveRequest.state).where(MoveRequest.id.in_(request_ids))
    )
    return {id.hex: state.value for id, state in rows}


def moves(session: Session, unit_ids: Collection[int] | None) -> Sequence[MoveRequest]:
    """Every request from or to these units (None: any), in the order in which they are dealt
    with, and the latest months before older ones."""
    query = select(MoveRequest).where(_is_of(unit_ids))
    found = sorted(session.scalars(query), key=lambda each: each.from_unit.name)
    found.sort(key=lambda each: each.parts[-1].month, reverse=True)
    return sorted(found, key=lambda each: ORDER.index(each.state))


def n_in(session: Session, *which: MoveState, unit_ids: Collection[int] | None = None) -> int:
    """How many requests from or to these units (None: any) are in one of these states."""
    query = select(func.count()).where(MoveRequest.state.in_(which), _is_of(unit_ids))
    return session.scalar(query) or 0


def moved_after_release(session: Session, year: int) -> Moved:
    """What moves changed that the released counts of the year's parts lack."""
    rows = session.scalars(select(MovedCount).where(MovedCount.year == year))
    changes = {_cell(row): row.n for row in rows}
    pairs = session.execute(
        select(MoveRequest.from_unit_id, MoveRequest.to_unit_id)
        .join(MovePart, MovePart.request_id == MoveRequest.id)
        .where(
            MoveRequest.state == MoveState.APPROVED,
            MovePart.after_release,
            MovePart.month.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    return Moved.of(changes, [(old, new) for old, new in pairs])


def forget_changes(session: Session, year: int) -> None:
    """Let go of what only the year's release needed, inside its own `writing`."""
    session.execute(delete(MovedCount).where(MovedCount.year == year))


def _is_of(unit_ids: Collection[int] | None) -> ColumnElement[bool]:
    if unit_ids is None:
        return true()
    return or_(MoveRequest.from_unit_id.in_(unit_ids), MoveRequest.to_unit_id.in_(unit_ids))


def _reason(text: str) -> str:
    reason = collecting.one_line(text)
    if not reason:
        raise MoveRefused(N_("Write why the answers are at the wrong unit."))
    if len(reason) > LONGEST_REASON:
        raise MoveRefused(N_("Write the reason in at most %(n)s characters."), n=LONGEST_REASON)
    return reason


def _two_units(session: Session, wish: Wish, codes: Collection[str]) -> tuple[Unit, Unit]:
    """The two units, if both are the tablet's own."""
    if wish.from_unit == wish.to_unit:
        raise MoveRefused(N_("Choose another unit than the one where the answers are."))
    successions = Successions.read(session)
    own: dict[str, Unit] = {}
    for unit in successions.units.values():
        if unit.code in codes:
            family = (unit, *successions.before(unit.id), *successions.after(unit.id))
            own |= {each.code: each for each in family}
    try:
        return own[wish.from_unit], own[wish.to_unit]
    except KeyError:
        raise MoveRefused(N_("The tablet does not belong to both units.")) from None


def _refuse_before(unit: Unit, months: Collection[date]) -> None:
    for month in sorted(months):
        if not unit.existed_in(month):
            raise MoveRefused(
                N_("%(unit)s did not exist in %(month)s."),
                unit=unit.name,
                month=f"{month:%Y-%m}",
            )


def _undecided(session: Session, request_id: UUID) -> MoveRequest:
    """The request, while nobody else decides about one, and no period is released."""
    auditing.take_turn(session)
    made = session.get_one(MoveRequest, request_id, populate_existing=True)
    if made.is_decided:
        raise MoveRefused(N_("The move is decided already."))
    return made


def _requested(session: Session, request_id: UUID) -> MoveRequest:
    """The request, as long as neither unit has said anything."""
    made = _undecided(session, request_id)
    if made.state is not MoveState.REQUESTED:
        raise MoveRefused(N_("Somebody has confirmed the move already."))
    return made


def _close(session: Session, made: MoveRequest, state: MoveState, by: str, today: date) -> None:
    """Decide, and let the receipts go."""
    if made.confirmed_by == by:
        raise MoveRefused(
            N_("You confirmed the move yourself. Somebody else must decide about it.")
        )
    made.state, made.decided_by, made.decided_on = state, by, today
    for held in session.scalars(select(MoveReceipt).where(MoveReceipt.request_id == made.id)):
        session.delete(held)
    session.flush()


def _move(session: Session, made: MoveRequest) -> None:
    held = select(MoveReceipt.receipt).where(MoveReceipt.request_id == made.id)
    rows = session.execute(
        select(Response.id, Response.month, Response.channel, Response.status).where(
            Response.receipt.in_(held), Response.unit_id == made.from_unit_id
        )
    ).all()
    these = Response.id.in_([id for id, *_ in rows])
    released, year_is_in = set(session.scalars(select(Release.period))), year_parts(session)
    for part in made.parts:
        part.after_release = str(Period.holding(part.month, year_is_in)) in released
    waiting = [
        part.month
        for part in made.parts
        if part.after_release and str(part.month.year) not in released
    ]
    before = [counting.counts_of(session, [month], these) for month in waiting]
    # Until settling writes their months anew, the rows themselves tell which of them moved.
    statement = update(Response).where(these)
    session.execute(
        statement.values(unit_id=made.to_unit_id, is_settled=False),
        execution_options={"synchronize_session": False},
    )
    for month, gone in zip(waiting, before, strict=True):
        _note(session, month.year, gone, counting.counts_of(session, [month], these))
    offers = Counter(
        (month, channel, OUTCOME_OF[status]) for _id, month, channel, status in rows
    )
    for (month, channel, outcome), n in offers.items():
        there = _offers_of(made.from_unit_id, month, channel, outcome)
        session.execute(there.values(n=OfferTally.n - n))
        collecting.count_offers(
            session,
            unit_id=made.to_unit_id,
            month=month,
            channel=channel,
            outcome=outcome,
            n=n,
        )


def _offers_of(unit_id: int, month: date, channel: Channel, outcome: Outcome) -> Update:
    return update(OfferTally).where(
        OfferTally.unit_id == unit_id,
        OfferTally.month == month,
        OfferTally.channel == channel,
        OfferTally.outcome == outcome,
        OfferTally.reason == "",
    )


def _note(session: Session, year: int, gone: Counts, come: Counts) -> None:
    """Keep what the released counts lack; see `MovedCount`."""
    rows = session.scalars(select(MovedCount).where(MovedCount.year == year))
    noted = {_cell(row): row for row in rows}
    for cell in gone.keys() | come.keys():
        change = come.get(cell, 0) - gone.get(cell, 0)
        if cell in noted:
            noted[cell].n += change
        else:
            session.add(MovedCount(year=year, n=change, **cell._asdict()))
    session.flush()


def _cell(row: MovedCount) -> Cell:
    return Cell(*(getattr(row, name) for name in Cell._fields))


def _record(session: Session, actor: str, action: str, made: MoveRequest) -> None:
    """Who, when, from where, to where, how many and why; no answer and no receipt."""
    parts = ", ".join(f"{part.month:%Y-%m}: {part.n}" for part in made.parts)
    subject = f"{made.from_unit.code} -> {made.to_unit.code} {parts}. {made.reason}"
    auditing.record(session, actor, action, subject)
