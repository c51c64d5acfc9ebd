"""A merged unit against a year in which it was others."""

from datetime import date

import pytest

from surveyapp import reporting, stats
from surveyapp.periods import Period
from surveyapp.reporting import Against, Hindrance, Records, Status
from tests.compared import comparing, deff, line_of, spread_due, whole
from tests.over_time import JULY, JUNE, MARCH, MERGED, history, publish_second, succeed
from tests.released import answered, happy, mix, release

LAST = date(2023, 6, 30)
TERTIALS = ("T1", "T2", "T3")


@pytest.fixture
def merged(make):
    """Norrmalm and Östermalm, which become Norra innerstaden on 1 July 2023, and another."""
    make.published(version=1)
    norrmalm, ostermalm = (
        make.unit(code=name.lower(), name=name, valid_to=LAST) for name in ("Norrmalm", "Ost")
    )
    new = make.unit(code="norra", name="Norra innerstaden", valid_from=MERGED)
    succeed(make, new, norrmalm, ostermalm)
    return norrmalm, ostermalm, new, make.unit(code="annan", name="Annan")


def fill(session, month, *counts, size=None):
    """Each unit's answers of a month, so many of so many, and so many due in its tertial."""
    tertial = Period.parse(f"{month.year}-T{(month.month + 3) // 4}")
    for unit, favourable, n in counts:
        answered(session, unit, month, happy(favourable, of=n))
        if size is not None:
            months = [each for each in tertial.months if unit.existed_in(each)]
            spread_due(session, unit, size[unit], months)


def expected(now, before):
    """The difference of strata: for each side its sizes, answers and favourable answers."""
    return stats.weighted_difference(
        *now,
        *before,
        deffs1=[deff(n, size) for size, n in zip(*now[:2], strict=True)],
        deffs2=[deff(n, size) for size, n in zip(*before[:2], strict=True)],
    )


def test_unit_that_is_new_is_set_against_those_it_came_from(session, merged):
    norrmalm, ostermalm, new, other = merged
    sizes = {norrmalm: 240, ostermalm: 90, other: 150}
    fill(session, MARCH, (norrmalm, 44, 55), (ostermalm, 66, 70), (other, 50, 60), size=sizes)
    fill(
        session, date(2024, 3, 1), (new, 100, 130), (other, 50, 60), size={new: 300, other: 150}
    )
    release(session, "2023-T1", "2024-T1")

    line = line_of(session, new, against=Against.YEAR_BEFORE, text="2024-T1")

    found = expected(([300], [130], [100]), ([240, 90], [55, 70], [44, 66]))
    assert line.comparison.points == whole(found)
    assert line.comparison.points != whole(
        expected(([300], [130], [100]), ([330], [125], [110]))
    )
    assert line.comparison.is_certain == (found.low > 0 or found.high < 0)
    assert (line.comparison.own.n, line.comparison.other.n) == (130, 125)
    assert [unit.name for unit in line.pooled_before] == ["Norrmalm", "Ost"]
    assert line.pooled == ()


def test_year_of_the_merger_has_those_it_came_from_on_both_sides(session, merged):
    norrmalm, ostermalm, new, other = merged
    for month in (1, 5, 9):
        day = date(2022, month, 1)
        fill(session, day, (norrmalm, 25, 30), (ostermalm, 20, 35), (other, 30, 40))
    fill(session, MARCH, (norrmalm, 44, 55), (ostermalm, 66, 75), (other, 30, 40))
    fill(session, JUNE, (norrmalm, 40, 50), (ostermalm, 66, 75), (other, 30, 40))
    fill(session, JULY, (new, 70, 80))
    fill(session, date(2023, 9, 1), (new, 101, 120), (other, 30, 40))
    for year in (2022, 2023):
        release(session, *[f"{year}-{tertial}" for tertial in TERTIALS], str(year))

    line = line_of(session, new, against=Against.YEAR_BEFORE, text="2023")

    # Nobody knows how many were due, so each unit's answers are all there is of it.
    now = [105, 150, 200], [105, 150, 200], [84, 132, 171]
    found = expected(now, ([90, 105], [90, 105], [75, 60]))
    assert line.comparison.points == whole(found)
    assert line.comparison.points.estimate == round(100 * (387 / 455 - 135 / 195))
    assert {unit.name for unit in line.pooled} == {"Norra innerstaden", "Norrmalm", "Ost"}
    assert {unit.name for unit in line.pooled_before} == {"Norrmalm", "Ost"}
    ended = line_of(session, norrmalm, against=Against.YEAR_BEFORE, text="2023")
    assert ended.comparison.status is Hindrance.NOT_THERE


@pytest.mark.parametrize(
    ("norrmalm_before", "status"), [(7, Status.WITHHELD), (12, Status.SHOWN)]
)
def test_predecessor_that_is_withheld_hides_the_comparison(
    session, merged, norrmalm_before, status
):
    norrmalm, ostermalm, new, other = merged
    n = norrmalm_before
    fill(session, MARCH, (norrmalm, n - 2, n), (ostermalm, 60, 75), (other, 50, 60))
    fill(session, date(2024, 3, 1), (new, 100, 130), (other, 50, 60))
    release(session, "2023-T1", "2024-T1")

    found = line_of(session, new, against=Against.YEAR_BEFORE, text="2024-T1").comparison

    assert found.status is status
    assert found.is_of_other == (status is Status.WITHHELD)


def test_few_answers_of_all_predecessors_are_not_compared(session, merged):
    norrmalm, ostermalm, new, other = merged
    fill(session, MARCH, (norrmalm, 10, 14), (ostermalm, 10, 15), (other, 50, 60))
    fill(session, date(2024, 3, 1), (new, 100, 130), (other, 50, 60))
    release(session, "2023-T1", "2024-T1")

    found = line_of(session, new, against=Against.YEAR_BEFORE, text="2024-T1").comparison

    assert (found.status, found.is_of_other) == (Hindrance.TOO_FEW, True)


def test_predecessor_that_was_divided_is_set_against_nothing(session, merged, make):
    norrmalm, ostermalm, new, other = merged
    succeed(make, make.unit(valid_from=MERGED), norrmalm)
    fill(session, MARCH, (norrmalm, 44, 55), (ostermalm, 60, 75), (other, 50, 60))
    fill(session, date(2024, 3, 1), (new, 100, 130), (other, 50, 60))
    release(session, "2023-T1", "2024-T1")

    line = line_of(session, new, against=Against.YEAR_BEFORE, text="2024-T1")

    assert line.comparison.status is Hindrance.NOT_THERE


def test_predecessors_that_answered_another_question_are_not_compared(session, merged):
    norrmalm, ostermalm, new, other = merged
    before = mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
    after = mix(40, "hel_trygg_4", ("mycket_trygg", 30), ("ganska_otrygg", 10))
    for unit in (norrmalm, ostermalm, other):
        answered(session, unit, MARCH, before)
    publish_second(session, JULY)
    for unit in (new, other):
        answered(session, unit, date(2024, 3, 1), after)
    release(session, "2023-T1", "2024-T1")

    for unit in (new, other):
        found = line_of(
            session, unit, "hel_trygg_4", Against.YEAR_BEFORE, text="2024-T1"
        ).comparison
        assert (found.status, found.is_of_other) == (Hindrance.CHANGED, True)


def test_versions_that_part_within_the_year_of_a_merger_are_not_put_together(session, merged):
    norrmalm, ostermalm, new, other = merged
    before = mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
    after = mix(40, "hel_trygg_4", ("mycket_trygg", 30), ("ganska_otrygg", 10))
    for month in (date(2022, 1, 1), date(2022, 6, 1), date(2022, 9, 1), MARCH, JUNE):
        for unit in (norrmalm, ostermalm, other):
            answered(session, unit, month, before)
    publish_second(session, JULY)
    answered(session, new, JULY, after)
    release(session, *[f"2022-{each}" for each in TERTIALS], "2023-T1", "2023-T2")

    for question in ("hel_trygg", "hel_trygg_4"):
        line = line_of(session, new, question, Against.YEAR_BEFORE, text="2023-T2")
        assert (line.comparison.status, line.comparison.is_of_other) == (
            Hindrance.CHANGED,
            False,
        )


# The same on the page of a question over time.


def test_change_since_the_year_before_is_that_of_the_comparisons(session, merged):
    norrmalm, ostermalm, new, other = merged
    fill(session, MARCH, (norrmalm, 44, 55), (ostermalm, 66, 70), (other, 50, 60))
    fill(session, date(2024, 3, 1), (new, 100, 130), (other, 50, 60))
    release(session, "2023-T1", "2024-T1")
    compared = comparing(session, "2024-T1").compared(Against.YEAR_BEFORE, question="hel_nojd")

    for unit in (new, other, None):
        found = reporting.since_year_before(Records(session, unit), history(session, unit))
        (line,) = [line for line in compared.lines if line.unit == unit]
        assert found.comparison == line.comparison
        assert found.pooled_before == line.pooled_before
    ended = reporting.since_year_before(Records(session, norrmalm), history(session, norrmalm))
    assert ended is None  # its newest period has no year before


def test_question_that_is_no_indicator_has_no_change(session, merged):
    for year in (2023, 2024):
        for unit in (merged[0], merged[3]) if year == 2023 else merged[2:]:
            forms = mix(40, "bak_kon", ("kvinna", 20), ("man", 20))
            answered(session, unit, date(year, 3, 1), forms)
        release(session, f"{year}-T1")
    records = Records(session, merged[3])
    others = [chain for chain in reporting.chains(records.measures) if not chain[-1].indicator]

    found = reporting.histories(records, others, in_years=False)

    assert found
    assert [reporting.since_year_before(records, each) for each in found] == [None] * len(found)
