"""From released counts to figures: what is withheld stays so, what is shown is right."""

from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import date

import pytest
from sqlalchemy import select, update

from surveyapp import reporting
from surveyapp.counting import OFFICER
from surveyapp.i18n import rounded
from surveyapp.models import (
    Answer,
    FormLength,
    Response,
    UnitMonth,
    UnitSuccession,
    UnitYear,
)
from surveyapp.periods import Period
from surveyapp.reporting import Status
from surveyapp.stats import city_share
from tests.released import (
    answered,
    copy_released,
    due,
    figure_of,
    happy,
    mix,
    printed,
    question_of,
    release,
)

T1, T2, T2_TO_DATE = (Period.parse(text) for text in ("2026-T1", "2026-T2", "2026-T2+"))
JANUARY, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (1, 4, 5, 6))
TERTIAL_1, TERTIAL_2 = T1.months, T2.months


def numbers_in(thing):
    """Every number anywhere in a result."""
    if is_dataclass(thing):
        for each in fields(thing):
            yield from numbers_in(getattr(thing, each.name))
    elif isinstance(thing, (tuple, list, dict)):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from numbers_in(each)
    elif isinstance(thing, (int, float)) and not isinstance(thing, bool):
        yield thing


def test_seven_answers_are_withheld_and_so_is_the_next_smallest_unit(session, city):
    small, next_smallest, large = city("a", "b", "c")
    answered(session, small, JANUARY, happy(6, of=7))
    answered(session, next_smallest, JANUARY, happy(20, of=33))
    answered(session, large, JANUARY, happy(31, of=41))
    release(session, "2026-T1")

    results = reporting.city_results(session, T1)

    assert figure_of(results, small).status is Status.FEW
    assert figure_of(results, next_smallest).status is Status.WITHHELD
    assert printed(figure_of(results, large))[0] == 76
    forms = {each.unit.code: each for each in results.units}
    assert forms["a"].responses.status is Status.FEW
    assert forms["b"].responses.status is Status.WITHHELD
    assert not forms["a"].who.is_shown
    assert not forms["b"].who.is_shown
    assert results.indicators[-1].city.n == 7 + 33 + 41


def test_page_of_a_small_unit_holds_none_of_its_numbers(session, city):
    small, *others = city("a", "b", "c")
    answered(session, small, JANUARY, happy(6, of=7))
    due(session, small, TERTIAL_1, 8)
    for unit in others:
        answered(session, unit, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    results = reporting.unit_results(session, small, T1)

    withheld = [results.responses, results.who, *results.histories]
    withheld += [(q.figure, q.distribution) for q in results.questions]
    assert (
        set(numbers_in([w for w in withheld if not isinstance(w, reporting.History)])) == set()
    )
    assert {
        p.figure.status for h in results.histories for s in h.segments for p in s.points
    } <= {
        Status.FEW,
        Status.NO_ANSWERS,
    }
    assert results.months is None


@pytest.mark.parametrize(("followups", "interval"), [(31, (83, 58, 94)), (None, (83, 52, 98))])
def test_twelve_answers_to_date_are_shown_with_their_interval(
    session, city, followups, interval
):
    small, *others = city("a", "b", "c")
    for unit in others:
        for month in (JANUARY, MAY):
            answered(session, unit, month, happy(25, of=35))
    answered(session, small, JANUARY, happy(6, of=7))
    answered(session, small, MAY, happy(4, of=5))
    if followups:
        due(session, small, T2_TO_DATE.months[:-1], 4)
        due(session, small, T2_TO_DATE.months[-1:], followups - 28)
    release(session, "2026-T1", "2026-T2")

    to_date = question_of(reporting.unit_results(session, small, T2_TO_DATE), "hel_nojd")
    assert printed(to_date.figure) == interval
    assert (to_date.figure.n, to_date.figure.is_few) == (12, True)
    assert to_date.distribution.status is Status.FEW
    for period in (T1, T2):
        hidden = question_of(reporting.unit_results(session, small, period), "hel_nojd")
        assert hidden.figure.status is Status.FEW


def test_all_alike_are_withheld(session, city):
    alike, *others = city("a", "b", "c")
    answered(session, alike, JANUARY, happy(12, of=12))
    for unit in others:
        answered(session, unit, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    assert figure_of(reporting.city_results(session, T1), alike).status is Status.ALIKE


def test_short_form_leaves_other_questions_not_asked(session, city):
    short, full = city("a", "b")
    answered(session, short, JANUARY, happy(25, of=35), form_length=FormLength.SHORT)
    answered(session, full, JANUARY, [
        each | {"kon_antal": "1" if i else "3"} for i, each in enumerate(happy(25, of=35))
    ])  # fmt: skip
    release(session, "2026-T1")

    results = reporting.city_results(session, T1)

    assert figure_of(results, short, "kon_antal").status is Status.NOT_ASKED
    assert figure_of(results, full, "til_latt_kontakt").status is Status.NO_ANSWERS
    assert figure_of(results, short).is_shown


def test_number_of_officers_is_judged_by_the_units_own_and_said(session, city, make):
    team, single = city("team", "single")
    make.attribute(team, "named_officers_per_client", "3", date(2017, 1, 1))
    forms = mix(66, "kon_antal", ("1", 9), ("2", 21), ("3", 28), ("4plus", 5), ("minns_ej", 3))
    names = mix(66, "kon_vet_namn", ("ja", 27), ("ja_nagon", 31), ("nej", 5), ("osaker", 3))
    answered(session, team, JANUARY, [a | b for a, b in zip(forms, names, strict=True)])
    due(session, team, TERTIAL_1, 0)
    session.get_one(UnitMonth, (team.id, JANUARY)).followups_due = 130
    session.commit()
    answered(session, single, JANUARY, mix(40, "kon_antal", ("1", 30), ("2", 10)))
    release(session, "2026-T1")

    results = reporting.city_results(session, T1)
    rows = {row.unit.code: row for row in results.indicators[2].units}

    assert results.indicators[2].measure.indicator == "IND_ANTAL"
    assert (rows["team"].officers, rows["single"].officers) == ((3,), (1,))
    assert printed(rows["team"].figure) == (92, 85, 96)
    assert (rows["team"].figure.n, rows["team"].figure.population) == (63, 124)
    assert printed(rows["single"].figure)[0] == 75
    assert printed(figure_of(results, team, "kon_vet_namn")) == (88, 81, 92)


def test_merged_unit_and_those_before_stand_apart(session, make):
    make.published(version=1)
    last, first = date(2023, 6, 30), date(2023, 7, 1)
    old = [make.unit(code=code, valid_to=last) for code in ("norrmalm", "ostermalm")]
    new = make.unit(code="norra-innerstaden", valid_from=first)
    make.store(
        *[UnitSuccession(old_id=o.id, new_id=new.id, takes_effect_on=first) for o in old]
    )
    answered(session, old[0], date(2023, 6, 1), happy(84, of=105))
    answered(session, old[1], date(2023, 6, 1), happy(132, of=150))
    answered(session, new, date(2023, 7, 1), happy(171, of=200))
    release(session, "2023-T2", "2023-T3", "2023")

    results = reporting.city_results(session, Period(2023))

    assert [printed(figure_of(results, unit)) for unit in (*old, new)] == [
        (80, 71, 87),
        (88, 82, 93),
        (86, 80, 90),
    ]
    page = reporting.unit_results(session, new, Period(2023))
    assert [unit.code for merger in page.came_from for unit in merger.old] == [
        "norrmalm",
        "ostermalm",
    ]
    before = reporting.unit_results(session, old[0], Period(2023))
    assert [merger.new.code for merger in before.went_into] == ["norra-innerstaden"]


def test_products_are_newest_first_and_the_year_takes_the_place_of_the_year_to_date(
    session, city
):
    (unit,) = city("a")
    for month in (JANUARY, MAY, date(2026, 9, 1)):
        answered(session, unit, month, happy(25, of=35))
    release(session, "2026-T1", "2026-T2")
    assert list(map(str, reporting.released_products(session))) == [
        "2026-T2+",
        "2026-T2",
        "2026-T1",
    ]

    release(session, "2026-T3", "2026")
    assert list(map(str, reporting.released_products(session))) == [
        "2026",
        "2026-T3",
        "2026-T2+",
        "2026-T2",
        "2026-T1",
    ]
    assert reporting.city_results(session, Period(2025)) is None


def test_city_page_follows_from_the_stored_answers(session, city):
    units = city("a", "b", "c")
    officer = {"bak_svarar": "annan", "bak_hjalpare": OFFICER, "hel_nojd": "mycket_missnojd"}
    for number, unit in enumerate(units):
        codes = ["mycket_nojd"] * (9 + number) + ["varken"] * 3 + ["vet_ej"]
        for month in TERTIAL_1:
            answered(session, unit, month, [{"hel_nojd": code} for code in codes])
        answered(session, unit, JANUARY, [officer] * 10)
        due(session, unit, TERTIAL_1, 40)
    release(session, "2026-T1")

    results = reporting.city_results(session, T1)

    raw = recount(session)
    valid = {u: raw[u, "mycket_nojd"] + raw[u, "varken"] for u in ids(units)}
    forms = {u: valid[u] + raw[u, "vet_ej"] for u in ids(units)}
    estimate = city_share(
        [rounded(160 * valid[u] / forms[u]) for u in ids(units)],
        list(valid.values()),
        [raw[u, "mycket_nojd"] for u in ids(units)],
    )
    nojd = results.indicators[-1]
    exact = (estimate.estimate, estimate.low, estimate.high)
    assert nojd.city.interval == tuple(rounded(100 * share) / 100 for share in exact)
    assert nojd.city.n == sum(valid.values())
    assert [row.figure.n for row in nojd.units] == list(valid.values())
    # Forms with the officer's help are forms too, though in no share.
    assert [e.responses.n_forms for e in results.units] == [n + 10 for n in forms.values()]


def ids(units):
    return [unit.id for unit in units]


def recount(session):
    """Answers to one question by unit, from raw rows, without the case officer's help."""
    helped = set(session.scalars(select(Answer.response_id).where(Answer.value == OFFICER)))
    unit_of = dict(session.execute(select(Response.id, Response.unit_id)).all())
    answers = session.scalars(select(Answer).where(Answer.question == "hel_nojd"))
    return Counter(
        (unit_of[a.response_id], a.value) for a in answers if a.response_id not in helped
    )


@pytest.mark.parametrize("page", ["city", "unit"])
def test_number_of_queries_does_not_grow_with_the_units(session, make, count_queries, page):
    make.published(version=1)
    unit = make.unit()
    ask = {
        "city": lambda: reporting.city_results(session, T1),
        "unit": lambda: reporting.unit_results(session, unit, T1),
    }[page]
    answered(session, unit, JANUARY, happy(25, of=35))
    release(session, "2026-T1")
    with_one = count_queries(ask)

    others = [make.unit() for _ in range(19)]
    make.store(*[UnitYear(unit_id=each.id, year=2026, clients=100) for each in others])
    copy_released(session, unit, others)

    assert count_queries(ask) == with_one
    assert len(reporting.city_results(session, T1).units) == 20


def test_published_figures_stand_still_when_what_they_rest_on_is_corrected(session, city):
    unit, other = city("a", "b")
    for each in (unit, other):
        answered(session, each, JANUARY, happy(25, of=35))
        due(session, each, TERTIAL_1, 20)
    release(session, "2026-T1")
    before = reporting.city_results(session, T1), reporting.unit_results(session, unit, T1)

    session.execute(update(UnitMonth).values(followups_due=12))
    session.commit()
    answered(session, unit, JANUARY, happy(3, of=3))
    session.expire_all()

    after = reporting.city_results(session, T1), reporting.unit_results(session, unit, T1)
    assert [figure_of(each, unit) for each in (before[0], after[0])] == [
        figure_of(before[0], unit)
    ] * 2
    assert before[0].responses == after[0].responses
    assert before[1].months == after[1].months
    assert before[1].questions == after[1].questions
