"""Attacks on a year that took late answers in, by taking its parts away from it."""

from collections import Counter
from datetime import date

import pytest

from surveyapp import reporting
from surveyapp.models import Outcome
from surveyapp.periods import Period
from surveyapp.reporting import Status
from tests.attacker import TERTIALS
from tests.released import answered, happy, offered, question_of, release

MONTHS = (date(2026, 1, 1), date(2026, 5, 1), date(2026, 9, 1))
CODES = ("mycket_nojd", "ganska_nojd", "varken", "ganska_missnojd", "mycket_missnojd")


@pytest.fixture
def city(make):
    make.published(version=1)
    return lambda *codes: [make.unit(code=code, name=code.title()) for code in codes]


def forms(*times):
    """Forms that chose each option so many times."""
    return [{"hel_nojd": code} for code, n in zip(CODES, times, strict=True) for _ in range(n)]


def spread(session, unit, text):
    """The distribution of a period, and its groups by the options that they hold."""
    results = reporting.unit_results(session, unit, Period.parse(text))
    found = question_of(results, "hel_nojd").distribution
    return found, {tuple(option.code for option in part.options): part.n for part in found.parts}


@pytest.mark.parametrize(
    ("late", "is_shown"),
    [
        ((8, 1, 1, 1, 1), False),  # too few to have a distribution of their own
        ((20, 2, 4, 3, 6), True),  # enough, but two of them must be merged
    ],
)
def test_year_less_its_tertials_takes_no_late_answers_apart(session, city, late, is_shown):
    unit, other = city("a", "b")
    for month in MONTHS:
        answered(session, unit, month, forms(20, 8, 6, 5, 5))
        answered(session, other, month, happy(25, of=35))
    release(session, *TERTIALS)
    answered(session, unit, MONTHS[0], forms(*late))
    release(session, "2026")

    found, groups = spread(session, unit, "2026")

    assert found.status is (Status.SHOWN if is_shown else Status.WITHHELD)
    if is_shown:
        released = Counter(dict(zip(CODES, (60, 24, 18, 15, 15), strict=True)))
        gained = [n - sum(released[code] for code in codes) for codes, n in groups.items()]
        assert sum(gained) == sum(late)
        assert all(n == 0 or n >= 3 for n in gained)


def test_two_late_forms_without_an_answer_are_not_told(session, city):
    """Two who skipped the question, among thirty late answers, are in no sum."""
    unit, other = city("a", "b")
    for month in MONTHS:
        answered(session, unit, month, forms(20, 8, 6, 5, 5) + [{}] * 4)
        answered(session, other, month, happy(25, of=35))
    release(session, *TERTIALS)
    answered(session, unit, MONTHS[0], forms(12, 6, 4, 4, 4) + [{}] * 2)
    release(session, "2026")

    found, _groups = spread(session, unit, "2026")

    assert found.is_shown
    assert found.others is None
