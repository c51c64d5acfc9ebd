"""Answers in bulk and their releases, for tests of results."""

from datetime import date
from uuid import uuid4

from sqlalchemy import insert, select

from surveyapp import organising, publishing, releasing
from surveyapp.db import writing
from surveyapp.i18n import rounded
from surveyapp.models import (
    Answer,
    Channel,
    Dimension,
    FollowupType,
    FormLength,
    HandedOverBy,
    OfferTally,
    Outcome,
    ReleasedOffer,
    ReleasedUnit,
    Response,
    ResponseStatus,
    ServiceGroup,
    Tally,
    UnitMonth,
)
from surveyapp.periods import Period
from surveyapp.questionnaire import completed

ORDINARY = {
    "language": "sv",
    "channel": Channel.TABLET,
    "followup_type": FollowupType.HOME_VISIT,
    "service_group": ServiceGroup.HOME_CARE,
    "handed_over_by": HandedOverBy.OTHER_OFFICER,
    "form_length": FormLength.FULL,
    "status": ResponseStatus.COMPLETE,
}
ALONE = {"bak_svarar": "sjalv"}
ON_THE_CITY_PAGE = (Dimension.TOTAL, Dimension.WHO, Dimension.CHANNEL)
DAY_AFTER = {"T1": date(2026, 5, 9), "T2": date(2026, 9, 9), "T3": date(2027, 1, 9)}


def answered(session, unit, month, forms, *, version=None, **fields):
    """Store forms of a unit and month, each a dict of answers; every question gets its row.

    Without a number they are of the version that was open."""
    if version is None:
        version = publishing.opened(session, publishing.KEY, month)
    else:
        version = publishing.published(session, publishing.KEY, version)
    document = publishing.parsed(version)
    officers = organising.named_officers(session, unit.id, month)
    values = ORDINARY | fields
    short = values["form_length"] is FormLength.SHORT
    responses, answers = [], []
    for form in forms:
        id = uuid4()
        responses.append(
            {"id": id, "unit_id": unit.id, "month": month, "version_id": version.id} | values
        )
        taken = completed(
            document, ALONE | form, named_officers=officers, short=short, lenient=True
        )
        answers += [
            {
                "response_id": id,
                "question": question,
                "value": given.value,
                "missing": given.missing and given.missing.value,
            }
            for question, given in taken.answers.items()
        ]
    with writing(session):
        session.execute(insert(Response), responses)
        session.execute(insert(Answer), answers)
        _offer(session, unit, month, values["channel"], Outcome.ANSWERED, len(forms))


def offered(session, unit, month, outcome, n, channel=Channel.TABLET):
    """Count offers that came to this."""
    with writing(session):
        _offer(session, unit, month, channel, outcome, n)


def due(session, unit, months, n):
    """The follow-ups due each month."""
    with writing(session):
        session.add_all(
            UnitMonth(unit_id=unit.id, month=month, followups_due=n) for month in months
        )


def release(session, *texts, today=None):
    """Release periods in order, on the first day each can be."""
    for text in texts:
        period = Period.parse(text)
        day = today or period.releasable_from
        releasing.release(session, period, today=day, person="analytiker")


def copy_released(session, unit, others, times=lambda number: 1):
    """As if the other units had been released with the same answers and offers, so many times
    as many in each; without the breakdowns that the city page does not show."""
    counts = {"n", "followups_due", "clients"}
    for table in (Tally, ReleasedOffer, ReleasedUnit):
        query = select(table).where(table.unit_id == unit.id)
        if table is Tally:
            query = query.where(Tally.dimension.in_(ON_THE_CITY_PAGE))
        rows = session.scalars(query).all()
        keys = [column.key for column in table.__table__.columns]
        copies = [
            {
                key: (getattr(row, key) or 0) * times(number)
                if key in counts
                else getattr(row, key)
                for key in keys
            }
            | {"unit_id": other.id}
            for row in rows
            for number, other in enumerate(others)
        ]
        with writing(session):
            session.execute(insert(table), copies)


def mix(n, question, *options):
    """Forms that give the options in turn: `mix(12, "hel_nojd", ("mycket_nojd", 10), ...)`."""
    codes = [code for code, times in options for _ in range(times)]
    assert len(codes) == n
    return [{question: code} for code in codes]


def happy(n, of):
    """`of` forms of which `n` are satisfied."""
    return mix(of, "hel_nojd", ("mycket_nojd", n), ("mycket_missnojd", of - n))


def figure_of(results, unit, question="hel_nojd"):
    """The unit's figure on the city page."""
    indicator = next(i for i in results.indicators if i.measure.question.id == question)
    return next(row.figure for row in indicator.units if row.unit.code == unit.code)


def question_of(results, question):
    return next(q for q in results.questions if q.measure.question.id == question)


def printed(figure):
    """Whole per cent, as the pages print them."""
    return tuple(rounded(100 * share) for share in figure.interval)


def _offer(session, unit, month, channel, outcome, n):
    place = (unit.id, month, channel, outcome, "")
    tally = session.get(OfferTally, place)
    if tally is None:
        names = ("unit_id", "month", "channel", "outcome", "reason")
        tally = OfferTally(**dict(zip(names, place, strict=True)), n=0)
        session.add(tally)
    tally.n += n
