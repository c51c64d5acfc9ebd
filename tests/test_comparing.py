"""Comparisons with the year before and with units that work alike; scenario 5."""

from datetime import date

import pytest

from surveyapp import reporting, stats
from surveyapp.i18n import rounded
from surveyapp.periods import Period
from surveyapp.reporting import Against, Hindrance, NoMark, Status
from tests.compared import T1, comparing, deff, line_of, spread_due, whole
from tests.released import answered, happy, mix, release

T1_BEFORE = Period.parse("2025-T1")
JANUARY, JANUARY_BEFORE = date(2026, 1, 1), date(2025, 1, 1)


# Scenario 5.


@pytest.fixture
def team_and_single(session, city, make):
    """Scenario 5: a team unit, and single units that are one stratum."""
    team, single = city("team", "singel")
    for unit, form, number in ((team, "team", "3"), (single, "single_named", "1")):
        make.attribute(unit, "organisation_form", form, date(2017, 1, 1))
        make.attribute(unit, "named_officers_per_client", number, date(2017, 1, 1))
    names = mix(66, "kon_vet_namn", ("ja", 27), ("ja_nagon", 31), ("nej", 5), ("osaker", 3))
    numbers = mix(
        66, "kon_antal", ("1", 9), ("2", 21), ("3", 28), ("4plus", 5), ("minns_ej", 3)
    )
    answered(session, team, JANUARY, [a | b for a, b in zip(names, numbers, strict=True)])
    answered(
        session,
        single,
        JANUARY,
        mix(210, "kon_vet_namn", ("ja", 171), ("nej", 30), ("osaker", 9)),
    )
    spread_due(session, team, 130)
    spread_due(session, single, 480)
    release(session, "2026-T1")
    return team, single


@pytest.mark.parametrize("against", ["way", "rest"])
def test_team_against_single_units_is_scenario_5(session, team_and_single, against):
    team, _single = team_and_single
    ways = [str(way) for way in comparing(session).ways]
    assert ways == ["single_named-1", "team-3"]
    way = comparing(session).ways[0] if against == "way" else None

    found = line_of(session, team, "kon_vet_namn", Against(against), way=way).comparison

    assert found.points == (6, -8, 17)
    assert (rounded(100 * found.own.share), found.own.n) == (88, 66)
    assert (rounded(100 * found.other.share), found.other.n) == (81, 210)
    effects = [round(e, 2) for e in (*found.own.design_effects, *found.other.design_effects)]
    assert effects == [1.64, 1.64, 1.68, 1.68]
    assert not found.is_certain
    assert not found.is_marked


def test_unit_alone_in_its_way_is_set_against_its_own_earlier_years(session, make, city):
    team, single = city("team", "singel")
    make.attribute(team, "organisation_form", "team", date(2017, 1, 1))
    make.attribute(single, "organisation_form", "single_named", date(2017, 1, 1))
    for year, n in ((2023, 20), (2024, 24), (2026, 33)):
        for unit in (team, single):
            answered(session, unit, date(year, 1, 1), happy(n, of=40))
        release(session, f"{year}-T1")

    found = comparing(session).compared(Against.SAME_WAY, unit=team, question="hel_nojd")

    assert [str(line.before) for line in found.lines] == ["2024-T1", "2023-T1"]
    year_before = line_of(session, team, against=Against.YEAR_BEFORE)
    assert year_before.comparison.status is Hindrance.NO_EARLIER
    assert [line.comparison.points.estimate for line in found.lines] == [
        rounded(100 * (33 - n) / 40) for n in (24, 20)
    ]


# Against the year before.


def test_unit_and_city_are_set_against_the_same_period_last_year(session, city):
    units = city("a", "b")
    counts = {2025: [(30, 50), (20, 45)], 2026: [(44, 55), (31, 40)]}
    sizes = {2025: [120, 80], 2026: [100, 104]}
    for year, rows in counts.items():
        for unit, (x, n), size in zip(units, rows, sizes[year], strict=True):
            answered(session, unit, date(year, 1, 1), happy(x, of=n))
            spread_due(session, unit, size, Period.parse(f"{year}-T1").months)
        release(session, f"{year}-T1")

    found = comparing(session).compared(Against.YEAR_BEFORE, unit=units[0], question="hel_nojd")

    own, whole_city = found.lines
    (x2, n2), (x1, n1) = counts[2025][0], counts[2026][0]
    expected = stats.share_difference(
        x1, n1, x2, n2, deff1=deff(n1, sizes[2026][0]), deff2=deff(n2, sizes[2025][0])
    )
    assert own.comparison.points == whole(expected)
    assert own.comparison.is_certain == (expected.low > 0)
    assert own.comparison.no_mark is NoMark.NOT_TESTED
    columns = {
        year: (sizes[year], [n for _, n in rows], [x for x, _ in rows])
        for year, rows in counts.items()
    }
    effects = {
        year: [deff(n, size) for n, size in zip(columns[year][1], sizes[year], strict=True)]
        for year in counts
    }
    expected = stats.weighted_difference(
        *columns[2026], *columns[2025], deffs1=effects[2026], deffs2=effects[2025]
    )
    assert whole_city.unit is None
    assert whole_city.comparison.points == whole(expected)
    assert (whole_city.comparison.own.n, whole_city.comparison.other.n) == (95, 95)
    assert whole_city.before == T1_BEFORE


def test_year_to_date_is_set_against_the_same_months(session, city):
    units = city("a", "b")
    for year in (2025, 2026):
        for month, n in ((1, 20), (5, 30)):
            for unit in units:
                answered(session, unit, date(year, month, 1), happy(n, of=40))
        release(session, f"{year}-T1", f"{year}-T2")
        if year == 2025:
            for unit in units:
                answered(session, unit, date(2025, 9, 1), happy(40, of=41))
            release(session, "2025-T3", "2025")

    found = comparing(session, "2026-T2+").compared(
        Against.YEAR_BEFORE, unit=units[0], question="hel_nojd"
    )

    assert str(found.lines[0].before) == "2025-T2+"
    assert found.lines[0].comparison.points.estimate == 0


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("hel_nojd", Status.SHOWN),  # equivalent
        ("til_latt_kontakt", Status.SHOWN),  # equivalent with note
        ("hel_trygg_4", Hindrance.CHANGED),
        ("kon_antal_uppf", Hindrance.CHANGED),
    ],
)
def test_changed_question_is_never_compared(session, make, question, status):
    make.published(version=2, valid_from=date(2026, 1, 1))
    units = [make.unit(), make.unit()]
    before = {
        "hel_nojd": "mycket_nojd",
        "til_latt_kontakt": "mycket_latt",
        "hel_trygg": "mycket_trygg",
        "kon_antal": "1",
    }
    worse_before = {
        "hel_nojd": "varken",
        "til_latt_kontakt": "ganska_svart",
        "hel_trygg": "mycket_otrygg",
        "kon_antal": "3",
    }
    new = {"hel_trygg": "hel_trygg_4", "kon_antal": "kon_antal_uppf"}
    after, worse = (
        {new.get(key, key): value for key, value in form.items()}
        for form in (before, worse_before)
    )
    for unit in units:
        answered(session, unit, JANUARY_BEFORE, [before] * 30 + [worse_before] * 10)
        answered(session, unit, JANUARY, [after] * 30 + [worse] * 10)
        for period in (T1, T1_BEFORE):
            spread_due(session, unit, 70, period.months)
    release(session, "2025-T1", "2026-T1")

    found = comparing(session).compared(Against.YEAR_BEFORE, unit=units[0], question=question)

    assert [line.comparison.status for line in found.lines] == [status, status]
    assert bool(found.lines[0].measure.noted(1, 2)) == (question == "til_latt_kontakt")


def test_year_before_that_is_not_released_or_unit_that_was_not_there(session, make):
    make.published(version=1)
    first = date(2025, 7, 1)
    old = make.unit(code="old", valid_to=date(2025, 6, 30))
    new, other = make.unit(code="new", valid_from=first), make.unit(code="other")
    for unit in (new, other):
        answered(session, unit, JANUARY, happy(30, of=40))
    release(session, "2026-T1")

    found = comparing(session).compared(Against.YEAR_BEFORE, unit=new, question="hel_nojd")
    assert [line.comparison.status for line in found.lines] == [Hindrance.NO_EARLIER] * 2

    for unit in (old, other):
        answered(session, unit, JANUARY_BEFORE, happy(30, of=40))
    release(session, "2025-T1")
    found = comparing(session).compared(Against.YEAR_BEFORE, unit=new, question="hel_nojd")
    assert found.lines[0].comparison.status is Hindrance.NOT_THERE


@pytest.mark.parametrize("known", [True, False])
def test_city_that_is_not_covered_is_not_set_against_another_year(session, city, known):
    units = city("a", "b", "c")
    for year in (2025, 2026):
        for unit in units:
            if not (year == 2025 and unit is units[2]):
                answered(session, unit, date(year, 1, 1), happy(30, of=40))
            if known:
                spread_due(session, unit, 70, Period.parse(f"{year}-T1").months)
        release(session, f"{year}-T1")

    found = comparing(session).compared(Against.YEAR_BEFORE, question="hel_nojd")

    assert [line.comparison.status for line in found.lines] == [
        Status.SHOWN,
        Status.SHOWN,
        Status.NO_ANSWERS,
        Hindrance.NOT_COVERED,
    ]


# Against units that work alike.


def test_group_is_the_other_units_of_the_way_that_can_be_compared(session, city, make):
    unit, same, few, changed, silent, team = city(*"abcdef")
    for each in (unit, same, few, changed):
        make.attribute(each, "organisation_form", "single_named", date(2017, 1, 1))
    make.attribute(team, "organisation_form", "team", date(2017, 1, 1))
    make.attribute(team, "named_officers_per_client", "3", date(2017, 1, 1))
    make.attribute(
        changed, "named_officers_per_client", "3", date(2017, 1, 1), date(2026, 2, 28)
    )
    sizes = {unit: 90, same: 110, few: 60, changed: 70, silent: 80, team: 85}
    for each, n in zip(sizes, (40, 50, 20, 40, 40, 40), strict=True):
        answered(session, each, JANUARY, happy(n - 8, of=n))
        spread_due(session, each, sizes[each])
    release(session, "2026-T1")

    found = comparing(session).compared(Against.SAME_WAY, unit=unit, question="hel_nojd")

    (line,) = found.lines
    assert [each.code for each in line.group] == ["b"]
    assert [each.code for each in line.left_out] == ["c"]
    assert [(each.code, why) for each, why in found.unclear] == [
        ("d", Hindrance.WAY_CHANGED),
        ("e", Hindrance.WAY_UNKNOWN),
    ]
    expected = stats.unit_against_group(
        32, 40, [110], [50], [42], deff=deff(40, 90), group_deffs=[deff(50, 110)]
    )
    assert line.comparison.points == whole(expected)
    assert line_of(session, changed, against=Against.SAME_WAY).comparison.status is (
        Hindrance.WAY_CHANGED
    )
    team_way = next(way for way in comparing(session).ways if way.form == "team")
    (line,) = (
        comparing(session)
        .compared(Against.WAY, way=team_way, unit=unit, question="hel_nojd")
        .lines
    )
    assert [each.code for each in line.group] == ["f"]


def test_group_weighs_by_those_due_and_not_by_answers(session, city, make):
    units = city("a", "b", "c")
    counts, sizes = [(30, 40), (39, 40), (40, 100)], [100, 400, 110]
    for unit, (x, n), size in zip(units, counts, sizes, strict=True):
        make.attribute(unit, "organisation_form", "single_named", date(2017, 1, 1))
        answered(session, unit, JANUARY, happy(x, of=n))
        spread_due(session, unit, size)
    release(session, "2026-T1")

    found = line_of(session, units[0], against=Against.SAME_WAY).comparison

    expected = stats.unit_against_group(
        30, 40, [400, 110], [40, 100], [39, 40], deff=deff(40, 100),
        group_deffs=[deff(40, 400), deff(100, 110)],
    )  # fmt: skip
    assert found.points == whole(expected)
    assert rounded(100 * found.other.share) == rounded(100 * (400 * 39 / 40 + 44) / 510)


# What every comparison keeps to.


@pytest.mark.parametrize("against", [Against.REST, Against.YEAR_BEFORE, Against.SAME_WAY])
def test_number_of_queries_does_not_grow_with_the_units(session, make, count_queries, against):
    make.published(version=1)

    def fill(unit, *years):
        make.attribute(unit, "organisation_form", "single_named", date(2017, 1, 1))
        for year in years:
            answered(session, unit, date(year, 1, 1), happy(25, of=35))

    def compared(text):
        lines = comparing(session, text).compared(against, question="hel_nojd").lines
        return [line for line in lines if line.unit is not None]

    fill(make.unit(), 2024, 2025, 2026)
    release(session, "2024-T1", "2025-T1")
    n_queries = count_queries(lambda: compared("2025-T1"))
    n_lines = len(compared("2025-T1"))
    for _ in range(21):
        fill(make.unit(), 2026)
    release(session, "2026-T1")

    assert n_lines == 1
    assert count_queries(lambda: compared("2026-T1")) == n_queries
    assert len(compared("2026-T1")) == 22


def test_comparison_with_numbers_is_shown_and_no_other_is():
    side = reporting.Side(0.8, 40, (1.2, 1.2))
    with pytest.raises(ValueError, match="has numbers"):
        reporting.Comparison(Status.FEW, points=reporting.Points(1, 0, 2))
    with pytest.raises(ValueError, match="has numbers"):
        reporting.Comparison(Status.SHOWN, own=side, other=side)
    with pytest.raises(ValueError, match="says nothing"):
        reporting.Comparison(Status.FEW, is_certain=True)
    with pytest.raises(ValueError, match="cannot be marked"):
        reporting.Comparison(
            Status.SHOWN, False, reporting.Points(1, 0, 2), side, side,
            is_marked=True, no_mark=NoMark.LOW_COVERAGE,
        )  # fmt: skip
