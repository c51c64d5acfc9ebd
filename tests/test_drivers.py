"""What goes with a result: which units are compared, with what, and how sure it is."""

from datetime import date
from decimal import Decimal

import pytest

from surveyapp import reporting, stats
from surveyapp.models import UnitAttribute, UnitYear
from surveyapp.periods import Period
from surveyapp.reporting import Driver, Known
from surveyapp.stats import FEWEST_UNITS
from tests.released import answered, due, happy, release

T1 = Period.parse("2026-T1")
JANUARY = date(2026, 1, 1)
LETTERS = "ABCDEFGHIJK"  # in the order of the units
LONG_AGO = date(2017, 1, 1)
COUNTS = [
    (30, 40),
    (31, 41),
    (38, 42),
    (36, 43),
    (29, 44),
    (41, 45),
    (33, 46),
    (39, 47),
    (35, 48),
]


@pytest.fixture
def released(session, make):
    """Release tertial 1 with units of these counts, and what else is said of them before it."""

    def put_out(counts=COUNTS, say=lambda units: None, followups=30):
        make.published(version=1)
        units = [
            make.unit(name=f"Enhet {letter}")
            for letter, _ in zip(LETTERS, counts, strict=False)
        ]
        for unit, (favourable, n) in zip(units, counts, strict=True):
            answered(session, unit, JANUARY, happy(favourable, of=n))
            due(session, unit, T1.months, followups)
        say(units)
        release(session, "2026-T1")
        return units

    return put_out


@pytest.fixture
def set_against(session):
    """hel_nojd against a fact."""

    def ask(driver, value="", period=T1):
        known = reporting.measures_with_share(session)
        nojd = next(each for each in known if each.indicator == "IND_NOJD")
        return reporting.driver_results(session, nojd, driver, period, value)

    return ask


@pytest.fixture
def forms_of(make):
    """Say how units are organised, one after the other."""

    def say(*forms):
        def of(units):
            for unit, form in zip(units, forms, strict=True):
                make.attribute(unit, "organisation_form", form, LONG_AGO)

        return of

    return say


@pytest.fixture
def years(make):
    """Say the figures of 2026 of each unit."""

    def say(**columns):
        def of(units):
            for place, unit in enumerate(units):
                values = {name: each[place] for name, each in columns.items()}
                make.store(UnitYear(unit_id=unit.id, year=2026, **values))

        return of

    return say


def deffs(counts, followups=120):
    return [stats.assumed_design_effect(n, followups) for _, n in counts]


def test_effect_is_that_of_the_units_with_the_rarer_form_against_the_others(
    released, set_against, forms_of
):
    has = [1, 0, 1, 0, 0, 1, 0, 0, 0]
    released(say=forms_of(*("team" if each else "single_named" for each in has)))

    found = set_against(Driver.ORGANISATION_FORM)

    favourable, n = zip(*COUNTS, strict=True)
    expected = stats.driver_effect(n, favourable, has, deffs=deffs(COUNTS))
    assert found.value == "team"
    assert (found.effect.p_value, found.effect.p_permutation) == (
        expected.p_value,
        expected.p_permutation,
    )
    assert found.effect.points == tuple(
        round(100 * each) for each in (expected.slope, expected.low, expected.high)
    )
    assert (found.effect.n_having, found.effect.least_p) == (3, 1 / 84)


def test_effect_of_a_number_is_for_ten_more(released, set_against, years):
    clients = [2000, 2100, 2200, 1900, 2500, 1700, 2300, 1800, 2050]
    officers = [30, 30, 32, 31, 33, 28, 31, 30, 30]
    released(say=years(clients=clients, officers_in_service=officers))

    effect = set_against(Driver.CLIENTS_PER_OFFICER).effect

    favourable, n = zip(*COUNTS, strict=True)
    loads = [c / o / 10 for c, o in zip(clients, officers, strict=True)]
    expected = stats.driver_effect(n, favourable, loads, deffs=deffs(COUNTS))
    assert effect.points.estimate == round(100 * expected.slope)
    assert effect.p_value == pytest.approx(expected.p_value)
    assert (effect.n_having, effect.least_p) == (None, None)


def test_of_several_ways_nothing_is_reckoned_until_one_is_chosen(
    released, set_against, forms_of
):
    forms = ["team", "team", "other", "other", *["single_named"] * 5]
    released(say=forms_of(*forms))

    assert set_against(Driver.ORGANISATION_FORM).effect is None
    assert set_against(Driver.ORGANISATION_FORM, "made-up").effect is None
    chosen = set_against(Driver.ORGANISATION_FORM, "other")
    assert chosen.effect.n_having == 2
    assert chosen.categories == ("single_named", "team", "other")


@pytest.mark.parametrize(
    ("is_changed", "known"),
    [(True, Known.CHANGED), (False, Known.UNKNOWN)],
)
def test_unit_without_one_way_in_the_whole_period_is_left_out(
    session, released, set_against, forms_of, make, is_changed, known
):
    def say(units):
        forms_of(*["team"] * 4, *["single_named"] * 5, *["single_named"])(units)
        row = session.get_one(UnitAttribute, (units[0].id, "organisation_form", LONG_AGO))
        row.valid_to = date(2026, 4, 14)
        session.commit()
        if is_changed:
            make.attribute(units[0], "organisation_form", "other", date(2026, 4, 15))

    first, *others = released([*COUNTS, (37, 49)], say=say)

    found = set_against(Driver.ORGANISATION_FORM)

    assert found.left_out == ((first, known),)
    assert [each.unit for each in found.units] == others
    assert (found.n_compared, found.effect.n_having) == (9, 3)


def test_withheld_units_take_no_part(released, set_against, years):
    counts = [(6, 7), *COUNTS]  # the smallest of the others is withheld with the first
    turnover = [Decimal(each) for each in (9, 30, 12, 7, 9, 15, 6, 14, 11, 10)]
    units = released(counts, say=years(turnover_pct=turnover))

    found = set_against(Driver.TURNOVER)

    assert [each.unit.id for each in found.units] == [unit.id for unit in units[2:]]
    favourable, n = zip(*COUNTS[1:], strict=True)
    steps = [float(each) / 10 for each in turnover[2:]]
    expected = stats.driver_effect(n, favourable, steps, deffs=deffs(COUNTS[1:]))
    assert found.effect.p_permutation == expected.p_permutation
    assert found.effect.p_value == pytest.approx(expected.p_value)


def test_units_with_few_answers_are_shown_and_not_compared(released, set_against, years):
    turnover = [Decimal(each) for each in range(5, 15)]
    units = released([*COUNTS, (10, 12)], say=years(turnover_pct=turnover))

    found = set_against(Driver.TURNOVER)

    assert [each.is_compared for each in found.units] == [True] * 9 + [False]
    assert found.units[-1].unit.id == units[-1].id


def test_fewer_than_eight_units_are_shown_and_nothing_is_reckoned(released, set_against, years):
    counts = COUNTS[: FEWEST_UNITS - 1]
    released(counts, say=years(turnover_pct=[Decimal(each) for each in range(5, 12)]))

    found = set_against(Driver.TURNOVER)

    assert (len(found.units), found.n_compared, found.effect) == (7, 7, None)


def test_units_that_do_not_differ_are_not_compared(released, set_against, forms_of):
    released(say=forms_of(*["single_named"] * 9))

    found = set_against(Driver.ORGANISATION_FORM)

    assert (found.categories, found.effect) == (("single_named",), None)


def test_unit_whose_figures_nobody_has_given_is_left_out(released, set_against, years):
    clients = [None, 2100, 2200, 1900, 2500, 1700, 2300, 1800, 2050]
    officers = [30, 0, 32, 31, 33, 28, 31, 30, None]
    units = released(say=years(clients=clients, officers_in_service=officers))

    found = set_against(Driver.CLIENTS_PER_OFFICER)

    assert [unit.id for unit, _ in found.left_out] == [units[at].id for at in (0, 1, 8)]


@pytest.mark.parametrize(
    ("favourable", "is_certain"),
    [
        ([39, 38, 40, 39, 26, 27, 26, 28, 27], True),
        ([35, 32, 36, 33, 28, 27, 30, 29, 32], False),  # would be, if it were the only one
    ],
)
def test_certain_takes_account_of_every_comparison_of_the_period(
    released, set_against, forms_of, years, favourable, is_certain
):
    counts = list(zip(favourable, [41, 40, 42, 41, 40, 41, 42, 43, 44], strict=True))

    def say(units):
        forms_of(*["team"] * 4, *["single_named"] * 5)(units)
        years(turnover_pct=[Decimal(each) for each in (9, 8, 11, 7, 12, 9, 8, 10, 11)])(units)

    released(counts, say=say)

    form = set_against(Driver.ORGANISATION_FORM).effect
    turnover = set_against(Driver.TURNOVER).effect

    # hel_nojd is the only indicator with answers; form and turnover the only facts.
    assert (form.n_tests, turnover.n_tests) == (2, 2)
    assert form.p_value < 0.05 < turnover.p_value
    adjusted = stats.holm([form.p_value, turnover.p_value])
    assert form.is_certain == (adjusted[0] <= 0.05) == is_certain
    assert not turnover.is_certain


def test_period_that_is_not_released_has_no_results(released, set_against):
    released()

    assert set_against(Driver.TURNOVER, period=Period.parse("2025")) is None


def test_officers_are_as_many_as_those_due_take_though_many_have_no_opinion(session, make):
    """As in every other comparison: the question does not change how many they are."""
    make.published(version=1)
    loads = [30 + 5 * (place % 4) for place, _ in enumerate(COUNTS)]
    for (favourable, n), load in zip(COUNTS, loads, strict=True):
        unit = make.unit()
        codes = ["alltid"] * favourable + ["aldrig"] * (n - favourable) + ["vet_ej"] * 100
        answered(session, unit, JANUARY, [{"bem_respekt": code} for code in codes])
        due(session, unit, T1.months, 60)
        make.store(
            UnitYear(unit_id=unit.id, year=2026, clients=10 * load, officers_in_service=10)
        )
    release(session, "2026-T1")
    known = reporting.measures_with_share(session)
    respect = next(each for each in known if each.question.id == "bem_respekt")

    found = reporting.driver_results(session, respect, Driver.CLIENTS_PER_OFFICER, T1)

    favourable, n = zip(*COUNTS, strict=True)
    steps = [load / 10 for load in loads]
    expected = stats.driver_effect(n, favourable, steps, deffs=deffs(COUNTS, 240))
    assert found.effect.p_value == pytest.approx(expected.p_value)
