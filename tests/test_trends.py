"""Over time: what may be joined, where a question changed, and what it costs."""

from datetime import date

import pytest

from surveyapp import organising, reporting
from surveyapp.db import writing
from surveyapp.reporting import (
    ChangeKind,
    Records,
    Status,
)
from tests.over_time import (
    JULY,
    JUNE,
    MARCH,
    MERGED,
    SEPTEMBER,
    history,
    succeed,
    told,
)
from tests.released import answered, happy, mix, release

# What was decided about comparing versions


def test_break_ends_the_line_and_a_note_goes_on_with_it(session, make):
    make.published(version=2, valid_from=date(2023, 5, 1))
    unit, other = make.unit(), make.unit()
    for each in (unit, other):
        answered(
            session, each, MARCH, mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
        )
        forms = mix(40, "hel_trygg_4", ("mycket_trygg", 35), ("ganska_otrygg", 5))
        answered(session, each, JUNE, forms)
        for month in (MARCH, JUNE):
            forms = mix(40, "til_latt_kontakt", ("mycket_latt", 30), ("mycket_svart", 10))
            answered(session, each, month, forms)
    release(session, "2023-T1", "2023-T2")

    safe = history(session, unit, "hel_trygg")
    easy = history(session, unit, "til_latt_kontakt")

    assert [len(segment.points) for segment in safe.segments] == [1, 1]
    (broken,) = safe.changes
    assert (broken.kind, str(broken.period), broken.version) == (ChangeKind.BREAK, "2023-T2", 2)
    assert "mellansteg" in broken.note
    assert [s.joins(1) for s in easy.segments] == [True]
    (noted,) = easy.changes
    assert (noted.kind, noted.version) == (ChangeKind.NOTED, 2)
    assert noted.note
    assert history(session, unit, "hel_nojd").changes == ()
    assert history(session, unit, "bem_respekt").changes == ()  # equivalent: nothing to say


def test_question_that_came_and_one_that_went_have_gaps_that_are_no_zero(session, make):
    make.published(version=2, valid_from=date(2023, 5, 1))
    unit, other = make.unit(), make.unit()
    for each in (unit, other):
        answered(session, each, MARCH, mix(40, "kon_vet_namn", ("ja", 30), ("nej", 10)))
        answered(session, each, JUNE, mix(40, "bem_sprak", ("alltid", 30), ("aldrig", 10)))
    release(session, "2023-T1", "2023-T2")

    new = history(session, unit, "bem_sprak")

    assert told(new.own) == [
        ("2023-T1", Status.NOT_ASKED),
        ("2023-T2", (75, 59, 87, 40)),
    ]
    assert [(c.kind, str(c.period)) for c in new.changes] == [(ChangeKind.NEW, "2023-T2")]
    assert not any(s.joins(i) for s in new.segments for i, _ in enumerate(s.points))


def test_question_that_ended_says_so_once(session, make):
    make.published(version=2, valid_from=date(2023, 5, 1))
    units = make.unit(), make.unit()
    records = Records(session, units[0])
    ended = next(
        (
            chain
            for chain in reporting.chains(records.measures)
            if chain[-1].numbers[-1] == 1 and chain[-1].indicator is None
        ),
        None,
    )
    for each in units:
        answered(session, each, MARCH, happy(30, of=40))
        answered(session, each, JUNE, happy(30, of=40))
        answered(session, each, SEPTEMBER, happy(30, of=40))
    release(session, "2023-T1", "2023-T2", "2023-T3")
    if ended is None:
        pytest.fail("version 2 is meant to leave a question with a share out")

    found = history(session, units[0], ended[-1].question.id)

    assert [c.kind for c in found.changes] == [ChangeKind.ENDED]
    assert str(found.changes[0].period) == "2023-T2"
    assert [status for _, status in told(found.own)][1:] == [Status.NOT_ASKED] * 2


def test_both_versions_in_one_period_are_two_points_that_are_not_joined(session, make):
    make.published(version=2, valid_from=date(2023, 6, 1))
    units = make.unit(), make.unit()
    for each in units:
        may = date(2023, 5, 1)
        answered(session, each, may, mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10)))
        forms = mix(40, "hel_trygg_4", ("mycket_trygg", 35), ("ganska_otrygg", 5))
        answered(session, each, JUNE, forms)
    release(session, "2023-T2")

    found = history(session, units[0], "hel_trygg_4")

    assert [[str(p.period) for p in s.points] for s in found.segments] == [["2023-T2"]] * 2


# What is joined to what


def test_line_is_not_joined_over_a_period_that_is_not_shown_or_not_released(session, make):
    make.published(version=1)
    units = [make.unit() for _ in range(3)]
    for year in (2022, 2023, 2024):
        for month in (1, 5, 9):
            n = 7 if year == 2022 and month < 9 else 40
            for unit in units:
                size = n if unit is units[0] else 60
                answered(session, unit, date(year, month, 1), happy(size - 5, of=size))
    release(session, "2022-T1", "2022-T2", "2022-T3", "2023-T1", "2024-T1")

    (segment,) = history(session, units[0]).segments

    assert [segment.joins(i) for i, _ in enumerate(segment.points)] == [
        False, False, False, True, False,
    ]  # fmt: skip
    assert [str(p.period) for p in segment.points][-1] == "2024-T1"


def test_one_period_alone_is_a_point_and_no_line(session, make):
    make.published(version=1)
    units = make.unit(), make.unit()
    for unit in units:
        answered(session, unit, MARCH, happy(30, of=40))
    release(session, "2023-T1")

    found = history(session, units[0])

    assert [len(segment.points) for segment in found.segments] == [1]
    assert not found.segments[0].joins(0)
    assert history(session, units[0], in_years=True) is None


def test_period_without_any_form_is_told_from_one_in_which_it_was_not_asked(session, make):
    make.published(version=1)
    unit, other = make.unit(), make.unit()
    answered(session, unit, MARCH, happy(30, of=40))
    for month in (MARCH, JUNE):
        answered(session, other, month, happy(30, of=40))
    release(session, "2023-T1", "2023-T2")

    assert told(history(session, unit).own)[1] == ("2023-T2", Status.NO_ANSWERS)


def test_turnover_has_both_series_in_order(session):
    with writing(session):
        organising.load_shipped(session)

    years = reporting.turnover(session)

    assert (years[0], years[-1]) == ((2014, 0.087, 0.061), (2020, 0.064, 0.055))


# What it costs


@pytest.mark.parametrize("of_city", [True, False])
def test_number_of_queries_is_the_same_for_many_units_and_periods(
    session, make, count_queries, of_city
):
    make.published(version=1)
    first = date(2023, 6, 30)
    old = [make.unit(valid_to=first) for _ in range(2)]
    new = make.unit(valid_from=MERGED)
    succeed(make, new, *old)

    def follow():
        session.refresh(new)
        records = Records(session, None if of_city else new)
        asked = [c for c in reporting.chains(records.measures) if c[-1].indicator]
        found = reporting.histories(records, asked, in_years=False)
        changes = [reporting.since_year_before(records, each) for each in found]
        seen.append(any(changes))

    for unit in old:
        answered(session, unit, MARCH, happy(30, of=40))
    answered(session, new, JULY, happy(30, of=40))
    release(session, "2023-T1", "2023-T2")
    seen = []
    before = count_queries(follow)
    more = [make.unit(valid_to=first) for _ in range(5)]
    succeed(make, new, *more)
    for month in (date(2023, 9, 1), date(2024, 1, 1), date(2024, 5, 1)):
        answered(session, new, month, happy(30, of=40))
        for _ in range(2):
            answered(session, make.unit(), month, happy(30, of=40))
    release(session, "2023-T3", "2024-T1", "2024-T2")

    assert count_queries(follow) == before
    assert seen == [False, True]
