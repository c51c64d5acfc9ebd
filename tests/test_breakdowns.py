"""The share by gender in one unit: every group that has answers is enough, or none is shown."""

from datetime import date

import pytest

from surveyapp import reporting
from surveyapp.limits import Limits
from surveyapp.models import FigureKind, Reason, Release, Withheld
from surveyapp.periods import Period
from surveyapp.reporting import Figure, Status
from surveyapp.reporting.breakdowns import breakdown
from surveyapp.reporting.figures import Answers
from surveyapp.stats import Interval
from tests.released import answered, happy, printed, release

T1 = Period.parse("2026-T1")
JANUARY = date(2026, 1, 1)
SHOWN = Figure(Status.SHOWN, n=398, interval=Interval(0.88, 0.86, 0.91))
WOMEN, MEN, REST = (239, 266), (104, 121), (9, 11)  # of scenario 9


def answers(favourable, n):
    return Answers(n, favourable, n, was_asked=True)


def broken_down(*groups, total=SHOWN, reason=None):
    names = dict(
        zip(("kvinna", "man", "rest"), (answers(*each) for each in groups), strict=True)
    )
    return breakdown(total, names, reason=reason, limits=Limits())


def by_gender(session, unit, period=T1, question="hel_nojd"):
    results = reporting.unit_results(session, unit, period)
    found = reporting.breakdowns_by_gender(session, results)
    return next(found[q.measure.series] for q in results.questions
                if q.measure.question.id == question)  # fmt: skip


@pytest.fixture
def released(session, make):
    """A unit with these women, men and others, released beside a unit like many."""

    def put_out(women, men, *rest):
        make.published(version=1)
        unit, other = make.unit(), make.unit()
        for code, (favourable, n) in zip(
            ("kvinna", "man", "annat", "vill_ej"), (women, men, *rest), strict=False
        ):
            forms = [form | {"bak_kon": code} for form in happy(favourable, of=n)]
            answered(session, unit, JANUARY, forms)
        answered(session, other, JANUARY, happy(300, of=400))
        release(session, "2026-T1")
        return unit

    return put_out


def test_women_and_men_are_shown_with_the_rest_that_is_large_enough(session, released):
    unit = released(WOMEN, MEN, (4, 5), (5, 6))

    found = by_gender(session, unit)

    assert {group.name: printed(group.figure)[0] for group in found.groups} == {
        "kvinna": 90,
        "man": 86,
        "rest": 82,
    }
    assert [group.figure.n for group in found.groups] == [266, 121, 11]
    assert {group.figure.population for group in found.groups} == {None}
    assert found.difference == (4, -3, 12)


def test_small_rest_hides_both_women_and_men(session, released):
    unit = released(WOMEN, MEN, (6, 7))

    found = by_gender(session, unit)

    assert found.status is not Status.SHOWN
    assert (found.groups, found.difference) == ((), None)


def test_breakdown_that_the_release_withheld_is_not_shown(session, released):
    unit = released(WOMEN, MEN)
    assert by_gender(session, unit).is_shown
    release_id = session.query(Release.id).scalar()
    session.add(
        Withheld(
            release_id=release_id,
            product="2026-T1",
            unit_id=unit.id,
            question="hel_nojd",
            kind=FigureKind.GENDER,
            reason=Reason.SECONDARY,
        )
    )
    session.commit()

    assert by_gender(session, unit).status is Status.WITHHELD


@pytest.mark.parametrize(
    ("groups", "status"),
    [
        (((239, 266), (104, 121), (0, 0)), Status.SHOWN),  # nobody else
        (((239, 266), (104, 121), (6, 7)), Status.FEW),
        (((15, 19), (6, 10), (0, 0)), Status.FEW),  # 29 in all
        (((15, 20), (6, 10), (0, 0)), Status.SHOWN),
        (((239, 266), (12, 12), (0, 0)), Status.ALIKE),
        (((239, 266), (0, 12), (0, 0)), Status.ALIKE),
        (((239, 266), (40, 40), (0, 0)), Status.SHOWN),  # alike, but many
    ],
)
def test_limits_hold_whatever_the_release_decided(groups, status):
    n = sum(n for _, n in groups)
    total = Figure(Status.SHOWN, n=n, interval=Interval(0.8, 0.7, 0.9))

    assert broken_down(*groups, total=total).status is status


@pytest.mark.parametrize("status", [Status.FEW, Status.WITHHELD, Status.ALIKE])
def test_share_that_is_not_shown_has_no_breakdown(status):
    assert broken_down(WOMEN, MEN, REST, total=Figure(status)).status is status


def test_answers_that_are_in_no_group_are_a_part_too():
    seven_elsewhere = Figure(Status.SHOWN, n=394, interval=Interval(0.88, 0.86, 0.91))

    assert broken_down(WOMEN, MEN, (0, 0), total=seven_elsewhere).status is Status.FEW


def test_women_alone_are_compared_with_nobody():
    total = Figure(Status.SHOWN, n=266, interval=Interval(0.9, 0.86, 0.93))

    found = broken_down(WOMEN, (0, 0), (0, 0), total=total)

    assert [group.name for group in found.groups] == ["kvinna"]
    assert found.difference is None
