"""Attacks on a year that took late answers in, by taking its parts away from it."""

from collections import Counter
from datetime import date

import pytest

from surveyapp import reporting
from surveyapp.access import Role
from surveyapp.periods import Period
from surveyapp.reporting import Status
from tests.attacker import TERTIALS
from tests.client import words
from tests.released import answered, happy, question_of, release
from tests.web.test_results import row

MONTHS = (date(2026, 1, 1), date(2026, 5, 1), date(2026, 9, 1))
CODES = ("mycket_nojd", "ganska_nojd", "varken", "ganska_missnojd", "mycket_missnojd")


def forms(*times):
    """Forms that chose each option so many times."""
    return [{"hel_nojd": code} for code, n in zip(CODES, times, strict=True) for _ in range(n)]


def spread(session, unit, text):
    """The distribution of a period, and its groups by the options that they hold."""
    results = reporting.unit_results(session, unit, Period.parse(text))
    found = question_of(results, "hel_nojd").distribution
    groups = {tuple(option.code for option in part.options): part.n for part in found.parts}
    return found, groups


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


@pytest.fixture
def late_year(session, city):
    """One unit of five forms and what hides it in the last tertial; in the year both have
    late forms enough, so the sum over time says nothing of either."""
    units = city("a", "b", "c")
    for unit, n in zip(units, (5, 30, 40), strict=True):
        answered(session, unit, MONTHS[2], happy(n - n // 4, of=n))
    release(session, "2026-T3")
    for unit in units[:2]:
        answered(session, unit, MONTHS[2], happy(9, of=12))
    release(session, "2026")
    return units


def offers_in(responses):
    """How many answered by the offers; None where that is not shown."""
    return None if responses.offers is None else responses.offers.answered


def test_offers_of_the_year_do_not_tell_the_forms_of_its_tertials(session, late_year):
    in_part = reporting.city_results(session, Period.parse("2026-T3"))
    hidden = [row.unit.code for row in in_part.units if not row.responses.is_shown]
    assert hidden == ["a", "b"]

    in_year = reporting.city_results(session, Period(2026))

    assert [offers_in(row.responses) for row in in_year.units] == [None, None, 40]
    assert offers_in(in_year.responses) == 75  # as in the tertial: theirs are not told apart
    for unit in late_year[:2]:
        assert offers_in(reporting.unit_results(session, unit, Period(2026)).responses) is None
    assert in_year.responses.n_forms == 5 + 30 + 40 + 24


def test_offers_of_a_year_with_late_answers_are_shown_where_nothing_is_hidden(session, city):
    unit, other = city("a", "b")
    for month in MONTHS:
        answered(session, unit, month, happy(25, of=35))
        answered(session, other, month, happy(25, of=35))
    release(session, *TERTIALS)
    answered(session, unit, MONTHS[0], happy(9, of=12))
    release(session, "2026")

    in_year = reporting.city_results(session, Period(2026))

    assert [offers_in(row.responses) for row in in_year.units] == [105, 105]
    assert offers_in(in_year.responses) == 210
    assert in_year.responses.n_forms == 222


def test_offers_of_the_city_do_not_tell_those_of_one_unit(session, city):
    """Only one unit has late forms and a hidden tertial; the others show the year's offers."""
    units = city("a", "b", "c")
    sizes = {"a": (5, 4, 30), "b": (30, 30, 30), "c": (40, 40, 40)}
    for unit in units:
        for month, n in zip(MONTHS, sizes[unit.code], strict=True):
            answered(session, unit, month, happy(n - n // 4 - 1, of=n))
    release(session, *TERTIALS)
    answered(session, units[1], MONTHS[0], happy(9, of=12))
    release(session, "2026")

    in_year = reporting.city_results(session, Period(2026))

    assert [offers_in(row.responses) for row in in_year.units] == [39, None, 120]
    assert offers_in(in_year.responses) is None


def test_pages_of_such_a_year_say_why_there_are_no_offers(client, make, late_year):
    client.log_in(make.account(role=Role.READER))

    city = client.get("/resultat?period=2026")
    unit = client.get("/resultat/b?period=2026")

    assert row(city, "B")[-1] == ["42", "inte känt", *["–"] * 4]
    assert "Erbjudanden och svarsfrekvens visas inte" in words(unit)
    assert "Erbjudanden och svarsfrekvens visas inte" not in words(city)
