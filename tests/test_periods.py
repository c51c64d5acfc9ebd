"""Months and closed periods."""

from datetime import date

import pytest

from surveyapp.errors import SurveyError
from surveyapp.periods import Parts, Period, next_month, parse_month


@pytest.mark.parametrize(
    ("text", "first", "last", "releasable"),
    [
        ("2026-T1", date(2026, 1, 1), date(2026, 4, 1), date(2026, 5, 9)),
        ("2026-T3", date(2026, 9, 1), date(2026, 12, 1), date(2027, 1, 9)),
        ("2026-T2+", date(2026, 1, 1), date(2026, 8, 1), date(2026, 9, 9)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 1), date(2027, 1, 9)),
        ("2026-M2", date(2026, 2, 1), date(2026, 2, 1), date(2026, 3, 9)),
        ("2026", date(2026, 1, 1), date(2026, 12, 1), date(2027, 1, 9)),
    ],
)
def test_period_knows_its_months_and_when_it_may_be_released(text, first, last, releasable):
    period = Period.parse(text)

    assert (period.months[0], period.months[-1]) == (first, last)
    assert period.releasable_from == releasable
    assert str(period) == text


@pytest.mark.parametrize(
    "text", ["", "2026-T0", "2026-T4", "2026-Q5", "2026-M13", "2026-T1+", "26-T1", "2026-t1"]
)
def test_period_that_does_not_exist_is_refused(text):
    with pytest.raises(SurveyError, match="2026-T1"):
        Period.parse(text)


def test_earlier_parts_of_a_year_are_all_of_its_parts():
    assert [str(part) for part in Period(2026, Parts.QUARTER).earlier_parts()] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
    ]
    assert Period.parse("2026-T1").earlier_parts() == ()


def test_year_to_date_begins_with_the_second_part():
    assert Period.parse("2026-T1").year_to_date() is None
    assert str(Period.parse("2026-T2").year_to_date()) == "2026-T2+"


def test_month_after_december_is_january():
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-3", "mars 2026", "2026-03-01"])
def test_month_written_otherwise_is_refused(text):
    with pytest.raises(SurveyError, match="2026-03"):
        parse_month(text)
