"""Attacks on comparisons: what is said of the other side tells nothing of its hidden units."""

from datetime import date

import pytest

from surveyapp import reporting
from surveyapp.periods import Period
from surveyapp.reporting import Against, Status
from tests.compared import comparing, deff, line_of
from tests.released import answered, due, figure_of, happy, release

T1 = Period.parse("2026-T1")
JANUARY = date(2026, 1, 1)


@pytest.mark.parametrize("against", [Against.REST, Against.YEAR_BEFORE])
def test_design_effects_do_not_count_the_answers_of_hidden_units(session, city, against):
    units = small, _, _large, _larger = city("a", "b", "c", "d")
    for text, first in (("2025-T1", date(2025, 1, 1)), ("2026-T1", JANUARY)):
        for unit, n in zip(units, (7, 33, 60, 90), strict=True):
            answered(session, unit, first, happy(n - n // 4, of=n))
            due(session, unit, Period.parse(text).months, 30)
        release(session, text)
    assert figure_of(reporting.city_results(session, T1), small).status is Status.FEW

    found = comparing(session).compared(against, question="hel_nojd").lines

    shown = {round(deff(n, 120), 6) for n in (60, 90)}
    sides = [
        side.design_effects
        for line in found
        for side in (line.comparison.own, line.comparison.other)
        if side is not None
    ]
    assert len(sides) == (4 if against is Against.REST else 6)
    assert {round(effect, 6) for effects in sides for effect in effects} == shown


def test_rest_without_a_shown_unit_has_no_design_effects(session, city):
    units = city("a", "b", "c")
    for unit, n in zip(units, (7, 33, 60), strict=True):
        answered(session, unit, JANUARY, happy(n - n // 4, of=n))
        due(session, unit, T1.months, 30)
    release(session, "2026-T1")

    found = line_of(session, units[2]).comparison

    assert (found.own.n, found.other.n) == (60, 40)
    assert found.other.design_effects is None


# Favourable answers and all of them, of a small unit and of what hides it: the city's share
# and its limits in whole per cent are the same.
HIDDEN_PAIRS = {"2024-T1": ((5, 5), (15, 23)), "2025-T1": ((0, 3), (21, 25))}


def test_comparisons_with_the_rest_tell_no_more_of_hidden_units_than_the_city(session, city):
    """Every unit's comparison is another sum with the city's decimals in it. They are the same
    whatever was answered in the hidden units, as long as the city's page is the same."""
    units = city("a", "b", "c", "d", "e")
    for text, hidden in HIDDEN_PAIRS.items():
        months = Period.parse(text).months
        counts = (*hidden, (120, 150), (171, 200), (130, 160))
        for unit, (x, n), size in zip(units, counts, (10, 60, 100, 150, 110), strict=True):
            answered(session, unit, months[0], happy(x, of=n))
            due(session, unit, months, size)
        release(session, text)
    results = [reporting.city_results(session, Period.parse(text)) for text in HIDDEN_PAIRS]
    one, other = (
        next(i for i in each.indicators if i.measure.question.id == "hel_nojd")
        for each in results
    )
    assert one.city.interval == other.city.interval
    assert [row.figure for row in one.units] == [row.figure for row in other.units]

    said = [
        [
            line.comparison
            for line in comparing(session, text)
            .compared(Against.REST, question="hel_nojd")
            .lines
        ]
        for text in HIDDEN_PAIRS
    ]

    assert sum(comparison.is_shown for comparison in said[0]) == 3
    assert said[0] == said[1]
