"""City-wide limits of what may be shown: they can be raised, never lowered under the floor."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.errors import N_, SurveyError
from surveyapp.models import Release, Setting
from surveyapp.periods import Parts


@dataclass(frozen=True)
class Limits:
    """`any_figure`: answers before anything is shown; `distribution`: before a distribution
    or a breakdown; `group`: the smallest group within a distribution, unless empty."""

    any_figure: int = 10
    distribution: int = 30
    group: int = 3


FLOOR = Limits()


def limits(session: Session) -> Limits:
    """The limits in force; a stored one below the floor does not count."""
    rows = session.execute(
        select(Setting.key, Setting.value).where(Setting.key.like("limit.%"))
    )
    stored = {key.removeprefix("limit."): int(value) for key, value in rows}
    return Limits(**{name: max(n, getattr(FLOOR, name)) for name, n in stored.items()})


def year_parts(session: Session) -> Parts:
    """Into what the city divides its years: tertials unless it chose otherwise."""
    stored = session.scalar(select(Setting.value).where(Setting.key == "year_parts"))
    return Parts(stored) if stored else Parts.TERTIAL


def choose_year_parts(session: Session, parts: Parts) -> None:
    """Choose before the first release; afterwards published periods would not fit together."""
    if session.scalar(select(Release.id).limit(1)) is not None and parts != year_parts(session):
        raise SurveyError(N_("Results have been released, so the parts of the year stay."))
    session.merge(Setting(key="year_parts", value=parts.value))
