"""One question across units: shares, smoothed values and the unit chart."""

from datetime import date

import pytest
from sqlalchemy import update

from surveyapp import reporting, stats
from surveyapp.models import FormLength, ReleasedUnit, UnitYear
from surveyapp.periods import Period
from surveyapp.reporting import Place, Status
from tests.released import answered, copy_released, figure_of, happy, mix, printed, release

T1 = Period.parse("2026-T1")
JANUARY = date(2026, 1, 1)


def question(session, question_id="hel_nojd", period=T1):
    return reporting.question_across_units(session, question_id, period)


def test_every_unit_has_the_share_of_the_city_page(session, put_out):
    units = put_out(a=(25, 35), b=(31, 41), c=(6, 7), d=(40, 50))

    found = question(session)

    city = reporting.city_results(session, T1)
    assert [row.unit.code for row in found.units] == ["a", "b", "c", "d"]
    assert [row.figure for row in found.units] == [figure_of(city, unit) for unit in units]
    assert found.city == city.indicators[-1].city


def test_neighbours_are_the_questions_before_and_after_that_were_held(session, put_out):
    put_out(a=(25, 35), b=(31, 41))

    first = question(session, "bem_respekt")
    walked = [first]
    while walked[-1].after:
        walked.append(question(session, walked[-1].after.question.id))

    assert first.before is None
    ids = [each.measure.question.id for each in walked]
    assert [each.before.question.id for each in walked[1:]] == ids[:-1]
    asked = {m.question.id for m in reporting.measures_with_share(session)}
    assert set(ids) == asked  # version 1 is the only one


def test_question_that_no_form_held_has_no_page(session, make):
    make.published(version=2)
    unit, other = make.unit(), make.unit()
    for each in (unit, other):
        answered(session, each, JANUARY, happy(25, of=35))
        answered(session, each, date(2024, 1, 1), happy(25, of=35))
    release(session, "2024-T1", "2026-T1")

    assert question(session, "hel_trygg_4", Period.parse("2024-T1")) is None
    assert question(session, "hel_trygg", T1) is None
    assert question(session, "hel_trygg_4", T1) is not None
    assert question(session, "hel_nojd", Period.parse("2025-T1")) is None


def test_follow_ups_due_are_told_where_the_number_of_forms_is(session, put_out):
    put_out(followups=20, a=(6, 7), b=(20, 33), c=(31, 41), d=(45, 50))

    found = {row.unit.code: row for row in question(session).units}

    assert (found["a"].due, found["b"].due) == (None, None)
    assert (found["c"].due, found["d"].due) == (80, 80)
    assert {code for code, row in found.items() if row.due_is_told} == {"c", "d"}


def test_more_answers_than_follow_ups_due_is_said_and_the_share_shown(session, put_out):
    unit, _ = put_out(followups=20, a=(25, 35), b=(31, 41))
    session.execute(
        update(ReleasedUnit).where(ReleasedUnit.unit_id == unit.id).values(followups_due=30)
    )
    session.commit()

    contradicted, other = question(session).units

    assert contradicted.has_more_answers_than_due
    assert printed(contradicted.figure) == tuple(
        round(100 * each) for each in stats.share(25, 35)
    )
    assert not other.has_more_answers_than_due


def test_smoothed_values_come_from_shown_units_alone(session, put_out):
    units = put_out(followups=50, a=(6, 7), b=(6, 12), c=(34, 41), d=(43, 50), e=(14, 17))

    found = question(session).smoothed

    shown = [(34, 41), (43, 50), (14, 17)]
    fitted = stats.smoothed_shares([200] * 3, [n for _, n in shown], [x for x, _ in shown])
    expected = dict(zip([unit.id for unit in units[2:]], fitted, strict=True))
    assert found == {id: round(100 * value) / 100 for id, value in expected.items()}


def test_smoothed_values_stand_only_where_they_help(session, put_out):
    alike = {"a": (25, 30), "b": (50, 60), "c": (101, 120), "d": (251, 301)}
    *small, large = put_out(**alike)

    assert question(session).smoothed.keys() == {unit.id for unit in small}
    assert large.id not in question(session).smoothed


def test_units_that_differ_much_are_smoothed_only_with_few_answers(session, put_out):
    few, more, _ = put_out(a=(5, 15), b=(75, 80), c=(50, 70))

    found = question(session).smoothed

    assert more.id not in found
    assert found.keys() <= {few.id}


def test_unit_chart_judges_by_the_exact_share_of_the_city(session, put_out):
    counts = {"a": (49, 60), "b": (55, 60), "c": (24, 40), "d": (82, 90), "e": (8, 11)}
    put_out(followups=50, **counts)

    chart = question(session).unit_chart

    city = stats.city_share(
        [200] * 5, [n for _, n in counts.values()], [x for x, _ in counts.values()]
    )
    compared = list(counts.values())[:4]
    judged = stats.funnel(city.estimate, [n for _, n in compared], [x for x, _ in compared])
    assert [each.unit.code for each in chart.units] == ["a", "b", "c", "d"]
    assert [each.limits for each in chart.units] == [
        tuple(
            round(100 * limit) / 100
            for limit in (unit.lower_998, unit.lower, unit.upper, unit.upper_998)
        )
        for unit in judged.adjusted
    ]
    assert [each.place is Place.INSIDE for each in chart.units] == [
        min(unit.tail_low, unit.tail_high) > 0.025 for unit in judged.adjusted
    ]
    assert (chart.spread, chart.is_widened) == (round(judged.phi, 1), judged.phi > 1)
    assert chart.false_alarms == pytest.approx(0.2)
    assert chart.target == round(100 * city.estimate) / 100


@pytest.mark.parametrize("hidden", [(4, 9), (5, 9), (6, 9)])
def test_unit_chart_is_the_same_whatever_a_hidden_unit_answered(session, put_out, hidden):
    put_out(a=hidden, b=(30, 40), c=(240, 300), d=(250, 310), e=(270, 340))

    chart = question(session).unit_chart

    assert chart.target_is_rounded
    assert chart.target == question(session).city.interval.estimate
    shown = [(240, 300), (250, 310), (270, 340)]
    judged = stats.funnel(chart.target, [n for _, n in shown], [x for x, _ in shown])
    assert [each.limits[1] for each in chart.units] == [
        round(100 * unit.lower) / 100 for unit in judged.adjusted
    ]


def test_each_place_among_the_limits_has_its_name(session, put_out):
    counts = {
        "a": (150, 300), "b": (297, 300), "c": (243, 300), "d": (244, 300), "e": (246, 300),
        "f": (242, 300), "g": (241, 300), "h": (245, 300), "i": (243, 300), "j": (244, 300),
        "k": (226, 300), "l": (259, 300), "m": (243, 300),
    }  # fmt: skip
    put_out(followups=150, **counts)

    chart = question(session).unit_chart

    places = {each.unit.code: each.place for each in chart.units}
    assert (places["a"], places["b"]) == (Place.BELOW_998, Place.ABOVE_998)
    assert places["c"] is Place.INSIDE
    for each in chart.units:
        below = each.place in (Place.BELOW_95, Place.BELOW_998)
        above = each.place in (Place.ABOVE_95, Place.ABOVE_998)
        assert below == (each.share < each.limits[1] - 1e-9)
        assert above == (each.share > each.limits[2] + 1e-9)


@pytest.mark.parametrize(
    "counts",
    [
        {"a": (25, 35)},  # one unit
        {"a": (6, 7), "b": (5, 8)},  # all withheld
        {"a": (25, 35), "b": (15, 20)},  # one with few answers
    ],
)
def test_fewer_than_two_units_make_no_chart(session, put_out, counts):
    put_out(**counts)

    assert question(session).unit_chart is None


def test_unit_without_figures_stands_among_the_others(session, city):
    asked, not_asked = city("a", "b")
    answered(session, asked, JANUARY, mix(40, "kon_antal", ("1", 30), ("2", 10)))
    answered(session, not_asked, JANUARY, happy(25, of=35), form_length=FormLength.SHORT)
    release(session, "2026-T1")

    rows = question(session, "kon_antal").units

    assert [row.figure.status for row in rows] == [Status.SHOWN, Status.NOT_ASKED]


@pytest.mark.parametrize("what", ["question", "driver"])
def test_number_of_queries_does_not_grow(session, make, count_queries, what):
    make.published(version=1)
    unit = make.unit()
    answered(session, unit, JANUARY, happy(25, of=35))
    release(session, "2026-T1")
    known = reporting.measures_with_share(session)
    measure = next(each for each in known if each.indicator == "IND_NOJD")
    ask = {
        "question": lambda: question(session),
        "driver": lambda: reporting.driver_results(
            session, measure, reporting.Driver.TURNOVER, T1
        ),
    }[what]
    session.commit()
    with_one = count_queries(ask)

    others = [make.unit() for _ in range(24)]
    for each in others:
        make.store(UnitYear(unit_id=each.id, year=2026, clients=100, turnover_pct=10))
    copy_released(session, unit, others)

    assert count_queries(ask) == with_one
    assert len(question(session).units) == 25
