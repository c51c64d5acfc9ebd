"""Closed periods to counts: the only writer of `tally`, and figures that never move again."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from sqlalchemy import Table, func, insert, literal, select
from sqlalchemy.orm import Session

from surveyapp import auditing, moving, organising, publishing, withholding
from surveyapp.counting import WHO_QUESTION, Cell, Counts, counts_of, n_forms
from surveyapp.db import writing
from surveyapp.errors import N_, ReleaseRefused
from surveyapp.late_answers import with_late
from surveyapp.limits import limits, year_parts
from surveyapp.models import (
    Dimension,
    MoveState,
    OfferTally,
    QuestionnaireVersion,
    Release,
    ReleasedOffer,
    ReleasedUnit,
    Response,
    Tally,
    Unit,
    UnitYear,
    Withheld,
    units_between,
)
from surveyapp.periods import Period
from surveyapp.questionnaire import Questionnaire
from surveyapp.stats import Unprotectable
from surveyapp.withholding import ALL_FORMS, CITY, JUDGED, Decision, Hidden, Product, decide

ROW = ("release_id", *Cell._fields, "n")
TALLY = cast(Table, Tally.__table__)  # a table takes many rows at once faster than a model


def release(session: Session, period: Period, *, today: date, person: str) -> Release:
    """Release a closed period, once; a period that is out already is given back as it is.

    Counting only reads, so nobody who is sending answers waits for it. Then one transaction
    writes everything, so a run that is killed leaves nothing.
    """
    period = replace(period, parts=year_parts(session)) if period.is_year else period
    if (done := _released(session).get(str(period))) is not None:
        return done
    _refuse_unless_due(session, period, today)
    n_moves = moving.n_in(session, MoveState.APPROVED)
    counts = counts_of(session, period.months)
    _refuse_more_answers_than_due(session, period)
    if period.is_year:
        products, earlier = _year(session, period, counts)
    else:
        products, earlier = _part(session, period, counts)
    decisions = _decisions(session, products, earlier)
    own = next(product for product in products if product.name == str(period))
    with writing(session):
        auditing.take_turn(session)
        if (done := _released(session).get(str(period))) is not None:
            return done  # somebody else released it meanwhile
        if moving.n_in(session, MoveState.APPROVED) != n_moves:
            raise ReleaseRefused(
                N_("Answers were just moved to another unit. Release %(period)s once more."),
                period=period,
            )
        made = Release(period=str(period), released_on=today, released_by=person)
        session.add(made)
        session.flush()
        if rows := [_row(made.id, cell, n) for cell, n in own.counts.items() if n]:
            session.execute(insert(TALLY), rows)
        session.add_all(Withheld(release_id=made.id, **d._asdict()) for d in decisions)
        _freeze(session, made.id, period)
        _freeze_offers(session, made.id, period)
        if period.is_year:
            moving.forget_changes(session, period.year)
        auditing.record(session, person, "release", str(period))
    return made


def waiting(session: Session, today: date) -> list[Period]:
    """Closed periods that may be released now, in the order they must be."""
    first = session.scalar(select(func.min(Response.month)))
    if first is None:
        return []
    parts, out = year_parts(session), _released(session)
    found = []
    for year in range(first.year, today.year + 1):
        whole = Period(year, parts)
        found += [
            period
            for period in (*whole.earlier_parts(), whole)
            if period.months[-1] >= first and today >= period.releasable_from
            if str(period) not in out
        ]
    return found


def stored_counts(
    session: Session, period: Period, dimensions: Collection[Dimension] = tuple(Dimension)
) -> Counts:
    """What was released; of a year to date, the sum of its parts."""
    parts = [Period(period.year, period.parts, n) for n in range(1, period.number + 1)]
    names = [str(part) for part in parts] if period.to_date else [str(period)]
    columns = [TALLY.c[name] for name in (*Cell._fields, "n")]
    rows = session.connection().execute(
        select(*columns)
        .join(Release, Release.id == Tally.release_id)
        .where(Release.period.in_(names), Tally.dimension.in_(dimensions))
    )
    counts: Counter[Cell] = Counter()
    for *key, n in rows:
        counts[Cell(*key)] += n
    return dict(counts)


def audit(session: Session, period: Period) -> list[Hidden]:
    """What a reader of a released period, and of all that was out before it, could work out
    of what is withheld: nothing, since the release made sure of it."""
    earlier = _earlier(session, period, JUDGED)
    counts = stored_counts(session, period, JUDGED)
    if period.is_year:
        products = [_year_product(session, period, counts, earlier)]
    else:
        products, _ = _part(session, period, counts)
    everything = [*earlier, *products]
    before = _withheld_of(session, everything)
    return withholding.audit(everything, before, _documents(session), limits(session))


def _released(session: Session) -> dict[str, Release]:
    return {done.period: done for done in session.scalars(select(Release))}


def _refuse_unless_due(session: Session, period: Period, today: date) -> None:
    if period.to_date or (not period.is_year and period.parts is not year_parts(session)):
        raise ReleaseRefused(N_("%(period)s is not a period that is released."), period=period)
    if today < period.releasable_from:
        raise ReleaseRefused(
            N_("%(period)s can be released from %(day)s."),
            period=period,
            day=period.releasable_from.isoformat(),
        )
    out = _released(session)
    first = session.scalar(select(func.min(Response.month)))
    if first is None or period.months[-1] < first:
        raise ReleaseRefused(
            N_("There are no answers to release in %(period)s."), period=period
        )
    for part in period.earlier_parts():
        if str(part) not in out and part.months[-1] >= first:
            raise ReleaseRefused(
                N_("Release %(part)s first: %(period)s builds on it."),
                part=part,
                period=period,
            )


def _refuse_more_answers_than_due(session: Session, period: Period) -> None:
    forms = n_forms(session, period.months)
    due = organising.followups_due(session, list(forms), period.months)
    for unit_id, n in forms.items():
        limit = due.get(unit_id)
        if limit is not None and n > limit:
            unit = session.get_one(Unit, unit_id)
            raise ReleaseRefused(
                N_(
                    "%(unit)s has more forms than the %(due)s follow-ups due in %(period)s. "
                    "Correct the number due in %(first)s to %(last)s, or find out why."
                ),  # how many forms there are nobody sees before the release
                unit=unit.name,
                due=limit,
                period=period,
                first=f"{period.months[0]:%Y-%m}",
                last=f"{period.months[-1]:%Y-%m}",
            )


def _freeze(session: Session, release_id: int, period: Period) -> None:
    """Keep what else the figures rest on, so that they do not move when it is corrected."""
    units = [
        unit.id for unit in session.scalars(units_between(period.starts_on, period.ends_on))
    ]
    due = organising.followups_due(session, units, period.months)
    years = select(UnitYear.unit_id, UnitYear.clients).where(UnitYear.year == period.year)
    clients = dict(session.execute(years).all())
    session.add_all(
        ReleasedUnit(
            release_id=release_id,
            unit_id=unit_id,
            followups_due=due[unit_id],
            clients=clients.get(unit_id),
        )
        for unit_id in units
    )


def _freeze_offers(session: Session, release_id: int, period: Period) -> None:
    """Keep the offers; those of a year as its parts did, or a late form would show in them."""
    columns = [ReleasedOffer.unit_id, ReleasedOffer.month, ReleasedOffer.channel,
               ReleasedOffer.outcome, ReleasedOffer.reason, ReleasedOffer.n]  # fmt: skip
    source: type[ReleasedOffer] | type[OfferTally] = OfferTally
    if period.is_year:
        source = ReleasedOffer
    values = [getattr(source, column.name) for column in columns]
    kept = select(literal(release_id), *values).where(source.month.in_(period.months))
    if period.is_year:
        parts = [str(part) for part in period.earlier_parts()]
        kept = kept.join(Release, Release.id == ReleasedOffer.release_id).where(
            Release.period.in_(parts)
        )
    names = ["release_id", *(column.name for column in columns)]
    session.execute(insert(ReleasedOffer).from_select(names, kept))


def _part(
    session: Session, period: Period, counts: Counts
) -> tuple[list[Product], list[Product]]:
    """The part itself and the year to date, on top of the parts that are out."""
    earlier = _earlier(session, period, JUDGED)
    products = [_product(session, period, counts)]
    to_date = period.year_to_date()
    if to_date is None or not earlier:
        return products, earlier
    so_far: Counter[Cell] = Counter(counts)
    for product in earlier:
        if not product.sums:
            so_far.update(product.counts)
    names = [product.name for product in earlier if not product.sums]
    products.append(_product(session, to_date, dict(so_far), _sums(to_date, names, period)))
    return products, earlier


def _year(
    session: Session, period: Period, counts: Counts
) -> tuple[list[Product], list[Product]]:
    """The year: the sum of its parts, with late answers where enough have come."""
    earlier = _earlier(session, period, tuple(Dimension))
    parts = [product for product in earlier if not product.sums]
    released: Counter[Cell] = Counter()
    for product in parts:
        released.update(product.counts)
    figures = with_late(
        dict(released),
        counts,
        _documents(session),
        limits(session).any_figure,
        moving.moved_after_release(session, period.year),
    )
    return [_year_product(session, period, figures, earlier)], earlier


def _year_product(
    session: Session, period: Period, counts: Counts, earlier: Sequence[Product]
) -> Product:
    """The year as the sum of its parts. Its figures are those of the last year to date, but
    for those in which something came late."""
    parts = tuple(product.name for product in earlier if not product.sums)
    product = _product(session, period, counts, [parts])
    last = next((each for each in reversed(earlier) if each.sums), None)
    return product if last is None else replace(product, same_as=_same_as(last, counts))


def _same_as(last: Product, counts: Counts) -> dict[tuple[int, str], str]:
    """The figures that are those of the other product, count for count."""
    judged = {cell: n for cell, n in counts.items() if cell.dimension in JUDGED}
    figures = {(cell.unit_id, cell.question) for cell in judged}
    moved = {
        (cell.unit_id, cell.question)
        for cell in judged.keys() | last.counts.keys()
        if judged.get(cell, 0) != last.counts.get(cell, 0)
    }
    of_question: dict[str, set[int]] = defaultdict(set)
    for unit, question in figures:
        of_question[question].add(unit)
    of_question[ALL_FORMS] = of_question[WHO_QUESTION]
    moved |= {(unit, ALL_FORMS) for unit, question in moved if question == WHO_QUESTION}
    same: dict[tuple[int, str], str] = {}
    for question, units in of_question.items():
        unmoved = {unit for unit in units if (unit, question) not in moved}
        places = {*unmoved, CITY} if unmoved == units else unmoved
        same |= {(place, question): last.name for place in places}
    return same


def _earlier(
    session: Session, period: Period, dimensions: Collection[Dimension]
) -> list[Product]:
    """The parts of the year that are out before this, and each year to date they made."""
    out = _released(session)
    parts = [part for part in period.earlier_parts() if str(part) in out]
    products = [_product(session, p, stored_counts(session, p, dimensions)) for p in parts]
    for number, part in enumerate(parts):
        to_date = part.year_to_date()
        if to_date is not None and number > 0:
            names = [str(before) for before in parts[:number]]
            counts = stored_counts(session, to_date, JUDGED)
            products.append(_product(session, to_date, counts, _sums(to_date, names, part)))
    return products


def _sums(to_date: Period, parts: Sequence[str], last: Period) -> list[tuple[str, ...]]:
    """The ways in which a year to date adds up: its parts; the one before it and its last."""
    sums = [(*parts, str(last))]
    if len(parts) > 1:
        before = replace(to_date, number=to_date.number - 1)
        sums.append((str(before), str(last)))
    return sums


def _product(
    session: Session,
    period: Period,
    counts: Counts,
    sums: Sequence[tuple[str, ...]] = (),
) -> Product:
    units = sorted({cell.unit_id for cell in counts})
    due = organising.followups_due(session, units, period.months)
    return Product(str(period), counts, due, sums)


def _documents(session: Session) -> dict[int, Questionnaire]:
    return {
        version.id: publishing.parsed(version)
        for version in session.scalars(select(QuestionnaireVersion))
    }


def _withheld_of(session: Session, products: Sequence[Product]) -> list[Decision]:
    names = [product.name for product in products]
    return [
        Decision(row.product, row.unit_id, row.question, row.kind, row.reason)
        for row in session.scalars(select(Withheld).where(Withheld.product.in_(names)))
    ]


def _decisions(
    session: Session, products: Sequence[Product], earlier: Sequence[Product]
) -> list[Decision]:
    before = _withheld_of(session, earlier)
    try:
        return decide(products, earlier, before, _documents(session), limits(session))
    except Unprotectable as error:
        hidden = error.cell
        assert isinstance(hidden, Hidden)  # noqa: S101 - deciding names what it could not hide
        unit = session.get(Unit, hidden.place.unit_id)
        raise ReleaseRefused(
            N_(
                "The figure of %(unit)s in %(product)s (%(question)s) cannot be protected: "
                "too little is left."
            ),
            unit=unit.name if unit else "Stockholm",
            product=hidden.place.product,
            question=hidden.question,
        ) from error


def _row(release_id: int, cell: Cell, n: int) -> dict[str, object]:
    return dict(zip(ROW, (release_id, *cell, n), strict=True))
