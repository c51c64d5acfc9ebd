"""City-wide limits can be raised and never lowered under their floor."""

from datetime import date

import pytest

from surveyapp import limits
from surveyapp.db import writing
from surveyapp.errors import SurveyError
from surveyapp.models import Setting
from surveyapp.periods import Parts
from tests.released import answered, happy, release


@pytest.mark.parametrize(("stored", "in_force"), [("15", 15), ("5", 10)])
def test_limit_holds_unless_it_is_below_the_floor(session, stored, in_force):
    with writing(session):
        session.add(Setting(key="limit.any_figure", value=stored))

    assert limits.limits(session) == limits.Limits(any_figure=in_force)


def test_year_has_tertials_until_the_city_chooses_otherwise(session):
    assert limits.year_parts(session) is Parts.TERTIAL

    with writing(session):
        limits.choose_year_parts(session, Parts.QUARTER)

    assert limits.year_parts(session) is Parts.QUARTER


def test_parts_of_the_year_stay_once_results_are_out(session, make):
    unit = make.unit()
    make.published()

    answered(session, unit, date(2026, 1, 1), happy(20, of=30))
    release(session, "2026-T1")

    with writing(session), pytest.raises(SurveyError, match="stay"):
        limits.choose_year_parts(session, Parts.MONTH)
