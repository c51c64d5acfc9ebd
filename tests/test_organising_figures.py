"""Figures of months and years: what a file may say, and what is asked of it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from surveyapp import organising
from surveyapp.db import writing
from surveyapp.errors import ImportRefused
from surveyapp.models import CityYear, Unit, UnitMonth, UnitYear

MONTHS = "unit;month;followups_due"
YEARS = "unit;year;clients;officers_employed;officers_in_service;turnover_pct"
CITY = "year;turnover_pct;turnover_left_city_pct"
LIVES = {
    "soder": (date(2007, 1, 1), None),
    "gamla": (date(2007, 1, 1), date(2023, 6, 30)),
    "nya": (date(2023, 7, 1), None),
}


@pytest.fixture(autouse=True)
def units(session):
    """Key of a unit by its code: one that exists, one that ended and one that came after."""
    with writing(session):
        for code, (first, last) in LIVES.items():
            session.add(
                Unit(code=code, name=code, district=code, valid_from=first, valid_to=last)
            )
    return {unit.code: unit.id for unit in session.scalars(select(Unit))}


def figures(session, *lines, head):
    with writing(session):
        return organising.import_figures(session, "\n".join((head, *lines)))


def faults(session, *lines, head):
    with pytest.raises(ImportRefused) as refused:
        figures(session, *lines, head=head)
    return refused.value.faults


def test_follow_ups_due_are_summed_over_the_months_in_which_a_unit_exists(session, units):
    figures(session, "gamla;2023-05;10", "gamla;2023-06;12", "soder;2023-06;0", head=MONTHS)

    months = [date(2023, 5, 1), date(2023, 6, 1), date(2023, 7, 1)]
    due = organising.followups_due(session, list(units.values()), months)

    assert due == {units["gamla"]: 22, units["nya"]: None, units["soder"]: None}
    before = organising.followups_due(session, [units["nya"]], months[:2])
    assert before == {units["nya"]: 0}


def test_figures_of_a_year_are_stored_and_empty_cells_leave_what_is_stored(session, units):
    figures(session, "soder;2025;900;46;38;8,7", head=YEARS)

    done = figures(session, "soder;2025;;;;14.9", "soder;2024;800;;;", head=YEARS)

    year = session.get(UnitYear, (units["soder"], 2025))
    stored = (year.clients, year.officers_employed, year.officers_in_service)
    assert (*stored, year.turnover_pct) == (900, 46, 38, Decimal("14.9"))
    assert done == organising.Imported(n_added=1, n_changed=1)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (MONTHS, "soder;2026-03;41"),
        (YEARS, "soder;2025;900;46;38;8,7"),
        (CITY, "2025;8,7;6,1"),
        (YEARS.replace(";", ","), 'soder,2025,900,46,38,"8,7"'),
        ("unit;year;turnover_pct;source_note", "soder;2025;8,7;PAS"),
    ],
)
def test_same_figures_again_change_nothing(session, head, line):
    figures(session, line, head=head)

    assert figures(session, line, head=head) == organising.Imported(n_unchanged=1)


@pytest.mark.parametrize(
    ("head", "line", "reason"),
    [
        (MONTHS, "okand;2026-03;41", 'unknown unit "okand"'),
        (MONTHS, ";2026-03;41", "unit is missing"),
        (MONTHS, "gamla;2026-3;41", 'month: write the month as 2026-03, not "2026-3"'),
        (MONTHS, "gamla;2023-13;41", "month: write the month as 2026-03"),
        (MONTHS, "gamla;2023-07;41", "gamla did not exist in 2023-07"),
        (MONTHS, "gamla;2023-05;", "followups_due is missing"),
        (MONTHS, "gamla;2023-05;-1", "followups_due: write a whole number from 0"),
        (MONTHS, "gamla;2023-05;1 250", "followups_due: write a whole number from 0"),
        (MONTHS, "gamla;2023-06;5", "the same is already on line 2"),
        (YEARS, "gamla;2024;900;;;", "gamla did not exist in 2024"),
        (YEARS, "gamla;24;900;;;", 'year: write the year as 2026, not "24"'),
        (YEARS, "gamla;2022;;;;", "give at least one of clients, officers_employed"),
        (YEARS, "gamla;2022;;46;47;", "officers_in_service is more than officers_employed"),
        (YEARS, "gamla;2022;;;;8,75", "turnover_pct: write per cent from 0 to 200"),
        (YEARS, "gamla;2022;;;;201", "turnover_pct: write per cent from 0 to 200"),
        (YEARS, "gamla;2022;;;;-1", "turnover_pct: write per cent from 0 to 200"),
        (CITY, "2025;8,7;", "turnover_left_city_pct is missing"),
        (CITY, "2025;6,1;8,7", "turnover_left_city_pct is more than turnover_pct"),
    ],
)
def test_faulty_figure_is_named_and_nothing_stored(session, head, line, reason):
    right = {MONTHS: "gamla;2023-06;41", YEARS: "gamla;2021;900;;;", CITY: "2020;6,4;5,5"}

    found = faults(session, right[head], line, head=head)

    assert [(fault.startswith("line 3: "), reason in fault) for fault in found] == [
        (True, True)
    ]
    stored = [
        session.scalar(select(func.count()).select_from(each))
        for each in (UnitMonth, UnitYear, CityYear)
    ]
    assert stored == [0, 0, 0]


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("unit;month", "the column followups_due is missing"),
        ("unit;month;followups_due;size", 'unknown column "size"'),
        ("unit;clients", "the column year is missing"),
        ("year;turnover_pct", "the column turnover_left_city_pct is missing"),
    ],
)
def test_figures_with_other_columns_are_refused(session, head, fault):
    assert fault in faults(session, head=head)[0]
