"""Comparisons with the rest of the city, and which of them are marked."""

from datetime import date

import pytest
from sqlalchemy import delete

from surveyapp import stats
from surveyapp.i18n import rounded
from surveyapp.models import UnitYear, Withheld
from surveyapp.reporting import Against, AgainstRest, Hindrance, NoMark, Status
from surveyapp.reporting.measures import measures
from surveyapp.reporting.products import find_product
from tests.compared import T1, comparing, deff, line_of, spread_due, whole
from tests.released import answered, happy, release

JANUARY = date(2026, 1, 1)


@pytest.mark.parametrize("known", ["due", "clients", "few clients", "nothing"])
def test_unit_is_set_against_the_rest_by_the_weights_that_are_known(session, city, make, known):
    units = city("a", "b", "c")
    counts = [(30, 40), (45, 50), (50, 80)]
    sizes = {"due": [100, 60, 400], "clients": [300, 90, 700]}
    for unit, (x, n), size, clients in zip(units, counts, *sizes.values(), strict=True):
        answered(session, unit, JANUARY, happy(x, of=n))
        if known == "due":
            spread_due(session, unit, size)
        if known == "clients":
            make.store(UnitYear(unit_id=unit.id, year=2026, clients=clients))
        if known == "few clients":  # fewer than answers: more than one form each, or a mistake
            make.store(UnitYear(unit_id=unit.id, year=2026, clients=clients // 60))
    release(session, "2026-T1")
    weights = sizes.get(known, [n for _, n in counts])
    if known == "few clients":
        weights = [1000 * (clients // 60) for clients in sizes["clients"]]
    eligible = sizes["due"] if known == "due" else [None] * 3
    effects = [deff(n, size) for (_, n), size in zip(counts, eligible, strict=True)]

    for place, unit in enumerate(units):
        line = line_of(session, unit)
        expected = stats.unit_against_rest(
            weights, [n for _, n in counts], [x for x, _ in counts], place, deffs=effects
        )
        found = line.comparison
        others = [
            each for i, each in enumerate(zip(weights, counts, strict=True)) if i != place
        ]
        share = sum(w * x / n for w, (x, n) in others) / sum(w for w, _ in others)
        assert found.points == whole(expected)
        assert rounded(100 * found.other.share) == rounded(100 * share)
        assert found.other.n == sum(n for _, (_, n) in others)
        rest = [e for i, e in enumerate(effects) if i != place]
        assert found.other.design_effects == (min(rest), max(rest))
        assert line.basis.value == {"nothing": "unknown"}.get(known, known.split()[-1])


def family(session):
    """Every comparison with the rest that is shown, and its p-value, worked out again."""
    comparisons = comparing(session)
    ground = comparisons._ground
    for question in comparisons.questions:
        answers = [ground.answers(unit, question) for unit in ground.units]
        due_of = [ground.due[unit.id] for unit in ground.units]
        sizes = [a.of_due(n) for a, n in zip(answers, due_of, strict=True)]
        for place, unit in enumerate(ground.units):
            (line,) = comparisons.compared(
                Against.REST, unit=unit, question=question.question.id
            ).lines
            if line.comparison.is_shown:
                difference = stats.unit_against_rest(
                    sizes,
                    [a.n for a in answers],
                    [a.favourable for a in answers],
                    place,
                    deffs=[deff(a.n, n) for a, n in zip(answers, due_of, strict=True)],
                )
                yield line.comparison, difference


def holm(p_values):
    """Holm's step-down, one after the other."""
    ordered, adjusted, largest = sorted(p_values), {}, 0.0
    for i, p in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - i) * p))
        adjusted.setdefault(p, largest)
    return [adjusted[p] for p in p_values]


@pytest.fixture
def city_with_one_below(session, city):
    """Six units that answer two questions; the first is far below the others in one."""
    units = city(*"abcdef")
    for place, unit in enumerate(units):
        n_happy = 20 if place == 0 else 49 + place
        forms = [
            each | {"hel_trygg": "mycket_trygg" if i % (8 + place) else "mycket_otrygg"}
            for i, each in enumerate(happy(n_happy, of=60))
        ]
        answered(session, unit, JANUARY, forms)
        spread_due(session, unit, 140)
    release(session, "2026-T1")
    return units


def test_marks_are_set_with_the_whole_family_in_mind(session, city_with_one_below):
    found = list(family(session))

    assert len(found) == 12
    adjusted = holm([difference.p_value for _, difference in found])
    assert [comparison.is_marked for comparison, _ in found] == [p <= 0.05 for p in adjusted]
    assert [comparison.is_certain for comparison, _ in found] == [
        difference.low > 0 or difference.high < 0 for _, difference in found
    ]
    by_itself = [difference.p_value <= 0.05 for _, difference in found]
    assert 0 < sum(p <= 0.05 for p in adjusted) < sum(by_itself)


def test_page_of_one_question_gets_the_marks_of_the_whole_family(session, city_with_one_below):
    marks = AgainstRest.read(session, find_product(session, T1))

    for question in ("hel_nojd", "hel_trygg"):
        lines = comparing(session).compared(Against.REST, question=question).lines
        assert [marks.of(line.unit, line.measure) for line in lines] == [
            line.comparison for line in lines
        ]
    others = [measure for measure in measures(session) if not measure.indicator]
    assert {marks.of(lines[0].unit, each).status for each in others} == {
        Hindrance.NOT_INDICATOR
    }


@pytest.mark.parametrize(
    ("population", "no_mark", "is_marked"),
    [
        (140, None, True),
        (151, NoMark.LOW_COVERAGE, False),
        (None, NoMark.UNKNOWN_COVERAGE, False),
    ],
)
def test_unit_with_low_or_unknown_coverage_gets_no_mark(
    session, city, population, no_mark, is_marked
):
    low, *others = city(*"abc")
    for unit in (low, *others):
        answered(session, unit, JANUARY, happy(15 if unit is low else 55, of=60))
        if population:
            spread_due(session, unit, population if unit is low else 140)
    release(session, "2026-T1")

    found = line_of(session, low).comparison

    assert found.is_certain
    assert (found.no_mark, found.is_marked) == (no_mark, is_marked)


def test_small_and_withheld_units_are_not_compared_but_are_in_the_rest(session, city):
    small, beside, few, large = city(*"abcd")
    for unit, (x, n) in zip(
        (small, beside, few, large), ((6, 7), (20, 25), (22, 29), (31, 41)), strict=True
    ):
        answered(session, unit, JANUARY, happy(x, of=n))
    release(session, "2026-T1")

    statuses = [line_of(session, unit).comparison.status for unit in (small, beside, few)]
    assert statuses == [Status.FEW, Status.WITHHELD, Hindrance.TOO_FEW]
    found = line_of(session, large).comparison
    assert found.other.n == 7 + 25 + 29
    assert found.other.n_units == 3


def test_rest_with_few_answers_is_no_rest_to_compare_with(session, city):
    large, few = city("a", "b")
    answered(session, large, JANUARY, happy(30, of=40))
    answered(session, few, JANUARY, happy(20, of=29))
    release(session, "2026-T1")

    found = line_of(session, large).comparison

    assert (found.status, found.is_of_other) == (Hindrance.TOO_FEW, True)


def test_only_unit_has_no_rest_and_nobody_like_it(session, city, make):
    (unit,) = city("a")
    make.attribute(unit, "organisation_form", "team", date(2017, 1, 1))
    answered(session, unit, JANUARY, happy(30, of=40))
    release(session, "2026-T1")

    assert line_of(session, unit).comparison.status is Hindrance.NO_OTHER
    assert comparing(session).compared(Against.SAME_WAY, unit=unit).lines == ()
    every = comparing(session).compared(Against.SAME_WAY, question="hel_nojd").lines
    assert [line.comparison.status for line in every] == [Hindrance.NO_OTHER]


def test_rest_where_all_answered_alike_is_withheld(session, city):
    unit, other, third = city("a", "b", "c")
    answered(session, unit, JANUARY, happy(30, of=40))
    for each in (other, third):
        answered(session, each, JANUARY, happy(35, of=35))
        spread_due(session, each, 37)
    spread_due(session, unit, 90)
    release(session, "2026-T1")
    assert line_of(session, unit).comparison.status is Status.WITHHELD

    # Were it not for the release, which withholds the unit too, the rest's limits would hold.
    session.execute(delete(Withheld))
    session.commit()

    found = line_of(session, unit).comparison
    assert (found.status, found.is_of_other) == (Status.ALIKE, True)
