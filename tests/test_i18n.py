"""Numbers, dates and plurals as Swedish and English write them."""

from datetime import date

import pytest
from flask import session

from surveyapp.i18n import (
    day_name,
    month_in_words,
    month_name,
    ngettext,
    number,
    percent,
    period_name,
)
from surveyapp.periods import Period

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
PERIODS = ("2026", "2026-T1", "2026-Q3", "2026-M4", "2026-T2+")


@pytest.fixture(params=["sv", "en"])
def language(app, request):
    """A page in the language."""
    with app.test_request_context():
        session["language"] = request.param
        yield request.param


def test_numbers_are_written_as_the_language_does(language):
    told = [number(1250), number(-1234567.5, 1), number(8.66, 1), percent(0.845), percent(0)]

    assert [each.replace("\xa0", "_") for each in told] == {
        "sv": ["1_250", "-1_234_567,5", "8,7", "85_%", "0_%"],
        "en": ["1,250", "-1,234,567.5", "8.7", "85%", "0%"],
    }[language]


def test_dates_and_periods_are_written_as_the_language_does(language):
    day = date(2026, 4, 9)

    assert (day_name(day), month_name(day)) == ("2026-04-09", "2026-04")
    assert month_in_words(day) == {"sv": "april 2026", "en": "April 2026"}[language]
    assert [period_name(Period.parse(text)) for text in PERIODS] == {
        "sv": ["2026", "tertial 1 2026", "kvartal 3 2026", "månad 4 2026",
               "2026 hittills i år (till och med 2026-08)"],
        "en": ["2026", "tertial 1 2026", "quarter 3 2026", "month 4 2026",
               "2026 to date (through 2026-08)"],
    }[language]  # fmt: skip


def test_one_and_many_are_told_apart(language):
    told = [ngettext("%(n)s answer", "%(n)s answers", n, n=n) for n in (0, 1, 2)]

    assert (
        told
        == {
            "sv": ["0 svar", "1 svar", "2 svar"],
            "en": ["0 answers", "1 answer", "2 answers"],
        }[language]
    )
