"""Questions over time and units that were merged, for tests of both."""

from datetime import date

from surveyapp import publishing, reporting
from surveyapp.db import writing
from surveyapp.models import UnitSuccession
from surveyapp.reporting import (
    Records,
)
from tests.make import shipped
from tests.released import printed

MERGED = date(2023, 7, 1)
MARCH, JUNE, JULY, SEPTEMBER = (date(2023, month, 1) for month in (3, 6, 7, 9))


def succeed(make, new, *old, on=MERGED):
    make.store(
        *[UnitSuccession(old_id=unit.id, new_id=new.id, takes_effect_on=on) for unit in old]
    )


def publish_second(session, day):
    """Open version 2 on that day."""
    with writing(session):
        publishing.publish(
            session,
            shipped(publishing.KEY, 2),
            valid_from=day,
            author="Anna Berg",
            publisher="Birgit Ek",
        )


def history(session, unit, question="hel_nojd", *, in_years=False):
    """One question of a unit over time, or of the city; None where there is nothing."""
    records = Records(session, unit)
    asked = [
        chain
        for chain in reporting.chains(records.measures)
        if any(question in measure.question_ids for measure in chain)
    ]
    return next(iter(reporting.histories(records, asked, in_years=in_years)), None)


def line(found, role, code=None):
    """The line of a role; of that unit where there are several."""
    return next(
        x for x in found.lines if x.role is role and (code is None or x.unit.code == code)
    )


def told(line):
    """Period and figure of each point: share, limits and answers, or why not."""
    return [
        (
            str(p.period),
            (*printed(p.figure), p.figure.n) if p.figure.is_shown else p.figure.status,
        )
        for p in line.points
    ]
