"""How differences are put in words."""

import pytest

from surveyapp import i18n
from surveyapp.reporting import Comparison, Points, Side, Status
from surveyapp.web.results import comparison_words


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("points", "printed"),
    [
        (Points(6, -8, 17), "+6 procentenheter [−8; +17]"),
        (Points(-1, -9, 6), "−1 procentenhet [−9; +6]"),
        (Points(0, -11, 0), "0 procentenheter [−11; 0]"),
    ],
)
def test_difference_is_printed_with_its_sign(points, printed):
    assert comparison_words.points_words(points).replace(i18n.THIN, " ") == printed


@pytest.mark.usefixtures("swedish")
def test_design_effects_are_printed_with_two_decimals_or_as_a_range():
    effects = [((1.638, 1.638), (1.676, 1.676)), ((1.5, 1.5), (1.2, 1.9))]
    sides = [[Side(0.8, 40, each) for each in pair] for pair in effects]
    shown = [Comparison(Status.SHOWN, False, Points(0, -1, 1), *pair) for pair in sides]

    assert comparison_words.effects_words(shown[:1]) == "Antagna designeffekter: 1,64 och 1,68."
    assert comparison_words.effects_words(shown) == (
        "Antagna designeffekter: 1,50–1,64 och 1,20–1,90."
    )


@pytest.mark.usefixtures("swedish")
def test_design_effects_of_hidden_units_alone_are_not_mentioned():
    hidden = Comparison(
        Status.SHOWN, False, Points(0, -1, 1), Side(0.8, 40, (1.5, 1.5)), Side(0.8, 33, None)
    )

    assert comparison_words.effects_words([hidden]) == ""
