"""Simulated answers: always the same, stored as the door would, in an empty database only."""

from collections import Counter
from datetime import date
from functools import cache

import pytest
from sqlalchemy import func, select

from surveyapp import access_codes, accounts, collecting, demo, enrolling, releasing
from surveyapp.bench.tablets import Tablet
from surveyapp.db import writing
from surveyapp.demo import forms as simulated
from surveyapp.demo.answers import Respondents
from surveyapp.demo.organisation import Place, chance
from surveyapp.errors import SurveyError
from surveyapp.models import (
    Account,
    Answer,
    Channel,
    FormLength,
    OfferTally,
    Outcome,
    QuestionnaireVersion,
    Release,
    Response,
    ResponseStatus,
    Setting,
    Unit,
    UnitMonth,
)
from surveyapp.questionnaire import (
    PAPER_ILLEGIBLE,
    PAPER_INVALID,
    Given,
    Missing,
    completed,
    load,
)
from tests.make import QUESTIONNAIRES, VALID_FROM

SECRET = "a secret that only the tests know"
MARKS = {"invalid": PAPER_INVALID, "illegible": PAPER_ILLEGIBLE}
TWO_MONTHS = date(2022, 2, 15)
FIRST_RELEASE = date(2022, 5, 9)
# What it holds is the same in every database, as a test of its own says.
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def load_demo(session, today=TWO_MONTHS, **options):
    demo.load(session, folder=QUESTIONNAIRES, secret=SECRET, today=today, **options)


@cache
def documents():
    folder = QUESTIONNAIRES / "kontakt-bistandshandlaggare"
    return [(VALID_FROM[n], load(folder / f"v{n}.yaml")) for n in (2, 1)]


def people(code, officers=1):
    unit = Unit(id=1, code=code, name=code, district=code, valid_from=date(2007, 1, 1))
    place = Place(unit, 1200, "aldre_direkt_all", officers, True, ())
    return Respondents(place, 2026)


def drawn(code, month, due=150, **place):
    return simulated.Filling(documents(), 2026).forms(people(code, **place), month, due)


def raw(form):
    """What somebody must have sent, or keyed, for these rows to be stored."""
    given = {e.question: e.value or MARKS.get(e.missing) for e in form.entries}
    return {question: text for question, text in given.items() if text is not None}


@pytest.mark.parametrize("month", [date(2023, 5, 1), date(2025, 5, 1)])
@pytest.mark.parametrize("officers", [1, 3])
def test_drawn_form_is_what_the_door_makes_of_its_answers(month, officers):
    document = next(each for since, each in documents() if since <= month)

    for form in drawn("farsta", month, officers=officers):
        again = completed(
            document,
            raw(form),
            named_officers=officers,
            short=form.form_length is FormLength.SHORT,
            stopped=form.status is ResponseStatus.PARTIAL,
            paper=form.channel is Channel.PAPER,
        )
        entries = {
            e.question: Given(e.value, e.missing and Missing(e.missing)) for e in form.entries
        }
        # Where exactly somebody stopped cannot be seen from the answers alone.
        if form.status is ResponseStatus.COMPLETE:
            assert again.answers == entries
        assert again.conflicts == ()
        assert form.version == document.version


def test_small_unit_has_too_few_forms_to_be_shown_in_some_tertials():
    for first in (date(2024, 5, 1), date(2025, 1, 1)):
        months = [first.replace(month=first.month + n) for n in range(4)]

        assert sum(len(drawn("skarholmen", month)) for month in months) == 7


def test_nobody_answers_who_was_not_due():
    assert len(drawn("skarholmen", date(2022, 1, 1), due=2)) == 2


def test_every_reason_not_to_answer_is_one_that_the_door_counts():
    assert set(simulated.DECLINED) == set(collecting.REASONS[Outcome.DECLINED])
    assert set(simulated.COULD_NOT) == set(collecting.REASONS[Outcome.COULD_NOT])


def test_each_thing_has_random_numbers_of_its_own_and_always_the_same():
    drawn_again = [chance(1, "farsta").random() for _ in range(2)]

    assert len(set(drawn_again)) == 1
    assert len({drawn_again[0], chance(2, "farsta").random(), chance(1, "b").random()}) == 3


def test_demo_is_the_same_in_every_database(session):
    load_demo(session)
    unit = session.scalars(select(Unit).where(Unit.code == "skarpnack")).one()
    month = date(2022, 2, 1)
    due = session.get_one(UnitMonth, (unit.id, month)).followups_due
    place = Place(unit, 1246, "phone_hours_plus_aldre_direkt", 1, False, ())
    forms = simulated.Filling(documents(), demo.SEED).forms(
        Respondents(place, demo.SEED), month, due
    )

    stored = session.execute(
        select(Answer.response_id, Answer.question, Answer.value, Answer.missing)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.unit_id == unit.id, Response.month == month)
    )
    assert {tuple(row) for row in stored} == {
        (form.id, *entry) for form in forms for entry in form.entries
    }


@once
def test_demo_holds_the_units_versions_offers_and_facts_of_its_months(session):
    load_demo(session)

    by_unit = session.execute(
        select(Response.unit_id, Response.channel, func.count()).group_by(
            Response.unit_id, Response.channel
        )
    )
    forms = {(unit_id, channel): n for unit_id, channel, n in by_unit}
    offers = Counter()
    for row in session.scalars(select(OfferTally)):
        if row.outcome in collecting.WITH_ANSWERS:
            offers[row.unit_id, row.channel] += row.n
    assert offers == forms
    assert len({unit_id for unit_id, _ in forms}) == 13
    assert 2000 < sum(forms.values()) < 2600
    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 2
    assert session.scalar(select(func.max(UnitMonth.month))) == date(2026, 12, 1)
    assert session.scalar(select(Response.id).where(~Response.is_settled)) is None
    assert session.get_one(Setting, "demo").value == "1"


@once
def test_demo_lets_its_people_tablet_and_letters_in(session):
    load_demo(session)

    for account in demo.DEMO_ACCOUNTS[:2]:
        assert accounts.verify(session, account.name, account.password) is not None
    for code in demo.LETTER_CODES:
        assert access_codes.find(session, code, secret=SECRET).month == date(2022, 2, 1)
    with writing(session):
        key = Tablet().public_key
        assert enrolling.enrol(session, demo.TABLET_CODE, key, secret=SECRET) is not None


def test_demo_that_was_killed_is_finished_by_the_next_run(session):
    def kill(done, _total):
        if done == demo.STORED:  # everything is stored and nothing released
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(session, FIRST_RELEASE, progress=kill)
    stored = session.scalar(select(func.count()).select_from(Response))
    assert session.scalars(select(Release)).all() == []

    seen = []
    load_demo(session, date(2023, 1, 1), progress=lambda *done: seen.append(done))

    released = session.scalars(select(Release)).one()
    assert (released.period, released.released_on) == ("2022-T1", FIRST_RELEASE)
    assert session.scalar(select(func.count()).select_from(Response)) == stored
    assert releasing.waiting(session, FIRST_RELEASE) == []
    assert seen[-1] == (100, 100)


def test_demo_that_was_killed_early_leaves_nothing(session):
    def kill(done, _total):
        if done >= demo.DRAWN:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(session, progress=kill)

    assert session.scalars(select(Unit)).all() == []
    assert session.scalars(select(Account)).all() == []


def test_demo_is_not_mixed_with_the_work_of_others(session, make):
    make.account()

    assert not demo.may_load(session)
    with pytest.raises(SurveyError, match="empty"):
        load_demo(session)
    assert session.get(Setting, "demo") is None
