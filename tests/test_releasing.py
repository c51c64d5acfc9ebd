"""Closed periods: counted once, protected, and never moved again."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select, update

from surveyapp import auditing, releasing
from surveyapp.errors import ReleaseRefused
from surveyapp.models import (
    AuditEvent,
    Dimension,
    Outcome,
    Release,
    ReleasedOffer,
    ReleasedUnit,
    Tally,
    UnitMonth,
    Withheld,
)
from surveyapp.periods import Period
from tests.released import answered, due

HAPPY, UNHAPPY = {"hel_nojd": "mycket_nojd"}, {"hel_nojd": "mycket_missnojd"}
MAY_9 = date(2026, 5, 9)
SEPTEMBER_9 = date(2026, 9, 9)
JANUARY_9 = date(2027, 1, 9)


def make_city(session, make):
    """Three units and a published version; `city(unit, month, n)` adds happy answers."""
    make.published(version=1, valid_from=date(2022, 1, 1))
    units = {code: make.unit(code=code) for code in ("a", "b", "c")}

    def add(code, month, n_happy, n_unhappy=1, extra=None):
        forms = [HAPPY | (extra or {})] * n_happy + [UNHAPPY | (extra or {})] * n_unhappy
        answered(session, units[code], date(2026, month, 1), forms)

    add.units = units
    return add


@pytest.fixture
def city(session, make):
    return make_city(session, make)


def release(session, text, today):
    return releasing.release(session, Period.parse(text), today=today, person="analytiker")


def release_tertials(session):
    for text, day in (("2026-T1", MAY_9), ("2026-T2", SEPTEMBER_9), ("2026-T3", JANUARY_9)):
        release(session, text, day)


def beside(city, *months):
    """Two units with answers enough."""
    for month in months:
        city("b", month, 25, 5)
        city("c", month, 35, 5)


def nojd(session, period, unit, dimension=Dimension.TOTAL):
    rows = session.execute(
        select(Tally.code, func.sum(Tally.n))
        .join(Release, Release.id == Tally.release_id)
        .where(
            Release.period == period,
            Tally.unit_id == unit.id,
            Tally.question == "hel_nojd",
            Tally.dimension == dimension,
        )
        .group_by(Tally.code)
    )
    return dict(rows.all())


def withheld(session, product, question="hel_nojd", kind="share"):
    rows = session.execute(
        select(Withheld.unit_id, Withheld.reason).where(
            Withheld.product == product, Withheld.question == question, Withheld.kind == kind
        )
    )
    return {unit_id: reason.value for unit_id, reason in rows}


def test_release_before_the_ninth_is_refused_and_says_when(session, city):
    city("a", 1, 12)

    with pytest.raises(ReleaseRefused, match="2026-05-09"):
        release(session, "2026-T1", date(2026, 5, 8))


def test_release_counts_the_period_and_nothing_else(session, city):
    city("a", 4, 20)
    city("b", 4, 30)
    city("a", 5, 3)

    release(session, "2026-T1", MAY_9)

    assert nojd(session, "2026-T1", city.units["a"]) == {
        "mycket_nojd": 20,
        "mycket_missnojd": 1,
    }


def test_release_again_changes_nothing_however_many_come_late(session, city):
    city("a", 1, 20)
    city("b", 1, 30)
    first = release(session, "2026-T1", MAY_9)
    city("a", 1, 50)

    assert release(session, "2026-T1", SEPTEMBER_9).id == first.id
    assert nojd(session, "2026-T1", city.units["a"])["mycket_nojd"] == 20
    assert session.scalar(select(func.count()).select_from(Release)) == 1


def test_release_that_is_killed_half_way_leaves_nothing(session, city, monkeypatch):
    city("a", 1, 20)
    city("b", 1, 30)

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(releasing.auditing, "record", die)
        with pytest.raises(KeyboardInterrupt):
            release(session, "2026-T1", MAY_9)
    assert session.scalar(select(func.count()).select_from(Tally)) == 0

    release(session, "2026-T1", MAY_9)
    assert nojd(session, "2026-T1", city.units["a"])["mycket_nojd"] == 20


def test_release_of_a_later_part_asks_for_the_earlier_first(session, city):
    city("a", 1, 20)
    city("a", 5, 20)

    with pytest.raises(ReleaseRefused, match="Release 2026-T1 first"):
        release(session, "2026-T2", SEPTEMBER_9)
    with pytest.raises(ReleaseRefused, match="2026"):
        release(session, "2026-Q1", SEPTEMBER_9)


def test_more_forms_than_follow_ups_due_stop_the_release(session, city):
    city("a", 1, 20)
    due(session, city.units["a"], Period.parse("2026-T1").months, 5)

    what = "than the 20 follow-ups due in 2026-T1. Correct the number due in 2026-01 to 2026-04"
    with pytest.raises(ReleaseRefused, match=what) as refused:
        release(session, "2026-T1", MAY_9)
    assert "21" not in str(refused.value)  # nor how many answered, before the release


def test_period_before_the_first_answer_is_not_released(session, city):
    with pytest.raises(ReleaseRefused, match="no answers to release"):
        release(session, "2026-T1", MAY_9)


def test_what_figures_rest_on_is_kept_as_it_stood(session, city):
    city("a", 1, 20)
    a = city.units["a"]
    due(session, a, Period.parse("2026-T1").months, 30)
    release(session, "2026-T1", MAY_9)
    city("a", 1, 5)
    session.execute(update(UnitMonth).values(followups_due=31))
    session.commit()

    kept = session.scalars(select(ReleasedUnit).where(ReleasedUnit.unit_id == a.id)).one()
    offers = session.scalars(select(ReleasedOffer)).one()
    assert (kept.followups_due, kept.clients) == (120, None)
    assert (offers.outcome, offers.n) == (Outcome.ANSWERED, 21)


def test_waiting_lists_what_is_closed_in_the_order_it_must_be_released(session, city):
    city("a", 6, 20)

    assert releasing.waiting(session, date(2026, 9, 8)) == []
    assert [str(p) for p in releasing.waiting(session, JANUARY_9)] == [
        "2026-T2",
        "2026-T3",
        "2026",
    ]


def test_small_unit_hides_the_smallest_other_one(session, city):
    city("a", 1, 6)
    city("b", 1, 25, 5)
    city("c", 1, 35, 5)

    release(session, "2026-T1", MAY_9)

    a, b = city.units["a"].id, city.units["b"].id
    assert withheld(session, "2026-T1") == {a: "few", b: "secondary"}
    assert withheld(session, "2026-T1", "*", "forms") == {a: "few", b: "secondary"}


def test_two_small_tertials_leave_the_year_to_date_shown(session, city):
    city("a", 1, 6)
    city("a", 5, 4)
    beside(city, 1, 5)
    release(session, "2026-T1", MAY_9)
    release(session, "2026-T2", SEPTEMBER_9)

    a, b = city.units["a"].id, city.units["b"].id
    assert withheld(session, "2026-T1") == {a: "few", b: "secondary"}
    assert withheld(session, "2026-T2") == {a: "few", b: "secondary"}
    assert withheld(session, "2026-T2+") == {}


def test_tertial_after_a_hidden_one_is_hidden_too_so_that_the_year_can_be_shown(session, city):
    city("a", 1, 6)
    city("a", 5, 20)
    city("a", 9, 20)
    beside(city, 1, 5, 9)
    release(session, "2026-T1", MAY_9)
    release(session, "2026-T2", SEPTEMBER_9)
    release(session, "2026-T3", JANUARY_9)
    release(session, "2026", JANUARY_9)

    a = city.units["a"].id
    assert withheld(session, "2026-T2")[a] == "secondary"
    assert a not in withheld(session, "2026-T2+")
    assert a not in withheld(session, "2026-T3")
    assert withheld(session, "2026") == {}


def test_audit_takes_the_year_for_its_last_year_to_date(session, city):
    """Its number of forms is hidden beside a share, though the parts that are out tell it."""
    often, rarely = {"bem_respekt": "oftast"}, {"bem_respekt": "sallan"}
    for month, in_a, in_c in ((1, (5, 3), (25, 9)), (5, (9, 4), (25, 9)), (9, (3, 2), (4, 3))):
        for code, (n_often, n_rarely) in (("a", in_a), ("b", (30, 9)), ("c", in_c)):
            city(code, month, n_often - 1, extra=often)
            city(code, month, n_rarely - 1, extra=rarely)
    for code in ("a", "c"):
        city(code, 9, 9)  # who skip the question
    release_tertials(session)
    release(session, "2026", JANUARY_9)

    a = city.units["a"].id
    assert withheld(session, "2026", "bem_respekt")[a] == "secondary"
    assert withheld(session, "2026", "*", "forms")[a] == "secondary"
    for period in ("2026-T1", "2026-T2", "2026-T3", "2026"):
        assert releasing.audit(session, Period.parse(period)) == []


def test_year_whose_last_tertial_is_small_is_hidden_since_the_others_are_out(session, city):
    city("a", 1, 20)
    city("a", 5, 20)
    city("a", 9, 6)
    beside(city, 1, 5, 9)
    release_tertials(session)
    release(session, "2026", JANUARY_9)

    a = city.units["a"].id
    assert withheld(session, "2026-T3")[a] == "few"
    assert withheld(session, "2026")[a] == "secondary"


def test_answers_with_the_officers_help_are_in_no_main_figure(session, city):
    city("a", 1, 20)
    city("a", 1, 12, 0, extra={"bak_svarar": "med_hjalp", "bak_hjalpare": "handlaggare"})

    release(session, "2026-T1", MAY_9)

    a = city.units["a"]
    who = session.execute(
        select(Tally.category, func.sum(Tally.n))
        .where(Tally.question == "hel_nojd", Tally.dimension == Dimension.WHO)
        .group_by(Tally.category)
    )
    assert nojd(session, "2026-T1", a)["mycket_nojd"] == 20
    assert dict(who.all()) == {"sjalv": 21, "handlaggare": 12}


def test_number_of_officers_is_judged_by_the_rule_of_the_month(session, city, make):
    a = city.units["a"]
    make.attribute(a, "named_officers_per_client", "3", date(2017, 1, 1), date(2026, 8, 31))
    make.attribute(a, "named_officers_per_client", "1", date(2026, 9, 1))
    for month in (8, 9):
        city("a", month, 11, extra={"kon_antal": "3"})
        city("a", month, 14, extra={"kon_antal": "1"})
        city("b", month, 20)
    release(session, "2026-T2", SEPTEMBER_9)
    release(session, "2026-T3", JANUARY_9)

    favourable = session.execute(
        select(Release.period, Tally.n)
        .join(Release, Release.id == Tally.release_id)
        .where(Tally.code == "IND_ANTAL", Tally.dimension == Dimension.TOTAL)
    )
    assert dict(favourable.all()) == {"2026-T2": 12 + 15, "2026-T3": 15}


def test_tally_follows_from_the_raw_rows(session, city, make):
    """Recounted in plain Python from what was put in, for every dimension that is shown."""
    for number in range(40):
        city("a", 1 + number % 4, 1, 0, extra={"bak_kon": "man" if number % 3 else "kvinna"})
    release(session, "2026-T1", MAY_9)

    recounted = Counter("man" if number % 3 else "kvinna" for number in range(40))
    stored = session.execute(
        select(Tally.category, Tally.n).where(
            Tally.dimension == Dimension.GENDER, Tally.question == "hel_nojd"
        )
    )
    assert dict(stored.all()) == recounted


def test_everybody_alike_in_a_small_unit_is_withheld_and_hidden_from_subtraction(session, city):
    city("a", 1, 12, 0)
    city("b", 1, 25, 5)
    city("c", 1, 35, 5)

    release(session, "2026-T1", MAY_9)

    a, b = city.units["a"].id, city.units["b"].id
    assert withheld(session, "2026-T1") == {a: "alike", b: "secondary"}


@pytest.mark.parametrize(
    ("n", "kind", "reason"),
    [(9, "share", "few"), (10, "share", None), (29, "distribution", "few"),
     (30, "distribution", None), (29, "who", "few"), (30, "who", None)],
)  # fmt: skip
def test_limits_are_met_exactly(session, city, n, kind, reason):
    city("a", 1, n - 2, 2)
    city("b", 1, 40, 5)
    city("c", 1, 50, 5)

    release(session, "2026-T1", MAY_9)

    question = "*" if kind == "who" else "hel_nojd"
    found = withheld(session, "2026-T1", question, kind)
    assert found.get(city.units["a"].id) == reason


def test_distribution_of_a_withheld_share_is_withheld_too(session, city):
    city("a", 1, 6)
    city("b", 1, 35, 5)
    city("c", 1, 45, 5)

    release(session, "2026-T1", MAY_9)

    a, b = city.units["a"].id, city.units["b"].id
    assert withheld(session, "2026-T1", kind="distribution") == {a: "few", b: "secondary"}


def test_number_of_forms_is_withheld_where_a_share_hides_another(session, city):
    """The number of forms would tell how many answers the hidden share has."""
    city("a", 1, 6, 1)
    city("a", 1, 90, 0, extra={"hel_nojd": ""})
    city("b", 1, 25, 5)
    city("b", 1, 90, 0, extra={"hel_nojd": ""})
    city("c", 1, 35, 5)

    release(session, "2026-T1", MAY_9)

    b, c = city.units["b"].id, city.units["c"].id
    assert withheld(session, "2026-T1")[b] == "secondary"
    assert withheld(session, "2026-T1", "*", "forms") == {b: "secondary", c: "secondary"}


def test_last_tertial_is_not_given_away_by_the_year_to_date_before_it(session, city):
    city("a", 1, 6)
    city("a", 5, 4)
    city("a", 9, 7)
    beside(city, 1, 5, 9)
    release_tertials(session)
    release(session, "2026", JANUARY_9)

    a = city.units["a"].id
    assert a not in withheld(session, "2026-T2+")
    assert withheld(session, "2026-T3")[a] == "few"
    assert withheld(session, "2026-T3+")[a] == withheld(session, "2026")[a] == "secondary"


def test_release_writes_who_made_it_into_the_log(session, city):
    city("a", 1, 20)
    release(session, "2026-T1", MAY_9)

    event = session.scalars(select(AuditEvent)).one()
    assert (event.actor, event.action, event.subject) == ("analytiker", "release", "2026-T1")
    assert auditing.first_broken(session) is None
