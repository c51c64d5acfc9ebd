"""The page of one unit: over time, distributions, offers and who answered."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from surveyapp import reporting
from surveyapp.models import Channel, FigureKind, Outcome, Reason, Release, Withheld
from surveyapp.periods import Period
from surveyapp.reporting import Status
from tests.released import answered, happy, mix, offered, question_of, release

T1, T2, T2_TO_DATE = (Period.parse(text) for text in ("2026-T1", "2026-T2", "2026-T2+"))
JANUARY, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (1, 4, 5, 6))
TERTIAL_1, TERTIAL_2 = T1.months, T2.months


def test_offers_of_the_months_are_not_told_where_a_part_is_withheld(session, city):
    small, *others = city("a", "b", "c")
    for unit in others:
        for month in (JANUARY, MAY):
            answered(session, unit, month, happy(25, of=35))
    answered(session, small, JANUARY, happy(6, of=7))
    answered(session, small, MAY, happy(4, of=5))
    release(session, "2026-T1", "2026-T2")

    results = reporting.unit_results(session, small, T2_TO_DATE)

    assert results.responses.n_forms == 12
    assert results.months is None
    beside = reporting.unit_results(session, others[0], T2_TO_DATE)
    assert beside.months is None  # hidden in the parts so that the small one is safe
    assert reporting.unit_results(session, others[1], T2_TO_DATE).months is not None


def test_broken_question_starts_a_segment_of_its_own(session, make):
    make.published(version=2, valid_from=date(2026, 5, 1))
    unit, other = make.unit(), make.unit()
    for each in (unit, other):
        answered(
            session, each, JANUARY, mix(40, "hel_trygg", ("mycket_trygg", 30), ("varken", 10))
        )
        answered(
            session,
            each,
            MAY,
            mix(40, "hel_trygg_4", ("mycket_trygg", 35), ("ganska_otrygg", 5)),
        )
    release(session, "2026-T1", "2026-T2")

    results = reporting.unit_results(session, unit, T2)
    histories = {h.measure.indicator: h for h in results.histories}

    safe = histories["IND_TRYGGHET"]
    assert [s.measure.question.id for s in safe.segments] == ["hel_trygg", "hel_trygg_4"]
    assert [[str(p.period) for p in s.points] for s in safe.segments] == [
        ["2026-T1"],
        ["2026-T2"],
    ]
    assert safe.segments[1].measure.break_note
    assert [len(s.points) for s in histories["IND_NOJD"].segments] == [2]
    assert len([m for m in reporting.city_results(session, T2_TO_DATE).indicators
                if m.measure.indicator == "IND_TRYGGHET"]) == 2  # fmt: skip


def test_distribution_merges_small_groups_on_each_side_of_the_share(session, city):
    unit, other = city("a", "b")
    steps = (("mycket_nojd", 30), ("ganska_nojd", 5), ("varken", 2), ("ganska_missnojd", 1),
             ("mycket_missnojd", 4), ("vet_ej", 3))  # fmt: skip
    answered(session, unit, JANUARY, mix(45, "hel_nojd", *steps))
    answered(session, other, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    spread = question_of(reporting.unit_results(session, unit, T1), "hel_nojd").distribution

    shown = [(tuple(o.code for o in part.options), part.n) for part in spread.parts]
    assert shown == [
        (("mycket_nojd",), 30),
        (("ganska_nojd",), 5),
        (("varken", "ganska_missnojd"), 3),
        (("mycket_missnojd",), 4),
    ]
    assert [(each.codes, each.n) for each in spread.others] == [(("vet_ej",), 3)]


def test_distribution_that_would_leave_two_unfavourable_is_not_shown(session, city):
    unit, other = city("a", "b")
    answered(session, unit, JANUARY, happy(38, of=40))
    answered(session, other, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    question = question_of(reporting.unit_results(session, unit, T1), "hel_nojd")

    assert question.figure.is_shown
    assert question.distribution.status is Status.FEW


@pytest.mark.parametrize(
    ("missing", "shown"),
    [
        ({"vet_ej": 3, "skipped": 4}, [(("vet_ej",), 3), (("skipped",), 4)]),
        ({"vet_ej": 1, "skipped": 4}, ["together 5"]),
        ({"vet_ej": 1, "skipped": 1}, None),
    ],
)
def test_forms_without_an_answer_are_told_apart_only_when_none_is_few(
    session, city, missing, shown
):
    unit, other = city("a", "b")
    forms = happy(25, of=35) + [{"hel_nojd": "vet_ej"}] * missing["vet_ej"]
    answered(session, unit, JANUARY, forms + [{}] * missing["skipped"])
    answered(session, other, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    others = question_of(
        reporting.unit_results(session, unit, T1), "hel_nojd"
    ).distribution.others

    if others is not None:
        others = [(e.codes, e.n) if len(e.codes) == 1 else f"together {e.n}" for e in others]
    assert others == shown


def test_response_rate_counts_forms_that_were_handed_out(session, city):
    unit, other = city("a", "b")
    answered(session, unit, APRIL, happy(26, of=32), channel=Channel.PAPER)
    offered(session, unit, APRIL, Outcome.HANDED_OUT, 40, channel=Channel.PAPER)
    answered(session, other, APRIL, happy(26, of=32), channel=Channel.PAPER)
    release(session, "2026-T1")

    rates = {u.unit.code: u.responses.offers for u in reporting.city_results(session, T1).units}

    assert (rates["a"].offered, rates["a"].rate) == (40, 0.8)
    assert rates["b"].rate is None
    assert rates["b"].uncounted == (Channel.PAPER,)


def test_response_rate_is_given_with_and_without_the_partly_answered(session, city):
    unit, _ = city("a", "b")
    answered(session, unit, APRIL, happy(26, of=32))
    for outcome, n in ((Outcome.PARTLY, 4), (Outcome.DECLINED, 3), (Outcome.COULD_NOT, 1)):
        offered(session, unit, APRIL, outcome, n)
    release(session, "2026-T1")

    offers = reporting.unit_results(session, unit, T1).responses.offers

    assert (offers.offered, offers.rate, offers.rate_with_partly) == (40, 0.8, 0.9)


def test_forms_with_the_officers_help_are_shown_apart_for_the_city_only(session, city):
    unit, other = city("a", "b")
    officer = {"bak_svarar": "med_hjalp", "bak_hjalpare": "handlaggare"}
    forms = happy(25, of=35) + [{"bak_svarar": "annan"}] * 10 + [officer] * 11
    answered(session, unit, JANUARY, forms)
    answered(session, other, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    who = reporting.unit_results(session, unit, T1).who

    assert who.groups == {"sjalv": 35, "med_hjalp": 0, "annan": 10, "rest": 11}
    assert (who.n, who.with_officer) == (56, None)
    assert reporting.city_results(session, T1).who.with_officer == 11


def test_who_answered_is_withheld_as_a_whole_when_a_group_is_small(session, city):
    unit, other = city("a", "b")
    answered(session, unit, JANUARY, happy(25, of=35) + [{"bak_svarar": "annan"}] * 3)
    answered(session, other, JANUARY, happy(25, of=35))
    release(session, "2026-T1")

    who = reporting.unit_results(session, unit, T1).who

    assert (who.status, who.groups, who.with_officer) == (Status.FEW, None, None)


def test_background_and_free_text_are_no_questions_of_the_page(session, city):
    unit, other = city("a", "b")
    for each in (unit, other):
        answered(session, each, JANUARY, [f | {"bak_kon": "kvinna"} for f in happy(25, of=35)])
    release(session, "2026-T1")

    shown = {q.measure.question.id for q in reporting.unit_results(session, unit, T1).questions}

    assert not {id for id in shown if id.startswith("bak_")}
    assert "hel_fritext" not in shown


@pytest.fixture
def forgetful(session, city):
    """Two units released, `a` with so many forms; then some decisions are taken away."""

    def release_and_forget(forms, *kinds):
        unit, other = city("a", "b")
        answered(session, unit, JANUARY, forms)
        answered(session, other, JANUARY, happy(25, of=35))
        release(session, "2026-T1")
        session.execute(delete(Withheld).where(Withheld.kind.in_(kinds)))
        session.commit()
        return reporting.unit_results(session, unit, T1)

    return release_and_forget


def test_limits_of_forms_and_groups_hold_without_the_release(forgetful):
    small = forgetful(happy(6, of=7), *FigureKind)

    assert (small.responses.status, small.who.status) == (Status.FEW, Status.FEW)
    assert small.months is None
    assert question_of(small, "hel_nojd").figure.status is Status.FEW
    assert not question_of(small, "hel_nojd").distribution.is_shown


def test_distribution_and_groups_take_thirty_without_the_release(forgetful):
    some = forgetful(happy(20, of=29), *FigureKind)

    assert question_of(some, "hel_nojd").figure.is_shown
    assert question_of(some, "hel_nojd").distribution.status is Status.FEW
    assert some.who.status is Status.FEW


def test_group_merged_in_a_tertial_stays_merged_in_the_year_to_date(session, city):
    """Or the year to date less the second tertial would take the first one's group apart."""
    unit, other = city("a", "b")
    low = ("ganska_missnojd", "mycket_missnojd")
    for month, numbers in ((JANUARY, (1, 2)), (MAY, (4, 4))):
        codes = ["mycket_nojd"] * 20 + ["varken"] * 15 + [low[0]] * numbers[0]
        codes += [low[1]] * numbers[1]
        answered(session, unit, month, [{"hel_nojd": code} for code in codes])
        answered(session, other, month, happy(25, of=35))
    release(session, "2026-T1", "2026-T2")

    def groups(period):
        found = question_of(reporting.unit_results(session, unit, period), "hel_nojd")
        return [part.n for part in found.distribution.parts if part.options[-1].code in low]

    assert groups(T1) == [3]
    assert groups(Period.parse("2026-T2")) == [4, 4]
    assert groups(Period.parse("2026-T2+")) == [11]


def test_distribution_is_never_shown_where_the_share_is_withheld(session, forgetful):
    alike = forgetful(happy(40, of=40) + [{}] * 2, FigureKind.DISTRIBUTION)
    session.add(
        Withheld(
            release_id=session.scalar(select(Release.id)),
            product="2026-T1",
            unit_id=alike.unit.id,
            question="hel_nojd",
            kind=FigureKind.SHARE,
            reason=Reason.SECONDARY,
        )
    )
    session.commit()

    hidden = reporting.unit_results(session, alike.unit, T1)

    assert question_of(hidden, "hel_nojd").distribution.status is Status.WITHHELD
