"""A year with two versions: what may be added is added, what may not stands apart."""

from datetime import date

import pytest

from surveyapp import reporting
from surveyapp.periods import Period
from surveyapp.reporting import Status
from tests.merged import answers_through_a_merger
from tests.released import figure_of, question_of

YEAR, T1, T2 = (Period.parse(text) for text in ("2023", "2023-T1", "2023-T2"))


@pytest.fixture
def units(session, make):
    return answers_through_a_merger(session, make)


def indicator(results, question):
    return next(i for i in results.indicators if question in i.measure.question_ids)


def months(*numbers):
    return tuple(date(2023, number, 1) for number in numbers)


def test_broken_question_stands_twice_in_the_year_of_the_city(session, units):
    results = reporting.city_results(session, YEAR)
    old, new = (indicator(results, each) for each in ("hel_trygg", "hel_trygg_4"))

    assert (old.city.n, new.city.n) == (160, 230)
    assert old.measure.apart == reporting.Apart((1,), months(1, 2, 3, 4, 5))
    assert new.measure.apart == reporting.Apart((2,), months(6, 7, 8, 9, 10, 11, 12))
    assert [row.figure.n for row in old.units] == [None, 80, 80]
    assert [row.figure.n for row in new.units] == [130, 50, 50]
    assert figure_of(results, units[2], "hel_trygg").status is Status.NOT_ASKED
    assert indicator(results, "hel_nojd").measure.apart is None


@pytest.mark.parametrize("question", ["hel_nojd", "bem_respekt", "til_latt_kontakt"])
def test_question_that_may_be_added_is_one_figure_of_the_year(session, units, question):
    results = reporting.city_results(session, YEAR)

    assert indicator(results, question).city.n == 390
    assert figure_of(results, units[0], question).n == 130
    assert (
        question_of(reporting.unit_results(session, units[0], YEAR), question).figure.n == 130
    )
    across = reporting.question_across_units(session, question, YEAR)
    assert [row.figure.n for row in across.units] == [130, 130, 130]
    assert across.others == ()


def test_unit_has_both_questions_each_with_its_own_distribution(session, units):
    results = reporting.unit_results(session, units[0], YEAR)
    old, new = (question_of(results, each) for each in ("hel_trygg", "hel_trygg_4"))

    assert [old.distribution.n, new.distribution.n] == [80, 50]
    assert "varken" in {o.code for part in old.distribution.parts for o in part.options}
    assert "varken" not in {o.code for part in new.distribution.parts for o in part.options}
    assert [each.measure.apart.versions for each in (old, new)] == [(1,), (2,)]


def test_page_of_a_question_names_the_other_of_its_chain(session, units):
    old, new = (
        reporting.question_across_units(session, each, YEAR)
        for each in ("hel_trygg", "hel_trygg_4")
    )

    assert (old.city.n, new.city.n) == (160, 230)
    assert [each.question.id for each in old.others] == ["hel_trygg_4"]
    assert [each.question.id for each in new.others] == ["hel_trygg"]
    assert reporting.question_across_units(session, "hel_trygg_4", T1) is None


def test_period_shows_a_question_as_it_was_put_then(session, units):
    told = {}
    for period in (T1, T2):
        page = reporting.unit_results(session, units[0], period)
        told[period] = question_of(page, "bem_respekt").measure.question.text["sv"]
        across = reporting.question_across_units(session, "bem_respekt", period)
        assert across.measure.question.text["sv"] == told[period]
        city = indicator(reporting.city_results(session, period), "bem_respekt")
        assert city.measure.question.text["sv"] == told[period]

    assert told[T1] == "Bemöter biståndshandläggaren dig med respekt?"
    assert told[T2] == "Bemöter biståndshandläggaren dig på ett respektfullt sätt?"


def test_note_is_of_the_versions_that_a_period_has(session, units):
    of_year, of_first = (
        reporting.question_across_units(session, "til_latt_kontakt", period)
        for period in (YEAR, T1)
    )

    def told(results):
        return results.measure.noted(0, max(results.source.versions))

    assert [number for number, _ in told(of_year)] == [2]
    assert told(of_first) == []
