"""One figure: the limits hold whatever the release decided, and hidden ones hold no number."""

import pytest

from surveyapp.limits import Limits
from surveyapp.reporting import Basis, Figure, Status
from surveyapp.reporting.figures import Answers, city_figure, unit_figure
from surveyapp.stats import Interval


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.SHOWN])
@pytest.mark.parametrize(
    "numbers",
    [
        {"n": 7},
        {"interval": Interval(0.5, 0, 1)},
        {"population": 31},
        {"covered": 0.9},
        {"is_few": True},
    ],
)
def test_figure_that_is_not_shown_takes_no_number(status, numbers):
    with pytest.raises(ValueError, match=r"holds no numbers|and no other has"):
        Figure(status, **numbers)


@pytest.mark.parametrize(
    ("answers", "due", "status"),
    [
        (Answers(9, 5, 9, True), 31, Status.FEW),
        (Answers(12, 12, 12, True), None, Status.ALIKE),
        (Answers(12, 0, 12, True), 400, Status.ALIKE),
        (Answers(0, 0, 4, True), 31, Status.NO_ANSWERS),
        (Answers(0, 0, 0, False), 31, Status.NOT_ASKED),
        (Answers(10, 5, 10, True), 31, Status.SHOWN),
    ],
)
def test_limits_hold_even_where_a_release_forgot_them(answers, due, status):
    figure = unit_figure(answers, due=due, reason=None, limits=Limits())

    assert figure.status is status


def test_unit_with_more_answers_than_due_is_taken_as_unknown():
    figure = unit_figure(Answers(40, 20, 40, True), due=30, reason=None, limits=Limits())

    assert (figure.population, figure.basis) == (None, Basis.UNKNOWN)


@pytest.mark.parametrize(
    ("due", "clients", "basis"),
    [
        ([100, 50], [None, None], Basis.DUE),
        ([100, None], [600, 400], Basis.CLIENTS),
        ([100, 20], [600, 400], Basis.CLIENTS),  # more answers than due
        ([100, None], [600, None], Basis.UNKNOWN),
    ],
)
def test_city_weighs_by_what_is_known_of_every_unit(due, clients, basis):
    answers = [Answers(40, 30, 40, True), Answers(30, 15, 30, True)]

    figure = city_figure(answers, due=due, clients=clients, reason=None, limits=Limits())

    assert figure.basis is basis
    assert figure.n == 70


def test_city_covers_less_than_all_when_a_unit_has_no_answers():
    answers = [Answers(40, 30, 40, True), Answers()]

    figure = city_figure(
        answers, due=[100, 25], clients=[None, None], reason=None, limits=Limits()
    )

    assert figure.covered == 0.8
