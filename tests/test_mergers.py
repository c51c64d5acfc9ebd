"""Units that were merged: each by itself, all of them together, never joined by a line."""

from datetime import date

import pytest
from sqlalchemy import select, update

from surveyapp import organising, reporting
from surveyapp.db import writing
from surveyapp.limits import Limits
from surveyapp.models import Response, Unit, UnitYear
from surveyapp.periods import Period
from surveyapp.reporting import (
    Figure,
    Role,
    Status,
    pooled_figure,
)
from surveyapp.reporting.figures import Answers, Basis
from surveyapp.reporting.succession import Part
from surveyapp.stats import Interval, city_share, share
from tests.over_time import (
    JULY,
    JUNE,
    MARCH,
    MERGED,
    SEPTEMBER,
    history,
    line,
    publish_second,
    succeed,
    told,
)
from tests.released import answered, due, happy, mix, printed, release

SHOWN = Figure(Status.SHOWN, n=50, interval=Interval(0.8, 0.7, 0.9))


@pytest.fixture
def merged(make):
    """Norrmalm and Östermalm, which become Norra innerstaden on 1 July 2023."""
    make.published(version=1)
    last = date(2023, 6, 30)
    old = [
        make.unit(code=code, name=name, valid_to=last)
        for code, name in (("norrmalm", "Norrmalm"), ("ostermalm", "Östermalm"))
    ]
    new = make.unit(code="norra-innerstaden", name="Norra innerstaden", valid_from=MERGED)
    succeed(make, new, *old)
    return *old, new


@pytest.fixture
def scenario(session, merged):
    """The numbers of the sixth story, all of 2023 released."""
    norrmalm, ostermalm, new = merged
    answered(session, norrmalm, MARCH, happy(44, of=55))
    answered(session, norrmalm, JUNE, happy(40, of=50))
    answered(session, ostermalm, MARCH, happy(66, of=75))
    answered(session, ostermalm, JUNE, happy(66, of=75))
    answered(session, new, JULY, happy(70, of=80))
    answered(session, new, SEPTEMBER, happy(101, of=120))
    release(session, "2023-T1", "2023-T2", "2023-T3", "2023")
    return merged


def test_year_of_a_merger_has_each_unit_and_all_of_them_together(session, scenario):
    found = history(session, scenario[2], in_years=True)

    assert told(line(found, Role.BEFORE, "norrmalm")) == [("2023", (80, 71, 87, 105))]
    assert told(line(found, Role.BEFORE, "ostermalm")) == [("2023", (88, 82, 93, 150))]
    assert told(line(found, Role.OWN)) == [("2023", (86, 80, 90, 200))]
    assert told(line(found, Role.POOLED)) == [("2023", (85, 81, 88, 455))]


def test_tertial_of_a_merger_gives_each_unit_its_own_two_months(session, scenario):
    found = history(session, scenario[2])

    assert [p for p, _ in told(line(found, Role.BEFORE, "norrmalm"))] == ["2023-T1", "2023-T2"]
    assert told(line(found, Role.BEFORE, "norrmalm"))[1][1][3] == 50
    assert [p for p, _ in told(line(found, Role.OWN))] == ["2023-T2", "2023-T3"]
    assert told(line(found, Role.OWN))[0][1][3] == 80
    assert [(p, f[3]) for p, f in told(line(found, Role.POOLED))] == [
        ("2023-T1", 130),
        ("2023-T2", 205),
    ]
    months = {x.role: [p.months for p in x.points if str(p.period) == "2023-T2"]
              for x in found.lines}  # fmt: skip
    assert [m.month for m in months[Role.OWN][0]] == [7, 8]
    assert [m.month for m in months[Role.BEFORE][0]] == [5, 6]
    (merger,) = found.mergers
    assert [unit.name for unit in merger.old] == ["Norrmalm", "Östermalm"]
    assert (merger.new.name, merger.takes_effect_on) == ("Norra innerstaden", MERGED)


def test_ended_unit_shows_what_it_went_into_and_nothing_pooled(session, scenario):
    found = history(session, scenario[0])

    assert [(x.role, x.unit.code) for x in found.lines] == [
        (Role.OWN, "norrmalm"),
        (Role.AFTER, "norra-innerstaden"),
    ]
    assert [unit.name for unit in found.mergers[0].old] == ["Norrmalm", "Östermalm"]


def test_pooled_weighs_by_the_numbers_due_where_all_are_known(session, merged):
    norrmalm, ostermalm, new = merged
    answered(session, norrmalm, JUNE, happy(40, of=50))
    answered(session, ostermalm, JUNE, happy(66, of=75))
    answered(session, new, JULY, happy(70, of=80))
    due(session, norrmalm, [date(2023, m, 1) for m in (5, 6)], 200)
    due(session, ostermalm, [date(2023, m, 1) for m in (5, 6)], 50)
    due(session, new, [date(2023, m, 1) for m in (7, 8)], 60)
    release(session, "2023-T2")

    figure = line(history(session, new), Role.POOLED).points[0].figure

    expected = city_share([400, 100, 120], [50, 75, 80], [40, 66, 70])
    assert printed(figure)[0] == round(100 * expected.estimate)
    assert printed(figure)[0] != round(100 * 176 / 205)
    assert (figure.basis, figure.n, figure.population) == (Basis.DUE, 205, 620)


def test_pooled_weighs_by_clients_where_numbers_due_are_not_known(session, merged, make):
    for unit, clients in zip(merged, (4000, 500, 4500), strict=True):
        make.store(UnitYear(unit_id=unit.id, year=2023, clients=clients))
    norrmalm, ostermalm, new = merged
    answered(session, norrmalm, JUNE, happy(20, of=50))
    answered(session, ostermalm, JUNE, happy(74, of=80))
    answered(session, new, JULY, happy(50, of=80))
    release(session, "2023-T2")

    figure = line(history(session, new), Role.POOLED).points[0].figure

    weights = [4000, 500, 4500]
    shares = [20 / 50, 74 / 80, 50 / 80]
    expected = sum(w * s for w, s in zip(weights, shares, strict=True)) / sum(weights)
    assert figure.basis is Basis.CLIENTS
    assert printed(figure)[0] == round(100 * expected)


def test_pooled_is_not_shown_where_a_part_is_withheld(session, merged, make):
    norrmalm, ostermalm, new = merged
    answered(session, norrmalm, JUNE, happy(6, of=7))
    answered(session, ostermalm, JUNE, happy(66, of=75))
    answered(session, new, JULY, happy(70, of=80))
    answered(session, make.unit(), JUNE, happy(70, of=90))
    release(session, "2023-T2")

    found = history(session, new)

    assert told(line(found, Role.BEFORE, "norrmalm")) == [("2023-T2", Status.FEW)]
    assert told(line(found, Role.POOLED)) == [("2023-T2", Status.WITHHELD)]


NOBODY = (Answers(0, 0, 0, True), Figure(Status.NO_ANSWERS))
FORTY_OF_50, ALL_OF_50 = Answers(50, 40, 50, True), Answers(50, 50, 50, True)
ALL_OF_14, THREE_OF_4 = Answers(14, 14, 14, True), Answers(4, 3, 4, True)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([(FORTY_OF_50, SHOWN), NOBODY], Status.SHOWN),  # who has no answers hides nothing
        ([(FORTY_OF_50, SHOWN), (ALL_OF_50, Figure(Status.ALIKE))], Status.WITHHELD),
        ([(ALL_OF_14, SHOWN), (ALL_OF_14, SHOWN)], Status.ALIKE),  # it holds for the sum too
        ([(THREE_OF_4, SHOWN), (THREE_OF_4, SHOWN)], Status.FEW),
        ([], Status.NOT_ASKED),
    ],
)
def test_pooled_figure_keeps_the_limits(parts, status):
    made = [Part(answers, figure, None, None) for answers, figure in parts]

    assert pooled_figure(made, Limits()).status is status


def test_units_merged_twice_are_pooled_all_the_way_back(session, merged, make):
    norrmalm, ostermalm, new = merged
    newest = make.unit(code="innerstaden", name="Innerstaden", valid_from=date(2024, 1, 1))
    kungsholmen = make.unit(code="kungsholmen", valid_to=date(2023, 12, 31))
    with writing(session):
        session.execute(
            update(Unit).where(Unit.id == new.id).values(valid_to=date(2023, 12, 31))
        )
    session.expire_all()
    succeed(make, newest, new, kungsholmen, on=date(2024, 1, 1))
    for unit, month, n in (
        (norrmalm, MARCH, 40),
        (ostermalm, MARCH, 50),
        (kungsholmen, MARCH, 60),
        (new, JULY, 70),
        (norrmalm, JUNE, 35),
        (ostermalm, JUNE, 36),
        (kungsholmen, JULY, 37),
        (newest, date(2024, 1, 1), 80),
    ):
        answered(session, unit, month, happy(n - 10, of=n))
    release(session, "2023-T1", "2023-T2", "2023-T3", "2024-T1")

    found = history(session, newest)

    pooled = dict(told(line(found, Role.POOLED)))
    assert pooled["2023-T1"][3] == 150
    assert pooled["2023-T2"][3] == 35 + 36 + 37 + 70
    assert "2024-T1" not in pooled  # at new year the unit stands alone from its first period
    assert [m.takes_effect_on for m in found.mergers] == [MERGED, date(2024, 1, 1)]
    middle = history(session, new)
    assert {x.unit.code for x in middle.lines if x.role is Role.AFTER} == {"innerstaden"}
    assert told(line(middle, Role.POOLED))[0] == ("2023-T1", pooled_of(40, 50))


def pooled_of(*ns):
    """What counts added together give, all units with ten who are not happy."""
    n = sum(ns)
    interval = share(n - 10 * len(ns), n)
    return (*printed(Figure(Status.SHOWN, n=n, interval=interval)), n)


def test_divided_unit_is_pooled_with_none_of_those_it_went_into(session, make):
    make.published(version=1)
    old = make.unit(valid_to=date(2023, 6, 30))
    one, two = (make.unit(valid_from=MERGED) for _ in range(2))
    succeed(make, one, old)
    succeed(make, two, old)
    answered(session, old, JUNE, happy(40, of=50))
    for unit in (one, two):
        answered(session, unit, JULY, happy(30, of=40))
    release(session, "2023-T2")

    found = history(session, one)

    assert [x.role for x in found.lines] == [Role.OWN, Role.BEFORE]
    assert found.divided == (old,)
    assert {x.unit for x in history(session, old).lines if x.role is Role.AFTER} == {one, two}


def test_unit_that_comes_back_as_itself_is_not_pooled_for_ever(session, make):
    make.published(version=1)
    one = make.unit(valid_to=date(2023, 6, 30))
    two = make.unit(valid_from=MERGED)
    succeed(make, two, one)
    succeed(make, one, two, on=date(2024, 1, 1))
    answered(session, one, JUNE, happy(40, of=50))
    answered(session, two, JULY, happy(30, of=40))
    release(session, "2023-T2")

    assert told(line(history(session, two), Role.POOLED)) == [
        ("2023-T2", (78, 68, 86, 90)),
    ]


def test_corrected_day_changes_what_is_drawn_and_no_answer(session, scenario):
    new = scenario[2]
    before = session.execute(select(Response.id, Response.unit_id, Response.month)).all()
    session.rollback()
    lines = [
        "kind;code;name;district;valid_from;valid_to;successor;attribute;value",
        "unit;norrmalm;Norrmalm;Norrmalm;2007-01-01;2023-07-31;;;",
        "unit;ostermalm;Östermalm;Östermalm;2007-01-01;2023-07-31;;;",
        "unit;norra-innerstaden;Norra innerstaden;Norra innerstaden;2023-08-01;;;;",
        "succession;norrmalm;;;2023-08-01;;norra-innerstaden;;",
        "succession;ostermalm;;;2023-08-01;;norra-innerstaden;;",
    ]
    with writing(session):
        organising.import_units(session, "\n".join(lines))
    session.expire_all()

    found = history(session, new)

    assert [m.takes_effect_on for m in found.mergers] == [date(2023, 8, 1)]
    months = [p.months for p in line(found, Role.BEFORE, "norrmalm").points]
    assert [m.month for m in months[1]] == [5, 6, 7]
    assert told(line(history(session, new, in_years=True), Role.POOLED)) == [
        ("2023", (85, 81, 88, 455))
    ]
    after = session.execute(select(Response.id, Response.unit_id, Response.month)).all()
    assert sorted(after) == sorted(before)


def test_answers_of_a_month_in_which_the_unit_did_not_exist_do_not_vanish(session, scenario):
    new = scenario[2]
    session.rollback()
    with writing(session):
        session.execute(
            update(Unit).where(Unit.id == new.id).values(valid_from=date(2024, 1, 1))
        )
    session.expire_all()

    assert [p for p, _ in told(history(session, new).own)] == ["2023-T2", "2023-T3"]
    assert [str(p) for p in reporting.unit_periods(session, new)] == [
        "2023", "2023-T3", "2023-T2+", "2023-T2",
    ]  # fmt: skip
    page = reporting.unit_results(session, new, Period.parse("2023-T3"))
    assert page.responses.n_forms == 120
    year = line(history(session, new, in_years=True), Role.POOLED)
    assert told(year) == [("2023", (85, 81, 88, 455))]


def test_city_counts_every_answer_once_in_the_period_of_a_merger(session, scenario):
    found = history(session, None)

    assert [f[3] for _, f in told(found.own)] == [130, 205, 120]
    assert told(history(session, None, in_years=True).own)[0][1][3] == 455
    assert found.others == ()
    assert found.mergers == ()


def test_figures_over_time_are_those_of_the_pages(session, scenario):
    for period in ("2023-T2", "2023"):
        of_page = reporting.city_results(session, Period.parse(period))
        page = {i.measure.question.id: i for i in of_page.indicators}["hel_nojd"]
        in_years = period == "2023"
        points = {
            str(p.period): p for p in history(session, None, in_years=in_years).own.points
        }
        assert points[period].figure == page.city
        for row in page.units:
            own = history(session, row.unit, in_years=in_years).own
            assert {str(p.period): p for p in own.points}[period].figure == row.figure


def test_pooled_leaves_out_a_period_in_which_a_part_answered_another_question(session, merged):
    norrmalm, ostermalm, new = merged
    for unit in (norrmalm, ostermalm):
        forms = mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
        answered(session, unit, JUNE, forms)
    publish_second(session, JULY)
    answered(
        session, new, JULY, mix(40, "hel_trygg_4", ("mycket_trygg", 30), ("ganska_otrygg", 10))
    )
    release(session, "2023-T2", "2023-T3", "2023")

    assert not any(x.role is Role.POOLED for x in history(session, new, "hel_trygg_4").lines)
