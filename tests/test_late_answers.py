"""Answers that come after their tertial was released: into the year, or nowhere."""

import pytest
from sqlalchemy import func, select

from surveyapp.models import Dimension, ReleasedOffer
from tests.test_releasing import JANUARY_9, make_city, nojd, release, release_tertials


@pytest.fixture
def city(session, make):
    return make_city(session, make)


@pytest.mark.parametrize(
    ("happy", "unhappy", "skipped", "n_year"),
    [
        (8, 1, 0, 60),
        (9, 1, 0, 69),
        (10, 0, 0, 60),  # all alike: what each of them answered would show
        (8, 1, 9, 60),  # those who skipped the question are no answers to it
        (9, 1, 9, 69),
    ],
)
def test_year_takes_late_answers_in_from_ten_that_differ(
    session, city, happy, unhappy, skipped, n_year
):
    for month in (1, 5, 9):
        city("a", month, 20, 0 if month > 1 else 1)
        city("b", month, 30)
    release_tertials(session)
    city("a", 2, happy, unhappy)
    if skipped:
        city("a", 2, skipped, 0, extra={"hel_nojd": ""})

    release(session, "2026", JANUARY_9)

    assert nojd(session, "2026", city.units["a"])["mycket_nojd"] == n_year


def test_breakdown_takes_late_answers_in_only_if_each_category_has_ten(session, city):
    woman, man = {"bak_kon": "kvinna"}, {"bak_kon": "man"}
    for month in (1, 5, 9):
        city("a", month, 20, extra=woman)
        city("a", month, 20, extra=man)
    release_tertials(session)
    city("a", 2, 8, 1, extra=woman)
    city("a", 2, 1, 0, extra=man)

    release(session, "2026", JANUARY_9)

    a = city.units["a"]
    assert nojd(session, "2026", a)["mycket_nojd"] == 129
    assert nojd(session, "2026", a, Dimension.GENDER)["mycket_nojd"] == 120


def test_offers_of_the_year_are_those_of_its_parts(session, city):
    for month in (1, 5, 9):
        city("a", month, 20)
    release_tertials(session)
    city("a", 2, 1, 0)
    made = release(session, "2026", JANUARY_9)

    n = select(func.sum(ReleasedOffer.n)).where(ReleasedOffer.release_id == made.id)
    assert session.scalar(n) == 63
